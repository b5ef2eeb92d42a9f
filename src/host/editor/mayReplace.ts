import * as vscode from 'vscode';
import { isRead } from '../../core/sql/statementKind.ts';
import type { Result } from '../results/result.ts';

const CANCEL_AND_RUN = 'Cancel it and run';
const WAIT = 'Run after it';

/**
 * A document shows one run at a time, so that a new one cancels the one before. Nothing is lost when that
 * only reads; a statement that writes may be left half done, which is the user's to decide.
 * @returns `wait`: the new one is to wait for its turn; undefined: it is not to run
 */
export async function mayReplace(
  running: readonly Result[],
): Promise<'cancel' | 'wait' | undefined> {
  const writing = running.filter(({ options }) => !isRead(options.statement.kind));
  if (writing.length === 0) return 'cancel';
  const choice = await vscode.window.showWarningMessage(
    'A statement that writes is still running in this editor.',
    {
      modal: true,
      detail:
        `${writing.map((result) => result.snapshot().title).join('\n')}\n\n` +
        'Running another one now cancels all that runs here. What it has written by then stays.',
    },
    WAIT,
    CANCEL_AND_RUN,
  );
  if (choice === WAIT) return 'wait';
  return choice === CANCEL_AND_RUN ? 'cancel' : undefined;
}
