import { decimalText } from '../types/format/numbers.ts';
import { type ChartColumn, isFloat, isInteger } from './chartColumn.ts';

/** Intervals of equal, round width that hold all values of a column: `[edges[i], edges[i + 1])`. */
export interface NumberSteps {
  /** Exact; one more than there are intervals. */
  readonly edges: readonly string[];
  /** As values of this type. */
  readonly edgeType: string;
  /** Width of one interval, as it is printed. */
  readonly width: string;
}

/** A number as `unscaled * 10 ** -scale`. */
interface Scaled {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** @param text as ClickHouse prints a finite number */
export function scaledOf(text: string): Scaled {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text) ?? [];
  const unscaled = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale >= 0
    ? { unscaled, scale }
    : { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 };
}

const atScale = ({ unscaled, scale }: Scaled, wanted: number): bigint =>
  unscaled * 10n ** BigInt(wanted - scale);

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Digits behind the point that widths may have: those that values of the type have. */
function finestScale({ type }: Pick<ChartColumn, 'type'>): number {
  if (type.name === 'Decimal') return type.scale;
  return isFloat(type) ? 330 : 0;
}

/**
 * The finest intervals of a width of 1, 2 or 5 times a power of ten, at most `atMost` of them. Their edges are
 * exact for whole numbers and decimals of any size.
 * @param first the smallest value, as ClickHouse prints it @param last the largest one
 */
export function numberSteps(
  column: Pick<ChartColumn, 'type'>,
  first: string,
  last: string,
  atMost: number,
): NumberSteps {
  const [low, high] = [scaledOf(first), scaledOf(last)];
  const scale = Math.max(low.scale, high.scale);
  const finest = finestScale(column);
  const [lowest, highest] = [atScale(low, scale), atScale(high, scale)];
  const wanted = (highest - lowest) / BigInt(atMost);
  for (let power = powerBelow(wanted, scale, finest, lowest === highest); ; power++) {
    for (const factor of [1n, 2n, 5n]) {
      const own = Math.max(scale, -power);
      const width = factor * 10n ** BigInt(power + own);
      const from = floorDivide(lowest * 10n ** BigInt(own - scale), width);
      const to = floorDivide(highest * 10n ** BigInt(own - scale), width);
      if (to - from >= BigInt(atMost)) continue;
      const edges = Array.from({ length: Number(to - from) + 2 }, (_, i) =>
        decimalText((from + BigInt(i)) * width, own),
      );
      return { edges, edgeType: edgeType(column), width: decimalText(width, own) };
    }
  }
}

/** A power of ten that is surely not too large for the width of the intervals. */
function powerBelow(wanted: bigint, scale: number, finest: number, isSingle: boolean): number {
  // All values are one: an interval of 1 shows it, or the smallest step that the type has.
  if (isSingle) return 0;
  if (wanted === 0n) return -Math.min(finest, scale + 4);
  return Math.max(wanted.toString().length - 1 - scale, -finest);
}

/** The edge after the last value may lie outside of the column's own type. */
function edgeType({ type }: Pick<ChartColumn, 'type'>): string {
  if (type.name === 'Decimal') {
    return `Decimal(${type.precision <= 18 ? 38 : 76}, ${type.scale})`;
  }
  if (!isInteger(type)) return type.name === 'Float64' ? 'Float64' : 'Float32';
  if (/^U?Int(8|16|32)$/.test(type.name)) return 'Int64';
  return /^U?Int(128|256)$/.test(type.name) ? 'Decimal(76, 0)' : 'Decimal(38, 0)';
}
