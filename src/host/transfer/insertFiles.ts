import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError, isCancelledError } from '../../core/client/errors.ts';
import type { TableName } from '../../core/client/surface.ts';
import { type FileReport, insertMany } from '../../core/transfer/insertMany.ts';
import { countOf } from '../../shared/humanNumbers.ts';
import type { Connections } from '../connections/connections.ts';
import { errorText } from '../errors/errorText.ts';
import { showError } from '../errors/showError.ts';
import { withProgress } from '../progress.ts';
import { showReport } from '../reports.ts';
import { insertQuestion } from './insertQuestion.ts';
import { hasMaterializedViews } from './insertTargets.ts';
import {
  type InsertJob,
  type InsertRequest,
  fileNames,
  prepareInsert,
} from './insert/prepareInsert.ts';
import { reportText, rowsClause, statesText } from './insert/reportText.ts';
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

type OnError = 'stop' | 'continue';

const INSERT = 'Insert';
const GO_ON = 'Insert, Go on after Failures';
const REPORT = 'Show Report';
const queue = new TableQueue();

/** A table as people write it. */
function tableLabel(table: TableName): string {
  if (typeof table === 'string') return table;
  return table.database === undefined ? table.table : `${table.database}.${table.table}`;
}

/** Undefined: the user turned away. */
async function confirmed({ files, others, table }: InsertJob): Promise<OnError | undefined> {
  const { question, detail } = insertQuestion(
    files.flatMap(({ plan }) => plan ?? []),
    tableLabel(table),
    {
      refused: files.flatMap(({ path: source, problem }) =>
        problem === undefined
          ? []
          : [{ name: path.basename(source), reason: errorText(problem).short }],
      ),
      later: files.filter(({ plan, problem }) => !plan && problem === undefined),
      others: others.length,
    },
  );
  const options = { modal: true, detail };
  const buttons = files.length > 1 ? [INSERT, GO_ON] : [INSERT];
  const answer = await vscode.window.showInformationMessage(question, options, ...buttons);
  if (answer === INSERT) return 'stop';
  return answer === GO_ON ? 'continue' : undefined;
}

function sendAll(
  job: InsertJob,
  onError: OnError,
  { mode, compression }: InsertRequest,
): Promise<FileReport[]> {
  const { client, connection, table, files } = job;
  const label = tableLabel(table);
  const title = `Inserting ${fileNames(files.map((file) => file.path))} into ${label}`;
  const key = JSON.stringify([connection.id, label]);
  return withProgress(title, (signal, update) => {
    if (queue.isBusy(key)) update({ message: `Waiting for another insert into ${label}` });
    return queue.run(key, () =>
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
      }),
    );
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

/** Tells what failed, offers to repeat it, and to see the account of all files. */
async function tellFailure(
  connections: Connections,
  request: InsertRequest,
  { job, bad, files }: { job: InsertJob; bad: FileReport; files: readonly FileReport[] },
): Promise<void> {
  const label = tableLabel(job.table);
  const during = stateAfter(bad, files, label);
  const rest = files.filter(({ state }) => state !== 'inserted').map((file) => file.path);
  const hasUnsent = files.some(({ state }) => state === 'notSent');
  const repeat = hasUnsent ? 'Repeat Failed and Unsent…' : 'Repeat Failed…';
  const buttons = [repeat, REPORT];
  let answer: string | undefined;
  if (isCancelledError(bad.error)) {
    const text = `Inserting was cancelled. ${during}. ${cancelText(await bad.error.outcome)}`;
    answer = await vscode.window.showWarningMessage(text, ...buttons);
  } else if (files.length === 1) {
    showError(bad.error, { during, connection: job.connection.id });
    return;
  } else {
    answer = await vscode.window.showErrorMessage(errorText(bad.error, during).short, ...buttons);
  }
  if (answer === REPORT) await report(job, files);
  if (answer === repeat) {
    await insertFiles(connections, { ...request, sources: rest, table: job.table });
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

/**
 * Inserts files into a table: asks for what is missing, shows what will happen, streams, tells the outcome.
 * With `confirm` false nothing is asked, and a failure rejects unless `onError` is `continue`: then the
 * outcome tells of each file. Undefined: turned away.
 */
export async function insertFiles(
  connections: Connections,
  request: InsertRequest,
): Promise<InsertOutcome | undefined> {
  const { confirm, connection } = request;
  if (!confirm && (request.sources === undefined || request.table === undefined)) {
    throw new UsageError('Without a confirmation both the source and the table must be given.');
  }
  try {
    const job = await prepareInsert(connections, request);
    if (!job) return undefined;
    const onError = confirm ? await confirmed(job) : 'stop';
    if (onError === undefined) return undefined;
    const files = await sendAll(job, request.onError ?? onError, request);
    const outcome = outcomeOf(files);
    const bad = files.find(isBad);
    if (!bad) {
      if (files.every(({ state }) => state === 'inserted')) void tellInserted(outcome, job);
      return outcome;
    }
    if (!confirm) {
      if (request.onError === 'continue') return outcome;
      throw bad.error;
    }
    const told = tellFailure(connections, request, { job, bad, files });
    if (request.waitForAnswer === true) await told;
    return outcome.bytes > 0 ? outcome : undefined;
  } catch (error) {
    if (!confirm) throw error;
    showError(error, { during: 'Nothing was inserted', connection: connection.id });
  }
  return undefined;
}
