import { randomUUID } from 'node:crypto';
import { isCancelledError } from '../client/errors.ts';
import type {
  InsertSummary,
  Settings,
  StatementRunner,
  TableName,
  UploadCompression,
  UploadProgress,
} from '../client/surface.ts';
import { NONE_WRITTEN, rowsOfFailedInsert, tableRows, type WrittenRows } from './insertAccount.ts';
import type { InsertPlan } from './insertPlan.ts';
import { rowsInFile } from './rowsInFile.ts';

/** `notSent`: an earlier file failed, or all was cancelled, before this one's turn. */
export type FileState = 'inserted' | 'failed' | 'cancelled' | 'notSent';

/**
 * `direct`: each file with one request; what was written before a failure stays.
 * `staged`: all or nothing. Files go into a staging table first, and from there into the table once all are
 * whole; with `onError` `continue` each file by itself.
 * `chunked`: text in pieces that the server recognises, so that a repeated insert adds nothing twice.
 */
export type InsertMode = 'direct' | 'staged' | 'chunked';

/** One file of an insert, and what it needs to be sent. */
export interface FileToInsert {
  readonly path: string;
  /** Of the file as it lies there; 0 when it cannot be read. */
  readonly bytes: number;
  /** What is known of it, or why it cannot be inserted; undefined: to be looked at when its turn comes. */
  readonly plan?: InsertPlan;
  readonly problem?: unknown;
  readonly format?: string | undefined;
}

/** What became of one file. */
export interface FileReport {
  readonly path: string;
  readonly bytes: number;
  readonly state: FileState;
  /**
   * Rows in the table. For an inserted file what the server's reply says: of all targets, materialized
   * views included; its `atMost` is undefined when the reply does not say.
   */
  readonly rows: WrittenRows;
  /** How many rows the table has more than before; others' writes included. Of failed files only. */
  readonly tableGrew: number | undefined;
  readonly error: unknown;
  readonly ms: number;
}

export interface InsertManyOptions {
  readonly table: TableName;
  readonly files: readonly FileToInsert[];
  /** `stop`: the files behind one that failed are not sent. */
  readonly onError: 'stop' | 'continue';
  /** Default `direct`. */
  readonly mode?: InsertMode | undefined;
  /** Of plain files, on the way to the server. Default `auto`. */
  readonly compression?: UploadCompression | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (file: FileToInsert, index: number, progress: UploadProgress) => void;
  /** Called before the server is asked how many rows of a failed file it wrote. */
  readonly onAccount?: (file: FileToInsert) => void;
}

/**
 * Inserts files one after the other into a table and accounts for every one: never rejects for what happens
 * to a file.
 */
export async function insertMany(
  runner: Pick<StatementRunner, 'insertFile' | 'rawQuery'>,
  options: InsertManyOptions,
): Promise<FileReport[]> {
  const reports: FileReport[] = [];
  let isOver = false;
  for (const [index, file] of options.files.entries()) {
    if (isOver || options.signal?.aborted === true) {
      reports.push(reportOf(file, { state: 'notSent', rows: NONE_WRITTEN }));
      continue;
    }
    const report = await insertOne(runner, options, file, index);
    reports.push(report);
    isOver =
      report.state === 'cancelled' || (report.state === 'failed' && options.onError === 'stop');
  }
  return reports;
}

async function insertOne(
  runner: Pick<StatementRunner, 'insertFile' | 'rawQuery'>,
  options: InsertManyOptions,
  file: FileToInsert,
  index: number,
): Promise<FileReport> {
  const started = performance.now();
  const { table } = options;
  if (file.problem !== undefined) {
    return reportOf(file, { state: 'failed', rows: NONE_WRITTEN, error: file.problem });
  }
  const query = runner.rawQuery.bind(runner);
  const before = await tableRows(query, table);
  const queryId = randomUUID();
  try {
    const summary = await send(runner, options, { file, index, queryId });
    return reportOf(file, {
      state: 'inserted',
      rows: repliedRows(summary),
      ms: performance.now() - started,
    });
  } catch (error) {
    options.onAccount?.(file);
    // Counted only when the server has stopped, or is known not to.
    if (isCancelledError(error)) await error.outcome;
    const rows = await rowsOfFailedInsert(query, {
      error,
      queryId,
      table,
      rowsInFile: await rowsOf(file),
    });
    const after = before === undefined ? undefined : await tableRows(query, table);
    return reportOf(file, {
      state: isCancelledError(error) ? 'cancelled' : 'failed',
      rows,
      error,
      tableGrew: before === undefined || after === undefined ? undefined : after - before,
      ms: performance.now() - started,
    });
  }
}

function send(
  runner: Pick<StatementRunner, 'insertFile'>,
  { table, compression, signal, onProgress }: InsertManyOptions,
  { file, index, queryId }: { file: FileToInsert; index: number; queryId: string },
): Promise<InsertSummary> {
  const { plan, path } = file;
  const format = plan?.format ?? file.format;
  return runner.insertFile({
    table,
    path,
    queryId,
    settings: planSettings(plan),
    ...(format !== undefined && { format }),
    ...(plan && { contentEncoding: plan.coding ?? 'none' }),
    ...(compression && { compression }),
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: (progress: UploadProgress) => {
        onProgress(file, index, progress);
      },
    }),
  });
}

/** What the question before the insert promised about this file. */
function planSettings(plan: InsertPlan | undefined): Settings {
  if (!plan) return {};
  return {
    ...plan.settings,
    ...(plan.extra.length > 0 && { input_format_skip_unknown_fields: 1 }),
  };
}

function repliedRows({ writtenRows }: InsertSummary): WrittenRows {
  return { atLeast: writtenRows ?? 0, atMost: writtenRows, by: 'reply' };
}

async function rowsOf({ path, plan }: FileToInsert): Promise<number | undefined> {
  if (!plan) return undefined;
  const compression = plan.coding ?? 'none';
  return rowsInFile(path, { format: plan.format, compression }).catch(() => undefined);
}

function reportOf(
  { path, bytes }: FileToInsert,
  what: Pick<FileReport, 'state' | 'rows'> & Partial<FileReport>,
): FileReport {
  return { path, bytes, tableGrew: undefined, error: undefined, ms: 0, ...what };
}
