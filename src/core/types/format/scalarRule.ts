import { DataType, DateUnit, Precision, TimeUnit, type Data } from 'apache-arrow';
import type { TypeNode } from '../typeNode.ts';
import { ipv4Text, ipv6Text, uuidText } from './addresses.ts';
import { bfloat16, float32Text, float64Text } from './floats.ts';
import { decimalText, wideInteger } from './numbers.ts';
import { quote } from './strings.ts';
import { textRules } from './textSettings.ts';
import {
  dateText,
  isoText,
  localDateTimeText,
  splitSeconds,
  timestampText,
  timeText,
  UNITS_PER_SECOND,
} from './times.ts';
import { bytesOf, valuesView, type CellKind, type ReadContext } from './valueReader.ts';
import { intlZones, type ZoneOffsets } from './zones.ts';

/** How the values of a scalar type are shown; `nested` where it differs from `text`. */
export interface ScalarRule {
  kind: CellKind;
  text: (row: number) => string;
  nested?: (row: number) => string;
}

type TextOf = (row: number) => string;

const number = (text: TextOf | undefined): ScalarRule | undefined =>
  text && { kind: 'number', text };

/** Inside an array, tuple or map the text is in quotes. */
const quoted = (kind: CellKind, text: TextOf | undefined): ScalarRule | undefined =>
  text && { kind, text, nested: (row) => quote(text(row)) };

/**
 * The rule of a type without inner types, or undefined when the Arrow type is not one ClickHouse sends for it.
 * `row` counts from the first value of the buffers.
 */
export function scalarRule(
  type: TypeNode,
  data: Data,
  context: ReadContext,
): ScalarRule | undefined {
  switch (type.name) {
    case 'Bool':
      return boolRule(data, context);
    case 'Float64':
      return number(float64(data));
    case 'Float32':
      return number(float32(data));
    case 'BFloat16':
      return number(bfloat(data));
    case 'Decimal':
      return number(decimal(data, type.scale, context));
    case 'Date':
      return quoted('time', days(data) ?? mapped(integer(data, 16, false), dateText));
    case 'Date32':
      return quoted('time', days(data));
    case 'DateTime':
      return quoted('time', dateTime(data, type.timeZone ?? context.timeZone, context));
    case 'DateTime64':
      return quoted('time', dateTime64(data, type.precision, type.timeZone, context));
    case 'Time':
      return quoted('time', time(data, 0));
    case 'Time64':
      return quoted('time', time(data, type.precision));
    case 'UUID':
      return quoted('text', fixedBytes(data, 16, uuidText));
    case 'IPv6':
      return quoted('text', fixedBytes(data, 16, ipv6Text));
    case 'IPv4':
      return quoted('text', mapped(integer(data, 32, false), ipv4Text));
    case 'Enum8':
    case 'Enum16': {
      const { values } = type;
      const name = (value: number): string => values.get(value) ?? String(value);
      return quoted('text', mapped(integer(data, type.name === 'Enum8' ? 8 : 16, true), name));
    }
    default:
      return number(interval(type.name, data) ?? namedInteger(type.name, data));
  }
}

const mapped = <T>(
  read: ((row: number) => T) | undefined,
  text: (value: T) => string,
): TextOf | undefined => read && ((row) => text(read(row)));

/** UInt8 to Int256, by the width and sign in the type's name. */
function namedInteger(name: string, data: Data): TextOf | undefined {
  const match = /^(U?)Int(\d+)$/.exec(name);
  if (!match) return undefined;
  const bits = Number(match[2]);
  const signed = match[1] === '';
  if (bits <= 32) return mapped(integer(data, bits, signed), String);
  if (bits === 64) return mapped(bigInteger(data, signed), String);
  if (!DataType.isFixedSizeBinary(data.type) || data.type.byteWidth !== bits / 8) return undefined;
  const view = valuesView(data);
  return (row) => wideInteger(view, (row * bits) / 8, bits / 8, signed).toString();
}

function integer(data: Data, bits: number, signed: boolean): ((row: number) => number) | undefined {
  const { type } = data;
  if (!DataType.isInt(type) || type.bitWidth !== bits || type.isSigned !== signed) return undefined;
  const view = valuesView(data);
  switch (bits) {
    case 8:
      return signed ? (row) => view.getInt8(row) : (row) => view.getUint8(row);
    case 16:
      return signed
        ? (row) => view.getInt16(row * 2, true)
        : (row) => view.getUint16(row * 2, true);
    case 32:
      return signed
        ? (row) => view.getInt32(row * 4, true)
        : (row) => view.getUint32(row * 4, true);
    default:
      return undefined;
  }
}

function bigInteger(data: Data, signed: boolean): ((row: number) => bigint) | undefined {
  const { type } = data;
  if (!DataType.isInt(type) || type.bitWidth !== 64 || type.isSigned !== signed) return undefined;
  const view = valuesView(data);
  return signed
    ? (row) => view.getBigInt64(row * 8, true)
    : (row) => view.getBigUint64(row * 8, true);
}

/** Intervals up to the second are Durations of that unit; the longer ones are plain Int64. */
function interval(name: string, data: Data): TextOf | undefined {
  if (!name.startsWith('Interval')) return undefined;
  if (!DataType.isDuration(data.type)) return mapped(bigInteger(data, true), String);
  const units: readonly string[] = ['Second', 'Millisecond', 'Microsecond', 'Nanosecond'];
  if (units[data.type.unit] !== name.slice('Interval'.length)) return undefined;
  const view = valuesView(data);
  return (row) => view.getBigInt64(row * 8, true).toString();
}

function boolRule(data: Data, context: ReadContext): ScalarRule | undefined {
  if (!DataType.isBool(data.type)) return undefined;
  const bits: unknown = data.values;
  if (!(bits instanceof Uint8Array)) return undefined;
  const { offset } = data;
  const { boolTrue, boolFalse } = textRules(context.textSettings);
  const isTrue = (row: number): boolean => {
    const bit = offset + row;
    return ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  };
  return {
    kind: 'bool',
    text: (row) => (isTrue(row) ? boolTrue : boolFalse),
    nested: (row) => (isTrue(row) ? 'true' : 'false'),
  };
}

function float64(data: Data): TextOf | undefined {
  if (!DataType.isFloat(data.type) || data.type.precision !== Precision.DOUBLE) return undefined;
  const view = valuesView(data);
  return (row) => float64Text(view.getFloat64(row * 8, true));
}

function float32(data: Data): TextOf | undefined {
  if (!DataType.isFloat(data.type) || data.type.precision !== Precision.SINGLE) return undefined;
  const view = valuesView(data);
  return (row) => float32Text(view.getFloat32(row * 4, true));
}

function bfloat(data: Data): TextOf | undefined {
  const bytes = bytesOf(data);
  if (!bytes) return undefined;
  return (row) => {
    const [low = 0, high = 0] = bytes(row);
    return float32Text(bfloat16((high << 8) | low));
  };
}

function decimal(data: Data, scale: number, context: ReadContext): TextOf | undefined {
  if (!DataType.isDecimal(data.type)) return undefined;
  const size = data.type.bitWidth / 8;
  const view = valuesView(data);
  const { trailingZeros } = textRules(context.textSettings);
  return (row) => decimalText(wideInteger(view, row * size, size, true), scale, trailingZeros);
}

function fixedBytes(
  data: Data,
  width: number,
  text: (bytes: Uint8Array) => string,
): TextOf | undefined {
  if (!DataType.isFixedSizeBinary(data.type) || data.type.byteWidth !== width) return undefined;
  return mapped(bytesOf(data), text);
}

function days(data: Data): TextOf | undefined {
  if (!DataType.isDate(data.type) || data.type.unit !== DateUnit.DAY) return undefined;
  const view = valuesView(data);
  return (row) => dateText(view.getInt32(row * 4, true));
}

function dateTime(data: Data, timeZone: string, context: ReadContext): TextOf | undefined {
  const zones = context.zones ?? intlZones;
  if (!isKnown(zones, timeZone)) return undefined;
  const seconds = integer(data, 32, false);
  switch (textRules(context.textSettings).dateTimes) {
    case 'iso':
      return mapped(seconds, (value) => isoText(value, ''));
    case 'unix_timestamp':
      return mapped(seconds, String);
    case 'simple':
      return mapped(seconds, (value) => localDateTimeText(value + zones.offsetAt(timeZone, value)));
  }
}

function dateTime64(
  data: Data,
  precision: number,
  typeZone: string | undefined,
  context: ReadContext,
): TextOf | undefined {
  const { type } = data;
  if (!DataType.isTimestamp(type)) return undefined;
  const zones = context.zones ?? intlZones;
  const timeZone = typeZone ?? type.timezone ?? context.timeZone;
  if (!isKnown(zones, timeZone)) return undefined;
  const perSecond = UNITS_PER_SECOND[type.unit] ?? 1n;
  const view = valuesView(data);
  const { dateTimes } = textRules(context.textSettings);
  return (row) => {
    const value = view.getBigInt64(row * 8, true);
    if (dateTimes === 'unix_timestamp') return timestampText(value, perSecond, precision);
    const { seconds, fraction } = splitSeconds(value, perSecond, precision);
    if (dateTimes === 'iso') return isoText(seconds, fraction);
    return localDateTimeText(seconds + zones.offsetAt(timeZone, seconds)) + fraction;
  };
}

/** The server may know zones that are not known here; their columns have to travel as text. */
function isKnown(zones: ZoneOffsets, timeZone: string): boolean {
  try {
    zones.offsetAt(timeZone, 0);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function time(data: Data, precision: number): TextOf | undefined {
  const { type } = data;
  if (!DataType.isTime(type)) return undefined;
  const perSecond = UNITS_PER_SECOND[type.unit] ?? 1n;
  const view = valuesView(data);
  // Arrow carries seconds and milliseconds as Time32, the finer units as Time64.
  const wide = type.unit === TimeUnit.MICROSECOND || type.unit === TimeUnit.NANOSECOND;
  return (row) => {
    const value = wide ? view.getBigInt64(row * 8, true) : BigInt(view.getInt32(row * 4, true));
    return timeText(value, perSecond, precision);
  };
}
