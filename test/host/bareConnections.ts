import * as vscode from 'vscode';
import { Connections } from '../../src/host/connections/connections.ts';

/** Connections beside those of the window, with a memory and secrets of their own and no engine. */
export function bareConnections(): Connections {
  const values = new Map<string, unknown>();
  const memento = {
    get: (key: string, fallback?: unknown) => values.get(key) ?? fallback,
    update: (key: string, value: unknown) => {
      values.set(key, value);
      return Promise.resolve();
    },
    keys: () => [...values.keys()],
  };
  const stored = new Map<string, string>();
  const secrets = {
    onDidChange: new vscode.EventEmitter().event,
    get: (key: string) => Promise.resolve(stored.get(key)),
    store: (key: string, value: string) => {
      stored.set(key, value);
      return Promise.resolve();
    },
    delete: (key: string) => {
      stored.delete(key);
      return Promise.resolve();
    },
  };
  const context = {
    workspaceState: memento,
    globalState: memento,
    secrets,
    asAbsolutePath: (path: string) => path,
  };
  const engine = {
    onDidChange: new vscode.EventEmitter<void>().event,
    state: 'missing' as const,
    ensureStarted: () => Promise.reject(new Error('There is no engine here.')),
  };
  return new Connections(context as unknown as vscode.ExtensionContext, engine);
}
