/** What a chart of a result shows, and the words for it that host and page share. */

export const CHART_KINDS = ['line', 'area', 'bar', 'scatter', 'histogram'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** How the rows that fall together become one value. `each`: they do not, every value is drawn. */
export const CHART_AGGREGATES = ['each', 'sum', 'avg', 'min', 'max', 'median', 'count'] as const;
export type ChartAggregate = (typeof CHART_AGGREGATES)[number];

/** What a column can be in a chart. */
export const COLUMN_ROLES = ['time', 'number', 'category', 'none'] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** Roles that a column on the x axis of a kind may have, the best one first. */
export const X_ROLES: Readonly<Record<ChartKind, readonly ColumnRole[]>> = {
  line: ['time', 'number'],
  area: ['time', 'number'],
  bar: ['category', 'time', 'number'],
  scatter: ['number', 'time'],
  histogram: ['number', 'time'],
};

/** `series` of a chart that is not split by a column. */
export const NO_SERIES = -1;

/** Columns are given by their index. */
export interface ChartSpec {
  kind: ChartKind;
  x: number;
  /** Empty: the number of rows. */
  y: number[];
  aggregate: ChartAggregate;
  /** The column whose values are lines or colours of their own, or `NO_SERIES`. */
  series: number;
}

/** What the user has chosen; the host chooses the rest. */
export type AskedChart = Partial<ChartSpec>;

/** One line, row of bars or colour of points. Sparse: it may have no point at some places of the x axis. */
export interface ChartSeries {
  name: string;
  /** The rest that has no series of its own. */
  isOther: boolean;
  /** Index into the chart's `xs`, ascending. */
  at: number[];
  /** For the place on the y axis only; null: NULL, NaN or infinite. */
  values: (number | null)[];
  /** The exact values as ClickHouse prints them; null: NULL. */
  texts: (string | null)[];
}

/** A chart as it is drawn: at most a few thousand points, whatever the size of the result. */
export interface Chart {
  spec: ChartSpec;
  /** By column of the result. */
  roles: ColumnRole[];
  xName: string;
  yName: string;
  xKind: 'time' | 'number' | 'category';
  /** Zone that the times of the x axis print in; absent for dates and where there are none. */
  zone?: string;
  /** Places on the x axis, ascending: seconds since 1970, numbers, or 0, 1, 2, … for categories. */
  xs: number[];
  /** For intervals where each ends; the end is not part of it. */
  ends?: number[];
  /** Exact. */
  xTexts: string[];
  series: ChartSeries[];
  /** What the points stand for, for example `Average per hour of 10,000,000 rows`. */
  caption: string;
  /** What is not drawn, one sentence each. */
  dropped: string[];
}

/** Points of a chart at most, all series together. */
export const CHART_POINTS = 4_000;
