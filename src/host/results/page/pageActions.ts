import * as vscode from 'vscode';
import { showError } from '../../errors/showError.ts';
import type { Result } from '../result.ts';
import { paramsAgain } from '../runAgain.ts';

/** Commands that a button of the page may run; anything else in a message is refused. */
const ACTIONS: readonly string[] = [
  'rowhouse.addConnection',
  'rowhouse.editConnection',
  'rowhouse.installLocalEngine',
  'rowhouse.openConnectionSettings',
  'rowhouse.selectConnection',
];

/** As `ACTIONS`, for commands about the result of the page. */
const RESULT_ACTIONS: Readonly<Record<string, object>> = {
  'rowhouse.fetchAll': {},
  'rowhouse.goToRow': {},
  'rowhouse.replaySession': {},
  'rowhouse.runAgain': {},
  'rowhouse.openQueryLog': {},
  'rowhouse.copyQueryId': {},
  'rowhouse.compareRuns': { with: 'previous' },
};

/** Runs the command of a button. @param result undefined: it is gone */
export async function runAction(
  action: string,
  resultId: string,
  result: Result | undefined,
): Promise<void> {
  const answers = RESULT_ACTIONS[action];
  if (answers) {
    await runShown(action, { ...answers, result: resultId });
    return;
  }
  if (!ACTIONS.includes(action)) return;
  if (action === 'rowhouse.editConnection' && result) {
    await runShown(action, { id: result.options.connection.id });
  } else if (action === 'rowhouse.selectConnection' && result) {
    await runShown(action, { uri: result.uri });
  } else await runShown(action);
}

export async function saveAs(result: Result): Promise<void> {
  const { connection, statement } = result.options;
  await runShown('rowhouse.saveResultsAs', {
    result: result.id,
    uri: result.uri,
    sql: statement.sql,
    connection: connection.id,
    params: paramsAgain(result),
  });
}

/** A command with answers rejects instead of showing what went wrong. */
export async function runShown(command: string, ...answers: object[]): Promise<void> {
  try {
    await vscode.commands.executeCommand(command, ...answers);
  } catch (error) {
    showError(error);
  }
}
