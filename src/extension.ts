import path from 'node:path';
import * as vscode from 'vscode';
import type { RowhouseApi } from './host/api.ts';
import { Connections, LOCAL_CONNECTION } from './host/connections/connections.ts';
import { RunningTasks } from './host/connections/runningTasks.ts';
import { registerCommands } from './host/commands/registry.ts';
import { registerCodeLens } from './host/editor/codeLens.ts';
import { registerSqlFileDrop } from './host/editor/fileDrop.ts';
import { DocumentLife } from './host/editor/documentLife.ts';
import { DocumentSessions } from './host/session/documentSessions.ts';
import { ErrorMarks } from './host/editor/errorMarks.ts';
import { sessionInfo } from './host/session/sessionInfo.ts';
import type { Runner } from './host/editor/runner.ts';
import { EditorStatus } from './host/editor/status.ts';
import { LocalEngine } from './host/engine/localEngine.ts';
import { Explorer } from './host/explorer/explorer.ts';
import type { Result } from './host/results/result.ts';
import { registerReports } from './host/reports.ts';
import { Results } from './host/results/results.ts';
import type { PageParts } from './host/results/page/pageParts.ts';
import { ResultViews } from './host/results/view/resultViews.ts';
import { ResultsView } from './host/results/resultsView.ts';
import { ResultFolder } from './host/results/resultFolder.ts';
import { workspaceStorages } from './host/results/workspaceStorages.ts';
import { ResultKeeper } from './host/results/resultKeeper.ts';
import { ResultPanels } from './host/results/resultPanels.ts';
import { RunHistory } from './host/statistics/runHistory.ts';
import { InsertPages } from './host/transfer/insert/page/insertPages.ts';
import { RunningSaves } from './host/transfer/save/runningSaves.ts';
import type { ResultSnapshot } from './shared/protocol.ts';

/** What has to end in order, and be waited for, when the window closes. */
let shutDown: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): RowhouseApi {
  const log = vscode.window.createOutputChannel('Rowhouse', { log: true });
  const folder = resultFolder(context);
  const engine = new LocalEngine(context);
  const connections = new Connections(context, engine);
  const life = new DocumentLife();
  const sessions = new DocumentSessions(connections, life);
  const results = new Results(life);
  const views = new ResultViews({ results, connections, folder });
  const running = new RunningSaves();
  const tasks = new RunningTasks();
  const history = new RunHistory(results, connections, life);
  const insertPages = new InsertPages({ extensionUri: context.extensionUri, log });
  const explorer = new Explorer({ connections, tasks, pages: insertPages });
  const inserts = {
    connections,
    tasks,
    pages: insertPages,
    inserted: (connection: string) => {
      explorer.tree.refreshConnection(connection);
    },
  };
  const pages: PageParts = {
    extensionUri: context.extensionUri,
    results,
    views,
    connections,
    inserts,
    saves: running,
    history,
    log,
    pages: new Set(),
  };
  const view = new ResultsView(pages);
  const marks = new ErrorMarks();
  let runner: Runner | undefined;
  const getRunner = async (): Promise<Runner> => {
    const { Runner } = await import('./host/editor/runner.ts');
    const parts = { connections, sessions, results, views, view, marks, folder, running };
    runner ??= new Runner(parts);
    return runner;
  };
  const keeper = new ResultKeeper({
    results,
    views,
    folder,
    connections,
    log,
    onDiskUse: (bytes) => {
      view.showDiskUse(bytes);
    },
  });
  const restored = keeper.restore().catch((error: unknown) => {
    log.warn(`The results of before could not be shown again: ${String(error)}`);
  });
  const panels = new ResultPanels(pages, restored);

  const mayLeave = async (id: string, asks: boolean): Promise<boolean> => {
    const { runningStatements, stopRunning } = await import('./host/session/stopRunning.ts');
    const there = results.all.filter(({ options }) => options.connection.id === id);
    const name = connections.get(id)?.name ?? id;
    const all = [...runningStatements(there), ...tasks.on(id)];
    return stopRunning(all, `End the connection ${name}?`, asks);
  };

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
    views,
    view,
    keeper,
    panels,
    history,
    registerReports(),
    marks,
    new EditorStatus(connections, results, sessions),
    registerCodeLens(),
    registerSqlFileDrop(connections),
    explorer,
    running,
    insertPages,
    registerCommands('editor', async () => {
      const { editorCommands } = await import('./host/editor/commands.ts');
      return editorCommands(await getRunner(), results);
    }),
    registerCommands('results', async () => {
      const { resultCommands } = await import('./host/results/resultCommands.ts');
      return resultCommands(results, panels, await getRunner(), connections);
    }),
    registerCommands('grid', async () => {
      const { gridCommands } = await import('./host/results/gridCommands.ts');
      return gridCommands(pages.pages);
    }),
    registerCommands('statistics', async () => {
      const { statisticsCommands } = await import('./host/statistics/statisticsCommands.ts');
      return statisticsCommands(results, history);
    }),
    registerCommands('charts', async () => {
      const { chartCommands } = await import('./host/charts/chartCommands.ts');
      return chartCommands(results, pages.pages);
    }),
    registerCommands('session', async () => {
      const { sessionCommands } = await import('./host/session/sessionCommands.ts');
      return sessionCommands({ connections, sessions, results }, await getRunner());
    }),
    registerCommands('engine', async () => {
      const { engineCommands } = await import('./host/engine/commands.ts');
      return engineCommands(engine, () => mayLeave(LOCAL_CONNECTION, true));
    }),
    registerCommands('connections', async () => {
      const { connectionCommands } = await import('./host/connections/connectionCommands.ts');
      return connectionCommands(connections, mayLeave);
    }),
    registerCommands('running', async () => {
      const { showRunning } = await import('./host/running/showRunning.ts');
      return {
        'rowhouse.showRunningQueries': (argument) => showRunning(connections, results, argument),
      };
    }),
    registerCommands('transfer', async () => {
      const { transferCommands } = await import('./host/transfer/transferCommands.ts');
      const memory = context.globalState;
      return transferCommands({ ...inserts, sessions, running, results, views, memory });
    }),
  );
  shutDown = async () => {
    await running.close();
    await views.close();
    await keeper.close();
    await sessions.close();
    await connections.close();
    await engine.dispose();
  };
  return apiOf(results, views, (uri) => sessionInfo(uri, connections, sessions));
}

const FOLDERS = 'rowhouse.resultFolders';

/** Rows of results are kept in the workspace's storage, or, without a workspace, in the extension's own. */
function resultFolder(context: vscode.ExtensionContext): ResultFolder {
  const { storageUri, globalStorageUri, workspaceState } = context;
  const results = (storage: string): string => path.join(storage, 'results');
  if (storageUri) {
    const parents = workspaceStorages(storageUri.fsPath).map(results);
    return new ResultFolder({ parent: results(storageUri.fsPath), earlier: { parents } });
  }
  const memory = {
    get: () => workspaceState.get<string[]>(FOLDERS, []),
    set: async (names: readonly string[]) => {
      await workspaceState.update(FOLDERS, names);
    },
  };
  return new ResultFolder({ parent: results(globalStorageUri.fsPath), earlier: { memory } });
}

export async function deactivate(): Promise<void> {
  await shutDown?.();
}

const MOST_ROWS = 10_000;

function apiOf(results: Results, views: ResultViews, session: RowhouseApi['session']): RowhouseApi {
  const { executeCommand } = vscode.commands;
  const snapshot = (result: Result | undefined): ResultSnapshot | undefined => {
    const view = result && views.snapshotOf(result);
    return result && { ...result.snapshot(), ...(view && { view }) };
  };
  return {
    run: (args = {}) => executeCommand('rowhouse.runQuery', args),
    saveResultsAs: (args = {}) => executeCommand('rowhouse.saveResultsAs', args),
    insertFile: (args = {}) => executeCommand('rowhouse.insertFile', args),
    session,
    results: {
      current: () => snapshot(results.current),
      of: (uri) => snapshot(results.of(uri)),
      tabs: () => results.tabs.flatMap((result) => snapshot(result) ?? []),
      show: async (id, view) => {
        const result = results.byId(id);
        if (!result) throw new Error('This result is gone.');
        await views.show(result, view);
      },
      fileOf: (id) => results.byId(id)?.file,
      window: async (id, firstRow, rows) => {
        const run = results.byId(id);
        if (!run) throw new Error('This result is gone.');
        const columns = run.snapshot().columns.map((_, index) => index);
        const window = { firstRow, rows: Math.min(rows, MOST_ROWS), columns, whole: true };
        return (await views.of(run).readWindow(window, new AbortController().signal)).ipc;
      },
    },
  };
}
