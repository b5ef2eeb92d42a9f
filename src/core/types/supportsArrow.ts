import type { TextSetting } from '../../shared/textSetting.ts';
import { canWriteText } from './format/textSettings.ts';
import type { TypeNode } from './typeNode.ts';

/**
 * Whether values of this type arrive whole through ClickHouse's Arrow output and can be read by ClickHouse from
 * it again, and their text be made here. AggregateFunction does not (26.7 sends heap addresses instead of states,
 * ClickHouse/ClickHouse#115250), nor does QBit, nor a type unknown here: such columns have to be asked for as text.
 */
export function supportsArrow(type: TypeNode, changed: readonly TextSetting[] = []): boolean {
  if (!canWriteText(type, changed)) return false;
  const supports = (inner: TypeNode): boolean => supportsArrow(inner, changed);
  switch (type.name) {
    case 'Opaque':
    // Sent as JSON, which is not what ClickHouse prints: arrays of strings, nan and the like differ.
    case 'Dynamic':
      return false;
    case 'Nullable':
    case 'LowCardinality':
    case 'Array':
    case 'SimpleAggregateFunction':
      return supports(type.inner);
    case 'Map':
      // The reader refuses the null type as the type of a key.
      return type.key.name !== 'Nothing' && supports(type.key) && supports(type.value);
    case 'Tuple':
    case 'Nested':
      return type.elements.every((element) => supports(element.type));
    case 'Variant':
      return type.members.every((member) => isArrowType(member) && supports(member));
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

const ARROW_SCALARS: ReadonlySet<TypeNode['name']> = new Set([
  ...(['UInt8', 'UInt16', 'UInt32', 'UInt64', 'Int8', 'Int16', 'Int32', 'Int64'] as const),
  ...([
    'Float32',
    'Float64',
    'Bool',
    'String',
    'FixedString',
    'Decimal',
    'Date32',
    'UUID',
  ] as const),
  ...(['IntervalNanosecond', 'IntervalMicrosecond', 'IntervalMillisecond'] as const),
  'IntervalSecond',
]);

/**
 * Whether the type is the one that ClickHouse's reader itself takes for the Arrow type: the members of a Variant
 * are told apart by that, so a DateTime among them would come back as a UInt32.
 */
function isArrowType(type: TypeNode): boolean {
  switch (type.name) {
    case 'Array':
    case 'Nullable':
      return isArrowType(type.inner);
    case 'Map':
      return isArrowType(type.key) && isArrowType(type.value);
    case 'Tuple':
      // One without names may be a Point, and is not told apart from it.
      return type.elements.every(({ name, type: part }) => name !== undefined && isArrowType(part));
    case 'DateTime64':
      return type.precision % 3 === 0;
    case 'Time64':
      return type.precision === 6 || type.precision === 9;
    default:
      return ARROW_SCALARS.has(type.name);
  }
}
