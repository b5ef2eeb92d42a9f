const UNITS: readonly [size: number, suffix: string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** Beyond it, and below its inverse, numbers are told by their power of ten. */
const LARGE = 1e15;

/**
 * Texts of the marks of a number axis, all in one unit and with the same number of digits.
 * @param step from one mark to the next
 */
export function tickTexts(ticks: readonly (number | null)[], step: number): string[] {
  const largest = Math.max(...ticks.map((tick) => Math.abs(tick ?? 0)));
  if (largest >= LARGE || (largest > 0 && step < 1e-6)) {
    const digits = Math.max(0, Math.ceil(Math.log10(largest) - Math.log10(step)));
    return ticks.map((tick) =>
      tick === null ? '' : tick === 0 ? '0' : tick.toExponential(Math.min(digits, 15)),
    );
  }
  // Small numbers stay as they are: 2,500 is easier to read than 2.5k.
  const [size, suffix] = (largest < 1e5 ? undefined : UNITS.find(([unit]) => largest >= unit)) ?? [
    1,
    '',
  ];
  const digits = Math.min(12, Math.max(0, decimalsOf(step / size)));
  const format = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return ticks.map((tick) => {
    if (tick === null) return '';
    return tick === 0 ? '0' : `${format.format(tick / size)}${suffix}`;
  });
}

/** Digits behind the point that multiples of the step have. */
function decimalsOf(step: number): number {
  for (let digits = 0; digits < 12; digits++) {
    const scaled = step * 10 ** digits;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return digits;
  }
  return 12;
}
