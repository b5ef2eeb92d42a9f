import path from 'node:path';
import type { CutSettings } from '../../../core/transfer/cutSettings.ts';
import type { StepResult } from '../../../core/transfer/saveScript.ts';
import { hideSecrets } from '../../../core/sql/hideSecrets.ts';
import { countOf, formatBytes, formatCount, formatDuration } from '../../../shared/humanNumbers.ts';
import { errorText } from '../../errors/errorText.ts';
import { type SavedReceipt, cutText } from '../transferTexts.ts';

/** What became of one statement. */
export interface StepOutcome {
  readonly number: number;
  readonly sql: string;
  readonly state: StepResult['state'];
  /** The whole file's path; only of a statement whose rows were saved. */
  readonly file?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly ms?: number;
  /** Settings by which the server may have left rows out, without an error. */
  readonly cutBy?: CutSettings;
  /** It says AND STDOUT, which shows nothing in a script. */
  readonly notShown?: boolean;
  /** Why it failed. */
  readonly error?: string;
}

export interface ScriptOutcome {
  readonly folder: string;
  readonly steps: readonly StepOutcome[];
  readonly ms: number;
}

/** What a caller and the summary need of a step's end. */
export function stepOutcome(result: StepResult): StepOutcome {
  const { number, sql } = result.step;
  switch (result.state) {
    case 'saved': {
      const { path: file, rows, bytes, sha256, ms, cutBy }: SavedReceipt = result.receipt;
      const known = {
        ...(rows !== undefined && { rows }),
        ...(cutBy && { cutBy }),
        ...(sha256 !== undefined && { sha256 }),
        ...(result.step.andStdout && { notShown: true }),
      };
      return { number, sql, state: 'saved', file, bytes, ...known, ms };
    }
    case 'ran':
      return { number, sql, state: 'ran', ms: result.result.summary.ms };
    case 'failed':
    case 'cancelled':
      return { number, sql, state: result.state, error: errorText(result.error).full };
    case 'notRun':
      return { number, sql, state: 'notRun' };
  }
}

const LONGEST_SQL = 80;

function countState(steps: readonly StepOutcome[], state: StepResult['state']): number {
  return steps.filter((step) => step.state === state).length;
}

/** One line for a notification, for example `Saved 5 files, 12 MB, in 3.1 s. 1 statement failed, 2 not run.` */
export function outcomeText({ steps, ms, folder }: ScriptOutcome): string {
  const bytes = steps.reduce((sum, step) => sum + (step.bytes ?? 0), 0);
  const files = countOf(countState(steps, 'saved'), 'file');
  const failed = countState(steps, 'failed');
  const cancelled = countState(steps, 'cancelled');
  const notRun = countState(steps, 'notRun');
  const problems = [
    ...(failed > 0 ? [`${countOf(failed, 'statement')} failed`] : []),
    ...(cancelled > 0 ? [`${countOf(cancelled, 'statement')} cancelled`] : []),
    ...(notRun > 0 ? [`${formatCount(notRun)} not run`] : []),
  ];
  if (steps.some(({ cutBy }) => cutBy)) problems.push('rows may be missing, by settings');
  const size = bytes > 0 ? `, ${formatBytes(bytes)}` : '';
  const saved = `Saved ${files}${size}, in ${formatDuration(ms)} to ${path.basename(folder)}`;
  return problems.length === 0 ? saved : `${saved}. ${problems.join(', ')}.`;
}

const STATES: Readonly<Record<StepResult['state'], string>> = {
  saved: 'saved',
  ran: 'run, no rows',
  failed: 'failed',
  cancelled: 'cancelled',
  notRun: 'not run',
};

/** Text that stays in its cell of a Markdown table. */
function cell(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const short = line.length > LONGEST_SQL ? `${line.slice(0, LONGEST_SQL)}…` : line;
  return short.replace(/[\\|<`*_[\]]/g, (sign) => `\\${sign}`);
}

function row(step: StepOutcome): string {
  const cells = [
    String(step.number),
    cell(hideSecrets(step.sql)),
    STATES[step.state],
    step.file === undefined ? '' : cell(path.basename(step.file)),
    step.rows === undefined ? '' : formatCount(step.rows),
    step.bytes === undefined ? '' : formatBytes(step.bytes),
    step.ms === undefined ? '' : formatDuration(step.ms),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The whole account as a Markdown document. */
export function summaryDocument(outcome: ScriptOutcome): string {
  const problems = outcome.steps.flatMap(({ number, error }) =>
    error === undefined ? [] : [`- Statement ${number}: ${error.replace(/\s+/g, ' ').trim()}`],
  );
  const notes = outcome.steps.flatMap(({ number, cutBy }) =>
    cutBy ? [`- Statement ${number}: rows may be missing, by the settings ${cutText(cutBy)}`] : [],
  );
  for (const { number, notShown } of outcome.steps) {
    if (notShown)
      notes.push(`- Statement ${number}: its rows are not shown, though it says AND STDOUT`);
  }
  return [
    '# Results of a script',
    '',
    outcomeText(outcome),
    '',
    `Folder: ${outcome.folder}`,
    '',
    '| | statement | state | file | rows | size | time |',
    '| --: | :-- | :-- | :-- | --: | --: | --: |',
    ...outcome.steps.map(row),
    ...(notes.length > 0 ? ['', '## To know', '', ...notes] : []),
    ...(problems.length > 0 ? ['', '## What failed', '', ...problems] : []),
    '',
  ].join('\n');
}
