import * as vscode from 'vscode';
import type { RunningQuery } from '../../core/client/cancelSurface.ts';
import type { Client } from '../../core/client/surface.ts';
import { answersOf, textAnswer } from '../answers.ts';
import type { Connection, Connections } from '../connections/connections.ts';
import { namedConnection } from '../connections/pickConnection.ts';
import { ClusterNode, ConnectionNode } from '../explorer/nodes.ts';
import type { Results } from '../results/results.ts';
import { showError } from '../errors/showError.ts';
import { stopText } from '../results/stopText.ts';
import { shortSql } from '../session/shortSql.ts';
import { pickRunning } from './runningPick.ts';

/** The connection of a tree item or of `{id}`, else that of the document in front. */
function connectionOf(connections: Connections, argument: unknown): Connection {
  if (argument instanceof ConnectionNode) return argument.connection;
  if (argument instanceof ClusterNode) return argument.parent.connection;
  const id = textAnswer(answersOf(argument), 'id');
  if (id !== undefined) return namedConnection(connections, id);
  return connections.forDocument(
    vscode.window.activeTextEditor?.document.uri ?? vscode.Uri.parse('untitled:none'),
  );
}

/** Ends a query on the server. @returns what became of it; undefined when it was left alone. */
async function cancel(
  client: Client,
  { queryId, user, query }: Pick<RunningQuery, 'queryId' | 'user' | 'query'>,
  { connection, results }: { connection: Connection; results: Results },
): Promise<string | undefined> {
  const own = results.all.find(
    (result) => result.isRunning && result.snapshot().queryId === queryId,
  );
  if (own) {
    own.cancel();
    await own.done;
    const told = own.stopping && (await own.stopping);
    return told && stopText(told);
  }
  const me = await client.serverInfo().then(
    (info) => info.user,
    () => undefined,
  );
  if (user !== me && !(await mayCancel(user, query, connection))) return undefined;
  const title = `Cancelling ${shortSql(query)}`;
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title }, async () =>
    stopText(await client.cancel(queryId, { anyUser: true })),
  );
}

async function mayCancel(user: string, query: string, connection: Connection): Promise<boolean> {
  const title = 'Cancel their query';
  const question = `Cancel the query of ${user} on ${connection.name}?`;
  const options = { modal: true, detail: shortSql(query) };
  return (await vscode.window.showWarningMessage(question, options, title)) === title;
}

/**
 * The list of running queries; `{id, cancel: queryId}` ends one.
 * @returns the id of the query that was chosen, or what became of the cancelled one
 */
export async function showRunning(
  connections: Connections,
  results: Results,
  argument: unknown,
): Promise<string | undefined> {
  const connection = connectionOf(connections, argument);
  const client = await connections.client(connection.id);
  const given = textAnswer(answersOf(argument), 'cancel');
  if (given !== undefined) return stopText(await client.cancel(given, { anyUser: true }));
  const chosen = await pickRunning(client, connection.name, async (query) => {
    try {
      const told = await cancel(client, query, { connection, results });
      if (told !== undefined) void vscode.window.showInformationMessage(told);
    } catch (error) {
      showError(error);
    }
  });
  if (!chosen) return undefined;
  const document = await vscode.workspace.openTextDocument({
    language: 'clickhouse',
    content: chosen.query,
  });
  await vscode.window.showTextDocument(document);
  return chosen.queryId;
}
