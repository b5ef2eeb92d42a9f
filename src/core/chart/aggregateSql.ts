import type { ChartAggregate } from '../../shared/chart.ts';
import type { SpoolTable } from '../arrow/spool/spoolTable.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { type ChartColumn, hasPlace, placeOf, textOf } from './chartColumn.ts';
import type { ChartColumns } from './facts.ts';
import type { NumberSteps } from './numberSteps.ts';
import { stepOf, stepPlaces, type TimeStep } from './timeStep.ts';

/** What rows have to have in common to become one point. */
export type Places =
  { by: 'category' } | { by: 'time'; step: TimeStep } | { by: 'number'; steps: NumberSteps };

export interface AggregateQuery extends ChartColumns {
  aggregate: Exclude<ChartAggregate, 'each'>;
  places: Places;
  /** Categories of x that get a place of their own; the others share one. */
  mostPlaces: number;
  /** Values of the series column that get a series of their own; the others share one. */
  mostSeries: number;
}

/** One row of the reply of {@link aggregateSql}. */
export interface AggregateRow {
  /** Rank of the category or index of the interval, from 1; the one after the last possible is the rest. */
  place: number;
  /** Rank of the series, from 1, likewise. */
  series: number;
  from: number | null;
  to: number | null;
  xText: string | null;
  seriesText: string | null;
  /** For categories that have an order of their own. */
  order: number | null;
  rows: number;
  /** The first row of the result that is in it. */
  firstRow: number;
  /** Categories and series that there are. */
  allPlaces: number;
  allSeries: number;
  /** Exact, for each y column; of a count the number of rows. */
  values: (string | null)[];
}

const FUNCTIONS: Record<Exclude<ChartAggregate, 'each' | 'count'>, [name: string, args: string]> = {
  sum: ['sum', ''],
  avg: ['avg', ''],
  min: ['min', ''],
  max: ['max', ''],
  median: ['quantileExact', '(0.5)'],
};

/** Sums of 64-bit numbers would go round at the end of their range. */
function wide({ type, value }: ChartColumn, aggregate: ChartAggregate): string {
  const adds = aggregate === 'sum' || aggregate === 'avg';
  return adds && type.name.endsWith('64') && !type.name.startsWith('Float')
    ? `toInt128(${value})`
    : value;
}

/** SQL of the points of a chart, all in one pass over the rows. */
export function aggregateSql(table: SpoolTable, query: AggregateQuery): string {
  const { x, y, series, aggregate, places, mostPlaces, mostSeries } = query;
  const isCategory = places.by === 'category';
  const states = aggregate === 'count' ? [] : y.map((column) => state(column, aggregate));
  const grouped = [
    `SELECT ${keyOf(x, places)} AS k, ${series ? series.value : '0'} AS g, count() AS n`,
    `min(${table.rowNumber}) AS r${states.map((sql, i) => `, ${sql} AS a${i}`).join('')}`,
  ].join(', ');
  const where = x.role === 'category' || isCategory ? '' : ` WHERE ${hasPlace(x)}`;
  const first = isCategory && !series ? states.length > 0 : aggregate === 'sum';
  const measure = first && states.length > 0 ? 'finalizeAggregation(a0)' : 'n';
  const measured = `SELECT *, ifNull(toFloat64(${measure}), -inf) AS m FROM (${grouped} FROM ${table.from}${where} GROUP BY k, g)`;
  const summed = `SELECT *, ${over('sum(m)', 'PARTITION BY k', isCategory)} AS km, ${over('sum(m)', 'PARTITION BY g', series !== undefined)} AS gm FROM (${measured})`;
  const ranked = `SELECT *, ${over('dense_rank()', 'ORDER BY km DESC, k', isCategory)} AS kr, ${over('dense_rank()', 'ORDER BY gm DESC, g', series !== undefined)} AS gr FROM (${summed})`;
  const place = isCategory ? `least(kr, ${mostPlaces + 1})` : 'k';
  const values = states.map((_, i) => textOf(merged(aggregate, `a${i}`)));
  const { from, to } = ends(x, places);
  const outer = [
    placeIndex(places),
    'toFloat64(q)',
    ...[from, to],
    isCategory ? textOf('any(k)') : places.by === 'time' ? textOf('p') : 'NULL',
    series ? textOf('any(g)') : 'NULL',
    isCategory ? orderOf(x) : 'NULL',
    ...['toFloat64(sum(n))', 'toFloat64(min(r))', 'toFloat64(max(kr))', 'toFloat64(max(gr))'],
    `[${values.length > 0 ? values.join(', ') : 'toString(sum(n))'}]`,
  ];
  return `SELECT ${outer.join(', ')} FROM (SELECT *, ${place} AS p, least(gr, ${mostSeries + 1}) AS q FROM (${ranked})) GROUP BY p, q ORDER BY p, q`;
}

export function aggregateRow(row: readonly unknown[]): AggregateRow {
  const [place, series, from, to, xText, seriesText, order, rows, firstRow, allPlaces] = row;
  const [allSeries, values] = row.slice(10);
  return {
    ...{ place, series, from, to, xText, seriesText, order, rows, firstRow, allPlaces },
    ...{ allSeries, values },
  } as AggregateRow;
}

/** A window function costs a sort: it is left out where there is nothing to rank. */
const over = (call: string, window: string, isNeeded: boolean): string =>
  isNeeded ? `${call} OVER (${window})` : '1';

function state(column: ChartColumn, aggregate: Exclude<ChartAggregate, 'each' | 'count'>): string {
  const [name, args] = FUNCTIONS[aggregate];
  return `${name}State${args}(${wide(column, aggregate)})`;
}

function merged(aggregate: ChartAggregate, alias: string): string {
  if (aggregate === 'each' || aggregate === 'count') return 'sum(n)';
  const [name, args] = FUNCTIONS[aggregate];
  return `${name}Merge${args}(${alias})`;
}

/** The edges as an array of SQL. */
function edgesOf({ edges, edgeType }: NumberSteps): string {
  const list = edges.slice(0, -1).map(quoteLiteral).join(', ');
  return `CAST([${list}], ${quoteLiteral(`Array(${edgeType})`)})`;
}

function keyOf(x: ChartColumn, places: Places): string {
  switch (places.by) {
    case 'category':
      return x.value;
    case 'time':
      return stepOf(x, places.step);
    case 'number': {
      // There is no conversion of large numbers, but that of their text.
      const exact = /(128|256)$/.test(x.type.name) ? `toString(${x.value})` : x.value;
      const value = `CAST(assumeNotNull(${exact}), ${quoteLiteral(places.steps.edgeType)})`;
      return `roundDown(${value}, ${edgesOf(places.steps)})`;
    }
  }
}

function placeIndex(places: Places): string {
  return places.by === 'number'
    ? `toFloat64(indexOf(${edgesOf(places.steps)}, p))`
    : places.by === 'category'
      ? 'toFloat64(p)'
      : '0';
}

function ends(x: ChartColumn, places: Places): { from: string; to: string } {
  return places.by === 'time' ? stepPlaces(x, places.step, 'p') : { from: 'NULL', to: 'NULL' };
}

/** Numbers, times and enums have an order that says more than which is the largest. */
function orderOf(x: ChartColumn): string {
  if (x.role !== 'category') return placeOf(x, 'any(k)');
  return x.type.name === 'Enum8' || x.type.name === 'Enum16'
    ? 'toFloat64(toInt16(any(k)))'
    : 'NULL';
}
