import { isClickHouseError, isRowhouseError } from '../client/errors.ts';
import type { StatementRunner, TableName } from '../client/surface.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { tableCondition } from './tableCondition.ts';

/** How many rows of a file are in the table. The real count is never outside. */
export interface WrittenRows {
  readonly atLeast: number;
  /** Undefined: nobody could tell; the whole file at most. */
  readonly atMost: number | undefined;
  /** Who says so. `partLog` counts this insert's own parts, so others' writes do not matter. */
  readonly by: 'notSent' | 'reply' | 'staging' | 'partLog' | 'queryLog' | 'file' | 'nobody';
}

export const NONE_WRITTEN: WrittenRows = { atLeast: 0, atMost: 0, by: 'notSent' };

export interface FailedInsert {
  readonly error: unknown;
  readonly queryId: string;
  readonly table: TableName;
  /** Rows of the file, where it tells them itself. */
  readonly rowsInFile: number | undefined;
  /** False: `system.query_log` counts none of the rows that this query writes. Default true. */
  readonly logsRows?: boolean;
  /** How long to wait for the server's logs, milliseconds. Default 10 000. */
  readonly waitMs?: number;
}

const ASK_TIMEOUT_MS = 10_000;
const POLL_MS = 500;
/** After a flush a log tells at once; an upload that was cut early may never get into it. */
const FLUSHED_WAIT_MS = 3_000;
/** Replicated tables drop a block they already have, and log it as a part with this error. */
const INSERT_WAS_DEDUPLICATED = 389;
const UNKNOWN_TABLE = 60;

/**
 * Asks the server what a failed or cancelled insert left in its table. `system.part_log` counts the parts
 * that this insert committed: exact. `system.query_log` counts a block before it is written (seen: twice
 * the rows that stayed), and the rows of materialized views: at most. Never throws.
 */
export async function rowsOfFailedInsert(
  query: StatementRunner['rawQuery'],
  failed: FailedInsert,
): Promise<WrittenRows> {
  const { error, rowsInFile } = failed;
  if (isRowhouseError(error) && !error.ambiguous && error.kind !== 'cancelled') {
    return NONE_WRITTEN;
  }
  const logsRows = failed.logsRows ?? true;
  // Rows count before they are written. An insert that failed so early may be in no log; and behind a balancer the
  // server that is asked may be another one, whose logs know nothing of it.
  if (logsRows && isClickHouseError(error) && error.writtenRows === 0) {
    return { atLeast: 0, atMost: 0, by: 'reply' };
  }
  const server = new InsertLogs(query, failed);
  const logged = await server.endedWith(failed.waitMs ?? ASK_TIMEOUT_MS);
  const unknown = {
    atLeast: 0,
    atMost: rowsInFile,
    by: rowsInFile === undefined ? 'nobody' : 'file',
  } as const;
  if (logged === undefined) return unknown;
  if (logsRows && logged === 0) return { atLeast: 0, atMost: 0, by: 'queryLog' };
  const parts = await server.committed();
  return parts ?? (logsRows ? { atLeast: 0, atMost: logged, by: 'queryLog' } : unknown);
}

/**
 * How many rows inserts whose query ids begin like this brought that the table had already; undefined when the
 * server does not tell.
 */
export async function rowsAlreadyThere(
  query: StatementRunner['rawQuery'],
  queryId: string,
  table: TableName,
): Promise<number | undefined> {
  const where = tableCondition(table, 'table');
  const flushed = await askOrNothing(query, 'SYSTEM FLUSH LOGS');
  if (where === undefined || flushed === undefined) return undefined;
  const sql = `SELECT toString(sumIf(rows, error = ${INSERT_WAS_DEDUPLICATED})) FROM system.part_log WHERE event_date >= today() - 1 AND startsWith(query_id, ${quoteLiteral(queryId)}) AND event_type = 'NewPart' AND ${where}`;
  return numberOf((await askOrNothing(query, sql))?.[0]?.[0]);
}

/**
 * Rows of a table as it knows them without reading; undefined where it does not. A difference of two such
 * counts includes what others wrote meanwhile.
 */
export async function tableRows(
  query: StatementRunner['rawQuery'],
  table: TableName,
): Promise<number | undefined> {
  const where = tableCondition(table, 'name');
  if (where === undefined) return undefined;
  const sql = `SELECT toString(total_rows) FROM system.tables WHERE ${where}`;
  return numberOf((await askOrNothing(query, sql))?.[0]?.[0]);
}

/** What the server's logs say about one insert. */
class InsertLogs {
  readonly #query: StatementRunner['rawQuery'];
  readonly #failed: FailedInsert;
  /** Logs are written now and then; only after this all of the parts are surely there. */
  #isFlushed = false;

  constructor(query: StatementRunner['rawQuery'], failed: FailedInsert) {
    this.#query = query;
    this.#failed = failed;
  }

  /** Rows that the insert took in before its end; undefined when the log does not tell in time. */
  async endedWith(waitMs: number): Promise<number | undefined> {
    const started = performance.now();
    const id = quoteLiteral(this.#failed.queryId);
    const sql = `SELECT toString(max(written_rows)) FROM system.query_log WHERE event_date >= today() - 1 AND query_id = ${id} AND type != 'QueryStart' HAVING count() > 0`;
    for (;;) {
      // The insert may end between the two.
      const flushed = (await askOrNothing(this.#query, 'SYSTEM FLUSH LOGS')) !== undefined;
      const rows = await askOrNothing(this.#query, sql);
      if (rows === undefined) return undefined;
      this.#isFlushed = flushed;
      const [first] = rows;
      if (first) return numberOf(first[0]);
      const limit = flushed ? Math.min(waitMs, FLUSHED_WAIT_MS) : waitMs;
      if (performance.now() - started > limit) return undefined;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The rows of the parts that this insert committed; undefined for tables without parts and servers without the log. */
  async committed(): Promise<WrittenRows | undefined> {
    const { table, queryId } = this.#failed;
    const name = tableCondition(table, 'name');
    const partTable = tableCondition(table, 'table');
    if (!this.#isFlushed || name === undefined || partTable === undefined) return undefined;
    const engines = await askOrNothing(
      this.#query,
      `SELECT engine FROM system.tables WHERE ${name}`,
    );
    if (engines?.[0]?.[0]?.endsWith('MergeTree') !== true) return undefined;
    const parts = await askOrNothing(
      this.#query,
      `SELECT toString(sumIf(rows, error = 0)), toString(sumIf(rows, error != ${INSERT_WAS_DEDUPLICATED})) FROM system.part_log WHERE event_date >= today() - 1 AND query_id = ${quoteLiteral(queryId)} AND event_type = 'NewPart' AND ${partTable}`,
    );
    const atLeast = numberOf(parts?.[0]?.[0]);
    const atMost = numberOf(parts?.[0]?.[1]);
    if (atLeast === undefined || atMost === undefined) return undefined;
    return { atLeast, atMost, by: 'partLog' };
  }
}

/** Rows of texts; undefined when this user may not ask, or the server is gone. */
async function askOrNothing(
  query: StatementRunner['rawQuery'],
  sql: string,
): Promise<string[][] | undefined> {
  try {
    const result = await query(sql, { format: 'JSONCompact', idleTimeoutMs: ASK_TIMEOUT_MS });
    const text = result.text();
    if (text === '') return [];
    const { data } = JSON.parse(text) as { data: (string | null)[][] };
    return data.map((row) => row.map((value) => value ?? ''));
  } catch (error) {
    // The server makes the table of a log with its first entry.
    return isClickHouseError(error) && error.code === UNKNOWN_TABLE ? [] : undefined;
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}
