import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError } from '../../core/client/errors.ts';
import type { Session, SessionHoldings } from '../../core/client/surface.ts';
import { quoteIdentifier } from '../../core/sql/quote.ts';
import type { Connections } from '../connections/connections.ts';
import { withProgress } from '../progress.ts';
import type { DocumentSessions } from './documentSessions.ts';
import { runSteps } from './runSteps.ts';

const COPY = 'Copy the tables';
const WITHOUT = 'Without tables';

export interface ForkAnswers {
  /** Whether temporary tables are copied; undefined: asks if there are any. */
  readonly tables?: boolean | undefined;
  /** Text of the new document. */
  readonly text: string;
}

/**
 * Opens an untitled document on the same connection whose session has the same SETs and database. The first
 * session is not touched. Temporary tables are copied only when asked to.
 * @returns the new document; undefined when the user turned away
 * @throws UsageError when a setting cannot be set again: the new document is open all the same. ConnectionGoneError.
 */
export async function forkSession(
  uri: vscode.Uri,
  answers: ForkAnswers,
  connections: Connections,
  sessions: DocumentSessions,
): Promise<vscode.Uri | undefined> {
  const { id } = connections.forDocument(uri);
  connections.require(id);
  const from = sessions.peek(uri);
  const holds = from?.holds;
  const tables = answers.tables ?? (holds && (await askTables(holds, uri)));
  if (holds && tables === undefined) return undefined;
  const language = vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  )?.languageId;
  const document = await vscode.workspace.openTextDocument({
    language: language === 'clickhouse' ? language : 'sql',
    content: answers.text,
  });
  // An untitled document that was just closed may have had the same name.
  await sessions.reset(document.uri);
  await connections.select(id, document.uri);
  await vscode.window.showTextDocument(document, { preview: false });
  if (!from || !holds) return document.uri;
  const title = `Forking the session of ${path.posix.basename(uri.path)}`;
  const settings = holds.steps.filter(({ kind }) => kind === 'set' || kind === 'use');
  await sessions.replay(document.uri, async (to) => {
    await runSteps(title, settings, to);
    if (tables === true && holds.temporaryTables.length > 0) await copyTables(title, from, to);
  });
  return document.uri;
}

async function askTables(
  { temporaryTables }: SessionHoldings,
  uri: vscode.Uri,
): Promise<boolean | undefined> {
  if (temporaryTables.length === 0) return false;
  const choice = await vscode.window.showWarningMessage(
    'A fork has the same settings and database, but no temporary tables.',
    {
      modal: true,
      detail:
        `Temporary tables of ${path.posix.basename(uri.path)}: ${temporaryTables.join(', ')}. ` +
        'They can be copied with their rows, which go through this computer.',
    },
    WITHOUT,
    COPY,
  );
  return choice === undefined ? undefined : choice === COPY;
}

/** Definitions and rows as they are now, in the server's own format. @throws UsageError, RowhouseError */
async function copyTables(title: string, from: Session, to: Session): Promise<void> {
  const { temporaryTables } = from.holds;
  await withProgress(title, async (signal, update) => {
    for (const [at, table] of temporaryTables.entries()) {
      const name = quoteIdentifier(table);
      update({ message: table, fraction: at / temporaryTables.length });
      const show = `SHOW CREATE TEMPORARY TABLE ${name}`;
      const definition = await from.rawQuery(show, { format: 'TSVRaw', signal });
      const created = definition.text().trim();
      await to.command(created, { signal });
      if (/^create\s+temporary\s+view/i.test(created)) continue;
      const rows = await from.rawStream(`SELECT * FROM ${name}`, { format: 'Native', signal });
      try {
        await to.rawInsert({ table: { table }, format: 'Native', source: rows, signal });
      } catch (cause) {
        rows.abort(cause);
        throw new UsageError(`The temporary table ${table} was not copied in full.`, {
          hint: 'Drop it in the new session before it is used.',
          cause,
        });
      }
    }
  });
}
