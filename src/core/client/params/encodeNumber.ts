import type { EncodeContext } from './encodeValue.ts';

/** A whole number within the range of a ClickHouse integer type. */
export function encodeInteger(
  typeName: string,
  value: unknown,
  { fail }: Pick<EncodeContext, 'fail'>,
): string {
  const digits = wholeNumber(value);
  if (digits === undefined) throw fail(`${shown(value)} is not a whole number`);
  const [least, most] = integerRange(typeName);
  if (digits < least || digits > most) {
    // The server would take it modulo 2^bits without an error.
    throw fail(`${digits} is outside ${least} … ${most}`);
  }
  return digits.toString();
}

/** A floating-point number; `nan`, `inf` and `-inf` included. */
export function encodeFloat(
  typeName: string,
  value: unknown,
  { fail }: Pick<EncodeContext, 'fail'>,
): string {
  if (typeof value === 'string' && /^(?:-?inf|nan)$/.test(value)) return value;
  const isText = typeof value === 'bigint' || (typeof value === 'string' && FLOAT_TEXT.test(value));
  if (!isText && typeof value !== 'number') throw fail(`${shown(value)} is not a number`);
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity || value === -Infinity) return value > 0 ? 'inf' : '-inf';
  const number = Number(value);
  // The server would read infinity. BFloat16 has the exponents of Float32 and drops the last bits.
  if (!Number.isFinite(typeName === 'Float64' ? number : Math.fround(number))) {
    throw fail(`${shown(value)} is outside the range of ${typeName}`);
  }
  if (isText) return String(value);
  return Object.is(number, -0) ? '-0' : String(number).replace('e+', 'e');
}

/** A decimal that fits without rounding: the server would cut excess digits silently. */
export function encodeDecimal(
  precision: number,
  scale: number,
  value: unknown,
  { fail }: Pick<EncodeContext, 'fail'>,
): string {
  const match = DECIMAL_TEXT.exec(decimalText(value) ?? '');
  if (match === null) throw fail(`${shown(value)} is not a decimal number`);
  const [, sign = '', rawWhole = '', rawFraction = ''] = match;
  const whole = rawWhole.replace(/^0+(?=\d)/, '');
  const fraction = rawFraction.replace(/0+$/, '');
  if (fraction.length > scale) throw fail(`${shown(value)} has more than ${scale} decimal places`);
  if (whole !== '0' && whole.length > precision - scale) {
    throw fail(`${shown(value)} has more than ${precision - scale} digits before the point`);
  }
  return `${sign}${whole}${rawFraction === '' ? '' : `.${rawFraction.slice(0, scale)}`}`.replace(
    /\.$/,
    '',
  );
}

const FLOAT_TEXT = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_TEXT = /^(-?)(\d+)(?:\.(\d+))?$/;

function decimalText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const text = String(value);
  return text.includes('e') ? expandExponent(text) : text;
}

/** `1.5e-7` as `0.00000015`. */
export function expandExponent(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]?\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : undefined;
}

function integerRange(typeName: string): [bigint, bigint] {
  const match = /^(U?)Int(\d+)$/.exec(typeName);
  const bits = BigInt(match?.[2] ?? 64);
  if (match?.[1] === 'U') return [0n, (1n << bits) - 1n];
  return [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
}

/** A value for a message: short, and never a whole object. */
export function shown(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return String(value);
  }
  if (value === null) return 'NULL';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
