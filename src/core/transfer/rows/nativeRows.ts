import { parseType } from '../../types/parseType.ts';
import type { TypeNode } from '../../types/typeNode.ts';
import { varint } from './blockRows.ts';
import type { Walk } from './walkedRows.ts';

/** Bytes of a value. */
const SIZES: Readonly<Partial<Record<TypeNode['name'], number>>> = {
  ...{ UInt8: 1, UInt16: 2, UInt32: 4, UInt64: 8, UInt128: 16, UInt256: 32 },
  ...{ Int8: 1, Int16: 2, Int32: 4, Int64: 8, Int128: 16, Int256: 32 },
  ...{ Float32: 4, Float64: 8, BFloat16: 2, Bool: 1, Nothing: 1, Enum8: 1, Enum16: 2 },
  ...{ Date: 2, Date32: 4, DateTime: 4, DateTime64: 8, Time: 4, Time64: 8 },
  ...{ UUID: 16, IPv4: 4, IPv6: 16 },
};
const INTERVAL_BYTES = 8;
const OFFSET_BYTES = 8;

/** What a column of LowCardinality says about itself: the width of its indexes in the lowest bits. */
const INDEX_WIDTHS = [1, 2, 4, 8];
const HAS_SHARED_KEYS = 0x100n;
const HAS_OWN_KEYS = 0x200n;

/**
 * Blocks with their numbers of columns and rows. A column's size is not told, so its values are walked through; JSON,
 * Dynamic, Variant and types of servers yet to come end the walk.
 */
export function* nativeRows(): Walk {
  for (;;) {
    const columns = yield* varint();
    const rows = yield* varint();
    for (let column = 0; column < columns; column++) {
      yield { skip: yield* varint() };
      const type = parseType((yield { read: yield* varint() }).toString());
      if (rows === 0) continue;
      yield* prefix(type);
      yield* values(type, rows);
    }
    yield { rows };
  }
}

/** What stands before the values of a column, whatever their number. */
function* prefix(type: TypeNode): Walk {
  switch (type.name) {
    case 'LowCardinality':
      yield { skip: 8 };
      return;
    case 'Nullable':
    case 'Array':
    case 'SimpleAggregateFunction':
      yield* prefix(type.inner);
      return;
    case 'Map':
      yield* prefix(type.key);
      yield* prefix(type.value);
      return;
    case 'Tuple':
    case 'Nested':
      for (const element of type.elements) yield* prefix(element.type);
      return;
    default:
  }
}

function* values(type: TypeNode, count: number): Walk {
  if (count === 0) return;
  switch (type.name) {
    case 'String':
      yield { texts: count };
      return;
    case 'Nullable':
      yield { skip: count };
      yield* values(type.inner, count);
      return;
    case 'SimpleAggregateFunction':
      yield* values(type.inner, count);
      return;
    case 'Array':
      yield* values(type.inner, yield* lastOffset(count));
      return;
    case 'Map': {
      const entries = yield* lastOffset(count);
      yield* values(type.key, entries);
      yield* values(type.value, entries);
      return;
    }
    case 'Nested': {
      const entries = yield* lastOffset(count);
      for (const element of type.elements) yield* values(element.type, entries);
      return;
    }
    case 'Tuple':
      if (type.elements.length === 0) throw new RangeError('A tuple of nothing.');
      for (const element of type.elements) yield* values(element.type, count);
      return;
    case 'LowCardinality':
      yield* indexed(type.inner);
      return;
    default:
      yield { skip: count * sizeOf(type) };
  }
}

/** Arrays tell where each of them ends among the values of all. */
function* lastOffset(
  count: number,
): Generator<{ skip: number } | { read: number }, number, Buffer> {
  yield { skip: (count - 1) * OFFSET_BYTES };
  return Number((yield { read: OFFSET_BYTES }).readBigUInt64LE());
}

/** The different values, then for each row the place of its own among them. */
function* indexed(inner: TypeNode): Walk {
  const kind = (yield { read: 8 }).readBigUInt64LE();
  const width = INDEX_WIDTHS[Number(kind & 0xffn)];
  if (width === undefined || (kind & HAS_SHARED_KEYS) !== 0n) throw new RangeError('Shared keys.');
  if ((kind & HAS_OWN_KEYS) !== 0n) {
    const keys = Number((yield { read: 8 }).readBigUInt64LE());
    yield* values(inner.name === 'Nullable' ? inner.inner : inner, keys);
  }
  const count = Number((yield { read: 8 }).readBigUInt64LE());
  yield { skip: count * width };
}

/** @throws RangeError for types whose values have no certain size */
function sizeOf(type: TypeNode): number {
  if (type.name === 'FixedString') return type.length;
  if (type.name === 'Decimal') {
    if (type.precision <= 9) return 4;
    if (type.precision <= 18) return 8;
    return type.precision <= 38 ? 16 : 32;
  }
  const size = type.name.startsWith('Interval') ? INTERVAL_BYTES : SIZES[type.name];
  if (size === undefined) throw new RangeError(`No size of ${type.name}.`);
  return size;
}
