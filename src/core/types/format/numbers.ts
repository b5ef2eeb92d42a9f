/** The two's complement little-endian integer of `size` bytes (a multiple of 8) at `at`. */
export function wideInteger(view: DataView, at: number, size: number, signed: boolean): bigint {
  const top = at + size - 8;
  let value = signed ? view.getBigInt64(top, true) : view.getBigUint64(top, true);
  for (let word = top - 8; word >= at; word -= 8) {
    value = (value << 64n) | view.getBigUint64(word, true);
  }
  return value;
}

/** An unscaled decimal as ClickHouse prints it: point inserted, trailing zeros dropped unless they are kept. */
export function decimalText(unscaled: bigint, scale: number, trailingZeros = false): string {
  if (scale === 0) return unscaled.toString();
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, -scale);
  const decimals = digits.slice(-scale);
  const fraction = trailingZeros ? decimals : decimals.replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
