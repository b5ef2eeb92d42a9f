import type { SpoolTable } from '../arrow/spool/spoolTable.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { type ChartColumn, hasPlace, placeOf, textOf } from './chartColumn.ts';
import type { ChartColumns } from './facts.ts';

/** A row of a result as points: one for each y column. */
export interface EachRow {
  place: number;
  xText: string;
  seriesText: string | null;
  values: (string | null)[];
}

export interface EachOptions {
  /** Rows at most. */
  most: number;
  /** Which rows where there are more: chosen evenly by chance, always the same, or the first. */
  sample: boolean;
}

/** SQL of rows as they are, in the order of x. */
export function eachSql(
  table: SpoolTable,
  { x, y, series }: ChartColumns,
  { most, sample }: EachOptions,
): string {
  const { rowNumber } = table;
  const list = [
    `${x.value} AS k`,
    `${series ? series.value : 'NULL'} AS g`,
    ...y.map(({ value }, i) => `${value} AS y${i}`),
    `${rowNumber} AS r`,
  ];
  const order = sample ? `cityHash64(${rowNumber})` : `${x.value}, ${rowNumber}`;
  const places = [x, ...(sample ? y.slice(0, 1) : [])].map(hasPlace).join(' AND ');
  const rows = `SELECT ${list.join(', ')} FROM ${table.from} WHERE ${places} ORDER BY ${order} LIMIT ${most}`;
  const texts = y.map((_, i) => textOf(`y${i}`)).join(', ');
  return `SELECT ${placeOf(x, 'k')}, ${textOf('k')}, ${series ? textOf('g') : 'NULL'}, [${texts}] FROM (${rows}) ORDER BY k, r`;
}

export function eachRow(row: readonly unknown[]): EachRow {
  const [place, xText, seriesText, values] = row;
  return { place, xText, seriesText, values } as EachRow;
}

/** The lowest or highest value within one step of the x axis. */
export interface ExtremeRow {
  /** Index of the y column. */
  y: number;
  /** Rank of the series, from 1. */
  series: number;
  allSeries: number;
  seriesText: string | null;
  place: number;
  xText: string;
  value: string;
}

export interface ExtremeOptions {
  /** The extent of x, as places. */
  from: number;
  to: number;
  /** The x axis is divided into so many steps. */
  steps: number;
  mostSeries: number;
}

/**
 * SQL of the rows with the lowest and the highest value of each y column in each step of the x axis: a line through
 * them looks like the line through all.
 */
export function extremesSql(
  table: SpoolTable,
  { x, y, series }: ChartColumns,
  { from, to, steps, mostSeries }: ExtremeOptions,
): string {
  const number = (value: number): string => `toFloat64(${quoteLiteral(String(value))})`;
  const share = `(${placeOf(x, `assumeNotNull(${x.value})`)} - ${number(from)}) / ${number(to - from || 1)}`;
  const extremes = y.flatMap((column, i) =>
    (['Min', 'Max'] as const).map((which) => extreme(x, column, which, `${which}${i}`)),
  );
  const grouped = `SELECT toUInt32(least(greatest(floor(${share} * ${steps}), 0), ${steps - 1})) AS k, ${series ? series.value : '0'} AS g, count() AS n, ${extremes.join(', ')} FROM ${table.from} WHERE ${hasPlace(x)} GROUP BY k, g`;
  const ranked = series
    ? `SELECT *, dense_rank() OVER (ORDER BY gm DESC, g) AS q FROM (SELECT *, sum(n) OVER (PARTITION BY g) AS gm FROM (${grouped}))`
    : `SELECT *, 1 AS q FROM (${grouped})`;
  const all = series
    ? `SELECT *, max(q) OVER () AS qs FROM (${ranked})`
    : `SELECT *, 1 AS qs FROM (${ranked})`;
  const points = y.flatMap((_, i) =>
    ['Min', 'Max'].map(
      (which) =>
        `tuple(toFloat64(${i}), ${placeOf(x, `x${which}${i}`)}, ${textOf(`x${which}${i}`)}, ${textOf(`y${which}${i}`)})`,
    ),
  );
  const texts = series ? textOf('g') : 'NULL';
  return `SELECT toFloat64(q), toFloat64(qs), ${texts}, [${points.join(', ')}] FROM (${all}) WHERE q <= ${mostSeries} ORDER BY k, q`;
}

/** NULL for both where no row of the step has a value. */
function extreme(x: ChartColumn, y: ChartColumn, which: 'Min' | 'Max', alias: string): string {
  const isValue = hasPlace(y);
  const at = `arg${which}If(toNullable(${x.value}), ${y.value}, ${isValue}) AS x${alias}`;
  return `${at}, ${which.toLowerCase()}If(toNullable(${y.value}), ${isValue}) AS y${alias}`;
}

/** The points of one row of {@link extremesSql}. */
export function extremeRows(row: readonly unknown[]): ExtremeRow[] {
  const [series, allSeries, seriesText, points] = row as [
    number,
    number,
    string | null,
    [number, number | null, string | null, string | null][],
  ];
  return points.flatMap(([y, place, xText, value]) =>
    place === null || xText === null || value === null
      ? []
      : [{ y, series, allSeries, seriesText, place, xText, value }],
  );
}
