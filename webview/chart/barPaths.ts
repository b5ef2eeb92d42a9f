import type uPlot from 'uplot';

/** Where one row of bars stands beside the others at the same places. */
export interface BarSlot {
  index: number;
  count: number;
}

/** Share of a place that its bars fill. */
const FILLED = { category: 0.8, interval: 0.94 };

/**
 * Draws a series as bars from zero.
 * @param ends where the intervals end that begin at the x values; absent: categories at whole numbers
 */
export function barPaths(
  { index, count }: BarSlot,
  ends: readonly number[] | undefined,
): uPlot.Series.PathBuilder {
  return (plot, seriesIndex, first, last) => {
    const fill = new Path2D();
    const [xs, ys] = [plot.data[0], plot.data[seriesIndex]];
    const zero = plot.valToPos(0, 'y', true);
    for (let i = first; i <= last; i++) {
      const y = ys?.[i];
      if (typeof y !== 'number') continue;
      const x = xs[i] ?? 0;
      const [from, to] = ends ? [x, ends[i] ?? x] : [x - 0.5, x + 0.5];
      const share = ends ? FILLED.interval : FILLED.category;
      const left = plot.valToPos(from, 'x', true);
      const width = plot.valToPos(to, 'x', true) - left;
      const bar = (width * share) / count;
      const start = left + (width * (1 - share)) / 2 + bar * index;
      const top = plot.valToPos(y, 'y', true);
      // A bar that is less than a pixel wide or high must not vanish.
      fill.rect(start, Math.min(top, zero), Math.max(1, bar), Math.max(1, Math.abs(top - zero)));
    }
    return { stroke: null, fill };
  };
}
