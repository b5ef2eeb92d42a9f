import {
  type AskedChart,
  type Chart,
  CHART_POINTS,
  type ChartAggregate,
  type ChartSpec,
} from '../../shared/chart.ts';
import type { QuerySource } from '../arrow/spool/querySource.ts';
import type { SpoolTable } from '../arrow/spool/spoolTable.ts';
import { UsageError } from '../client/errors.ts';
import type { QueryProgress } from '../client/surface.ts';
import { aggregateRow, aggregateSql, type Places } from './aggregateSql.ts';
import { aggregatePoints, eachPoints, extremePoints, type Points } from './assemble.ts';
import {
  aggregateCaption,
  aggregateName,
  droppedByFacts,
  droppedSeries,
  eachCaption,
  extremesCaption,
  sampleCaption,
} from './captions.ts';
import { type ChartColumn, chartColumn } from './chartColumn.ts';
import { chooseChart, type ChosenChart } from './chooseChart.ts';
import { eachRow, eachSql, extremeRows, extremesSql } from './eachSql.ts';
import {
  type ChartColumns,
  countedColumns,
  defaultAggregate,
  distinctSelect,
  type Facts,
  factsOf,
  factsSelect,
} from './facts.ts';
import { numberSteps } from './numberSteps.ts';
import { timeStep } from './timeStep.ts';

/** Categories that get bars of their own. */
export const MOST_BARS = 30;
/** Lines or colours that can be told apart. */
export const MOST_SERIES = 8;
const LINE_STEPS = 500;
const BAR_STEPS = 60;
const BINS = 40;

export interface DrawOptions {
  /** The client that the table was opened for. */
  source: QuerySource;
  /** Zone of `DateTime` columns without one of their own. */
  timeZone: string;
  /** Zone for all times; absent: each column's own. */
  shownZone?: string;
  signal?: AbortSignal;
  onProgress?: (progress: QueryProgress) => void;
}

type Words = Pick<Chart, 'yName' | 'caption' | 'dropped'>;

/**
 * A chart of a whole result, computed by the local engine.
 * @param asked what the user has chosen; the rest is chosen by the columns
 * @throws UsageError when nothing of the result can be drawn so
 */
export async function drawChart(
  table: SpoolTable,
  asked: AskedChart,
  options: DrawOptions,
): Promise<Chart> {
  const columns = table.columns.map((column, i) =>
    chartColumn(column, i, options.timeZone, options.shownZone),
  );
  const run = (sql: string): Promise<unknown[][]> => runSql(table, sql, options);
  const chosen = chooseChart(asked, await withDistinct(columns, asked, table, run));
  if (!chosen) throw notDrawable(columns, asked);
  const of = columnsOf(chosen, columns);
  const [row = []] = await run(`SELECT ${factsSelect(of, table.rows)} FROM ${table.from}`);
  const facts = factsOf(row, table.rows);
  const spec: ChartSpec = { ...chosen, aggregate: aggregateOf(chosen, asked.aggregate, facts) };
  const drawn = facts.rows === 0 ? empty(facts) : await draw(table, spec, of, facts, run);
  const { zone } = of.x;
  const isCategory = placesOf(spec, of, facts).by === 'category';
  return {
    ...drawn,
    spec,
    roles: columns.map(({ role }) => role),
    xName: of.x.name,
    xKind: isCategory ? 'category' : of.x.role === 'time' ? 'time' : 'number',
    ...(zone !== undefined && { zone }),
  };
}

async function runSql(
  { settings }: SpoolTable,
  sql: string,
  { source, signal, onProgress }: DrawOptions,
): Promise<unknown[][]> {
  const reply = await source.rawQuery(sql, {
    format: 'JSONCompact',
    settings: { ...settings, enable_extended_results_for_datetime_functions: 1 },
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  return (JSON.parse(reply.text()) as { data: unknown[][] }).data;
}

/** How many categories there are matters only for what the user has not chosen. */
async function withDistinct(
  columns: readonly ChartColumn[],
  { kind, x, series }: AskedChart,
  table: SpoolTable,
  run: (sql: string) => Promise<unknown[][]>,
): Promise<(ChartColumn & { distinct?: number })[]> {
  const counted = countedColumns(columns);
  const isChosen = kind !== undefined && x !== undefined && series !== undefined;
  if (isChosen || counted.length === 0) return [...columns];
  const [row = []] = await run(`SELECT ${distinctSelect(counted)} FROM ${table.from}`);
  const distinct = new Map(counted.map(({ index }, i) => [index, Number(row[i])]));
  return columns.map((column) => {
    const count = distinct.get(column.index);
    return count === undefined ? column : { ...column, distinct: count };
  });
}

function columnsOf({ x, y, series }: ChosenChart, columns: readonly ChartColumn[]): ChartColumns {
  const found = columns[x];
  if (!found) throw new UsageError('This result has no such column.');
  return { x: found, y: y.flatMap((index) => columns[index] ?? []), series: columns[series] };
}

/** What was asked for, where the kind of chart has it. */
function aggregateOf(
  chosen: ChosenChart,
  asked: ChartAggregate | undefined,
  facts: Facts,
): ChartAggregate {
  const { kind, y } = chosen;
  const isOpen = kind === 'line' || kind === 'area' || kind === 'bar';
  if (asked === undefined || !isOpen) return defaultAggregate(chosen, facts);
  if (asked === 'each' && kind === 'bar') return defaultAggregate(chosen, facts);
  return y.length === 0 ? 'count' : asked;
}

function draw(
  table: SpoolTable,
  spec: ChartSpec,
  of: ChartColumns,
  facts: Facts,
  run: (sql: string) => Promise<unknown[][]>,
): Promise<Points & Words> {
  if (spec.kind === 'scatter') return drawSample(table, of, facts, run);
  if (spec.aggregate !== 'each') return drawAggregate(table, spec, of, facts, run);
  const isAll = facts.rows * of.y.length <= CHART_POINTS;
  return isAll ? drawEach(table, of, facts, run) : drawExtremes(table, of, facts, run);
}

async function drawEach(
  table: SpoolTable,
  of: ChartColumns,
  facts: Facts,
  run: (sql: string) => Promise<unknown[][]>,
): Promise<Points & Words> {
  const rows = await run(eachSql(table, of, { most: CHART_POINTS, sample: false }));
  const { allSeries, ...points } = eachPoints(rows.map(eachRow), {
    names: of.y.map(({ name }) => name),
    isSplit: of.series !== undefined,
    mostSeries: MOST_SERIES,
    keepsRest: false,
  });
  const dropped = [
    ...droppedByFacts(of, facts, true),
    ...droppedSeries(allSeries, MOST_SERIES, of.series?.name ?? ''),
  ];
  return { ...points, yName: yName('each', of.y), caption: eachCaption(facts.rows), dropped };
}

async function drawSample(
  table: SpoolTable,
  of: ChartColumns,
  facts: Facts,
  run: (sql: string) => Promise<unknown[][]>,
): Promise<Points & Words> {
  const most = Math.floor(CHART_POINTS / of.y.length);
  const rows = (await run(eachSql(table, of, { most, sample: true }))).map(eachRow);
  const { xs, xTexts, series } = eachPoints(rows, {
    names: of.y.map(({ name }) => name),
    isSplit: of.series !== undefined,
    mostSeries: MOST_SERIES,
    keepsRest: true,
  });
  const drawable = facts.rows - (facts.withoutY[0] ?? 0);
  const dropped = droppedByFacts(of, facts, true);
  const caption = sampleCaption(drawable, rows.length);
  return { xs, xTexts, series, yName: yName('each', of.y), caption, dropped };
}

async function drawExtremes(
  table: SpoolTable,
  of: ChartColumns,
  facts: Facts,
  run: (sql: string) => Promise<unknown[][]>,
): Promise<Points & Words> {
  const lines = of.series ? Math.min(facts.seriesDistinct, MOST_SERIES) : of.y.length;
  const steps = Math.floor(CHART_POINTS / 2 / lines);
  const extent = { from: facts.from ?? 0, to: facts.to ?? 0 };
  const sql = extremesSql(table, of, { ...extent, steps, mostSeries: MOST_SERIES });
  const rows = (await run(sql)).flatMap(extremeRows);
  const names = of.y.map(({ name }) => name);
  return {
    ...extremePoints(rows, names, of.series !== undefined),
    yName: yName('each', of.y),
    caption: extremesCaption(facts.rows, steps),
    dropped: [
      ...droppedByFacts(of, facts, true),
      ...droppedSeries(rows[0]?.allSeries ?? 0, MOST_SERIES, of.series?.name ?? ''),
    ],
  };
}

async function drawAggregate(
  table: SpoolTable,
  spec: ChartSpec,
  of: ChartColumns,
  facts: Facts,
  run: (sql: string) => Promise<unknown[][]>,
): Promise<Points & Words> {
  const { kind } = spec;
  const aggregate = spec.aggregate === 'each' ? 'count' : spec.aggregate;
  const places = placesOf(spec, of, facts);
  const limits = { mostPlaces: MOST_BARS, mostSeries: MOST_SERIES };
  const sql = aggregateSql(table, { ...of, aggregate, places, ...limits });
  const rows = (await run(sql)).map(aggregateRow);
  // Each point is one row: there is nothing to add up.
  const isPlain = aggregate !== 'count' && rows.every((row) => row.rows === 1);
  const named = isPlain ? 'each' : aggregate;
  const columns = aggregate === 'count' ? [undefined] : of.y.map(({ name }) => name);
  const points = aggregatePoints(rows, {
    places,
    ...limits,
    names: columns.map((name) => aggregateName(named, name)),
    isSplit: of.series !== undefined,
    fill: kind === 'histogram' ? '0' : undefined,
  });
  const caption = aggregateCaption({ aggregate: named, places, kind }, of, facts.rows);
  const dropped = droppedByFacts(of, facts, false);
  return { ...points, yName: yName(named, of.y), caption, dropped };
}

/** How the x axis is divided. */
function placesOf({ kind, y }: ChartSpec, { x, series }: ChartColumns, facts: Facts): Places {
  const { first, last, from, to } = facts;
  if (x.role === 'category' || first === null || last === null) return { by: 'category' };
  const isFewNumbers = x.role === 'number' && facts.xDistinct <= MOST_BARS;
  if (kind === 'bar' && isFewNumbers) return { by: 'category' };
  const lines = series ? Math.min(facts.seriesDistinct, MOST_SERIES + 1) : Math.max(y.length, 1);
  const most = kind === 'histogram' ? BINS : kind === 'bar' ? BAR_STEPS : LINE_STEPS;
  const steps = Math.min(most, Math.floor(CHART_POINTS / lines));
  if (x.role === 'number') return { by: 'number', steps: numberSteps(x, first, last, steps) };
  return { by: 'time', step: timeStep(x, (to ?? 0) - (from ?? 0), steps) };
}

function yName(aggregate: ChartAggregate, columns: readonly ChartColumn[]): string {
  if (columns.length <= 1) return aggregateName(aggregate, columns[0]?.name);
  return columns.map(({ name }) => name).join(', ');
}

const empty = (facts: Facts): Points & Words => ({
  xs: [],
  xTexts: [],
  series: [],
  yName: '',
  caption: facts.without === 0 ? 'No rows' : 'No row has a place on the x axis',
  dropped: [],
});

function notDrawable(columns: readonly ChartColumn[], { kind }: AskedChart): UsageError {
  const isAny = columns.some(({ role }) => role !== 'none');
  if (isAny && kind !== undefined) {
    return new UsageError(`The columns of this result make no ${kind} chart.`, {
      hint: NEEDS[kind],
    });
  }
  return new UsageError('No column of this result can be drawn.', {
    hint: 'A chart needs a number, a date or time, or a short text. Take values out of arrays, maps, tuples and JSON in the statement.',
  });
}

const NEEDS: Record<ChartSpec['kind'], string> = {
  line: 'A line needs a time or a number for its x axis.',
  area: 'An area needs a time or a number for its x axis.',
  bar: 'Bars need a text, a time or a number.',
  scatter: 'Points need two numbers, or a time and a number.',
  histogram: 'A histogram needs a number or a time.',
};
