/** Exact decimal numbers as a whole number and how many of its digits are decimals. */
export interface Decimal {
  digits: bigint;
  scale: number;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** Reads what ClickHouse prints for integers and decimals; undefined for anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length };
}

function digitsAt({ digits, scale }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) return { digits: a.digits + b.digits, scale: a.scale };
  const scale = Math.max(a.scale, b.scale);
  return { digits: digitsAt(a, scale) + digitsAt(b, scale), scale };
}

/** Negative when `a` is less than `b`, 0 when they are equal. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = digitsAt(a, scale) - digitsAt(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function decimalText({ digits, scale }: Decimal): string {
  const negative = digits < 0n;
  const text = String(negative ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = scale === 0 ? '' : `.${text.slice(text.length - scale)}`;
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

/** The same number without zeros at the end of its fraction. */
export function withoutZeros({ digits, scale }: Decimal): Decimal {
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale--;
  }
  return { digits, scale };
}

/** Decimals that an average may have beyond those of its numbers. */
const MORE_DIGITS = 6;

/** `a / count`, rounded half away from zero where it does not end; without trailing zeros. */
export function divideDecimal(a: Decimal, count: number): { value: Decimal; exact: boolean } {
  const divisor = BigInt(count);
  const scale = a.scale + MORE_DIGITS;
  const dividend = digitsAt(a, scale);
  const rest = dividend % divisor;
  const size = rest < 0n ? -rest : rest;
  const step = dividend < 0n ? -1n : 1n;
  const digits = dividend / divisor + (size * 2n >= divisor ? step : 0n);
  return { value: withoutZeros({ digits, scale }), exact: rest === 0n };
}
