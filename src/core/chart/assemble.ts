import type { Chart, ChartSeries } from '../../shared/chart.ts';
import { formatCount } from '../../shared/humanNumbers.ts';
import type { AggregateRow, Places } from './aggregateSql.ts';
import type { EachRow, ExtremeRow } from './eachSql.ts';
import type { NumberSteps } from './numberSteps.ts';

/** The points of a chart, without words about them. */
export type Points = Pick<Chart, 'xs' | 'ends' | 'xTexts' | 'series'>;

/** For the axis only: what has no place there is null. */
export function placeOfText(text: string | null): number | null {
  if (text === null) return null;
  const place = Number(text);
  return text !== '' && Number.isFinite(place) ? place : null;
}

/** Series in the making; each takes at most one value for each place. */
class SeriesMaker {
  readonly #series = new Map<string, ChartSeries>();

  add(key: string, name: string, at: number, text: string | null, isOther = false): void {
    let series = this.#series.get(key);
    if (!series) {
      series = { name, isOther, at: [], values: [], texts: [] };
      this.#series.set(key, series);
    }
    series.at.push(at);
    series.values.push(placeOfText(text));
    series.texts.push(text);
  }

  /** In the order of `keys`, points in the order of the axis. */
  inOrder(keys: readonly string[]): ChartSeries[] {
    return keys.flatMap((key) => this.#series.get(key) ?? []).map(sortedByPlace);
  }
}

function sortedByPlace(series: ChartSeries): ChartSeries {
  const order = [...series.at.keys()].sort((a, b) => (series.at[a] ?? 0) - (series.at[b] ?? 0));
  return {
    ...series,
    at: order.map((i) => series.at[i] ?? 0),
    values: order.map((i) => series.values[i] ?? null),
    texts: order.map((i) => series.texts[i] ?? null),
  };
}

/** How a NULL, or a text without characters, is written where a name is needed. */
export function nameOf(text: string | null): string {
  if (text === null) return 'NULL';
  return text === '' ? '(empty)' : text;
}

export interface AggregateParts {
  places: Places;
  mostPlaces: number;
  mostSeries: number;
  /** A name for each y column, or one for the count. */
  names: readonly string[];
  isSplit: boolean;
  /** Intervals without a row are drawn, with this value. */
  fill: string | undefined;
}

/** @param rows of one {@link AggregateRow} for each place and series */
export function aggregatePoints(rows: readonly AggregateRow[], parts: AggregateParts): Points {
  const { places, mostPlaces, mostSeries, names, isSplit, fill } = parts;
  const axis =
    places.by === 'category'
      ? categoryAxis(rows, mostPlaces)
      : places.by === 'time'
        ? timeAxis(rows)
        : numberAxis(rows, places.steps, fill !== undefined);
  const maker = new SeriesMaker();
  const keys = new Map<string, number>();
  for (const row of rows) {
    const at = axis.indexOf(row);
    row.values.forEach((text, y) => {
      const isOther = isSplit && row.series > mostSeries;
      const key = isSplit ? String(row.series) : String(y);
      keys.set(key, isSplit ? row.series : y);
      const name = isOther
        ? `Other (${formatCount(row.allSeries - mostSeries)})`
        : isSplit
          ? nameOf(row.seriesText)
          : (names[y] ?? '');
      maker.add(key, name, at, text, isOther);
    });
  }
  const order = [...keys].sort(([, a], [, b]) => a - b).map(([key]) => key);
  const series = maker.inOrder(order);
  const filled = fill === undefined ? series : series.map((one) => withEmpty(one, axis.xs, fill));
  const { xs, xTexts, ends } = axis;
  return { xs, xTexts, ...(ends && { ends }), series: filled };
}

interface Axis extends Pick<Points, 'xs' | 'ends' | 'xTexts'> {
  indexOf: (row: AggregateRow) => number;
}

/** Categories in the order that says most: their own one, that of the result, or the largest first. */
function categoryAxis(rows: readonly AggregateRow[], most: number): Axis {
  const byPlace = new Map<number, { first: AggregateRow; rows: number; firstRow: number }>();
  for (const row of rows) {
    const known = byPlace.get(row.place);
    byPlace.set(row.place, {
      first: known?.first ?? row,
      rows: (known?.rows ?? 0) + row.rows,
      firstRow: Math.min(known?.firstRow ?? Infinity, row.firstRow),
    });
  }
  const all = [...byPlace.values()];
  const own = all.filter(({ first }) => first.place <= most);
  const rest = all.filter(({ first }) => first.place > most);
  if (own.some(({ first }) => first.order !== null)) {
    own.sort((a, b) => (a.first.order ?? Infinity) - (b.first.order ?? Infinity));
  } else if (rest.length === 0 && own.every((place) => place.rows === 1)) {
    own.sort((a, b) => a.firstRow - b.firstRow);
  }
  const ordered = [...own, ...rest].map(({ first }) => first);
  const index = new Map(ordered.map(({ place }, i) => [place, i]));
  return {
    xs: [...ordered.keys()],
    xTexts: ordered.map(({ place, xText, allPlaces }) =>
      place > most ? `Other (${formatCount(allPlaces - most)})` : nameOf(xText),
    ),
    indexOf: ({ place }) => index.get(place) ?? 0,
  };
}

function timeAxis(rows: readonly AggregateRow[]): Axis {
  const byStart = new Map(rows.map((row) => [row.from ?? 0, row]));
  const ordered = [...byStart].sort(([a], [b]) => a - b);
  const index = new Map(ordered.map(([start], i) => [start, i]));
  return {
    xs: ordered.map(([start]) => start),
    ends: ordered.map(([start, { to }]) => to ?? start),
    xTexts: ordered.map(([, { xText }]) => nameOf(xText)),
    indexOf: ({ from }) => index.get(from ?? 0) ?? 0,
  };
}

function numberAxis(rows: readonly AggregateRow[], steps: NumberSteps, isWhole: boolean): Axis {
  const { edges } = steps;
  const all = [...edges.keys()].slice(0, -1);
  const used = new Set(rows.map(({ place }) => place - 1));
  const shown = isWhole ? all : all.filter((i) => used.has(i));
  const index = new Map(shown.map((edge, i) => [edge, i]));
  return {
    xs: shown.map((i) => Number(edges[i])),
    ends: shown.map((i) => Number(edges[i + 1])),
    xTexts: shown.map((i) => intervalText(steps, i)),
    indexOf: ({ place }) => index.get(place - 1) ?? 0,
  };
}

/** Whole numbers are told by the first and last of them, others by the edges, of which the upper one is outside. */
function intervalText({ edges, edgeType, width }: NumberSteps, i: number): string {
  const [from = '', to = ''] = edges.slice(i, i + 2);
  const isWhole = edgeType === 'Int64' || edgeType.endsWith(', 0)');
  if (!isWhole) return `${from} to below ${to}`;
  return width === '1' ? from : `${from} to ${BigInt(to) - 1n}`;
}

function withEmpty(series: ChartSeries, xs: readonly number[], empty: string): ChartSeries {
  const place = new Map(series.at.map((at, i) => [at, i]));
  const texts = xs.map((_, at) => {
    const i = place.get(at);
    return i === undefined ? empty : (series.texts[i] ?? null);
  });
  return { ...series, at: [...xs.keys()], values: texts.map(placeOfText), texts };
}

/** Rows as they are, each with its own place unless rows of several series share it. */
export function eachPoints(
  rows: readonly EachRow[],
  { names, isSplit, mostSeries, keepsRest }: EachParts,
): Points & { allSeries: number } {
  const ranks = isSplit ? ranksOf(rows) : new Map<string | null, number>();
  const maker = new SeriesMaker();
  const points: Points = { xs: [], xTexts: [], series: [] };
  let taken = new Set<number>();
  for (const row of rows) {
    const rank = ranks.get(row.seriesText) ?? 0;
    if (rank >= mostSeries && !keepsRest) continue;
    const series = Math.min(rank, mostSeries);
    const isShared =
      isSplit && points.xTexts.at(-1) === row.xText && points.xs.at(-1) === row.place;
    if (!isShared || taken.has(series)) {
      points.xs.push(row.place);
      points.xTexts.push(row.xText);
      taken = new Set();
    }
    taken.add(series);
    const at = points.xs.length - 1;
    const isOther = isSplit && series === mostSeries;
    row.values.forEach((text, y) => {
      const name = isOther
        ? `Other (${formatCount(ranks.size - mostSeries)})`
        : isSplit
          ? nameOf(row.seriesText)
          : (names[y] ?? '');
      maker.add(String(isSplit ? series : y), name, at, text, isOther);
    });
  }
  const keys = Array.from({ length: isSplit ? mostSeries + 1 : names.length }, (_, i) => String(i));
  return { ...points, series: maker.inOrder(keys), allSeries: ranks.size };
}

export interface EachParts {
  names: readonly string[];
  isSplit: boolean;
  mostSeries: number;
  /** The rows of further series become one, else they are left out. */
  keepsRest: boolean;
}

/** The series with the most rows first. */
function ranksOf(rows: readonly EachRow[]): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const { seriesText } of rows) counts.set(seriesText, (counts.get(seriesText) ?? 0) + 1);
  const order = [...counts].sort(([, a], [, b]) => b - a);
  return new Map(order.map(([text], rank) => [text, rank]));
}

/** @param names for the y columns, where the chart is not split */
export function extremePoints(
  rows: readonly ExtremeRow[],
  names: readonly string[],
  isSplit: boolean,
): Points {
  const ordered = [...rows].sort((a, b) => a.place - b.place);
  const maker = new SeriesMaker();
  const points: Points = { xs: [], xTexts: [], series: [] };
  const keys = new Map<string, number>();
  let taken = new Map<string, string>();
  for (const { y, series, seriesText, place, xText, value } of ordered) {
    const key = String(isSplit ? series : y);
    const isShared = points.xTexts.at(-1) === xText && points.xs.at(-1) === place;
    // The lowest value of a step may be the highest as well.
    if (isShared && taken.get(key) === value) continue;
    if (!isShared || taken.has(key)) {
      points.xs.push(place);
      points.xTexts.push(xText);
      taken = new Map();
    }
    taken.set(key, value);
    keys.set(key, isSplit ? series : y);
    maker.add(key, isSplit ? nameOf(seriesText) : (names[y] ?? ''), points.xs.length - 1, value);
  }
  const order = [...keys].sort(([, a], [, b]) => a - b).map(([key]) => key);
  return { ...points, series: maker.inOrder(order) };
}
