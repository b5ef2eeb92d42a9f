import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Connections } from '../connections/connections.ts';
import type { Results } from '../results/results.ts';
import { stopText } from '../results/stopText.ts';
import type { DocumentSessions } from './documentSessions.ts';
import { type SessionAction, type SessionItem, sessionItems } from './sessionItems.ts';
import { sessionState } from './sessionState.ts';
import { expiryText } from './sessionTexts.ts';

export interface SessionParts {
  readonly connections: Connections;
  readonly sessions: DocumentSessions;
  readonly results: Results;
}

const TICK_MS = 1_000;
/** The list does not wait longer for the name of the user's own database. */
const DATABASE_WITHIN_MS = 300;

/** The document's session, live while the list is open; its lines can be chosen to act or to copy. */
export async function showSession(uri: vscode.Uri, parts: SessionParts): Promise<void> {
  const chosen = await choose(uri, await ownDatabase(uri, parts), parts);
  if (chosen?.action) await act(chosen.action, uri, parts);
}

async function choose(
  uri: vscode.Uri,
  ownDatabaseName: string | undefined,
  { connections, sessions }: SessionParts,
): Promise<SessionItem | undefined> {
  const box = vscode.window.createQuickPick<SessionItem>();
  box.placeholder = 'Choose a line to act on it or to copy it';
  box.matchOnDescription = true;
  const title = `Session of ${path.posix.basename(uri.path)}`;
  let shown = '';
  const refresh = (): void => {
    const state = sessionState(uri, connections, sessions);
    const expiry = state.session?.expiry;
    const newTitle = expiry ? `${title}: ${expiryText(expiry)}` : title;
    if (box.title !== newTitle) box.title = newTitle;
    const items = sessionItems(state, state.database ?? ownDatabaseName);
    // New items would move the highlight, so that times alone do not make any.
    const key = JSON.stringify(items.map(({ label, action }) => [label, action]));
    if (key === shown) return;
    shown = key;
    box.items = items;
  };
  const timer = setInterval(refresh, TICK_MS);
  const subscription = sessions.onDidChange((changed) => {
    if (changed.toString() === uri.toString()) refresh();
  });
  try {
    return await new Promise<SessionItem | undefined>((resolve) => {
      box.onDidAccept(() => {
        resolve(box.selectedItems[0]);
      });
      box.onDidHide(() => {
        resolve(undefined);
      });
      refresh();
      box.show();
    });
  } finally {
    clearInterval(timer);
    subscription.dispose();
    box.dispose();
  }
}

/** The database of a user who chose none; undefined when the server has not said it yet. */
async function ownDatabase(
  uri: vscode.Uri,
  { sessions }: SessionParts,
): Promise<string | undefined> {
  const client = sessions.peekOpen(uri)?.client;
  const info = client?.serverInfo().then(
    ({ database }) => database,
    () => undefined,
  );
  return Promise.race([info, delay(DATABASE_WITHIN_MS, undefined)]);
}

async function act(action: SessionAction, uri: vscode.Uri, parts: SessionParts): Promise<void> {
  switch (action.do) {
    case 'command':
      await vscode.commands.executeCommand(action.command, { uri });
      return;
    case 'copy':
      await vscode.env.clipboard.writeText(action.text);
      vscode.window.setStatusBarMessage('$(check) Copied.', 3_000);
      return;
    case 'cancel':
      await cancelTurn(action.queryId, uri, parts);
  }
}

/**
 * A statement with a result is cancelled as by its own button; another one, for example a save, where it waits, or on
 * the server.
 */
async function cancelTurn(
  queryId: string,
  uri: vscode.Uri,
  { results, sessions }: SessionParts,
): Promise<void> {
  const run = results.all.find(
    (result) => result.isRunning && result.snapshot().queryId === queryId,
  );
  if (run) {
    run.cancel();
    return;
  }
  const open = sessions.peekOpen(uri);
  if (!open || open.session.cancelWaiting(queryId)) return;
  const told = stopText(await open.client.cancel(queryId));
  void vscode.window.showInformationMessage(told);
}
