import { loadResult, type LoadedResult, type LoadOptions } from './loadResult.ts';
import type { SpoolTable } from './spoolTable.ts';
import type { TableColumn } from './tableColumn.ts';

/** Clauses of SQL over a result; columns are written as their `id`, `value` or `text` (see {@link TableColumn}). */
export interface SpoolClauses {
  /**
   * What to select, for example `uniqExact(c0) AS distinct_values`. Default: the rows themselves, with the columns
   * of the result.
   */
  select?: string;
  where?: string;
  groupBy?: string;
  /** Rows that are equal in it keep the order of the result, unless there is a `select`. */
  orderBy?: string;
  limit?: number;
}

export type SpoolQueryOptions = Pick<
  LoadOptions,
  | 'source'
  | 'spoolPath'
  | 'gridSettings'
  | 'request'
  | 'limits'
  | 'signal'
  | 'onMeta'
  | 'onGrow'
  | 'onColumns'
>;

/**
 * Runs SQL over a result on the local engine; the outcome is a new result, to be shown in the same grid. Rows that
 * are selected as they are have the columns, and show the texts, that they have in the first result. Cancel and
 * failures are those of {@link loadResult}.
 * @param options `source` is a client of the engine that the table was opened for
 */
export async function spoolQuery(
  table: SpoolTable,
  clauses: SpoolClauses,
  options: SpoolQueryOptions,
): Promise<LoadedResult> {
  const settings = { ...table.settings, ...options.request?.settings };
  const load: LoadOptions = {
    ...options,
    sql: statement(table, clauses),
    request: { ...options.request, settings },
    textSettings: table.textSettings,
  };
  if (clauses.select !== undefined) return loadResult(load);
  const columns = table.columns.map(({ column }) => column);
  const { onColumns } = options;
  const loaded = await loadResult({
    ...load,
    described: table.columns.map(({ id, type }) => ({ name: id, type })),
    ...(onColumns && {
      onColumns: (_, zones, spool) => {
        onColumns(columns, zones, spool);
      },
    }),
  });
  if (loaded.columns.every((column) => column.encoding === 'arrow')) return { ...loaded, columns };
  await loaded.spool.dispose();
  throw new Error('The local ClickHouse sent the rows of a result in other types than it read.');
}

function statement(table: SpoolTable, clauses: SpoolClauses): string {
  const { select, where, groupBy, orderBy, limit } = clauses;
  const list = select ?? table.columns.map(({ id }) => id).join(', ');
  const order =
    select === undefined && orderBy !== undefined ? `${orderBy}, ${table.rowNumber}` : orderBy;
  return [
    `SELECT ${list} FROM ${table.from}`,
    ...(where === undefined ? [] : [`WHERE ${where}`]),
    ...(groupBy === undefined ? [] : [`GROUP BY ${groupBy}`]),
    ...(order === undefined ? [] : [`ORDER BY ${order}`]),
    ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
  ].join(' ');
}

/** For `orderBy`. NULLs come last in either direction, as ClickHouse has it. */
export const sortedBy = (column: TableColumn, direction: 'ascending' | 'descending'): string =>
  `${column.value} ${direction === 'ascending' ? 'ASC' : 'DESC'}`;
