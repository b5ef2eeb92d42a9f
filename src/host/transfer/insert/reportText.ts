import path from 'node:path';
import type { FileReport, FileState } from '../../../core/transfer/insertMany.ts';
import type { WrittenRows } from '../../../core/transfer/insertAccount.ts';
import { countOf, formatBytes, formatCount, formatDuration } from '../../../shared/humanNumbers.ts';

const STATES: Readonly<Record<FileState, string>> = {
  inserted: 'inserted',
  failed: 'failed',
  cancelled: 'cancelled',
  discarded: 'withdrawn',
  notSent: 'not sent',
};

/** Of a file that failed or was cancelled: how many of its rows are in the table, as a clause. */
export function rowsClause(rows: WrittenRows, table: string): string {
  const { atLeast, atMost } = rows;
  if (atMost === 0) return `none of its rows are in ${table}`;
  if (atMost === undefined) return `some of its rows, or all, may be in ${table}`;
  if (atLeast === atMost) return `${countOf(atLeast, 'row')} of it are in ${table}`;
  return `between ${formatCount(atLeast)} and ${countOf(atMost, 'row')} were written to ${table}`;
}

function rowsCell({ rows, state }: FileReport): string {
  const { atLeast, atMost } = rows;
  if (state === 'notSent') return '0';
  if (atMost === undefined) return state === 'inserted' ? 'not told' : 'unknown';
  if (atLeast === atMost) return formatCount(atLeast);
  return `${formatCount(atLeast)} to ${formatCount(atMost)}`;
}

/** Names of files, with their folders where two have the same. */
function labelsOf(files: readonly string[]): string[] {
  const names = files.map((file) => path.basename(file));
  if (new Set(names).size === names.length) return names;
  const parts = files.map((file) => path.dirname(file).split(path.sep));
  const [first = []] = parts;
  const end = first.findIndex((part, index) => parts.some((other) => other[index] !== part));
  const common = first.slice(0, end < 0 ? first.length : end);
  // The root alone ends with its separator.
  const shared = common.length === 1 ? `${common[0] ?? ''}${path.sep}` : common.join(path.sep);
  return files.map((file) => path.relative(shared, file));
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
}

export interface ReportFacts {
  readonly table: string;
  readonly connection: string;
  readonly files: readonly FileReport[];
  /** Files of folders of which neither names nor bytes tell a format. */
  readonly others: readonly string[];
  readonly errorText: (error: unknown) => string;
}

/** How many files of each state, for example `3 files: 2 inserted, 1 failed`. */
export function statesText(files: readonly FileReport[]): string {
  const counts = (Object.keys(STATES) as FileState[]).flatMap((state) => {
    const count = files.filter((file) => file.state === state).length;
    return count === 0 ? [] : [`${formatCount(count)} ${STATES[state]}`];
  });
  return `${countOf(files.length, 'file')}: ${counts.join(', ')}`;
}

/** The whole account of an insert, as Markdown. */
export function reportText({ table, connection, files, others, errorText }: ReportFacts): string {
  const labels = labelsOf(files.map((file) => file.path));
  const lines = [
    `# Insert into ${table}`,
    '',
    `Connection: ${connection}. ${statesText(files)}.`,
    '',
    '| file | state | rows | bytes | time | what happened |',
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...files.map((file, index) => {
      const grew = file.tableGrew;
      const told = [
        file.error === undefined ? '' : errorText(file.error),
        file.note ?? '',
        grew === undefined || file.rows.by === 'partLog' || file.rows.atMost === 0
          ? ''
          : `The table has ${countOf(grew, 'row')} more than before, others' included.`,
      ];
      const cells = [
        labels[index] ?? '',
        STATES[file.state],
        rowsCell(file),
        formatBytes(file.bytes),
        file.state === 'notSent' ? '' : formatDuration(file.ms),
        told.join(' '),
      ];
      return `| ${cells.map(cell).join(' | ')} |`;
    }),
    '',
    'Rows of inserted files are as the server counts them: those written to all targets, materialized views included. ' +
      'Rows of other files are those in the table itself.',
  ];
  if (others.length > 0) {
    lines.push('', 'Left out, because neither names nor content tell a format:', '');
    lines.push(...others.map((name) => `- ${name}`));
  }
  return `${lines.join('\n')}\n`;
}
