import * as vscode from 'vscode';
import { UsageError } from '../../../core/client/errors.ts';
import type { Client, Session } from '../../../core/client/surface.ts';
import { classify } from '../../../core/sql/kind.ts';
import { returnsRows } from '../../../core/sql/statementKind.ts';
import { outputClauses } from '../../../core/sql/outputClauses.ts';
import { ownSettings, resultSettings } from '../../../core/transfer/cutSettings.ts';
import { settingsInForce } from '../../../core/transfer/settingsInForce.ts';
import { type Connections, LOCAL_CONNECTION } from '../../connections/connections.ts';
import { selectedStatements } from '../../editor/currentStatement.ts';
import { clientShown } from '../../connections/whileConnecting.ts';
import type { DocumentSessions, OpenSession } from '../../session/documentSessions.ts';
import { serverSettings } from '../serverFormats.ts';
import {
  askParameters,
  parametersOfSession,
  requireNoParameters,
} from '../../editor/parameters.ts';
import type { CheckedArguments } from './saveArguments.ts';
import type { SaveSource } from './saveSource.ts';

export interface StatementParts {
  readonly connections: Connections;
  readonly sessions: DocumentSessions;
}

/** A statement, found and judged, with nothing started yet. */
export interface FoundStatement {
  readonly sql: string;
  readonly uri: vscode.Uri | undefined;
  /** Id of the connection. */
  readonly connection: string;
}

function editorFor(uri: vscode.Uri | undefined): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  if (!uri) return activeTextEditor;
  return [activeTextEditor, ...visibleTextEditors].find(
    (editor) => editor?.document.uri.toString() === uri.toString(),
  );
}

/** @throws UsageError for more than one statement: a file of the first alone would look like that of all. */
function selectedSql(editor: vscode.TextEditor): string | undefined {
  const [first, ...more] = selectedStatements(editor);
  if (more.length === 0) return first?.sql;
  throw new UsageError(
    `The selection has ${more.length + 1} statements, but a file takes the result of one. Nothing was run.`,
    { hint: 'Select one, or use "Save Results of All Statements to Folder…".' },
  );
}

/** @throws UsageError when there is nothing that could be saved; nothing has run then. */
export function findStatement(given: CheckedArguments, connections: Connections): FoundStatement {
  const editor = editorFor(given.uri);
  const sql = given.sql ?? (editor && selectedSql(editor));
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
  const { connection } = given;
  const uri = given.uri ?? editor?.document.uri;
  if (connection !== undefined && !given.uri) return { sql, uri: undefined, connection };
  const fallback = vscode.Uri.from({ scheme: 'untitled', path: 'result' });
  const { id, name } = connections.forDocument(uri ?? fallback);
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

/**
 * The document's session, on this connection: while questions are open or a script runs, the editor may get
 * another.
 * @param signal ends the waiting
 * @throws UsageError: its rows would come from another server than was agreed on.
 */
export async function openSame(
  uri: vscode.Uri,
  connection: string,
  { connections, sessions }: StatementParts,
  signal: AbortSignal | undefined,
): Promise<OpenSession> {
  // Before the other server is asked for anything, and once more for a change during that.
  requireSame(connection, connections.forDocument(uri).id, connections);
  const opened = await sessions.open(uri, signal);
  requireSame(connection, opened.connection, connections);
  return opened;
}

function requireSame(before: string, now: string, connections: Connections): void {
  if (before === now) return;
  const [was, is] = [before, now].map((id) => connections.get(id)?.name ?? id);
  throw new UsageError(
    `The editor's connection was changed from ${was ?? ''} to ${is ?? ''} meanwhile, so the statement was not run.`,
    { hint: `Save again to save from ${is ?? ''}, or select ${was ?? ''} again first.` },
  );
}

/** The statement as something to save: it runs in its document's session. */
export async function statementSource(
  { sql, uri, connection }: FoundStatement,
  given: Pick<CheckedArguments, 'params' | 'result' | 'isUnattended'>,
  { connections, sessions }: StatementParts,
): Promise<SaveSource> {
  const client = await clientShown(connections, connection);
  const session = (): Session | undefined => uri && sessions.peek(uri);
  const own = ownSettings(sql);
  // The session of now: while questions were open, the old one may have been reset or lost.
  const runner = async (signal: AbortSignal | undefined): Promise<Client | Session> => {
    if (!uri) return client;
    return (await openSame(uri, connection, { connections, sessions }, signal)).session;
  };
  return {
    sql,
    document: uri,
    connection: connections.get(connection)?.name ?? connection,
    client,
    ownFormat: outputClauses(sql).format,
    ownSettings: new Set(Object.keys(own)),
    formatSettings: async () => {
      const server = await serverSettings(client);
      return server && settingsInForce(server, session()?.holds.settings ?? [], own);
    },
    resultId: given.result,
    isBusy: () => session()?.state === 'busy' || session()?.state === 'cancelling',
    askParameters: async () => {
      if (given.params) return given.params;
      const held = parametersOfSession(session()?.holds.statements ?? []);
      if (!given.isUnattended) return askParameters(sql, held);
      requireNoParameters(sql, held);
      return {};
    },
    resultSettings: async (signal) => resultSettings(await runner(signal), sql, signal),
    save: async (path, options) => (await runner(options.signal)).saveTo(sql, path, options),
  };
}
