import { UsageError } from '../../../client/errors.ts';
import { quoteLiteral } from '../../../sql/quote.ts';
import { FLOAT, INTEGER } from '../../../types/comparable.ts';
import type { TypeNode } from '../../../types/typeNode.ts';
import { typeText } from '../../../types/typeText.ts';

/**
 * A text that a user compares the values of a column with. A plain CAST would let the server wrap 300 into a UInt8
 * and cut 1.005 to a Decimal(10, 2), so that rows are found that do not fit: what the type cannot hold is known here.
 */
export type Operand =
  /**
   * A value of the type. `exact` false: the next lower value that the type has, and the text lies above it. `text`:
   * what a cell may show for more than this value, as for an hour that comes twice.
   */
  | { kind: 'value'; sql: string; exact: boolean; text?: string }
  /** Below or above all values of the type. */
  | { kind: 'below' | 'above' }
  /** Not a number: equal to itself, as in a list of values, and without an order. */
  | { kind: 'nan' };

/**
 * @param type a scalar for which `isTyped` holds
 * @param asTimestamps cells show times as seconds since 1970, so that a number is one
 * @throws UsageError when the text is no value of such a type
 */
export function operandOf(type: TypeNode, text: string, asTimestamps: boolean): Operand {
  const trimmed = text.trim();
  const integer = INTEGER.exec(type.name);
  if (integer) {
    const bits = BigInt(integer[2] ?? '');
    const [low, high] =
      integer[1] === 'U'
        ? [0n, (1n << bits) - 1n]
        : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
    return fixedPoint(type, trimmed, 0, low, high);
  }
  if (FLOAT.test(type.name)) return floating(type, trimmed);
  switch (type.name) {
    case 'Decimal': {
      const most = 10n ** BigInt(type.precision) - 1n;
      return fixedPoint(type, trimmed, type.scale, -most, most);
    }
    case 'Date':
      return date(type, trimmed, '1970-01-01', '2149-06-06');
    case 'Date32':
      return date(type, trimmed, '1900-01-01', '2299-12-31');
    case 'DateTime':
    case 'DateTime64': {
      const precision = type.name === 'DateTime' ? 0 : type.precision;
      if (asTimestamps && NUMBER.test(trimmed)) return timestamp(trimmed, precision);
      return dateTime(trimmed, precision, type.timeZone);
    }
    case 'Enum8':
    case 'Enum16':
      return { kind: 'value', sql: cast(text, type), exact: true };
    default:
      return { kind: 'value', sql: cast(trimmed, type), exact: true };
  }
}

const cast = (text: string, type: TypeNode): string =>
  `CAST(${quoteLiteral(text)}, ${quoteLiteral(typeText(type))})`;

function notOf(text: string, what: string): UsageError {
  return new UsageError(`"${text}" is not ${what}.`);
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?$/;

function fixedPoint(
  type: TypeNode,
  text: string,
  scale: number,
  low: bigint,
  high: bigint,
): Operand {
  const [, sign = '', whole = '', fraction = ''] = NUMBER.exec(text) ?? [];
  if (whole + fraction === '') throw notOf(text, 'a number');
  const kept = fraction.slice(0, scale).padEnd(scale, '0');
  const dropped = /[1-9]/.test(fraction.slice(scale));
  const size = BigInt(whole + kept);
  const isNegative = sign === '-';
  const value = isNegative ? -size - (dropped ? 1n : 0n) : size;
  if (value < low) return { kind: 'below' };
  if (value > high) return { kind: 'above' };
  return { kind: 'value', sql: cast(withScale(value, scale), type), exact: !dropped };
}

function withScale(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function floating(type: TypeNode, text: string): Operand {
  if (/^[+-]?nan$/i.test(text)) return { kind: 'nan' };
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  if (!isNumber && !/^[+-]?inf(inity)?$/i.test(text)) throw notOf(text, 'a number');
  return { kind: 'value', sql: cast(text.toLowerCase(), type), exact: true };
}

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;

/** The server takes 30 February for 1 March. */
function isDay(text: string): boolean {
  const day = DAY.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function date(type: TypeNode, text: string, first: string, last: string): Operand {
  const day = /^\d{4}-\d\d-\d\d 00:00(:00(\.0*)?)?$/.test(text) ? text.slice(0, 10) : text;
  if (!isDay(day)) throw notOf(text, 'a date like 2024-12-31');
  if (day < first) return { kind: 'below' };
  if (day > last) return { kind: 'above' };
  return { kind: 'value', sql: cast(day, type), exact: true };
}

const TIME = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z)?)?$/;

function dateTime(typed: string, precision: number, timeZone: string | undefined): Operand {
  const [, day = '', hours = '00', minutes = '00', seconds = '00', fraction = '', utc] =
    TIME.exec(typed) ?? [];
  const isTime = Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
  if (!isDay(day) || !isTime) throw notOf(typed, 'a time like 2024-12-31 23:59:59');
  if (day < '1900-01-01') return { kind: 'below' };
  // Nanoseconds since 1970 end in 2262.
  if (day > (precision === 9 ? '2262-04-10' : '2299-12-31')) return { kind: 'above' };
  const kept = fraction.slice(0, precision);
  const exact = !/[1-9]/.test(fraction.slice(precision));
  // A DateTime that ends in 2106 would wrap.
  const type: TypeNode = {
    name: 'DateTime64',
    precision,
    ...(utc === undefined ? timeZone !== undefined && { timeZone } : { timeZone: 'UTC' }),
  };
  const text = `${day} ${hours}:${minutes}:${seconds}${precision === 0 ? '' : `.${kept.padEnd(precision, '0')}`}`;
  if (utc !== undefined) return { kind: 'value', sql: cast(text, type), exact };
  return { kind: 'value', sql: cast(text, type), exact, text };
}

/** The server's range of times. */
const FIRST_SECOND = -2_208_988_800n;
const LAST_SECOND = 10_413_791_999n;
const LAST_IN_NANOSECONDS = 9_223_372_035n;

function timestamp(typed: string, precision: number): Operand {
  const scale = 10n ** BigInt(precision);
  const last = precision === 9 ? LAST_IN_NANOSECONDS : LAST_SECOND;
  const number: TypeNode = { name: 'Decimal', precision: 38, scale: precision };
  const range = [FIRST_SECOND * scale, (last + 1n) * scale - 1n] as const;
  const seconds = fixedPoint(number, typed, precision, ...range);
  if (seconds.kind !== 'value') return seconds;
  const type: TypeNode = { name: 'DateTime64', precision };
  return { ...seconds, sql: `CAST(${seconds.sql}, ${quoteLiteral(typeText(type))})` };
}
