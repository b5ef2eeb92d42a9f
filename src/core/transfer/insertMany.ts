import { randomUUID } from 'node:crypto';
import { isCancelledError } from '../client/errors.ts';
import type {
  ContentCoding,
  InsertFileOptions,
  InsertSummary,
  TableName,
  UploadCompression,
  UploadProgress,
} from '../client/surface.ts';
import { untilTold } from './cancelled.ts';
import { NONE_WRITTEN, rowsOfFailedInsert, tableRows, type WrittenRows } from './insertAccount.ts';
import type { InsertPlan } from './insertPlan.ts';
import { insertInChunks } from './insert/chunkedInsert.ts';
import type { ChunkLimits } from './insert/rowChunks.ts';
import { type InsertRunner, reportOf, sendFile } from './insert/sendFile.ts';
import { stagedInsert } from './insert/stagedInsert.ts';
import { rowsInFile } from './rows/rowsInFile.ts';

/**
 * `notSent`: an earlier file failed, or all was cancelled, before this one's turn. `discarded`: it was sent, and
 * nothing of it is in the table, because the files are inserted all or none.
 */
export type FileState = 'inserted' | 'failed' | 'cancelled' | 'discarded' | 'notSent';

/**
 * `direct`: each file with one request; what was written before a failure stays.
 * `staged`: all or nothing. Files go into a staging table first, and from there into the table once all are
 * whole; with `onError` `continue` each file by itself.
 * `chunked`: text in pieces, so that a repeated insert leaves out those that the table still remembers.
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
  /** Of a file without a plan whose name does not tell it. */
  readonly contentEncoding?: ContentCoding | undefined;
  /** How it is to be read and where its columns go, as chosen; wins over the plan. */
  readonly choices?: Pick<InsertFileOptions, 'columns' | 'mapping' | 'settings'>;
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
  /** What else is worth knowing, in sentences. */
  readonly note: string | undefined;
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
  /** `staged`: called when all files are whole and their rows are put into the table. */
  readonly onPublish?: () => void;
  /** `chunked`: called before the file is read to know it again. */
  readonly onFingerprint?: (file: FileToInsert) => void;
  /** `chunked`: other limits are other chunks, which are not recognised. */
  readonly chunkLimits?: ChunkLimits;
}

/**
 * Inserts files one after the other into a table and accounts for every one: never rejects for what happens
 * to a file.
 */
export async function insertMany(
  runner: InsertRunner,
  options: InsertManyOptions,
): Promise<FileReport[]> {
  if (options.mode === 'staged') return stagedInsert(runner, options);
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
  runner: InsertRunner,
  options: InsertManyOptions,
  file: FileToInsert,
  index: number,
): Promise<FileReport> {
  const started = performance.now();
  const { table } = options;
  if (file.problem !== undefined) {
    return reportOf(file, { state: 'failed', rows: NONE_WRITTEN, error: file.problem });
  }
  if (options.mode === 'chunked') return insertInChunks(runner, options, { file, index });
  const query = runner.rawQuery.bind(runner);
  const before = await tableRows(query, table);
  const queryId = randomUUID();
  try {
    const summary = await sendFile(runner, options, { file, index, queryId });
    return reportOf(file, {
      state: 'inserted',
      rows: repliedRows(summary),
      ms: performance.now() - started,
    });
  } catch (error) {
    options.onAccount?.(file);
    // Counted only when the server has stopped, or is known not to.
    await untilTold(error);
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

function repliedRows({ writtenRows }: InsertSummary): WrittenRows {
  return { atLeast: writtenRows ?? 0, atMost: writtenRows, by: 'reply' };
}

async function rowsOf({ path, plan }: FileToInsert): Promise<number | undefined> {
  if (!plan) return undefined;
  const compression = plan.coding ?? 'none';
  return rowsInFile(path, { format: plan.format, compression }).catch(() => undefined);
}
