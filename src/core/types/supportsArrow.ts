import type { TypeNode } from './typeNode.ts';

/**
 * Whether values of this type arrive whole through ClickHouse's Arrow output. AggregateFunction does not (26.7
 * sends heap addresses instead of states, ClickHouse/ClickHouse#115250), nor does QBit, nor a type unknown here:
 * such columns have to be asked for as text.
 */
export function supportsArrow(type: TypeNode): boolean {
  switch (type.name) {
    case 'Opaque':
      return false;
    case 'Nullable':
    case 'LowCardinality':
    case 'Array':
    case 'SimpleAggregateFunction':
      return supportsArrow(type.inner);
    case 'Map':
      return supportsArrow(type.key) && supportsArrow(type.value);
    case 'Tuple':
    case 'Nested':
      return type.elements.every((element) => supportsArrow(element.type));
    case 'Variant':
      return type.members.every(supportsArrow);
    // Sent in the next finer unit Arrow has, where the outer part of their range overflows: the query then fails
    // with code 407 although nothing is wrong with it.
    case 'DateTime64':
      return type.precision !== 7 && type.precision !== 8;
    case 'Time64':
      return type.precision === 0 || type.precision > 3;
    default:
      return true;
  }
}
