import path from 'node:path';
import type { InsertPlan } from '../../core/transfer/insertPlan.ts';
import { countOf, formatBytes, formatCount } from '../../shared/humanNumbers.ts';

export interface InsertQuestion {
  readonly question: string;
  readonly detail: string;
}

/** More names than these make a question nobody reads. */
const MOST_NAMES = 12;
const LONGEST_REASON = 200;

function names(columns: readonly { readonly name: string }[]): string {
  const shown = columns.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = columns.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** A reason that fits into a question, as a sentence. */
function oneLine(reason: string): string {
  const [line = ''] = reason.trim().split('\n');
  if (line.length > LONGEST_REASON) return `${line.slice(0, LONGEST_REASON).trimEnd()} …`;
  return line.endsWith('.') ? line : `${line}.`;
}

/** What is known of a drop besides the files that were looked at. */
export interface OtherFiles {
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  /** Looked at when their turn comes. */
  readonly later: readonly { readonly bytes: number }[];
  /** How many files of folders are left out. */
  readonly others: number;
}

const NO_OTHERS: OtherFiles = { refused: [], later: [], others: 0 };

/** Format, coding, size and number of columns, in one line. */
function factsLine({ format, coding, bytes, fileColumns, settings }: InsertPlan): string {
  const parts = [coding === undefined ? format : `${format} compressed with ${coding}`];
  if (fileColumns) parts.push(countOf(fileColumns.length, 'column'));
  parts.push(formatBytes(bytes));
  const delimiter = settings['format_csv_delimiter'];
  if (typeof delimiter === 'string') {
    parts.push(`separated by ${delimiter === '\t' ? 'tabs' : delimiter}`);
  }
  return parts.join(', ');
}

/** What is worth knowing about how file and table fit. */
function fitLines(plan: InsertPlan): string[] {
  const { missing, extra, fileColumns, tableColumns, namesColumns } = plan;
  const lines: string[] = [];
  if (plan.isEmpty) lines.push('The file is empty.');
  if (plan.unreadable !== undefined) {
    lines.push(`The columns could not be read: ${oneLine(plan.unreadable)}`);
  }
  if (missing.length > 0) {
    lines.push(`Not in the file, filled with their defaults: ${names(missing)}.`);
  }
  if (extra.length > 0) lines.push(`Not in the table, skipped: ${names(extra)}.`);
  if (namesColumns || !fileColumns || !tableColumns) return lines;
  const filled = tableColumns.filter(({ computed }) => !computed).length;
  lines.push('The file has no column names: columns go by their order.');
  if (filled !== fileColumns.length) {
    lines.push(
      `The file has ${countOf(fileColumns.length, 'column')}, the table takes ${formatCount(filled)}.`,
    );
  }
  return lines;
}

function detailOf(plan: InsertPlan): string {
  return [factsLine(plan), ...fitLines(plan)].join('\n');
}

/** The question before anything is sent: one file with all details, several with a paragraph each. */
export function insertQuestion(
  plans: readonly InsertPlan[],
  table: string,
  { refused, later, others }: OtherFiles = NO_OTHERS,
): InsertQuestion {
  const count = plans.length + refused.length + later.length;
  const [only] = plans;
  const leftOut =
    others > 0 ? [`${countOf(others, 'file')} left out: the names tell no format.`] : [];
  if (only && count === 1) {
    return {
      question: `Insert ${path.basename(only.path)} into ${table}?`,
      detail: [detailOf(only), ...leftOut].join('\n'),
    };
  }
  const bytes = [...plans, ...later].reduce((sum, file) => sum + file.bytes, 0);
  return {
    question: `Insert ${countOf(count, 'file')} (${formatBytes(bytes)}) into ${table}?`,
    detail: [
      ...refused.map(({ name, reason }) => `${name} cannot be inserted: ${oneLine(reason)}`),
      ...plans.map((plan) => `${path.basename(plan.path)}: ${detailOf(plan)}`),
      ...(later.length > 0 ? [`And ${countOf(later.length, 'more file', 'more files')}.`] : []),
      ...leftOut,
      'One after the other; the first failure stops, unless you choose to go on.',
    ].join('\n\n'),
  };
}
