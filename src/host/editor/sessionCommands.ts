import * as vscode from 'vscode';
import type { Session } from '../../core/client/surface.ts';
import { registerCommand } from '../commands/registry.ts';
import type { Connections } from '../connections/connections.ts';
import type { DocumentSessions } from './documentSessions.ts';

export function registerSessionCommands(
  connections: Connections,
  sessions: DocumentSessions,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('rowhouse.showSession', () => showSession(connections, sessions)),
    registerCommand('rowhouse.resetSession', async () => {
      const uri = vscode.window.activeTextEditor?.document.uri;
      if (!uri) return;
      await sessions.reset(uri);
      vscode.window.setStatusBarMessage('$(check) The next statement starts a new session.', 5_000);
    }),
  );
}

interface SessionLine extends vscode.QuickPickItem {
  command?: string;
}

function describe(session: Session | undefined): SessionLine[] {
  if (!session) return [{ label: 'No session yet', description: 'the first statement starts one' }];
  const { statements, temporaryTables } = session.holds;
  return [
    { label: '$(key) Session', description: `${session.id} (${session.state})` },
    {
      label: '$(table) Temporary tables',
      description: temporaryTables.length > 0 ? temporaryTables.join(', ') : 'none',
    },
    ...statements.map((statement) => ({
      label: '$(settings-gear) Setting',
      description: statement,
    })),
  ];
}

async function showSession(connections: Connections, sessions: DocumentSessions): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (!uri) return;
  const items: SessionLine[] = [
    {
      label: '$(plug) Connection',
      description: connections.forDocument(uri).name,
      command: 'rowhouse.selectConnection',
    },
    ...describe(sessions.peek(uri)),
    { label: '$(debug-restart) Reset session', command: 'rowhouse.resetSession' },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Session of this editor' });
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(chosen.command);
}
