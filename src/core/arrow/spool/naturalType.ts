import { DataType, Precision, type Field } from 'apache-arrow';
import type { TypeNode } from '../../types/typeNode.ts';

const INTERVALS = [
  'IntervalSecond',
  'IntervalMillisecond',
  'IntervalMicrosecond',
  'IntervalNanosecond',
] as const;

/**
 * The ClickHouse type that an Arrow type stands for by itself. Only for statements with `FORMAT ArrowStream` of their
 * own that cannot be described: what ClickHouse's Arrow output loses (DateTime, enums, IP addresses…) stays lost.
 */
export function naturalType(arrow: DataType): TypeNode {
  const children = (arrow.children as readonly Field[] | null) ?? [];
  const inner = (index: number): TypeNode => {
    const child = children[index];
    return child ? naturalType(child.type as DataType) : { name: 'Nothing' };
  };
  if (DataType.isDictionary(arrow)) return naturalType(arrow.dictionary as DataType);
  if (DataType.isNull(arrow)) return { name: 'Nothing' };
  if (DataType.isBool(arrow)) return { name: 'Bool' };
  if (DataType.isUtf8(arrow) || DataType.isBinary(arrow)) return { name: 'String' };
  if (DataType.isInt(arrow)) {
    return { name: `${arrow.isSigned ? '' : 'U'}Int${arrow.bitWidth}` };
  }
  if (DataType.isFloat(arrow)) {
    return { name: arrow.precision === Precision.DOUBLE ? 'Float64' : 'Float32' };
  }
  if (DataType.isDecimal(arrow)) {
    return { name: 'Decimal', precision: arrow.precision, scale: arrow.scale };
  }
  if (DataType.isDate(arrow)) return { name: 'Date32' };
  if (DataType.isTimestamp(arrow)) {
    const { unit, timezone } = arrow;
    return { name: 'DateTime64', precision: unit * 3, ...(timezone && { timeZone: timezone }) };
  }
  if (DataType.isTime(arrow)) return { name: 'Time64', precision: arrow.unit * 3 };
  if (DataType.isDuration(arrow)) return { name: INTERVALS[arrow.unit] };
  if (DataType.isFixedSizeBinary(arrow)) return { name: 'FixedString', length: arrow.byteWidth };
  if (DataType.isList(arrow)) return { name: 'Array', inner: inner(0) };
  if (DataType.isMap(arrow)) {
    const entry = inner(0);
    const [key, value] = entry.name === 'Tuple' ? entry.elements : [];
    if (key && value) return { name: 'Map', key: key.type, value: value.type };
  }
  if (DataType.isStruct(arrow)) {
    const elements = children.map(({ name }, i) => ({ name, type: inner(i) }));
    return { name: 'Tuple', elements };
  }
  if (DataType.isDenseUnion(arrow)) {
    return { name: 'Variant', members: children.slice(0, -1).map((_, i) => inner(i)) };
  }
  return { name: 'Opaque', text: 'Unknown' };
}
