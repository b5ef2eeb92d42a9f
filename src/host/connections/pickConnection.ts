import * as vscode from 'vscode';
import { connectionIcon } from './marks.ts';
import { DEFAULT_USER } from './profile.ts';
import type { Connection, Connections } from './connections.ts';

export const ADD_CONNECTION = Symbol('add connection');

interface Item extends vscode.QuickPickItem {
  readonly choice?: Connection | typeof ADD_CONNECTION;
}

function itemFor(connection: Connection, current: string | undefined): Item {
  const { profile } = connection;
  const where = profile
    ? `${profile.user ?? DEFAULT_USER}@${profile.url}`
    : 'starts by itself on this machine';
  return {
    label: connection.name,
    description: connection.id === current ? `${where} (current)` : where,
    iconPath: connectionIcon(connection),
    choice: connection,
  };
}

/** Lets the user choose one of these connections, or (with `offerNew`) adding one. */
export async function pickConnection(
  connections: readonly Connection[],
  options: { title: string; current?: string | undefined; offerNew?: boolean },
): Promise<Connection | typeof ADD_CONNECTION | undefined> {
  const items: Item[] = connections.map((connection) => itemFor(connection, options.current));
  if (options.offerNew === true) {
    items.push(
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      { label: 'Add Connection…', iconPath: new vscode.ThemeIcon('add'), choice: ADD_CONNECTION },
    );
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: options.title,
    placeHolder: 'Connection',
    matchOnDescription: true,
  });
  return picked?.choice;
}

/** The connection that a menu or a caller named, by tree node or by `{id}`. */
export function namedConnection(connections: Connections, id: string): Connection {
  const connection = connections.get(id);
  if (!connection) throw new Error(`There is no connection "${id}".`);
  return connection;
}
