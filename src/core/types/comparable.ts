import type { TypeNode } from './typeNode.ts';

export const INTEGER = /^(U?)Int(\d+)$/;
export const FLOAT = /^B?Float\d+$/;
const TYPED = new Set(
  'Decimal Date Date32 DateTime DateTime64 Time Time64 UUID IPv4 IPv6 Enum8 Enum16'.split(' '),
);

/** The type without Nullable and the like. */
export function scalarType(type: TypeNode): TypeNode {
  switch (type.name) {
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return scalarType(type.inner);
    default:
      return type;
  }
}

/** Whether values of a scalar type are compared as what they are; all others by the text that their cell shows. */
export function isTyped({ name }: TypeNode): boolean {
  return INTEGER.test(name) || FLOAT.test(name) || TYPED.has(name);
}

/** Whether one value of a scalar type is less than another in a way that means something. */
export function hasOrder(type: TypeNode): boolean {
  return isTyped(type) || type.name === 'String' || type.name === 'FixedString';
}
