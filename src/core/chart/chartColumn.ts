import type { ColumnRole } from '../../shared/chart.ts';
import type { ResultColumn } from '../../shared/columns.ts';
import type { TableColumn } from '../arrow/spool/tableColumn.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { parseType, TypeParseError } from '../types/parseType.ts';
import type { TypeNode } from '../types/typeNode.ts';

/** A column of a result as a chart sees it. */
export interface ChartColumn {
  readonly index: number;
  readonly name: string;
  readonly role: ColumnRole;
  /** The type without Nullable and the like. */
  readonly type: TypeNode;
  /** SQL of the value; times are in the zone that they are shown in. */
  readonly value: string;
  /** Zone of its times; undefined for dates and other types. */
  readonly zone: string | undefined;
}

/** The type of the values themselves. */
function innermost(type: TypeNode): TypeNode {
  switch (type.name) {
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return innermost(type.inner);
    default:
      return type;
  }
}

function typeOf(column: ResultColumn): TypeNode {
  try {
    return innermost(parseType(column.type));
  } catch (error) {
    if (error instanceof TypeParseError) return { name: 'Opaque', text: column.type };
    throw error;
  }
}

const isInterval = (type: TypeNode): boolean => type.name.startsWith('Interval');

export const isInteger = (type: TypeNode): boolean =>
  /^U?Int\d/.test(type.name) || isInterval(type);

export const isFloat = (type: TypeNode): boolean => type.name.includes('Float');

/** What a column of this type can be in a chart. */
function roleOfType(type: TypeNode): ColumnRole {
  if (isInteger(type) || isFloat(type) || type.name === 'Decimal') return 'number';
  switch (type.name) {
    case 'Date':
    case 'Date32':
    case 'DateTime':
    case 'DateTime64':
      return 'time';
    case 'String':
    case 'FixedString':
    case 'Enum8':
    case 'Enum16':
    case 'Bool':
    case 'UUID':
    case 'IPv4':
    case 'IPv6':
      return 'category';
    default:
      return 'none';
  }
}

/**
 * @param timeZone zone of `DateTime` columns without one of their own
 * @param shownZone zone for all times; undefined: each column's own
 */
export function chartColumn(
  { column, value }: TableColumn,
  index: number,
  timeZone: string,
  shownZone: string | undefined,
): ChartColumn {
  const type = typeOf(column);
  const base = { index, name: column.name, role: roleOfType(type), type };
  if (type.name === 'DateTime' || type.name === 'DateTime64') {
    const zone = shownZone ?? type.timeZone ?? timeZone;
    return { ...base, value: `toTimeZone(${value}, ${quoteLiteral(zone)})`, zone };
  }
  if (isInterval(type)) return { ...base, value: `toInt64(${value})`, zone: undefined };
  // Aggregate functions do not take it.
  if (type.name === 'BFloat16') return { ...base, value: `toFloat32(${value})`, zone: undefined };
  return { ...base, value, zone: undefined };
}

/** The place of a value on an axis, as Float64: seconds since 1970 for times. */
export function placeOf({ type }: Pick<ChartColumn, 'type'>, value: string): string {
  const isDate = type.name === 'Date' || type.name === 'Date32';
  return isDate ? `toFloat64(${value}) * 86400` : `toFloat64(${value})`;
}

/** Characters of a text that a chart shows; a cell may have millions. */
export const LABEL_CHARACTERS = 200;

/** The text that ClickHouse prints for a value, NULL for a NULL; a long one is cut and ends in an ellipsis. */
export function textOf(value: string): string {
  const text = `formatRowNoNewline('TSVRaw', ${value})`;
  const cut = `substringUTF8(${text}, 1, ${LABEL_CHARACTERS})`;
  return `if(isNull(${value}), NULL, if(lengthUTF8(${text}) > ${LABEL_CHARACTERS}, concat(${cut}, '…'), ${text}))`;
}

/** For `where`: the column has a place on an axis. */
export function hasPlace({ type, value }: ChartColumn): string {
  return isFloat(type) ? `ifNull(isFinite(${value}), 0)` : `isNotNull(${value})`;
}
