import { scalarType } from '../../src/core/types/comparable.ts';
import { textRules } from '../../src/core/types/format/textSettings.ts';
import type { ReadContext } from '../../src/core/types/format/valueReader.ts';
import { parseType } from '../../src/core/types/parseType.ts';
import type { TypeNode } from '../../src/core/types/typeNode.ts';
import type { ResultColumn } from '../../src/shared/columns.ts';
import { columnInZone } from './timeDisplay.ts';

/** What the grid needs to know of a column's type to draw it. */
export interface ColumnInfo {
  name: string;
  /** The server's spelling. */
  type: string;
  /** The type as the header shows it, with the zone where the type leaves that open or another one is shown. */
  typeText: string;
  /** Name, type and what else there is to know, in lines. */
  description: string;
  /** Right-aligned. */
  numeric: boolean;
  /** The type without Nullable and the like; a type that cannot be read is `Opaque`. */
  value: TypeNode;
  /** The zone that the column's times print in, where the type does not name it itself. */
  timeZone?: string;
  /** Its times can be shown in other zones. */
  hasTimes: boolean;
  /** Dates and times whose texts have the order of the values. */
  ordered: boolean;
  /** Usual width of a value in character units: the width before any row is there. */
  units: number;
}

const NUMBER = /^(U?Int\d+|Float\d+|BFloat16|Decimal|Interval[A-Z]\w*)$/;

const UNITS: ReadonlyMap<string, number> = new Map([
  ['Date', 10],
  ['Date32', 10],
  ['DateTime', 19],
  ['DateTime64', 26],
  ['UUID', 36],
  ['IPv4', 15],
  ['Bool', 5],
  ['UInt8', 4],
  ['Int8', 4],
  ['UInt16', 6],
  ['Int16', 6],
]);

function printsInDefaultZone(type: TypeNode): boolean {
  switch (type.name) {
    case 'DateTime':
    case 'DateTime64':
      return type.timeZone === undefined;
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
    case 'Array':
      return printsInDefaultZone(type.inner);
    case 'Map':
      return printsInDefaultZone(type.key) || printsInDefaultZone(type.value);
    case 'Tuple':
    case 'Nested':
      return type.elements.some((element) => printsInDefaultZone(element.type));
    case 'Variant':
      return type.members.some(printsInDefaultZone);
    default:
      return false;
  }
}

const ownZoneOf = (
  type: TypeNode,
  { timeZone }: Pick<ReadContext, 'timeZone'>,
): string | undefined => (printsInDefaultZone(type) ? timeZone : undefined);

function isOrderedText({ name }: TypeNode, asTimestamps: boolean): boolean {
  if (name === 'DateTime' || name === 'DateTime64') return !asTimestamps;
  return name === 'Date' || name === 'Date32';
}

function tryParse(type: string): TypeNode {
  try {
    return parseType(type);
  } catch {
    // A type this version cannot read still has a header; its values come as text.
    return { name: 'Opaque', text: type };
  }
}

/**
 * @param context what the server prints texts by
 * @param shownZone zone that times are shown in instead of as the server prints them
 */
export function columnInfo(
  column: ResultColumn,
  context: Pick<ReadContext, 'timeZone' | 'textSettings'>,
  shownZone?: string,
): ColumnInfo {
  const { name } = column;
  const type = tryParse(column.type);
  const value = scalarType(type);
  const { dateTimes } = textRules(context.textSettings);
  const hasTimes = columnInZone(column, 'UTC') !== column;
  const ownZone = dateTimes === 'simple' ? ownZoneOf(type, context) : hasTimes ? 'UTC' : undefined;
  const otherZone = hasTimes ? shownZone : undefined;
  const lines = [name, column.type];
  if (otherZone !== undefined) {
    lines.push(`Shown in time zone ${otherZone}; copies and files keep the column's own`);
  } else if (ownZone !== undefined) {
    lines.push(`Printed in time zone ${ownZone}`);
    if (dateTimes !== 'simple') lines.push(`Set by date_time_output_format = ${dateTimes}`);
  }
  if (column.encoding === 'text') lines.push("The server's own text");
  const zone = otherZone === undefined ? ownZone : `shown in ${otherZone}`;
  return {
    name,
    type: column.type,
    typeText: zone === undefined ? column.type : `${column.type} · ${zone}`,
    description: lines.join('\n'),
    numeric: NUMBER.test(value.name),
    value,
    units: UNITS.get(value.name) ?? 14,
    hasTimes,
    ordered: isOrderedText(value, dateTimes === 'unix_timestamp' && otherZone === undefined),
    ...(ownZone !== undefined ? { timeZone: ownZone } : {}),
  };
}
