import * as vscode from 'vscode';
import { countOf } from '../../../shared/humanNumbers.ts';
import type { Rows } from './saveSource.ts';

/** A result on screen, as far as the question needs it. */
export interface AskedResult {
  /** Rows in the grid. */
  readonly rows: number;
  /** Rows of the result, however they are filtered. */
  readonly total: number;
  /** The grid has them sorted or filtered. */
  readonly isDerived: boolean;
  /** False: the query was cancelled, failed, was stopped at a limit, or still runs. */
  readonly complete: boolean;
  readonly isRunning: boolean;
  readonly isEngineMissing: boolean;
}

interface RowsItem extends vscode.QuickPickItem {
  readonly answer: Rows;
}

/** Asks which rows of a result are to be saved. Undefined: the user turned away. */
export async function askRows(result: AskedResult): Promise<Rows | undefined> {
  const rows = countOf(result.rows, 'row');
  const total = countOf(result.total, 'row');
  const items: RowsItem[] = [
    {
      answer: 'shown',
      label: 'These rows',
      description: result.isRunning ? `${rows} so far` : rows,
      detail: shownDetail(result),
    },
    {
      answer: 'again',
      label: 'Run again in full',
      description: result.complete ? `${total} when it ran` : `all rows, ${total} or more`,
      detail: 'Runs the statement once more in its session; the server writes the file.',
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Save Results: Rows',
    placeHolder: 'Which rows?',
    ignoreFocusOut: true,
  });
  return picked?.answer;
}

function shownDetail({ isRunning, isEngineMissing, isDerived }: AskedResult): string {
  if (isRunning) return 'Only after the end of the query: wait for it, or cancel it.';
  if (isEngineMissing) return 'Needs a local ClickHouse, and there is none on this machine.';
  if (isDerived) return 'Sorted and filtered as in the grid; the local ClickHouse writes the file.';
  return 'What the grid has, in its order; the local ClickHouse writes the file.';
}
