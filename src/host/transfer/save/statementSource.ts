import * as vscode from 'vscode';
import { UsageError } from '../../../core/client/errors.ts';
import type { Session } from '../../../core/client/surface.ts';
import { classify, returnsRows } from '../../../core/sql/kind.ts';
import { outputClauses } from '../../../core/sql/outputClauses.ts';
import { type Connections, LOCAL_CONNECTION } from '../../connections/connections.ts';
import { currentStatement } from '../../editor/currentStatement.ts';
import type { DocumentSessions } from '../../editor/documentSessions.ts';
import { askParameters, parametersOfSession } from '../../editor/parameters.ts';
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

/** @throws UsageError when there is nothing that could be saved; nothing has run then. */
export function findStatement(given: CheckedArguments, connections: Connections): FoundStatement {
  const editor = editorFor(given.uri);
  const sql = given.sql ?? (editor && currentStatement(editor)?.sql);
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

/** The statement as something to save: it runs in its document's session. */
export async function statementSource(
  { sql, uri, connection }: FoundStatement,
  given: Pick<CheckedArguments, 'params' | 'result'>,
  { connections, sessions }: StatementParts,
): Promise<SaveSource> {
  const client = await connections.client(connection);
  const session = (): Session | undefined => uri && sessions.peek(uri);
  return {
    sql,
    document: uri,
    connection: connections.get(connection)?.name ?? connection,
    client,
    ownFormat: outputClauses(sql).format,
    resultId: given.result,
    isBusy: () => session()?.state === 'busy' || session()?.state === 'cancelling',
    askParameters: async () => {
      if (given.params) return given.params;
      return askParameters(sql, parametersOfSession(session()?.holds.statements ?? []));
    },
    // The session of now: while questions were open, the old one may have been reset or lost.
    save: async (path, options) => {
      const runner = uri ? await sessions.sessionFor(uri) : client;
      return runner.saveTo(sql, path, options);
    },
  };
}
