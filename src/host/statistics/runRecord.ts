import { createHash } from 'node:crypto';
import type { QueryLogEntry } from '../../core/statistics/queryLog.ts';
import type { LogLook, RunStatistics } from '../../shared/runStatistics.ts';
import type { Result } from '../results/result.ts';

/** What stays of a run when its rows are gone. */
export interface RunRecord {
  /** That of its result. */
  readonly id: string;
  /** Digest of the statement's text: the text itself may be large. */
  readonly statement: string;
  /** The document, as text. */
  uri: string;
  /** The statement in one line, cut. */
  readonly title: string;
  readonly connection: { readonly id: string; readonly name: string };
  readonly params: string;
  readonly queryId: string;
  /** Rows on screen; undefined for a statement without any. */
  readonly rows: number | undefined;
  readonly complete: boolean;
  /** ms from Run to the end. */
  readonly elapsedMs: number;
  readonly statistics: RunStatistics;
  entry?: QueryLogEntry;
  look?: LogLook;
}

/** The record of a result whose query ran on a server and has ended, else undefined. */
export function recordOf(result: Result): RunRecord | undefined {
  if (result.isRunning) return undefined;
  const { id, title, queryId, rows, columns, complete, elapsedMs, statistics } = result.snapshot();
  if (!statistics) return undefined;
  const { statement, connection, params } = result.options;
  return {
    id,
    statement: createHash('sha256').update(statement.sql.trim()).digest('hex'),
    uri: result.uri.toString(),
    title,
    connection: { id: connection.id, name: connection.name },
    params: paramsText(params),
    queryId,
    rows: columns.length === 0 ? undefined : rows,
    complete,
    elapsedMs,
    statistics,
  };
}

const PARAMS_LENGTH = 200;

function paramsText(params: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(params).map(([name, value]) => `${name} = ${String(value)}`);
  return texts.join(', ').slice(0, PARAMS_LENGTH);
}

/** When its query has ended, milliseconds since 1970. */
export function endOf({ statistics, elapsedMs }: RunRecord): number {
  return statistics.startedAt + elapsedMs;
}
