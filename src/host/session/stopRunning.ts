import * as vscode from 'vscode';
import { isRead } from '../../core/sql/kind.ts';
import { countOf } from '../../shared/humanNumbers.ts';
import type { Result } from '../results/result.ts';

const CANCEL = 'Cancel them';
const CANCEL_ONE = 'Cancel it';

/**
 * Before something that ends statements: asks, and cancels them on the server.
 * @param question what is about to happen
 * @param ask false: cancels without a question
 * @returns false when they are to go on
 */
export async function stopRunning(
  results: readonly Result[],
  question: string,
  ask: boolean,
): Promise<boolean> {
  const running = results.filter(({ isRunning }) => isRunning);
  if (running.length === 0) return true;
  if (ask && !(await mayStop(running, question))) return false;
  for (const result of running) result.cancel();
  await Promise.all(running.map(({ done }) => done));
  return true;
}

async function mayStop(running: readonly Result[], question: string): Promise<boolean> {
  const title = running.length === 1 ? CANCEL_ONE : CANCEL;
  const writes = running.some(({ options }) => !isRead(options.statement.kind));
  const choice = await vscode.window.showWarningMessage(
    `${question} ${countOf(running.length, 'statement is', 'statements are')} still running.`,
    {
      modal: true,
      detail:
        running.map((result) => result.snapshot().title).join('\n') +
        (writes ? '\n\nWhat they have written by then stays.' : ''),
    },
    title,
  );
  return choice === title;
}
