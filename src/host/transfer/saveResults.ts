import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError, isCancelledError } from '../../core/client/errors.ts';
import type { SaveReceipt, StatementRunner } from '../../core/client/surface.ts';
import { classify, returnsRows } from '../../core/sql/kind.ts';
import { codingOfName } from '../../core/transfer/codings.ts';
import { answersOf, textAnswer } from '../answers.ts';
import { type Connections, LOCAL_CONNECTION } from '../connections/connections.ts';
import { currentStatement } from '../editor/currentStatement.ts';
import type { DocumentSessions } from '../editor/documentSessions.ts';
import { askParameters, parametersOfSession } from '../editor/parameters.ts';
import { showError } from '../errors/showError.ts';
import { withProgress } from '../progress.ts';
import { tellSaved } from './tellSaved.ts';
import {
  type SaveCompression,
  type SaveTarget,
  askFormat,
  askTarget,
  givenTarget,
} from './saveQuestions.ts';
import { cancelText, fractionRead, savingText } from './transferTexts.ts';

export interface SaveParts {
  readonly connections: Connections;
  readonly sessions: DocumentSessions;
  /** Remembers the format chosen last. */
  readonly memory: vscode.Memento;
}

/** What a caller may pass to `rowhouse.saveResultsAs`; with `format` and `target` nothing is asked. */
export interface SaveArguments {
  /** The document whose session runs the statement. Default: the active editor's. */
  uri?: vscode.Uri | string;
  /** Default: the selection, or the statement at the cursor. */
  sql?: string;
  /** Connection that must be used; a document of another connection is refused. Default: the document's. */
  connection?: string;
  /** A ClickHouse output format, taken literally: `CSV` is the one without names. */
  format?: string;
  target?: vscode.Uri | string;
  /** Default: by the target's last suffix. */
  compression?: SaveCompression;
  /** Default false: an existing target is refused. */
  overwrite?: boolean;
  /** Values for `{name:Type}` placeholders; without them the user is asked. */
  params?: Readonly<Record<string, unknown>>;
}

interface Source {
  readonly sql: string;
  readonly uri: vscode.Uri | undefined;
  readonly connection: string;
}

function toUri(value: unknown): vscode.Uri | undefined {
  if (value instanceof vscode.Uri) return value;
  return typeof value === 'string' ? vscode.Uri.parse(value, true) : undefined;
}

function editorFor(uri: vscode.Uri | undefined): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  if (!uri) return activeTextEditor;
  return [activeTextEditor, ...visibleTextEditors].find(
    (editor) => editor?.document.uri.toString() === uri.toString(),
  );
}

/** @throws UsageError when there is nothing that could be saved; nothing has run then. */
function sourceOf(argument: unknown, parts: SaveParts): Source {
  const answers = answersOf(argument);
  const givenUri = toUri(argument instanceof vscode.Uri ? argument : answers['uri']);
  const givenSql = textAnswer(answers, 'sql');
  const editor = editorFor(givenUri);
  const sql = givenSql ?? (editor && currentStatement(editor)?.sql);
  if (sql === undefined || sql.trim() === '') {
    throw new UsageError('There is no statement here whose result could be saved.', {
      hint: 'Put the cursor into a SELECT, or select one.',
    });
  }
  if (!returnsRows(classify(sql))) {
    throw new UsageError('This statement returns no rows, so it was not run.', {
      hint: 'Save the result of a SELECT, SHOW, DESCRIBE or EXPLAIN.',
    });
  }
  const uri = givenUri ?? editor?.document.uri;
  const connection = textAnswer(answers, 'connection');
  if (connection !== undefined && !givenUri) return { sql, uri: undefined, connection };
  const fallback = vscode.Uri.from({ scheme: 'untitled', path: 'result' });
  const { id, name } = parts.connections.forDocument(uri ?? fallback);
  if (connection !== undefined && connection !== id) throw otherConnection(connection, name);
  return { sql, uri, connection: id };
}

/** The rows on the screen came from one server, and the file would come from another. */
function otherConnection(wanted: string, now: string): UsageError {
  const from = wanted === LOCAL_CONNECTION ? 'Local ClickHouse' : wanted;
  return new UsageError(`This result came from ${from}, but the editor now uses ${now}.`, {
    hint: `Select ${from} for the editor again, or run the statement on ${now} first.`,
  });
}

async function save(
  argument: unknown,
  parts: SaveParts,
  source: Source,
): Promise<SaveReceipt | undefined> {
  const answers = answersOf(argument);
  const { sql, uri, connection } = source;
  const client = await parts.connections.client(connection);
  const runner: StatementRunner = uri ? await parts.sessions.sessionFor(uri) : client;
  const format = textAnswer(answers, 'format') ?? (await askFormat(client, parts.memory));
  if (format === undefined) return undefined;
  const compression = textAnswer(answers, 'compression') as SaveCompression | undefined;
  const given = givenTarget(answers['target'], uri);
  const target: SaveTarget | undefined =
    given === undefined
      ? await askTarget(format, compression, uri)
      : { path: given, overwrite: answers['overwrite'] === true };
  if (!target) return undefined;
  const params = await paramsFor(answers, parts, source);
  if (!params) return undefined;
  const coding = compression ?? codingOfName(target.path) ?? 'none';
  return stream(runner, { sql, params, format, compression: coding, target });
}

async function paramsFor(
  answers: Readonly<Record<string, unknown>>,
  { sessions }: SaveParts,
  { sql, uri }: Source,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (answers['params'] !== undefined) return answersOf(answers['params']);
  const held = (uri && sessions.peek(uri)?.holds.statements) ?? [];
  return askParameters(sql, parametersOfSession(held));
}

interface Job {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly format: string;
  readonly compression: SaveCompression;
  readonly target: SaveTarget;
}

function stream(runner: StatementRunner, job: Job): Promise<SaveReceipt> {
  const { sql, params, format, compression, target } = job;
  const title = `Saving ${path.basename(target.path)}`;
  return withProgress(title, async (signal, update) => {
    let saved: Parameters<typeof savingText>[0];
    let read: Parameters<typeof savingText>[1];
    const show = (): void => {
      update({ message: savingText(saved, read), fraction: fractionRead(read) });
    };
    show();
    return runner.saveTo(sql, target.path, {
      params,
      format,
      compression,
      overwrite: target.overwrite,
      signal,
      onProgress: (progress) => {
        saved = progress;
        show();
      },
      onQueryProgress: (progress) => {
        read = progress;
        show();
      },
    });
  });
}

async function tellFailure(error: unknown, connection: string | undefined): Promise<void> {
  const safe = 'The result was not saved, and no file was changed';
  if (isCancelledError(error)) {
    const outcome = cancelText(await error.outcome);
    void vscode.window.showInformationMessage(`${safe}. ${outcome}`);
    return;
  }
  showError(error, { during: safe, ...(connection !== undefined && { connection }) });
}

/**
 * Saves the result of a statement to a file, byte for byte as the server sends it. With `format` and
 * `target` given a failure rejects; otherwise it is shown. Undefined: the user turned away, or it failed.
 */
export async function saveResultsAs(
  argument: unknown,
  parts: SaveParts,
): Promise<SaveReceipt | undefined> {
  const answers = answersOf(argument);
  const isUnattended = answers['format'] !== undefined && answers['target'] !== undefined;
  let connection: string | undefined;
  try {
    const source = sourceOf(argument, parts);
    connection = source.connection;
    const receipt = await save(argument, parts, source);
    if (receipt) tellSaved(receipt);
    return receipt;
  } catch (error) {
    if (isUnattended) throw error;
    await tellFailure(error, connection);
    return undefined;
  }
}
