import {
  addDecimals,
  compareDecimals,
  decimalText,
  divideDecimal,
  parseDecimal,
  type Decimal,
} from './decimal.ts';

/**
 * How the values of a column add up: `exact` for integers and decimals, `float` for floating point, `ordered` for
 * texts whose order is that of the values (dates and times), `counted` for all others.
 */
export type TallyKind = 'exact' | 'float' | 'ordered' | 'counted';

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
  #exact: { sum: Decimal; count: number; min: Decimal; max: Decimal } | undefined;
  #float: FloatSum | undefined;
  #ordered: { min: string; max: string } | undefined;

  add(kind: TallyKind, text: string, isNull: boolean): void {
    this.#cells++;
    if (isNull) this.#nulls++;
    else if (kind === 'exact') this.#addExact(text);
    else if (kind === 'float') this.#addFloat(text);
    else if (kind === 'ordered') this.#addOrdered(text);
    else this.#counted++;
  }

  get result(): TallyResult {
    return { cells: this.#cells, nulls: this.#nulls, ...this.#numbers() };
  }

  #addExact(text: string): void {
    const value = parseDecimal(text);
    if (!value) {
      this.#counted++;
      return;
    }
    const before = this.#exact;
    if (!before) {
      this.#exact = { sum: value, count: 1, min: value, max: value };
      return;
    }
    before.sum = addDecimals(before.sum, value);
    before.count++;
    if (compareDecimals(value, before.min) < 0) before.min = value;
    if (compareDecimals(value, before.max) > 0) before.max = value;
  }

  #addFloat(text: string): void {
    const value = text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text);
    this.#float ??= { sum: 0, lost: 0, count: 0, min: Infinity, max: -Infinity };
    const float = this.#float;
    // Neumaier's summation: the small parts that a large sum swallows are added at the end.
    const sum = float.sum + value;
    const large = Math.abs(float.sum) >= Math.abs(value);
    float.lost += large ? float.sum - sum + value : value - sum + float.sum;
    float.sum = sum;
    float.count++;
    float.min = Math.min(float.min, value);
    float.max = Math.max(float.max, value);
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
    const average = divideDecimal(exact.sum, exact.count);
    return {
      sum: decimalText(exact.sum),
      average: `${average.exact ? '' : '≈ '}${decimalText(average.value)}`,
      min: decimalText(exact.min),
      max: decimalText(exact.max),
    };
  }
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
  exact: { sum: Decimal; count: number; min: Decimal; max: Decimal } | undefined,
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

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value);
}
