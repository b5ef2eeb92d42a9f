/** A Float64 as ClickHouse prints it: the shortest digits that read back, `1e21`, `nan`, `inf`, `-0`. */
export function float64Text(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (Object.is(value, -0)) return '-0';
  return String(value).replace('e+', 'e');
}

/** A Float32 (given as the double of equal value) as ClickHouse prints it. */
export function float32Text(value: number): string {
  if (!Number.isFinite(value) || value === 0) return float64Text(value);
  for (let digits = 1; digits < 9; digits++) {
    const shortest = Number(value.toPrecision(digits));
    if (Math.fround(shortest) === value) return float64Text(tieToEven(value, shortest, digits));
    if (digits > 6) {
      // Below a power of two the gap is half as wide, so the next number up may be the one that reads back.
      const next = nextDecimal(value.toPrecision(digits));
      if (Math.fround(next) === value) return float64Text(next);
    }
  }
  return float64Text(Number(value.toPrecision(9)));
}

/** JavaScript rounds a decimal tie up, ClickHouse to the even digit. */
function tieToEven(value: number, rounded: number, digits: number): number {
  const longer = value.toPrecision(digits + 1);
  const [mantissa = '', exponent = '0'] = longer.split('e');
  if (!mantissa.endsWith('5') || Number(longer) !== value) return rounded;
  // Dropping a digit in front of the point would change the magnitude.
  const cut = mantissa.includes('.') ? mantissa.slice(0, -1) : `${mantissa.slice(0, -1)}0`;
  const lower = Number(`${cut}e${exponent}`);
  const lastKept = Number(mantissa.replace('.', '').at(-2));
  return lastKept % 2 === 0 && Math.fround(lower) === value ? lower : rounded;
}

function nextDecimal(text: string): number {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const point = mantissa.indexOf('.');
  const decimals = point < 0 ? 0 : mantissa.length - point - 1;
  const digits = BigInt(mantissa.replace('.', ''));
  const next = digits < 0n ? digits - 1n : digits + 1n;
  return Number(`${next}e${Number(exponent) - decimals}`);
}

/** BFloat16 bits (the upper half of a Float32) as a number. */
export function bfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits * 0x10000);
  return view.getFloat32(0);
}
