import * as vscode from 'vscode';
import type { RowhouseApi } from './host/api.ts';
import { registerChartCommands } from './host/charts/chartCommands.ts';
import { Charts } from './host/charts/charts.ts';
import { registerConnectionCommands } from './host/connections/connectionCommands.ts';
import { Connections, LOCAL_CONNECTION } from './host/connections/connections.ts';
import { RunningTasks } from './host/connections/runningTasks.ts';
import { registerCodeLens } from './host/editor/codeLens.ts';
import { registerEditorCommands } from './host/editor/commands.ts';
import { DocumentLife } from './host/editor/documentLife.ts';
import { DocumentSessions } from './host/session/documentSessions.ts';
import { ErrorMarks } from './host/editor/errorMarks.ts';
import { Runner } from './host/editor/runner.ts';
import { registerSessionCommands } from './host/session/sessionCommands.ts';
import { sessionInfo } from './host/session/sessionInfo.ts';
import { runningStatements, stopRunning } from './host/session/stopRunning.ts';
import { EditorStatus } from './host/editor/status.ts';
import { registerEngineCommands } from './host/engine/commands.ts';
import { LocalEngine } from './host/engine/localEngine.ts';
import { Explorer } from './host/explorer/explorer.ts';
import type { Result } from './host/results/result.ts';
import { PageDrops } from './host/results/drop/pageDrops.ts';
import { registerReports } from './host/reports.ts';
import { Results } from './host/results/results.ts';
import type { PageParts } from './host/results/resultsPage.ts';
import { ResultViews } from './host/results/view/resultViews.ts';
import { ResultsView } from './host/results/resultsView.ts';
import { ResultFolder } from './host/results/resultFolder.ts';
import { ResultKeeper } from './host/results/resultKeeper.ts';
import { ResultPanels } from './host/results/resultPanels.ts';
import { registerGridCommands } from './host/results/gridCommands.ts';
import { registerResultCommands } from './host/results/resultCommands.ts';
import { RunHistory } from './host/statistics/runHistory.ts';
import { registerRunningCommands } from './host/running/runningCommands.ts';
import { registerStatisticsCommands } from './host/statistics/statisticsCommands.ts';
import { InsertPages } from './host/transfer/insert/page/insertPages.ts';
import { RunningSaves } from './host/transfer/save/runningSaves.ts';
import { registerTransferCommands } from './host/transfer/transferCommands.ts';
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
    charts: new Charts(connections, views),
    drops: new PageDrops(inserts),
    saves: running,
    history,
    log,
    pages: new Set(),
  };
  const view = new ResultsView(pages);
  const marks = new ErrorMarks();
  const runner = new Runner({
    connections,
    sessions,
    results,
    views,
    view,
    marks,
    folder,
    running,
  });
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

  const mayLeave = (id: string, asks: boolean): Promise<boolean> => {
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
    registerResultCommands(results, panels, runner, connections),
    registerGridCommands(pages.pages),
    history,
    registerStatisticsCommands(results, history),
    registerReports(),
    registerChartCommands(results, pages.pages),
    marks,
    new EditorStatus(connections, results, sessions),
    registerCodeLens(),
    registerEditorCommands(runner, results),
    registerSessionCommands({ connections, sessions, results }, runner),
    registerEngineCommands(engine, () => mayLeave(LOCAL_CONNECTION, true)),
    explorer,
    running,
    registerConnectionCommands(connections, mayLeave),
    registerRunningCommands(connections, results),
    insertPages,
    registerTransferCommands({
      ...inserts,
      sessions,
      running,
      results,
      views,
      memory: context.globalState,
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
  return new ResultFolder({
    parent: vscode.Uri.joinPath(storageUri ?? globalStorageUri, 'results').fsPath,
    isShared: storageUri === undefined,
    memory: {
      get: () => workspaceState.get<string[]>(FOLDERS, []),
      set: async (names) => {
        await workspaceState.update(FOLDERS, names);
      },
    },
  });
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
