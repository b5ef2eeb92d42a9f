import type { ServerFigures } from '../../shared/runStatistics.ts';
import { delay } from '../client/abort.ts';
import { isClickHouseError } from '../client/errors.ts';
import type { Client } from '../client/surface.ts';

/** The row of `system.query_log` about the end of a query. */
export interface QueryLogEntry {
  /** `QueryFinish`, `ExceptionWhileProcessing` or `ExceptionBeforeStart`. */
  readonly type: string;
  /** Name of the server that wrote the row. */
  readonly host: string;
  readonly user: string;
  /** In the server's time zone. */
  readonly startTime: string;
  readonly database: string;
  readonly tables: readonly string[];
  readonly exception: string;
  readonly figures: ServerFigures;
  /** Settings that differed from the server's defaults. */
  readonly settings: Readonly<Record<string, string>>;
  /** ProfileEvents: whole numbers, which may be above 2^53. */
  readonly events: Readonly<Record<string, string>>;
}

/** What a look into the log gave. `denied`: the user may not read it; `off`: the server has no such table. */
export type LogAnswer =
  | { readonly state: 'found'; readonly entry: QueryLogEntry }
  | { readonly state: 'missing' | 'denied' | 'off' };

export interface LoggedQuery {
  readonly queryId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Columns that servers have had for years; numbers as text, because JSON's are inexact above 2^53. */
const QUERY = `SELECT toString(type) AS type, hostName() AS host, user, toString(query_start_time_microseconds) AS startTime,
  current_database AS database, tables, exception, length(thread_ids) AS threads,
  toString(query_duration_ms) AS durationMs, toString(read_rows) AS readRows, toString(read_bytes) AS readBytes,
  toString(written_rows) AS writtenRows, toString(written_bytes) AS writtenBytes,
  toString(result_rows) AS resultRows, toString(result_bytes) AS resultBytes, toString(memory_usage) AS memoryBytes,
  Settings AS settings, mapApply((name, value) -> (name, toString(value)), ProfileEvents) AS events
FROM system.query_log
WHERE event_date BETWEEN {from:Date} AND {to:Date} AND query_id = {id:String} AND type != 'QueryStart'
ORDER BY event_time DESC LIMIT 1 FORMAT JSONEachRow`;

const ACCESS_DENIED = 497;
const UNKNOWN_TABLE = 60;
const DAY_MS = 24 * 3_600_000;
/** Servers write their log every 7.5 s unless told otherwise, and need a moment for it. */
const WRITTEN_WITHIN_MS = 15_000;
const FIRST_PAUSE_MS = 300;
const MAX_PAUSE_MS = 2_000;

/**
 * Looks a query that has ended up in `system.query_log` of the server that ran it, and waits until the server has
 * written it. Nothing is flushed: that would cost the server.
 * @throws RowhouseError when the server cannot be asked
 */
export async function findInQueryLog(
  client: Client,
  query: LoggedQuery,
  signal?: AbortSignal,
): Promise<LogAnswer> {
  const until = query.endedAt + WRITTEN_WITHIN_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, MAX_PAUSE_MS)) {
    const answer = await look(client, query, signal);
    if (answer.state === 'found' || answer.state === 'denied') return answer;
    // A server makes the table when it first writes the log, so `off` may be `not yet`.
    if (signal?.aborted === true || Date.now() + pause > until) return answer;
    await delay(pause, signal);
  }
}

async function look(
  client: Client,
  { queryId, startedAt, endedAt }: LoggedQuery,
  signal: AbortSignal | undefined,
): Promise<LogAnswer> {
  // The days of the server's zone and clock may differ from ours by one.
  const params = { id: queryId, from: day(startedAt - DAY_MS), to: day(endedAt + DAY_MS) };
  try {
    const reply = await client.rawQuery(QUERY, { params, ...(signal && { signal }) });
    const row = reply.text().trim();
    return row === '' ? { state: 'missing' } : { state: 'found', entry: parse(row) };
  } catch (error) {
    if (!isClickHouseError(error)) throw error;
    if (error.code === ACCESS_DENIED) return { state: 'denied' };
    if (error.code === UNKNOWN_TABLE) return { state: 'off' };
    throw error;
  }
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function parse(line: string): QueryLogEntry {
  const row = JSON.parse(line) as Record<string, unknown>;
  const number = (name: string): number => Number(row[name] ?? 0);
  const text = (name: string): string => {
    const value = row[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    type: text('type'),
    host: text('host'),
    user: text('user'),
    startTime: text('startTime'),
    database: text('database'),
    tables: (row['tables'] ?? []) as string[],
    exception: text('exception'),
    figures: {
      source: 'log',
      readRows: number('readRows'),
      readBytes: number('readBytes'),
      writtenRows: number('writtenRows'),
      writtenBytes: number('writtenBytes'),
      resultRows: number('resultRows'),
      resultBytes: number('resultBytes'),
      peakMemoryBytes: number('memoryBytes'),
      threads: number('threads'),
      elapsedMs: number('durationMs'),
    },
    settings: (row['settings'] ?? {}) as Record<string, string>,
    events: (row['events'] ?? {}) as Record<string, string>,
  };
}
