import * as vscode from 'vscode';
import { isRead } from '../../core/sql/kind.ts';
import type { Result } from '../results/result.ts';

const CANCEL_AND_RUN = 'Cancel it and run';

/**
 * A document shows one run at a time, so that a new one cancels the one before. Nothing is lost when that
 * only reads; a statement that writes may be left half done, which is the user's to decide.
 */
export async function mayReplace(running: Result): Promise<boolean> {
  if (isRead(running.options.statement.kind)) return true;
  const choice = await vscode.window.showWarningMessage(
    'A statement that writes is still running in this editor.',
    {
      modal: true,
      detail:
        `${running.snapshot().title}\n\n` +
        'Running another one cancels it. What it has written by then stays.',
    },
    CANCEL_AND_RUN,
  );
  return choice === CANCEL_AND_RUN;
}
