import type * as vscode from 'vscode';
import { registerCommand } from '../commands/registry.ts';
import type { Connections } from '../connections/connections.ts';
import type { Results } from '../results/results.ts';

/** The list of running queries; `{id, cancel: queryId}` ends one and resolves with what became of it. */
export function registerRunningCommands(
  connections: Connections,
  results: Results,
): vscode.Disposable {
  return registerCommand('rowhouse.showRunningQueries', async (argument?: unknown) => {
    const { showRunning } = await import('./showRunning.ts');
    return showRunning(connections, results, argument);
  });
}
