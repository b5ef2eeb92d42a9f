import * as vscode from 'vscode';
import type { Connection } from './connections.ts';

/** The charts' colours are those that themes make distinct from each other. */
function colorOf({ profile }: Connection): vscode.ThemeColor | undefined {
  const color = profile?.color ?? (profile?.production === true ? 'red' : undefined);
  return color === undefined ? undefined : new vscode.ThemeColor(`charts.${color}`);
}

/** The icon of a connection in views and lists, in its colour. */
export function connectionIcon(connection: Connection): vscode.ThemeIcon {
  const { profile } = connection;
  const name = profile === undefined ? 'vm' : profile.production === true ? 'shield' : 'server';
  return new vscode.ThemeIcon(name, colorOf(connection));
}

/** Colours a status bar entry: production stands out by its background. */
export function mark(item: vscode.StatusBarItem, connection: Connection): void {
  const isProduction = connection.profile?.production === true;
  item.backgroundColor = isProduction
    ? new vscode.ThemeColor('statusBarItem.errorBackground')
    : undefined;
  item.color = isProduction ? undefined : colorOf(connection);
}
