import * as vscode from 'vscode';

/** Every command of the extension, by the feature whose code runs it; a test compares them with package.json. */
const COMMANDS = {
  editor: ['rowhouse.runQuery', 'rowhouse.runAll', 'rowhouse.cancelQuery'],
  transfer: [
    'rowhouse.saveResultsAs',
    'rowhouse.saveScriptAs',
    'rowhouse.insertFile',
    'rowhouse.createTableFromFile',
  ],
  insertPage: ['rowhouse.acceptInsert'],
  connections: [
    'rowhouse.addConnection',
    'rowhouse.importConnections',
    'rowhouse.editConnection',
    'rowhouse.removeConnection',
    'rowhouse.selectConnection',
    'rowhouse.openConnectionSettings',
  ],
  explorer: ['rowhouse.refreshConnections'],
  running: ['rowhouse.showRunningQueries'],
  results: [
    'rowhouse.fetchAll',
    'rowhouse.pinResult',
    'rowhouse.unpinResult',
    'rowhouse.closeResult',
    'rowhouse.openResultInEditor',
    'rowhouse.nextResult',
    'rowhouse.previousResult',
  ],
  grid: [
    'rowhouse.copyCells',
    'rowhouse.copyCellsWithHeader',
    'rowhouse.copyCellsAs',
    'rowhouse.showValue',
    'rowhouse.hideColumn',
    'rowhouse.pinColumn',
    'rowhouse.unpinColumn',
    'rowhouse.fitColumn',
    'rowhouse.fitAllColumns',
    'rowhouse.moveColumnLeft',
    'rowhouse.moveColumnRight',
    'rowhouse.chooseColumns',
    'rowhouse.resetColumns',
    'rowhouse.showTimesIn',
    'rowhouse.showStatistics',
    'rowhouse.sortAscending',
    'rowhouse.sortDescending',
    'rowhouse.removeSort',
    'rowhouse.filterColumn',
    'rowhouse.filterByValue',
    'rowhouse.excludeValue',
    'rowhouse.clearView',
    'rowhouse.findInResult',
    'rowhouse.goToRow',
    'rowhouse.columnStatistics',
  ],
  statistics: ['rowhouse.openQueryLog', 'rowhouse.copyQueryId', 'rowhouse.compareRuns'],
  charts: ['rowhouse.showChart', 'rowhouse.showGrid', 'rowhouse.copyChart', 'rowhouse.saveChartAs'],
  session: [
    'rowhouse.showSession',
    'rowhouse.resetSession',
    'rowhouse.forkSession',
    'rowhouse.replaySession',
    'rowhouse.runAgain',
  ],
  engine: ['rowhouse.startLocalEngine', 'rowhouse.stopLocalEngine', 'rowhouse.installLocalEngine'],
} as const;

type Feature = keyof typeof COMMANDS;
export type CommandId = (typeof COMMANDS)[Feature][number];
type Handler = (...args: unknown[]) => unknown;

/** What the commands of a feature do. */
export type CommandHandlers<F extends Feature> = Readonly<
  Record<(typeof COMMANDS)[F][number], Handler>
>;

/** Menus pass a Uri or a tree item first; only a caller with answers of its own passes a plain object. */
function isCalledWithAnswers(args: readonly unknown[]): boolean {
  const [first] = args;
  return (
    typeof first === 'object' && first !== null && Object.getPrototypeOf(first) === Object.prototype
  );
}

/**
 * Registers the commands of a feature, whose code is loaded when one of them is first used. Failures are shown to the
 * user. A caller that passed arguments (a task, a test, another extension) must learn of the failure too; for the
 * others a rejection would only make VS Code show the same error a second time.
 */
export function registerCommands<F extends Feature>(
  feature: F,
  load: () => Promise<CommandHandlers<F>>,
): vscode.Disposable {
  const ids: readonly (typeof COMMANDS)[F][number][] = COMMANDS[feature];
  let loading: Promise<CommandHandlers<F>> | undefined;
  const disposables = ids.map((id) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        loading ??= load().catch((error: unknown) => {
          // The next use tries again.
          loading = undefined;
          throw error;
        });
        const handlers = await loading;
        return await handlers[id](...args);
      } catch (error) {
        if (isCalledWithAnswers(args)) throw error;
        const { showError } = await import('../errors/showError.ts');
        showError(error);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...disposables);
}
