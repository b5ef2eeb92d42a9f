import * as vscode from 'vscode';
import type { CommandHandlers } from '../commands/registry.ts';
import type { LocalEngine } from './localEngine.ts';

/** @param mayStop ends what runs there, after a question; false: it is to go on */
export function engineCommands(
  engine: LocalEngine,
  mayStop: () => Promise<boolean>,
): CommandHandlers<'engine'> {
  return {
    'rowhouse.startLocalEngine': async () => {
      const location = { viewId: 'rowhouse.connections' };
      await vscode.window.withProgress({ location }, () => engine.ensureStarted());
    },
    'rowhouse.stopLocalEngine': async () => {
      if (await mayStop()) await engine.stop();
    },
    'rowhouse.installLocalEngine': () => install(engine),
  };
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
      const { installEngine } = await import('../../core/engine/install.ts');
      await installEngine(engine.installFolder, abort.signal, (line) => {
        if (line !== '') progress.report({ message: line.slice(0, 80) });
      });
    },
  );
  await engine.ensureStarted();
  void vscode.window.showInformationMessage('The local ClickHouse is installed and running.');
}
