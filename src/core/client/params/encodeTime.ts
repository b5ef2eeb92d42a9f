import { expandExponent, shown } from './encodeNumber.ts';
import type { EncodeContext } from './encodeValue.ts';

type Fail = Pick<EncodeContext, 'fail'>;

const DAY_TEXT = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME_TEXT = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;
const DAY_RANGE = {
  Date: ['1970-01-01', '2149-06-06'],
  Date32: ['1900-01-01', '2299-12-31'],
} as const;
const MAX_DATETIME = 4_294_967_295n;
const MIN_DATETIME64 = -2_208_988_800n;
const MAX_DATETIME64 = 10_413_791_999n;
const MAX_TICKS = (1n << 63n) - 1n;

/** A calendar day: `YYYY-MM-DD`, `{ y, m, d }`, or the UTC day of a `Date`. */
export function encodeDay(name: 'Date' | 'Date32', value: unknown, { fail }: Fail): string {
  const text = dayText(value);
  const [first, last] = DAY_RANGE[name];
  if (text === undefined || !isDay(text)) {
    throw fail(`${shown(value)} is not a day`, 'Write it as YYYY-MM-DD.');
  }
  // Outside its range the server silently takes the nearest day.
  if (text < first || text > last) throw fail(`${text} is outside ${first} … ${last}`);
  return text;
}

/** A moment in whole seconds: epoch seconds, a `Date`, or text in the type's (else the server's) zone. */
export function encodeDateTime(
  timeZone: string | undefined,
  value: unknown,
  { fail }: Fail,
): string {
  const moment = readMoment(value, 0, fail);
  if (typeof moment === 'bigint') {
    if (moment < 0n || moment > MAX_DATETIME) throw fail(`${shown(value)} is outside 1970 … 2106`);
    // Fewer than five digits would be read as a year.
    return moment.toString().padStart(10, '0');
  }
  const seconds = secondsOfText(moment);
  const slack = zoneSlack(timeZone);
  if (seconds < slack || seconds > MAX_DATETIME - slack) {
    throw fail(`${moment} is outside 1970 … 2106${inAnyZone(timeZone)}`, hintOfZone(timeZone));
  }
  return moment;
}

/** Whole seconds since 1970 of `YYYY-MM-DD hh:mm:ss…` read as UTC. */
function secondsOfText(moment: string): bigint {
  return BigInt(Date.parse(`${moment.slice(0, 19).replace(' ', 'T')}Z`) / 1_000);
}

/** Seconds that the zone may lie away from UTC. Without one in the type it is the session's or the server's: any. */
function zoneSlack(timeZone: string | undefined): bigint {
  return timeZone === 'UTC' ? 0n : 14n * 3_600n;
}

function inAnyZone(timeZone: string | undefined): string {
  return timeZone === undefined ? ' in some time zones' : '';
}

function hintOfZone(timeZone: string | undefined): string | undefined {
  if (timeZone !== undefined) return undefined;
  return "Write the type or the value with a zone, for example DateTime('UTC').";
}

/** A moment with `precision` decimal places of a second; else as `encodeDateTime`. */
export function encodeDateTime64(
  precision: number,
  timeZone: string | undefined,
  value: unknown,
  { fail }: Fail,
): string {
  const moment = readMoment(value, precision, fail);
  const unit = 10n ** BigInt(precision);
  if (typeof moment === 'string') {
    const year = Number(moment.slice(0, 4));
    if (year < 1900 || year > 2299) throw fail(`${moment} is outside 1900 … 2299`);
    // Nanoseconds end in April 2262; beyond, the server's ticks overflow.
    if ((secondsOfText(moment) + zoneSlack(timeZone)) * unit > MAX_TICKS - unit) {
      throw fail(`${moment} is outside the range of DateTime64(${precision})`);
    }
    return moment;
  }
  if (moment < MIN_DATETIME64 * unit || moment >= (MAX_DATETIME64 + 1n) * unit) {
    throw fail(`${shown(value)} is outside 1900 … 2299`);
  }
  if (moment > MAX_TICKS || moment < -MAX_TICKS) {
    throw fail(`${shown(value)} is outside the range of DateTime64(${precision})`);
  }
  // The server loses the sign of "-0.5", so the last second before 1970 travels as text.
  if (moment < 0n && moment > -unit)
    return lastSecondOf1969(moment + unit, precision, timeZone, fail);
  return ticksText(moment, precision);
}

/** A time of day or duration, as text `[-]h:mm:ss[.fraction]`. */
export function encodeTimeOfDay(precision: number, value: unknown, { fail }: Fail): string {
  const match =
    typeof value === 'string' ? /^-?(\d{1,3}):([0-5]\d):([0-5]\d)(?:\.(\d+))?$/.exec(value) : null;
  if (match === null) throw fail(`${shown(value)} is not a time`, 'Write it as hh:mm:ss.');
  if ((match[4]?.length ?? 0) > precision) {
    throw fail(`${shown(value)} has more than ${precision} decimal places`);
  }
  return match[0];
}

/** Ticks of `10^-precision` seconds since 1970 (zone-free), or text without a zone, which is kept. */
function readMoment(
  value: unknown,
  precision: number,
  fail: EncodeContext['fail'],
): bigint | string {
  if (value instanceof Date) {
    const ms = value.getTime();
    if (Number.isNaN(ms)) throw fail('the Date is invalid');
    return rescale(BigInt(ms), 3, precision, value.toISOString(), fail);
  }
  if (typeof value === 'bigint') return value * 10n ** BigInt(precision);
  if (typeof value === 'number') return secondsToTicks(value, precision, fail);
  if (typeof value !== 'string') throw fail(`${shown(value)} is not a time`);
  if (/^\d{5,}$/.test(value)) return BigInt(value) * 10n ** BigInt(precision);
  if (isDay(value)) return `${value} 00:00:00`;
  const match = TIME_TEXT.exec(value);
  const [, day = '', time = '', fraction = '', zone] = match ?? [];
  if (match === null || !isDay(day) || !isClock(time)) {
    throw fail(`${shown(value)} is not a time`, 'Write it as YYYY-MM-DD hh:mm:ss.');
  }
  if (fraction.replace(/0+$/, '').length > precision) {
    throw fail(
      `${shown(value)} has more than ${precision} decimal places of a second`,
      'Use a DateTime64 with enough precision, or cut them.',
    );
  }
  const kept = fraction.slice(0, precision);
  if (zone === undefined) return `${day} ${time}${kept === '' ? '' : `.${kept}`}`;
  const seconds = BigInt(Date.parse(`${day}T${time}${normalZone(zone)}`) / 1_000);
  const unit = 10n ** BigInt(precision);
  return seconds * unit + BigInt(kept.padEnd(precision, '0') || '0');
}

function normalZone(zone: string): string {
  return zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

function secondsToTicks(seconds: number, precision: number, fail: EncodeContext['fail']): bigint {
  if (!Number.isFinite(seconds)) throw fail(`${seconds} is not a time`);
  if (Number.isInteger(seconds)) return BigInt(seconds) * 10n ** BigInt(precision);
  const [, sign = '', whole = '0', fraction = ''] =
    /^(-?)(\d+)\.(\d+)$/.exec(expandExponent(String(seconds))) ?? [];
  const ticks = rescale(
    BigInt(whole + fraction),
    fraction.length,
    precision,
    String(seconds),
    fail,
  );
  return sign === '-' ? -ticks : ticks;
}

function rescale(
  ticks: bigint,
  from: number,
  to: number,
  text: string,
  fail: EncodeContext['fail'],
): bigint {
  if (to >= from) return ticks * 10n ** BigInt(to - from);
  const step = 10n ** BigInt(from - to);
  if (ticks % step !== 0n) {
    throw fail(
      `${text} has more than ${to} decimal places of a second`,
      'Use a DateTime64 with enough precision, or cut them.',
    );
  }
  return ticks / step;
}

function ticksText(ticks: bigint, precision: number): string {
  const digits = (ticks < 0n ? -ticks : ticks).toString().padStart(precision + 1, '0');
  const at = digits.length - precision;
  const sign = ticks < 0n ? '-' : '';
  // Fewer than five digits with more text behind them would be read as a year.
  const whole = digits.slice(0, at).padStart(10, '0');
  return precision === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(at)}`;
}

/** `1969-12-31 23:59:59.…` in the zone of the type. */
function lastSecondOf1969(
  fraction: bigint,
  precision: number,
  timeZone: string | undefined,
  fail: EncodeContext['fail'],
): string {
  if (timeZone === undefined) {
    throw fail(
      'a moment within the second before 1970 cannot be sent without a time zone',
      `Write the type with a zone, for example DateTime64(${precision}, 'UTC').`,
    );
  }
  const text = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(-1_000);
  return `${text}.${fraction.toString().padStart(precision, '0')}`;
}

function dayText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? undefined : value.toISOString().slice(0, 10);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { y, m, d } = value as { y?: unknown; m?: unknown; d?: unknown };
  const pad = (part: unknown, length: number): string => String(part).padStart(length, '0');
  return `${pad(y, 4)}-${pad(m, 2)}-${pad(d, 2)}`;
}

function isDay(text: string): boolean {
  if (!DAY_TEXT.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

function isClock(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text);
}
