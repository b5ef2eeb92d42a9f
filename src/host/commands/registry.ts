import * as vscode from 'vscode';
import { showError } from '../errors/showError.ts';

/** Every command of the extension; a test compares it with package.json. */
export const COMMANDS = [
  'rowhouse.runQuery',
  'rowhouse.runAll',
  'rowhouse.cancelQuery',
  'rowhouse.saveResultsAs',
  'rowhouse.saveScriptAs',
  'rowhouse.insertFile',
  'rowhouse.acceptInsert',
  'rowhouse.createTableFromFile',
  'rowhouse.addConnection',
  'rowhouse.importConnections',
  'rowhouse.editConnection',
  'rowhouse.removeConnection',
  'rowhouse.selectConnection',
  'rowhouse.openConnectionSettings',
  'rowhouse.refreshConnections',
  'rowhouse.showRunningQueries',
  'rowhouse.fetchAll',
  'rowhouse.pinResult',
  'rowhouse.unpinResult',
  'rowhouse.closeResult',
  'rowhouse.openResultInEditor',
  'rowhouse.nextResult',
  'rowhouse.previousResult',
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
  'rowhouse.openQueryLog',
  'rowhouse.copyQueryId',
  'rowhouse.compareRuns',
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
  'rowhouse.showChart',
  'rowhouse.showGrid',
  'rowhouse.copyChart',
  'rowhouse.saveChartAs',
  'rowhouse.showSession',
  'rowhouse.resetSession',
  'rowhouse.forkSession',
  'rowhouse.replaySession',
  'rowhouse.runAgain',
  'rowhouse.startLocalEngine',
  'rowhouse.stopLocalEngine',
  'rowhouse.installLocalEngine',
] as const;

export type CommandId = (typeof COMMANDS)[number];

/** Menus pass a Uri or a tree item first; only a caller with answers of its own passes a plain object. */
function isCalledWithAnswers(args: readonly unknown[]): boolean {
  const [first] = args;
  return (
    typeof first === 'object' && first !== null && Object.getPrototypeOf(first) === Object.prototype
  );
}

/**
 * Registers a command whose failures are shown to the user. A caller that passed arguments (a task, a
 * test, another extension) must learn of the failure too; for the others a rejection would only make
 * VS Code show the same error a second time.
 */
export function registerCommand(
  id: CommandId,
  handler: (...args: unknown[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await handler(...args);
    } catch (error) {
      if (isCalledWithAnswers(args)) throw error;
      showError(error);
      return undefined;
    }
  });
}
