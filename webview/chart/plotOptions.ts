import type uPlot from 'uplot';
import type { Chart } from '../../src/shared/chart.ts';
import { showUnseen } from '../grid/cellText.ts';
import { barPaths } from './barPaths.ts';
import { colorOf, dashOf, type Palette } from './palette.ts';
import { tickTexts } from './tickText.ts';
import { timeTicks } from './timeTicks.ts';

export interface PlotLook {
  palette: Palette;
  /** Seconds that the zone of the x axis is east of UTC at a time. */
  offsetAt: (epochSeconds: number) => number;
  /** By series. */
  shown: readonly boolean[];
}

/** px for one mark of the x axis with a time, a number, and for a category that is written across. */
const TICK_PX = { time: 90, number: 70 };
const CHARACTER_PX = 7;
/** px on the right of the plotting area: half of the last mark's text. */
const RIGHT_PX = { time: 44, number: 30, category: 16 };
const LABEL_CHARACTERS = 24;
const LINE_PX = 16;
/** px under which the names of the axes are left out. */
const LOW = 220;

export const hasAxisNames = (height: number): boolean => height >= LOW;

/** Columns of equal length for uPlot: undefined where a series has no point, null where its line is broken. */
export function plotData({ xs, series }: Chart): uPlot.AlignedData {
  const columns = series.map(({ at, values }) => {
    const column = new Array<number | null | undefined>(xs.length);
    at.forEach((place, i) => {
      column[place] = values[i] ?? null;
    });
    return column;
  });
  return [xs, ...columns];
}

const isBars = ({ spec }: Chart): boolean => spec.kind === 'bar' || spec.kind === 'histogram';

export function plotOptions(
  chart: Chart,
  { palette, offsetAt, shown }: PlotLook,
  { width, height }: { width: number; height: number },
): uPlot.Options {
  const axis = {
    stroke: palette.text,
    font: palette.font,
    labelFont: palette.font,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { stroke: palette.grid, width: 1 },
  };
  const hasNames = hasAxisNames(height);
  return {
    width,
    height,
    padding: [12, RIGHT_PX[chart.xKind], 0, 4],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: xRange(chart) },
      y: { range: (_, min, max) => yRange(chart, min, max) },
    },
    axes: [
      {
        ...axis,
        ...xAxis(chart, offsetAt),
        ...(hasNames && { label: chart.xName, labelSize: 18 }),
      },
      {
        ...axis,
        values: (_, splits, __, ___, step) => tickTexts(splits, step),
        size: (plot, values) => widestOf(plot, values, palette.font) + 16,
        ...(hasNames && { label: cut(chart.yName, 40), labelSize: 24, labelGap: 6 }),
      },
    ],
    series: [
      {},
      ...chart.series.map((one, i) => ({
        show: shown[i] === true,
        ...seriesLook(chart, i, colorOf(palette, i, one.isOther), palette),
      })),
    ],
  };
}

function seriesLook(
  chart: Chart,
  index: number,
  color: string,
  palette: Palette,
): Partial<uPlot.Series> {
  const base = { stroke: color, width: 1.5 };
  if (isBars(chart)) {
    const slot = { index, count: chart.series.length };
    return {
      ...base,
      width: 0,
      fill: color,
      points: { show: false },
      paths: barPaths(slot, chart.ends),
    };
  }
  if (chart.spec.kind === 'scatter') {
    return {
      ...base,
      paths: () => null,
      points: { show: true, size: 5, space: 0, fill: color, stroke: color, width: 0 },
    };
  }
  const line = { ...base, dash: dashOf(palette, index), points: { size: 5, fill: color } };
  return chart.spec.kind === 'area' ? { ...line, fill: transparent(color) } : line;
}

/** @param color as `getComputedStyle` tells it */
function transparent(color: string): string {
  return `color-mix(in srgb, ${color} 25%, transparent)`;
}

function xRange({ xs, ends, xKind, spec }: Chart): uPlot.Range.MinMax {
  if (xKind === 'category') return [-0.5, xs.length - 0.5];
  const isInterval = spec.kind === 'bar' || spec.kind === 'histogram';
  const min = xs[0] ?? 0;
  const max = Math.max(xs.at(-1) ?? 1, isInterval ? (ends?.at(-1) ?? 1) : -Infinity);
  if (min === max) return [min - 1, max + 1];
  const pad = (max - min) * (isInterval ? 0.005 : 0.015);
  return [min - pad, max + pad];
}

/** @param min smallest shown value; null of none */
function yRange(chart: Chart, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  const fromZero = isBars(chart) || chart.spec.kind === 'area';
  const [low, high] = fromZero ? [Math.min(0, min), Math.max(0, max)] : [min, max];
  if (low === high)
    return low === 0 ? [0, 1] : [low - Math.abs(low) / 10, low + Math.abs(low) / 10];
  const pad = (high - low) * 0.06;
  return [fromZero && low === 0 ? 0 : low - pad, fromZero && high === 0 ? 0 : high + pad];
}

function cut(text: string, characters: number): string {
  const shown = showUnseen(text);
  return shown.length > characters ? `${shown.slice(0, characters - 1)}…` : shown;
}

/** px that the widest of an axis's texts takes. */
function widestOf({ ctx }: uPlot, values: readonly string[] | null, font: string): number {
  ctx.font = font;
  const widths = (values ?? []).map((text) => ctx.measureText(text).width);
  return Math.max(CHARACTER_PX, ...widths);
}

function xAxis(chart: Chart, offsetAt: PlotLook['offsetAt']): Partial<uPlot.Axis> {
  const { xKind } = chart;
  if (xKind === 'category') return categoryAxis(chart);
  if (xKind === 'number') {
    return { values: (_, splits, __, ___, step) => tickTexts(splits, step), space: TICK_PX.number };
  }
  const ticksOf = (plot: uPlot, min: number, max: number): ReturnType<typeof timeTicks> =>
    timeTicks(min, max, plot.width / TICK_PX.time, offsetAt);
  return {
    splits: (plot, _, min, max) => ticksOf(plot, min, max).map(({ at }) => at),
    values: (plot, splits) => {
      const { min = 0, max = 1 } = plot.scales['x'] ?? {};
      const texts = new Map(ticksOf(plot, min, max).map(({ at, text }) => [at, text]));
      return splits.map((at) => texts.get(at) ?? '');
    },
    size: LINE_PX * 2 + 12,
  };
}

/** Names across where they fit, else aslant; where even that is too much, every second one and so on. */
function categoryAxis({ xTexts }: Chart): Partial<uPlot.Axis> {
  const labels = xTexts.map((text) => cut(text, LABEL_CHARACTERS));
  const longest = Math.max(1, ...labels.map((text) => text.length));
  const room = (plot: uPlot): number => (plot.width - 80) / Math.max(1, labels.length);
  const isAslant = (plot: uPlot): boolean => longest * CHARACTER_PX + 8 > room(plot);
  const aslantSize = (plot: uPlot): number =>
    Math.min(plot.height * 0.4, longest * CHARACTER_PX * 0.72 + 22);
  return {
    grid: { show: false },
    splits: (plot) => {
      const each = isAslant(plot) ? Math.ceil(LINE_PX / Math.max(1, room(plot))) : 1;
      return [...labels.keys()].filter((i) => i % each === 0);
    },
    values: (plot, splits) => {
      const most = isAslant(plot) ? (aslantSize(plot) - 22) / CHARACTER_PX / 0.72 : Infinity;
      return splits.map((i) => cut(labels[i] ?? '', Math.max(3, Math.floor(most))));
    },
    rotate: (plot) => (isAslant(plot) ? 45 : 0),
    size: (plot) => (isAslant(plot) ? aslantSize(plot) : LINE_PX + 16),
  };
}
