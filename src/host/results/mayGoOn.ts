import * as vscode from 'vscode';
import { isRead } from '../../core/sql/statementKind.ts';
import type { Result } from './result.ts';

const CANCEL = 'Cancel it';
const LET = 'Let it finish';

/** True for a statement that runs and is not known to change nothing. */
export function writes(result: Result): boolean {
  return result.isRunning && !isRead(result.options.statement.kind);
}

/** The editor of a statement that writes was closed: asks what becomes of it. Unanswered, it goes on. */
export async function mayGoOn(result: Result): Promise<boolean> {
  const { title, source, connection } = result.snapshot();
  const choice = await vscode.window.showWarningMessage(
    `${source} was closed, but its statement still runs on ${connection}: ${title}`,
    LET,
    CANCEL,
  );
  return choice !== CANCEL;
}
