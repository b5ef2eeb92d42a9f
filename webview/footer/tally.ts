import type { ColumnSums, TallyKind } from '../../src/shared/cellSums.ts';
import {
  addDecimals,
  compareDecimals,
  decimalText,
  divideDecimal,
  parseDecimal,
  withoutZeros,
  type Decimal,
} from './decimal.ts';

export interface TallyResult {
  cells: number;
  nulls: number;
  /** Texts; a number that is not exact begins with ≈. Absent where there is nothing to add up or compare. */
  sum?: string;
  average?: string;
  min?: string;
  max?: string;
}

/** Adds up cells one by one. Whole numbers and decimals never go through floating point. */
export class Tally {
  #cells = 0;
  #nulls = 0;
  #counted = 0;
  #exact: ExactSum | undefined;
  #float: FloatSum | undefined;
  #ordered: { min: string; max: string } | undefined;

  add(kind: TallyKind, text: string, isNull: boolean): void {
    this.#cells++;
    if (isNull) this.#nulls++;
    else if (kind === 'exact') this.#addNumber(text);
    else if (kind === 'float') {
      const value = floatOf(text);
      this.#addFloat({ sum: value, count: 1, min: value, max: value });
    } else if (kind === 'ordered') this.#addOrdered(text);
    else this.#counted++;
  }

  /** Cells that the host has added up. */
  addSums({ kind, cells, nulls, sum, min, max }: ColumnSums): void {
    this.#cells += cells;
    this.#nulls += nulls;
    const count = cells - nulls;
    if (count === 0) return;
    const isKnown = min !== undefined && max !== undefined;
    const [total, least, most] = [sum, min, max].map((text = '') => parseDecimal(text));
    if (kind === 'ordered' && isKnown) {
      this.#addOrdered(min);
      this.#addOrdered(max);
    } else if (kind === 'exact' && total && least && most) {
      this.#addExact({ sum: total, count, min: least, max: most });
    } else if (kind === 'float' && isKnown && sum !== undefined) {
      this.#addFloat({ sum: floatOf(sum), count, min: floatOf(min), max: floatOf(max) });
    } else this.#counted += count;
  }

  get result(): TallyResult {
    return { cells: this.#cells, nulls: this.#nulls, ...this.#numbers() };
  }

  #addNumber(text: string): void {
    const value = parseDecimal(text);
    if (value) this.#addExact({ sum: value, count: 1, min: value, max: value });
    else this.#counted++;
  }

  #addExact(more: ExactSum): void {
    const before = this.#exact;
    if (!before) {
      this.#exact = { ...more };
      return;
    }
    before.sum = addDecimals(before.sum, more.sum);
    before.count += more.count;
    if (compareDecimals(more.min, before.min) < 0) before.min = more.min;
    if (compareDecimals(more.max, before.max) > 0) before.max = more.max;
  }

  #addFloat(more: Omit<FloatSum, 'lost'>): void {
    this.#float ??= { sum: 0, lost: 0, count: 0, min: Infinity, max: -Infinity };
    const float = this.#float;
    // Neumaier's summation: the small parts that a large sum swallows are added at the end.
    const sum = float.sum + more.sum;
    const large = Math.abs(float.sum) >= Math.abs(more.sum);
    float.lost += large ? float.sum - sum + more.sum : more.sum - sum + float.sum;
    float.sum = sum;
    float.count += more.count;
    float.min = Math.min(float.min, more.min);
    float.max = Math.max(float.max, more.max);
  }

  #addOrdered(text: string): void {
    this.#ordered ??= { min: text, max: text };
    if (text < this.#ordered.min) this.#ordered.min = text;
    if (text > this.#ordered.max) this.#ordered.max = text;
  }

  #numbers(): Omit<TallyResult, 'cells' | 'nulls'> {
    const exact = this.#exact;
    const float = this.#float;
    // Dates do not compare with numbers, nor with texts.
    if (this.#counted > 0 || (this.#ordered && (exact ?? float))) return {};
    if (this.#ordered) return this.#ordered;
    if (float) return floatResult(float, exact);
    if (!exact) return {};
    const sum = withoutZeros(exact.sum);
    const average = divideDecimal(sum, exact.count);
    return {
      sum: decimalText(sum),
      average: `${average.exact ? '' : '≈ '}${decimalText(average.value)}`,
      min: decimalText(exact.min),
      max: decimalText(exact.max),
    };
  }
}

interface ExactSum {
  sum: Decimal;
  count: number;
  min: Decimal;
  max: Decimal;
}

interface FloatSum {
  sum: number;
  lost: number;
  count: number;
  min: number;
  max: number;
}

function floatResult(
  float: FloatSum,
  exact: ExactSum | undefined,
): Omit<TallyResult, 'cells' | 'nulls'> {
  // An infinite sum has lost nothing: inf - inf would make it nan.
  let sum = Number.isFinite(float.sum) ? float.sum + float.lost : float.sum;
  let { count, min, max } = float;
  if (exact) {
    sum += Number(decimalText(exact.sum));
    count += exact.count;
    min = Math.min(min, Number(decimalText(exact.min)));
    max = Math.max(max, Number(decimalText(exact.max)));
  }
  const rounded = exact ? '≈ ' : '';
  return {
    sum: `≈ ${floatText(sum)}`,
    average: `≈ ${floatText(sum / count)}`,
    min: rounded + floatText(min),
    max: rounded + floatText(max),
  };
}

const floatOf = (text: string): number =>
  text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text);

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value);
}
