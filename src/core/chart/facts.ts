import type { ChosenChart } from './chooseChart.ts';
import { MANY } from './chooseChart.ts';
import { type ChartColumn, hasPlace, placeOf, textOf } from './chartColumn.ts';

/** Up to so many rows it is counted exactly whether places repeat. */
const COUNTED_EXACTLY = 100_000;
/** Of large results the number of different places is an estimate; from this share of the rows on, none repeats. */
const ALL_DIFFERENT = 0.97;
/** Columns whose categories are counted, to choose among them. */
const COUNTED_COLUMNS = 20;

/** What has to be known of the columns of a chart to divide its axes. */
export interface Facts {
  /** Rows that have a place on the x axis. */
  rows: number;
  /** The other rows. */
  without: number;
  /** Smallest and largest value, as ClickHouse prints them and as places; of no rows null. */
  first: string | null;
  last: string | null;
  from: number | null;
  to: number | null;
  /** No two rows of the same line are at the same place. */
  isEachDifferent: boolean;
  /** Different values of x and of the series column, counted no further than `MANY`. */
  xDistinct: number;
  seriesDistinct: number;
  /** Values of y that have no place, by column: NULL, NaN and infinite ones. */
  withoutY: number[];
}

/** The category columns among which is chosen. */
export function countedColumns(columns: readonly ChartColumn[]): ChartColumn[] {
  return columns.filter(({ role }) => role === 'category').slice(0, COUNTED_COLUMNS);
}

/** Select list of how many categories each of these columns has. */
export function distinctSelect(columns: readonly ChartColumn[]): string {
  return columns.map(({ value }) => `toUInt32(uniqUpTo(${MANY})(${value}))`).join(', ');
}

export interface ChartColumns {
  readonly x: ChartColumn;
  readonly y: readonly ChartColumn[];
  readonly series: ChartColumn | undefined;
}

/** Select list of the facts; read by {@link factsOf}. @param rows of the whole result */
export function factsSelect({ x, y, series }: ChartColumns, rows: number): string {
  const placed = x.role === 'category' ? '1' : hasPlace(x);
  const exactly = rows <= COUNTED_EXACTLY;
  const keys = [x.value, ...(series ? [series.value] : [])].map((key) => `tuple(${key})`);
  const extremes =
    x.role === 'category'
      ? ['NULL', 'NULL', 'NULL', 'NULL']
      : ['min', 'max'].flatMap((extreme) => {
          const found = `${extreme}If(${x.value}, ${placed})`;
          const real = `if(countIf(${placed}) = 0, NULL, ${found})`;
          return [textOf(real), placeOf(x, real)];
        });
  return [
    `toFloat64(countIf(${placed}))`,
    ...extremes,
    `toFloat64(${exactly ? 'uniqExact' : 'uniq'}If(${keys.join(', ')}, ${placed}))`,
    `toUInt32(uniqUpTo(${MANY})(${x.value}))`,
    series ? `toUInt32(uniqUpTo(${MANY})(${series.value}))` : '0',
    `[${y.map((column) => `toFloat64(countIf(NOT ${hasPlace(column)} AND ${placed}))`).join(', ')}]`,
  ].join(', ');
}

/** @param row one row of {@link factsSelect} */
export function factsOf(row: readonly unknown[], rows: number): Facts {
  const [placed, first, from, last, to, different, xDistinct, seriesDistinct, withoutY] = row as [
    number,
    string | null,
    number | null,
    string | null,
    number | null,
    number,
    number,
    number,
    number[],
  ];
  const needed = rows <= COUNTED_EXACTLY ? placed : placed * ALL_DIFFERENT;
  return {
    ...{ rows: placed, without: rows - placed, first, last, from, to },
    ...{ isEachDifferent: different >= needed, xDistinct, seriesDistinct, withoutY },
  };
}

/** How rows become values where the user has not said it. */
export function defaultAggregate(
  { kind, y }: ChosenChart,
  { isEachDifferent }: Facts,
): 'each' | 'sum' | 'avg' | 'count' {
  if (kind === 'scatter') return 'each';
  if (y.length === 0) return 'count';
  if (kind === 'bar') return 'sum';
  return isEachDifferent ? 'each' : 'avg';
}
