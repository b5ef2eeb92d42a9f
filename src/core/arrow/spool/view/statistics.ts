import {
  TOP_TEXT,
  type ColumnStatistics,
  type HistogramPart,
} from '../../../../shared/columnStatistics.ts';
import { UsageError } from '../../../client/errors.ts';
import type { Client, RequestOptions } from '../../../client/surface.ts';
import { quoteLiteral } from '../../../sql/quote.ts';
import { FLOAT, hasOrder, INTEGER } from '../../../types/comparable.ts';
import type { TypeNode } from '../../../types/typeNode.ts';
import type { SpoolTable } from '../spoolTable.ts';
import type { TableColumn } from '../tableColumn.ts';
import { typeOf } from './condition.ts';

type StatisticsRequest = Pick<RequestOptions, 'signal' | 'onProgress'>;

/** With more rows the different values are estimated: each of them costs memory. */
const EXACT_ROWS = 20_000_000;
const TOP = 10;
const PARTS = 20;

const DAY = /^Date(32)?$/;
const TIME = /^DateTime(64)?$/;

const isNumber = ({ name }: TypeNode): boolean =>
  INTEGER.test(name) || FLOAT.test(name) || name === 'Decimal';

/** Where a value lies, as Float64 for the histogram; undefined for what has no place on a line. */
function placeOf({ value }: TableColumn, type: TypeNode): string | undefined {
  if (DAY.test(type.name)) return `toFloat64(toInt32(${value}))`;
  return isNumber(type) || TIME.test(type.name) ? `toFloat64(${value})` : undefined;
}

/** The text that a cell with this value shows. */
const shown = (value: string): string => `formatRowNoNewline('TSVRaw', ${value})`;

/**
 * Statistics of one column over all rows of a result.
 * @throws UsageError for a column that there is not; as queries of the client do
 */
export async function columnStatistics(
  table: SpoolTable,
  index: number,
  engine: Client,
  request: StatisticsRequest,
): Promise<ColumnStatistics> {
  const column = table.columns[index];
  if (!column) throw new UsageError('This result has no such column.');
  const query = async (sql: string): Promise<unknown[][]> => {
    const settings = { ...table.settings };
    const reply = await engine.rawQuery(sql, { ...request, settings, format: 'JSONCompact' });
    return (JSON.parse(reply.text()) as { data: unknown[][] }).data;
  };
  const type = typeOf(column);
  const place = placeOf(column, type);
  const summary = await summaryOf(table, column, type, query);
  const values = summary.rows - summary.nulls;
  const { low, high, ...told } = summary;
  const hasRepeats = !summary.exact || summary.distinct < values;
  return {
    column: index,
    ...told,
    top: hasRepeats ? await topOf(table, column, query) : [],
    histogram:
      place === undefined || low === undefined || high === undefined
        ? []
        : await histogramOf(table, { column, type, place }, { low, high }, query),
  };
}

/** The sum behind a mean would go round at the end of the range of its type. */
function widened(value: string, { name }: TypeNode): string {
  if (/^U?Int(?:8|16|32|64)$/.test(name)) return `toInt128(${value})`;
  if (/^U?Int128$/.test(name)) return `toInt256(${value})`;
  return /^U?Int256$/.test(name) ? `toFloat64(${value})` : value;
}

type Query = (sql: string) => Promise<unknown[][]>;
type Summary = Omit<ColumnStatistics, 'column' | 'top' | 'histogram'> & {
  low?: number;
  high?: number;
};

async function summaryOf(
  table: SpoolTable,
  column: TableColumn,
  type: TypeNode,
  query: Query,
): Promise<Summary> {
  const { id, value } = column;
  const exact = table.rows <= EXACT_ROWS;
  const place = placeOf(column, type);
  const parts: Record<string, string> = {
    rows: 'count()',
    nulls: `countIf(isNull(${id}))`,
    // As texts where the same value has several forms, as NaN has.
    distinct: `${exact ? 'uniqExact' : 'uniqCombined64'}(${FLOAT.test(type.name) ? column.text : value})`,
    ...(FLOAT.test(type.name) && { nans: `countIf(ifNull(isNaN(${value}), 0))` }),
    ...(hasOrder(type) && { min: shown(`min(${value})`), max: shown(`max(${value})`) }),
    ...(isNumber(type) && { mean: `toString(avg(${widened(value, type)}))` }),
    ...(place !== undefined && {
      low: `toString(minIf(${place}, ifNull(isFinite(${place}), 0)))`,
      high: `toString(maxIf(${place}, ifNull(isFinite(${place}), 0)))`,
    }),
  };
  const [row = []] = await query(`SELECT ${Object.values(parts).join(', ')} FROM ${table.from}`);
  const told = new Map(Object.keys(parts).map((name, i) => [name, row[i]]));
  const number = (name: string): number => Number(told.get(name));
  const hasValues = number('rows') > number('nulls');
  const text = (name: 'min' | 'max' | 'mean'): Partial<Record<typeof name, string>> => {
    const found = told.get(name);
    return hasValues && typeof found === 'string' ? { [name]: found.slice(0, TOP_TEXT) } : {};
  };
  const finite =
    hasValues && place !== undefined && number('nulls') + nansOf(told) < number('rows');
  return {
    rows: number('rows'),
    nulls: number('nulls'),
    distinct: number('distinct'),
    exact,
    ...(told.has('nans') && { nans: number('nans') }),
    ...text('min'),
    ...text('max'),
    ...text('mean'),
    ...(finite && { low: number('low'), high: number('high') }),
  };
}

const nansOf = (told: ReadonlyMap<string, unknown>): number => Number(told.get('nans') ?? 0);

async function topOf(
  table: SpoolTable,
  { text, id }: TableColumn,
  query: Query,
): Promise<ColumnStatistics['top']> {
  const rows = await query(
    `SELECT substringUTF8(top_text, 1, ${TOP_TEXT}), top_rows FROM (SELECT ${text} AS top_text, count() AS top_rows ` +
      `FROM ${table.from} WHERE isNotNull(${id}) GROUP BY top_text ORDER BY top_rows DESC, top_text LIMIT ${TOP})`,
  );
  return rows.map(([shownText, count]) => ({ text: String(shownText), rows: Number(count) }));
}

async function histogramOf(
  table: SpoolTable,
  { column, type, place }: { column: TableColumn; type: TypeNode; place: string },
  { low, high }: { low: number; high: number },
  query: Query,
): Promise<HistogramPart[]> {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [];
  // Whole numbers and days: one part for each, where there are few.
  const isWhole = INTEGER.test(type.name) || DAY.test(type.name);
  const parts = isWhole ? Math.min(PARTS, span + 1) : PARTS;
  const width = isWhole && parts === span + 1 ? 1 : span / parts;
  const literal = (value: number): string => `CAST(${quoteLiteral(String(value))}, 'Float64')`;
  const part = `toInt32(least(${parts - 1}, floor((${place} - ${literal(low)}) / ${literal(width)})))`;
  const { value } = column;
  const rows = await query(
    `SELECT assumeNotNull(${part}) AS part, count(), ${shown(`min(${value})`)}, ${shown(`max(${value})`)} FROM ${table.from} ` +
      `WHERE ifNull(isFinite(${place}), 0) GROUP BY part`,
  );
  const all = Array.from({ length: parts }, (): HistogramPart => ({ rows: 0, from: '', to: '' }));
  for (const [at, count, from, to] of rows) {
    all[Number(at)] = { rows: Number(count), from: String(from), to: String(to) };
  }
  return all;
}
