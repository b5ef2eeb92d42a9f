import * as vscode from 'vscode';
import { isCancelledError } from '../../core/client/errors.ts';
import { isEngineError } from '../../core/engine/errors.ts';
import type { CommandId } from '../commands/registry.ts';
import { errorText } from './errorText.ts';
import { helpfulCommands } from './help.ts';

/** A button under an error. */
export interface ErrorAction {
  readonly title: string;
  readonly command: CommandId;
  readonly arguments?: readonly unknown[];
}

export interface ErrorContext {
  /** What failed and what is safe, for example "weather.csv was not inserted". */
  readonly during?: string;
  /** Id of the connection that was used, so that it can be edited. */
  readonly connection?: string;
  readonly actions?: readonly ErrorAction[];
}

const COPY = 'Copy error';

function helpFor(error: unknown, connection: string | undefined): ErrorAction[] {
  return helpfulCommands(error, connection !== undefined).map((help) =>
    help.command === 'rowhouse.editConnection'
      ? { ...help, arguments: [{ id: connection }] }
      : help,
  );
}

async function ask(error: unknown, context: ErrorContext): Promise<void> {
  const { short, full } = errorText(error, context.during);
  const actions = [...(context.actions ?? []), ...helpFor(error, context.connection)];
  const titles = actions.map(({ title }) => title);
  const chosen = await vscode.window.showErrorMessage(short, ...titles, COPY);
  if (chosen === COPY) await vscode.env.clipboard.writeText(full);
  const action = actions.find(({ title }) => title === chosen);
  if (action) await vscode.commands.executeCommand(action.command, ...(action.arguments ?? []));
}

/**
 * Tells the user about a failure: what happened, what to do next, buttons that do it. What the user
 * cancelled is no failure and shows nothing.
 */
export function showError(error: unknown, context: ErrorContext = {}): void {
  if (isCancelledError(error) || error instanceof vscode.CancellationError) return;
  if (isEngineError(error) && error.kind === 'engineStartCancelled') return;
  ask(error, context).then(undefined, (reason: unknown) => {
    // A button's command failed and has shown nothing itself.
    void vscode.window.showErrorMessage(errorText(reason).short);
  });
}
