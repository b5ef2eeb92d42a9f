import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError, isCancelledError } from '../../core/client/errors.ts';
import { tableSql } from '../../core/client/tableName.ts';
import { type FileReport, insertMany } from '../../core/transfer/insertMany.ts';
import { countOf } from '../../shared/humanNumbers.ts';
import type { Connections } from '../connections/connections.ts';
import type { RunningTasks } from '../connections/runningTasks.ts';
import { errorText } from '../errors/errorText.ts';
import { showError } from '../errors/showError.ts';
import { showReport } from '../reports.ts';
import { hasMaterializedViews } from './insertTargets.ts';
import { type InsertJob, type InsertRequest, prepareInsert } from './insert/prepareInsert.ts';
import { fileNames } from './fileNames.ts';
import type { InsertDecision } from './insert/page/insertPage.ts';
import type { InsertPages } from './insert/page/insertPages.ts';
import { reportText, rowsClause, statesText } from './insert/reportText.ts';
import { tableLabel } from './insert/tableLabel.ts';
import { TableQueue } from './insert/tableQueue.ts';
import { cancelText, insertedText, sendingText } from './transferTexts.ts';

export type { InsertRequest } from './insert/prepareInsert.ts';

export interface InsertOutcome {
  /** Rows written to all targets, materialized views included; undefined when the server did not say. */
  readonly rows: number | undefined;
  /** Bytes of the files that were inserted. */
  readonly bytes: number;
  /** What became of each file. */
  readonly files: readonly FileReport[];
}

/** What inserting needs of the window. */
export interface InsertParts {
  readonly connections: Connections;
  /** Knows the inserts as running until they have ended. */
  readonly tasks: RunningTasks;
  readonly pages: InsertPages;
}

const REPORT = 'Show report';
const queue = new TableQueue();

function sendAll(
  job: InsertJob,
  { onError, mode }: Pick<InsertDecision, 'onError' | 'mode'>,
  { compression }: InsertRequest,
  tasks: RunningTasks,
): Promise<FileReport[]> {
  const { client, connection, table, files } = job;
  const label = tableLabel(table);
  const title = `Inserting ${fileNames(files.map((file) => file.path))} into ${label}`;
  const key = JSON.stringify([connection.id, label]);
  const origin = { kind: 'insert', connection: connection.id, title } as const;
  return tasks.run(origin, (signal, update) => {
    if (queue.isBusy(key)) update({ message: `Waiting for another insert into ${label}` });
    const send = (): Promise<FileReport[]> =>
      insertMany(client, {
        table,
        files,
        onError,
        mode,
        compression,
        signal,
        onProgress: (file, index, { bytes, ms }) => {
          const which =
            files.length === 1
              ? ''
              : `${path.basename(file.path)} (${index + 1} of ${files.length}): `;
          const sent = sendingText(bytes, file.bytes, ms);
          const isSent = bytes >= file.bytes;
          update({
            message: which + (isSent ? 'All sent, the server is writing' : sent),
            fraction: fractionSent(job, index, bytes),
          });
        },
        onPublish: () => {
          update({ message: `All sent, putting the rows into ${label}` });
        },
        onFingerprint: (file) => {
          update({
            message: `Reading ${path.basename(file.path)}, to recognise it when it is repeated`,
          });
        },
        onAccount: (file) => {
          update({
            message: `Asking the server how many rows of ${path.basename(file.path)} it wrote`,
          });
        },
      });
    return queue.run(key, send, signal);
  });
}

function fractionSent({ files }: InsertJob, index: number, bytes: number): number {
  const sum = (some: InsertJob['files']): number =>
    some.reduce((total, file) => total + file.bytes, 0);
  const all = sum(files);
  return all === 0 ? 1 : (sum(files.slice(0, index)) + bytes) / all;
}

function outcomeOf(files: readonly FileReport[]): InsertOutcome {
  const inserted = files.filter(({ state }) => state === 'inserted');
  const counts = inserted.map(({ rows }) => rows.atMost);
  const isKnown = (count: number | undefined): count is number => count !== undefined;
  return {
    rows: counts.every(isKnown) ? counts.reduce((sum, count) => sum + count, 0) : undefined,
    bytes: inserted.reduce((sum, { bytes }) => sum + bytes, 0),
    files,
  };
}

function isBad({ state }: FileReport): boolean {
  return state === 'failed' || state === 'cancelled';
}

/** What is in the table after a failure, as far as it can be known. */
function stateAfter(bad: FileReport, files: readonly FileReport[], label: string): string {
  const own = `${path.basename(bad.path)} was not inserted as a whole: ${rowsClause(bad.rows, label)}`;
  if (files.length === 1) return own;
  const notSent = files.filter(({ state }) => state === 'notSent').length;
  if (notSent === 0) return `${statesText(files)}. ${own}`;
  const before = files.filter(({ state }) => state === 'inserted').length;
  return `${own}. ${countOf(before, 'file')} before it inserted, ${countOf(notSent, 'file')} after it not sent`;
}

interface Outcome {
  readonly job: InsertJob;
  readonly bad: FileReport;
  readonly files: readonly FileReport[];
  readonly isNewTable: boolean;
}

/** Tells what failed, offers to repeat it, and to see the account of all files. */
async function tellFailure(
  parts: InsertParts,
  request: InsertRequest,
  { job, bad, files, isNewTable }: Outcome,
): Promise<void> {
  const label = tableLabel(job.table);
  const after = stateAfter(bad, files, label);
  const during = isNewTable ? `${after}. The table was created just before and is there` : after;
  const rest = files.filter(({ state }) => state !== 'inserted').map((file) => file.path);
  const hasUnsent = files.some(({ state }) => state === 'notSent');
  const repeat = hasUnsent ? 'Repeat failed and unsent…' : 'Repeat failed…';
  const drop = `Drop ${label}`;
  const buttons = [repeat, ...(isNewTable ? [drop] : []), REPORT];
  let answer: string | undefined;
  if (isCancelledError(bad.error)) {
    const text = `Inserting was cancelled. ${during}. ${await cancelText(bad.error)}`;
    answer = await vscode.window.showWarningMessage(text, ...buttons);
  } else if (files.length === 1 && !isNewTable) {
    showError(bad.error, { during, connection: job.connection.id });
    return;
  } else {
    answer = await vscode.window.showErrorMessage(errorText(bad.error, during).short, ...buttons);
  }
  if (answer === REPORT) await report(job, files);
  if (answer === drop) await dropTable(job);
  if (answer === repeat) {
    await insertFiles(parts, { ...request, sources: rest, table: job.table, createsTable: false });
  }
}

/** Cancelled while another insert into the table ran. */
function tellNotSent({ table }: InsertJob, isNewTable: boolean): void {
  const created = isNewTable ? ` ${tableLabel(table)} was created and is empty.` : '';
  const text = `Inserting was cancelled before anything was sent.${created}`;
  void vscode.window.showWarningMessage(text);
}

async function dropTable({ client, connection, table }: InsertJob): Promise<void> {
  try {
    await client.command(`DROP TABLE ${tableSql(table)}`);
  } catch (error) {
    showError(error, { during: `${tableLabel(table)} was not dropped`, connection: connection.id });
  }
}

async function report(job: InsertJob, files: readonly FileReport[]): Promise<void> {
  const text = reportText({
    table: tableLabel(job.table),
    connection: job.connection.name,
    files,
    others: job.others,
    errorText: (error) => errorText(error).short,
  });
  await showReport('Insert report', text);
}

async function tellInserted({ rows, bytes, files }: InsertOutcome, job: InsertJob): Promise<void> {
  const { client, table } = job;
  const views = rows === undefined ? undefined : await hasMaterializedViews(client, table);
  const names = fileNames(files.map((file) => file.path));
  const text = insertedText({ rows, bytes, views, files: names, table: tableLabel(table) });
  const buttons = files.length > 1 ? [REPORT] : [];
  if ((await vscode.window.showInformationMessage(text, ...buttons)) === REPORT) {
    await report(job, files);
  }
}

function unasked({ table, files, onError, mode }: InsertJob): InsertDecision {
  return { table, files, onError, mode, isNewTable: false };
}

/**
 * Inserts files into a table: asks for what is missing, shows what will happen, streams, tells the outcome.
 * With `confirm` false nothing is asked, and a failure rejects unless `onError` is `continue`: then the
 * outcome tells of each file. Undefined: turned away.
 */
export async function insertFiles(
  parts: InsertParts,
  request: InsertRequest,
): Promise<InsertOutcome | undefined> {
  const { confirm, connection } = request;
  if (!confirm && (request.sources === undefined || request.table === undefined)) {
    throw new UsageError('Without a confirmation both the source and the table must be given.');
  }
  try {
    const prepared = await prepareInsert(parts.connections, request);
    if (!prepared) return undefined;
    const decision = confirm ? await parts.pages.ask(prepared) : unasked(prepared);
    if (!decision) return undefined;
    const { onError, mode, isNewTable, table, files: chosen } = decision;
    const job = { ...prepared, table, files: chosen };
    const files = await sendAll(job, decision, request, parts.tasks);
    const outcome = outcomeOf(files);
    const bad = files.find(isBad);
    if (!bad) {
      if (files.every(({ state }) => state === 'inserted')) void tellInserted(outcome, job);
      else tellNotSent(job, isNewTable);
      return outcome;
    }
    if (!confirm) {
      if (request.onError === 'continue') return outcome;
      throw bad.error;
    }
    // What is repeated is repeated as it was decided: else what is there already could be added twice.
    const again = { ...request, onError, mode };
    const told = tellFailure(parts, again, { job, bad, files, isNewTable });
    if (request.waitForAnswer === true) await told;
    return outcome.bytes > 0 ? outcome : undefined;
  } catch (error) {
    if (!confirm) throw error;
    showError(error, { during: 'Nothing was inserted', connection: connection.id });
  }
  return undefined;
}
