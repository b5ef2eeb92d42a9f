import * as vscode from 'vscode';
import type { RowhouseApi } from './host/api.ts';
import { registerConnectionCommands } from './host/connections/connectionCommands.ts';
import { Connections } from './host/connections/connections.ts';
import { registerCodeLens } from './host/editor/codeLens.ts';
import { registerEditorCommands } from './host/editor/commands.ts';
import { DocumentLife } from './host/editor/documentLife.ts';
import { DocumentSessions } from './host/editor/documentSessions.ts';
import { ErrorMarks } from './host/editor/errorMarks.ts';
import { Runner } from './host/editor/runner.ts';
import { registerSessionCommands } from './host/editor/sessionCommands.ts';
import { EditorStatus } from './host/editor/status.ts';
import { registerEngineCommands } from './host/engine/commands.ts';
import { LocalEngine } from './host/engine/localEngine.ts';
import { Explorer } from './host/explorer/explorer.ts';
import { Results } from './host/results/results.ts';
import { ResultsView } from './host/results/resultsView.ts';
import { SpoolFolder } from './host/results/spoolFolder.ts';
import { LastChoices } from './host/transfer/save/lastChoices.ts';
import { RunningSaves } from './host/transfer/save/runningSaves.ts';
import { shownRowsOf } from './host/transfer/save/shownRows.ts';
import { registerTransferCommands } from './host/transfer/transferCommands.ts';

/** What has to end in order, and be waited for, when the window closes. */
let shutDown: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): RowhouseApi {
  const log = vscode.window.createOutputChannel('Rowhouse', { log: true });
  const storage = context.storageUri ?? context.globalStorageUri;
  const spoolFolder = new SpoolFolder(vscode.Uri.joinPath(storage, 'results').fsPath);
  const engine = new LocalEngine(context);
  const connections = new Connections(context, engine);
  const life = new DocumentLife();
  const sessions = new DocumentSessions(connections, life);
  const results = new Results(life);
  const running = new RunningSaves();
  const view = new ResultsView(context.extensionUri, results, running, log);
  const marks = new ErrorMarks();
  const runner = new Runner({ connections, sessions, results, view, marks, spoolFolder, running });

  const explorer = new Explorer(connections);

  context.subscriptions.push(
    log,
    life,
    life.onDidMove(({ from, to }) => connections.moved(from, to)),
    life.onDidEnd((uri) => {
      connections.ended(uri);
    }),
    connections,
    sessions,
    results,
    view,
    marks,
    new EditorStatus(connections, results, sessions),
    registerCodeLens(),
    registerEditorCommands(runner, results),
    registerSessionCommands(connections, sessions),
    registerEngineCommands(engine),
    explorer,
    running,
    registerConnectionCommands(connections),
    registerTransferCommands({
      connections,
      sessions,
      running,
      choices: new LastChoices(context.globalState),
      shownRows: shownRowsOf({ connections, sessions, results }),
      inserted: (connection) => {
        explorer.tree.refreshConnection(connection);
      },
    }),
  );
  shutDown = async () => {
    await running.close();
    await results.close();
    await spoolFolder.remove();
    await engine.dispose();
  };
  return apiOf(results);
}

export async function deactivate(): Promise<void> {
  await shutDown?.();
}

const MOST_ROWS = 10_000;

function apiOf(results: Results): RowhouseApi {
  const { executeCommand } = vscode.commands;
  return {
    run: (args = {}) => executeCommand('rowhouse.runQuery', args),
    saveResultsAs: (args = {}) => executeCommand('rowhouse.saveResultsAs', args),
    insertFile: (args = {}) => executeCommand('rowhouse.insertFile', args),
    results: {
      current: () => results.current?.snapshot(),
      of: (uri) => results.of(uri)?.snapshot(),
      window: async (id, firstRow, rows) => {
        const run = results.byId(id);
        if (!run) throw new Error('This result is gone.');
        const columns = run.snapshot().columns.map((_, index) => index);
        const window = { firstRow, rows: Math.min(rows, MOST_ROWS), columns };
        return run.readWindow(window, new AbortController().signal);
      },
    },
  };
}
