import * as vscode from 'vscode';
import type { Connection } from './connections.ts';

/** The charts' colours are those that themes make distinct from each other. */
function colorOf({ profile }: Connection): vscode.ThemeColor | undefined {
  const color = profile?.color ?? (profile?.production === true ? 'red' : undefined);
  return color === undefined ? undefined : new vscode.ThemeColor(`charts.${color}`);
}

/** The icon of a connection in views and lists, in its colour. */
export function connectionIcon(connection: Connection): vscode.ThemeIcon {
  const { profile, kind } = connection;
  if (kind === 'gone') return new vscode.ThemeIcon('warning');
  const name = profile === undefined ? 'vm' : profile.production === true ? 'shield' : 'server';
  return new vscode.ThemeIcon(name, colorOf(connection));
}

/** Colours a status bar entry: production, and a connection that is gone, stand out by the background. */
export function mark(item: vscode.StatusBarItem, connection: Connection): void {
  const background = backgroundOf(connection);
  item.backgroundColor =
    background === undefined ? undefined : new vscode.ThemeColor(`statusBarItem.${background}`);
  item.color = background === undefined ? colorOf(connection) : undefined;
}

function backgroundOf({ kind, profile }: Connection): string | undefined {
  if (kind === 'gone') return 'warningBackground';
  return profile?.production === true ? 'errorBackground' : undefined;
}
