import path from 'node:path';
import * as vscode from 'vscode';
import {
  UsageError,
  isCancelledError,
  isFileError,
  isRowhouseError,
} from '../../core/client/errors.ts';
import type { Client, InsertSummary, TableName } from '../../core/client/surface.ts';
import { type InsertPlan, planInsert } from '../../core/transfer/insertPlan.ts';
import { countOf, formatBytes, formatSpeed } from '../../shared/humanNumbers.ts';
import type { Connection, Connections } from '../connections/connections.ts';
import { showError } from '../errors/showError.ts';
import { withProgress } from '../progress.ts';
import { askInputFormat, askSources, askTable } from './insertChoices.ts';
import { insertQuestion } from './insertQuestion.ts';
import { hasMaterializedViews } from './insertTargets.ts';
import { cancelText, insertedText } from './transferTexts.ts';

/** What is known before the first question. */
export interface InsertRequest {
  readonly connection: Connection;
  readonly sources?: readonly string[] | undefined;
  readonly table?: TableName | undefined;
  readonly format?: string | undefined;
  /** False: a failure rejects instead of being shown, and the confirmation is left out. */
  readonly confirm: boolean;
}

export interface InsertOutcome {
  /** Rows written to all targets, materialized views included; undefined when the server did not say. */
  readonly rows: number | undefined;
  /** Bytes of the files. */
  readonly bytes: number;
}

interface Job {
  readonly client: Client;
  readonly connection: Connection;
  readonly table: TableName;
  readonly plans: readonly InsertPlan[];
}

/** A table as people write it. */
function tableLabel(table: TableName): string {
  if (typeof table === 'string') return table;
  return table.database === undefined ? table.table : `${table.database}.${table.table}`;
}

function fileNames(sources: readonly string[]): string {
  const [first = '', ...others] = sources;
  return others.length === 0 ? path.basename(first) : countOf(sources.length, 'file');
}

async function planOne(
  client: Client,
  source: string,
  request: InsertRequest & { readonly table: TableName },
  signal: AbortSignal,
): Promise<InsertPlan> {
  const { table, connection } = request;
  return planInsert(client.rawQuery.bind(client), {
    path: source,
    table,
    format: request.format,
    serverReadsFiles: connection.kind === 'local',
    signal,
  });
}

/** Looks at one file; asks for its format when its name does not tell. Undefined: the user turned away. */
async function planOrAsk(
  client: Client,
  source: string,
  request: InsertRequest & { readonly table: TableName },
): Promise<InsertPlan | undefined> {
  const look = (format = request.format): Promise<InsertPlan> =>
    withProgress(`Looking at ${path.basename(source)}`, (signal) =>
      planOne(client, source, { ...request, format }, signal),
    );
  try {
    return await look();
  } catch (error) {
    if (!request.confirm || !isFileError(error) || error.code !== 'FORMAT') throw error;
    const format = await askInputFormat(path.basename(source));
    return format === undefined ? undefined : look(format);
  }
}

async function prepare(connections: Connections, request: InsertRequest): Promise<Job | undefined> {
  const sources = request.sources ?? (await askSources());
  if (!sources || sources.length === 0) return undefined;
  const { connection } = request;
  const client = await connections.client(connection.id);
  const table = request.table ?? (await askTable(connection, client, fileNames(sources)));
  if (table === undefined) return undefined;
  const plans: InsertPlan[] = [];
  for (const source of sources) {
    const plan = await planOrAsk(client, source, { ...request, table });
    if (!plan) return undefined;
    plans.push(plan);
  }
  return { client, connection, table, plans };
}

async function isConfirmed({ plans, table }: Job): Promise<boolean> {
  const { question, detail } = insertQuestion(plans, tableLabel(table));
  const options = { modal: true, detail };
  return (await vscode.window.showInformationMessage(question, options, 'Insert')) === 'Insert';
}

function send({ client, table, plans }: Job, at: number, plan: InsertPlan): Promise<InsertSummary> {
  const which = plans.length === 1 ? '' : ` (${at + 1} of ${plans.length})`;
  const title = `Inserting ${path.basename(plan.path)} into ${tableLabel(table)}${which}`;
  return withProgress(title, (signal, update) =>
    client.insertFile({
      table,
      path: plan.path,
      format: plan.format,
      contentEncoding: plan.coding ?? 'none',
      // The question said that these columns are skipped.
      ...(plan.extra.length > 0 && { settings: { input_format_skip_unknown_fields: 1 } }),
      signal,
      onProgress: ({ bytes, ms }) => {
        const isSent = bytes >= plan.bytes;
        const speed = formatSpeed(bytes, ms);
        const sent = `${formatBytes(bytes)} of ${formatBytes(plan.bytes)}`;
        update({
          message: isSent ? 'All sent, the server is writing' : `${sent}, ${speed}`,
          fraction: plan.bytes === 0 ? 1 : bytes / plan.bytes,
        });
      },
    }),
  );
}

/** A file of several that failed: those before it are in the table. */
class InsertFailure {
  readonly cause: unknown;
  readonly plan: InsertPlan;
  readonly done: number;

  constructor(cause: unknown, plan: InsertPlan, done: number) {
    this.cause = cause;
    this.plan = plan;
    this.done = done;
  }
}

async function sendAll(job: Job): Promise<InsertOutcome | InsertFailure> {
  let rows: number | undefined = 0;
  let bytes = 0;
  for (const [at, plan] of job.plans.entries()) {
    try {
      const summary = await send(job, at, plan);
      bytes += summary.bytes;
      rows =
        rows === undefined || summary.writtenRows === undefined
          ? undefined
          : rows + summary.writtenRows;
    } catch (error) {
      return new InsertFailure(error, plan, at);
    }
  }
  return { rows, bytes };
}

/** What is in the table after a failure, as far as it can be known. */
function stateAfter({ cause, plan, done }: InsertFailure, { table, plans }: Job): string {
  const file = path.basename(plan.path);
  const isUnsure = isRowhouseError(cause) && cause.ambiguous;
  const own = isUnsure
    ? `${file} was not inserted as a whole: some of its rows, or all, may be in ${tableLabel(table)}`
    : `Nothing of ${file} was inserted into ${tableLabel(table)}`;
  if (plans.length === 1) return own;
  const left = plans.length - done - 1;
  return `${own}. ${countOf(done, 'file')} before it inserted, ${countOf(left, 'file')} after it not sent`;
}

async function tellFailure(failure: InsertFailure, job: Job): Promise<void> {
  const { cause } = failure;
  const during = stateAfter(failure, job);
  if (isCancelledError(cause)) {
    const outcome = cancelText(await cause.outcome);
    void vscode.window.showWarningMessage(`Inserting was cancelled. ${during}. ${outcome}`);
    return;
  }
  showError(cause, { during, connection: job.connection.id });
}

async function tellInserted({ rows, bytes }: InsertOutcome, job: Job): Promise<void> {
  const { client, plans, table } = job;
  const views = rows === undefined ? undefined : await hasMaterializedViews(client, table);
  const files = fileNames(plans.map((plan) => plan.path));
  void vscode.window.showInformationMessage(
    insertedText({ rows, bytes, views, files, table: tableLabel(table) }),
  );
}

/**
 * Inserts files into a table: asks for what is missing, shows what will happen, streams, tells the outcome.
 * With `confirm` false nothing is asked and a failure rejects. Undefined: turned away, or failed and shown.
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
    const job = await prepare(connections, request);
    if (!job || (confirm && !(await isConfirmed(job)))) return undefined;
    const outcome = await sendAll(job);
    if (!(outcome instanceof InsertFailure)) {
      void tellInserted(outcome, job);
      return outcome;
    }
    if (!confirm) throw outcome.cause;
    await tellFailure(outcome, job);
  } catch (error) {
    if (!confirm) throw error;
    showError(error, { during: 'Nothing was inserted', connection: connection.id });
  }
  return undefined;
}
