import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { isRead } from '../../core/sql/statementKind.ts';
import { countOf } from '../../shared/humanNumbers.ts';
import type { RunningTask } from '../connections/runningTasks.ts';
import type { Result } from '../results/result.ts';

const CANCEL = 'Cancel them';
const CANCEL_ONE = 'Cancel it';
/** On a server that answers all is over by then; what a dead one did is asked for in vain, and nobody waits for that. */
const ENDS_WITHIN_MS = 10_000;
const KINDS = ['statement', 'save', 'insert'] as const;

/** The results that still run, as what can be stopped. */
export function runningStatements(results: readonly Result[]): RunningTask[] {
  return results
    .filter(({ isRunning }) => isRunning)
    .map((result) => ({
      kind: 'statement',
      title: result.snapshot().title,
      writes: !isRead(result.options.statement.kind),
      cancel: () => {
        result.cancel();
      },
      done: result.done,
    }));
}

/**
 * Before something that ends what runs: asks, and cancels it on the server.
 * @param question what is about to happen
 * @param ask false: cancels without a question
 * @returns false when it is to go on
 */
export async function stopRunning(
  running: readonly RunningTask[],
  question: string,
  ask: boolean,
): Promise<boolean> {
  if (running.length === 0) return true;
  if (ask && !(await mayStop(running, question))) return false;
  for (const task of running) task.cancel();
  const ended = Promise.all(running.map(({ done }) => done));
  await Promise.race([ended, delay(ENDS_WITHIN_MS, undefined, { ref: false })]);
  return true;
}

async function mayStop(running: readonly RunningTask[], question: string): Promise<boolean> {
  const title = running.length === 1 ? CANCEL_ONE : CANCEL;
  const choice = await vscode.window.showWarningMessage(
    `${question} ${runningText(running)}`,
    {
      modal: true,
      detail:
        running.map((task) => task.title).join('\n') +
        (running.some(({ writes }) => writes) ? '\n\nWhat they have written by then stays.' : ''),
    },
    title,
  );
  return choice === title;
}

function runningText(running: readonly RunningTask[]): string {
  const counts = KINDS.flatMap((kind) => {
    const count = running.filter((task) => task.kind === kind).length;
    return count === 0 ? [] : [countOf(count, kind)];
  });
  const last = counts.pop() ?? '';
  const what = counts.length === 0 ? last : `${counts.join(', ')} and ${last}`;
  return `${what} ${running.length === 1 ? 'is' : 'are'} still running.`;
}
