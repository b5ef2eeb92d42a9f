import * as vscode from 'vscode';
import { installEngine } from '../../core/engine/install.ts';
import { registerCommand } from '../commands/registry.ts';
import type { LocalEngine } from './localEngine.ts';

export function registerEngineCommands(engine: LocalEngine): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('rowhouse.startLocalEngine', async () => {
      const location = { viewId: 'rowhouse.connections' };
      await vscode.window.withProgress({ location }, () => engine.ensureStarted());
    }),
    registerCommand('rowhouse.stopLocalEngine', () => engine.stop()),
    registerCommand('rowhouse.installLocalEngine', () => install(engine)),
  );
}

async function install(engine: LocalEngine): Promise<void> {
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: 'Installing the local ClickHouse with npm',
      cancellable: true,
    },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => {
        abort.abort();
      });
      progress.report({ message: 'about 570 MB on disk' });
      await installEngine(engine.installFolder, abort.signal, (line) => {
        if (line !== '') progress.report({ message: line.slice(0, 80) });
      });
    },
  );
  await engine.ensureStarted();
  void vscode.window.showInformationMessage('The local ClickHouse is installed and running.');
}
