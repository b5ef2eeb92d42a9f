import type { Chart } from '../../src/shared/chart.ts';

/** One point of a chart: index of its series, and of the point in it. */
export interface PointPlace {
  series: number;
  point: number;
}

export type PointMove = 'next' | 'previous' | 'first' | 'last' | 'forward' | 'back' | 'up' | 'down';

const MOVES: Readonly<Record<string, PointMove>> = {
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
  PageDown: 'forward',
  PageUp: 'back',
};

export const moveOfKey = (key: string): PointMove | undefined => MOVES[key];

/** A page is a twentieth of the points of the series. */
const pageOf = (count: number): number => Math.max(1, Math.round(count / 20));

/** The point that a move leads to; from no point to the first one. Undefined: there are none. */
export function movePoint(
  { series }: Pick<Chart, 'series'>,
  shown: readonly boolean[],
  from: PointPlace | undefined,
  move: PointMove,
): PointPlace | undefined {
  const usable = [...series.keys()].filter(
    (i) => shown[i] === true && (series[i]?.at.length ?? 0) > 0,
  );
  const [first] = usable;
  if (first === undefined) return undefined;
  if (!from || !usable.includes(from.series)) return { series: first, point: 0 };
  const count = series[from.series]?.at.length ?? 0;
  const to = (point: number): PointPlace => ({
    series: from.series,
    point: Math.max(0, Math.min(count - 1, point)),
  });
  switch (move) {
    case 'next':
      return to(from.point + 1);
    case 'previous':
      return to(from.point - 1);
    case 'first':
      return to(0);
    case 'last':
      return to(count - 1);
    case 'forward':
      return to(from.point + pageOf(count));
    case 'back':
      return to(from.point - pageOf(count));
    case 'up':
    case 'down': {
      const step = move === 'down' ? 1 : -1;
      const position = usable.indexOf(from.series) + step;
      const next = usable[(position + usable.length) % usable.length] ?? first;
      const at = series[from.series]?.at[from.point] ?? 0;
      return { series: next, point: nearestAt(series[next]?.at ?? [], at) };
    }
  }
}

/** Index of the entry of an ascending list that is nearest to a value. */
export function nearestAt(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  const isHigh = Math.abs((list[high] ?? 0) - value) < Math.abs((list[low] ?? 0) - value);
  return Math.max(0, isHigh ? high : low);
}

/** A point in words: what a screen reader says of it. */
export function pointText(
  { series, xTexts, xName }: Chart,
  { series: index, point }: PointPlace,
): string {
  const one = series[index];
  if (!one) return '';
  const x = xTexts[one.at[point] ?? 0] ?? '';
  return `${xName} ${x}, ${one.name}: ${one.texts[point] ?? 'NULL'}`;
}
