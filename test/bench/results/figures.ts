/** One measured figure beside what it must reach and what an earlier prototype reached on the same kind of machine. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'x' | 'ms' | 'MB';
  /** At most this. */
  readonly target?: number;
  /** In the words of its source. */
  readonly reference?: string;
}

/** Prints figures, and which of them miss their target. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}`);
  const heads = ['measured', 'at most', ''].map((head) => head.padStart(10)).join('');
  console.log(`${''.padEnd(58)}${heads}   reference`);
  for (const { name, value, unit, target, reference = '' } of figures) {
    const measured = `${round(value)} ${unit}`.padStart(10);
    const wanted = (target === undefined ? '' : `${target} ${unit}`).padStart(10);
    const verdict = target === undefined ? '' : value <= target ? 'ok' : 'MISSED';
    console.log(`${name.padEnd(58)}${measured}${wanted}${verdict.padStart(10)}   ${reference}`);
  }
}

function round(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

/** @param share of the sorted numbers that are at most the returned one, from 0 to 1 */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
