import * as vscode from 'vscode';
import { UsageError } from '../../core/client/errors.ts';
import {
  COPY_FORMATS,
  TIME_DISPLAYS,
  type ColumnCommand,
  type CopyFormat,
  type TimeDisplay,
} from '../../shared/gridCommand.ts';
import {
  FILTER_OPERATORS,
  type FilterOperator,
  type SortDirection,
} from '../../shared/resultView.ts';
import { formatCount } from '../../shared/humanNumbers.ts';
import type { HostMessage } from '../../shared/protocol.ts';
import { answersOf, textAnswer } from '../answers.ts';
import type { CommandHandlers } from '../commands/registry.ts';
import type { ResultsPage } from './resultsPage.ts';

/**
 * Commands of the results grid, from its context menus (which say which result and column) and the palette.
 * @param pages the latest used one last
 */
export function gridCommands(pages: ReadonlySet<ResultsPage>): CommandHandlers<'grid'> {
  const pageOf = (argument: unknown): ResultsPage => {
    const answers = answersOf(argument);
    const id = textAnswer(answers, 'result') ?? textAnswer(answers, 'rowhouseResult');
    const page = [...pages].findLast((shown) => id === undefined || shown.resultId === id);
    if (!page) throw new UsageError('There is no result.', { hint: 'Run a statement first.' });
    return page;
  };
  const post = (argument: unknown, message: HostMessage): void => {
    pageOf(argument).post(message);
  };
  const tell = (message: HostMessage) => (argument: unknown) => {
    post(argument, message);
  };
  const columns = (command: ColumnCommand) => (argument: unknown) => {
    post(argument, { type: 'columns', command, ...columnsAnswer(argument) });
  };
  const sort = (direction: SortDirection | 'none') => (argument: unknown) => {
    const add = answersOf(argument)['add'] === true;
    post(argument, { type: 'sort', direction, add, ...columnsAnswer(argument) });
  };
  return {
    'rowhouse.copyCells': tell({ type: 'copyCells', format: 'tsv', header: false }),
    'rowhouse.copyCellsWithHeader': tell({ type: 'copyCells', format: 'tsv', header: true }),
    'rowhouse.chooseColumns': tell({ type: 'chooseColumns' }),
    'rowhouse.fitAllColumns': tell({ type: 'autosizeColumns' }),
    'rowhouse.resetColumns': tell({ type: 'resetColumns' }),
    'rowhouse.showValue': tell({ type: 'inspect' }),
    'rowhouse.showStatistics': tell({ type: 'toggleStatistics' }),
    'rowhouse.filterByValue': tell({ type: 'filterByValue', exclude: false }),
    'rowhouse.excludeValue': tell({ type: 'filterByValue', exclude: true }),
    'rowhouse.clearView': tell({ type: 'clearView' }),
    'rowhouse.hideColumn': columns('hide'),
    'rowhouse.pinColumn': columns('pin'),
    'rowhouse.unpinColumn': columns('unpin'),
    'rowhouse.fitColumn': columns('autosize'),
    'rowhouse.moveColumnLeft': columns('moveLeft'),
    'rowhouse.moveColumnRight': columns('moveRight'),
    'rowhouse.sortAscending': sort('ascending'),
    'rowhouse.sortDescending': sort('descending'),
    'rowhouse.removeSort': sort('none'),
    'rowhouse.filterColumn': (argument) => {
      post(argument, { type: 'filter', ...columnAnswer(argument), ...filterAnswer(argument) });
    },
    'rowhouse.findInResult': (argument) => {
      const text = textAnswer(answersOf(argument), 'text');
      post(argument, { type: 'findInResult', ...(text !== undefined && { text }) });
    },
    'rowhouse.goToRow': async (argument) => {
      const page = pageOf(argument);
      const given = answersOf(argument)['row'];
      const row = given === undefined ? await askRow(page.rows) : givenRow(given, page.rows);
      if (row !== undefined) page.post({ type: 'goToRow', row });
      // The box had the keyboard; a caller with an answer takes it from nobody.
      if (given === undefined) page.focus();
    },
    'rowhouse.columnStatistics': (argument) => {
      post(argument, { type: 'showColumnStatistics', ...columnAnswer(argument) });
    },
    'rowhouse.copyCellsAs': async (argument) => {
      const chosen = await copyAnswer(argument);
      if (chosen) post(argument, { type: 'copyCells', ...chosen });
    },
    'rowhouse.showTimesIn': async (argument) => {
      const display = await timesAnswer(argument);
      if (display) post(argument, { type: 'showTimes', display });
    },
  };
}

/** The column of the header that the menu is of, or one that a caller gave: its index among those of the result. */
function columnAnswer(argument: unknown): { column?: number } {
  const answers = answersOf(argument);
  const column = answers['rowhouseColumn'] ?? answers['column'];
  return typeof column === 'number' ? { column } : {};
}

function columnsAnswer(argument: unknown): { columns?: number[] } {
  const { column } = columnAnswer(argument);
  return column === undefined ? {} : { columns: [column] };
}

/** @param given a number of a row, as the grid shows it @returns from 0 */
function givenRow(given: unknown, rows: number): number {
  const text = typeof given === 'number' || typeof given === 'string' ? `${given}` : '';
  const row = rowNumber(text, rows);
  if (row === undefined) throw new UsageError(`There is no row ${text}.`);
  return row - 1;
}

/** @returns from 0; undefined: the user turned away */
async function askRow(rows: number): Promise<number | undefined> {
  if (rows === 0) throw new UsageError('There are no rows.');
  const all = `1 to ${formatCount(rows)}`;
  const typed = await vscode.window.showInputBox({
    title: 'Go to Row',
    prompt: all,
    validateInput: (text) =>
      text.trim() === '' || rowNumber(text, rows) !== undefined ? undefined : `A number, ${all}.`,
  });
  const row = rowNumber(typed ?? '', rows);
  return row === undefined ? undefined : row - 1;
}

/** With or without separators of thousands. */
function rowNumber(text: string, rows: number): number | undefined {
  const digits = text.replaceAll(/[\s,_.']/g, '');
  const row = Number(digits);
  return /^\d+$/.test(digits) && row >= 1 && row <= rows ? row : undefined;
}

/** `{operator, values}`, or one `value`; nothing without an operator: the user is asked then. */
function filterAnswer(argument: unknown): { operator?: FilterOperator; values?: string[] } {
  const answers = answersOf(argument);
  const operator = FILTER_OPERATORS.find((known) => known === answers['operator']);
  if (operator === undefined) return {};
  const { values, value } = answers;
  const given: unknown[] = Array.isArray(values) ? values : value === undefined ? [] : [value];
  return { operator, values: given.map(String) };
}

const FORMATS: Record<CopyFormat, { title: string; withHeader: string; without: string }> = {
  tsv: { title: 'TSV', withHeader: 'with column names', without: 'values only' },
  csv: { title: 'CSV', withHeader: 'with column names', without: 'values only' },
  json: { title: 'JSON', withHeader: 'an object per row', without: 'an array per row' },
  markdown: { title: 'Markdown', withHeader: 'with column names', without: 'rows only' },
  insert: { title: 'INSERT', withHeader: 'with column names', without: 'values only' },
  inList: { title: 'IN list', withHeader: 'with column names', without: 'values only' },
};

interface CopyChoice {
  format: CopyFormat;
  header: boolean;
}

async function copyAnswer(argument: unknown): Promise<CopyChoice | undefined> {
  const answers = answersOf(argument);
  const given = COPY_FORMATS.find((format) => format === answers['format']);
  if (given) return { format: given, header: answers['header'] === true };
  const items = COPY_FORMATS.flatMap((format) => {
    const { title: label, withHeader, without } = FORMATS[format];
    return [
      { label, description: withHeader, format, header: true },
      { label, description: without, format, header: false },
    ];
  });
  return vscode.window.showQuickPick(items, {
    title: 'Copy Cells As',
    placeHolder: 'Format',
    matchOnDescription: true,
  });
}

const TIME_TITLES: Record<TimeDisplay, string> = {
  column: "Each column's own zone",
  server: "The server's zone",
  utc: 'UTC',
  local: 'Local zone',
};

async function timesAnswer(argument: unknown): Promise<TimeDisplay | undefined> {
  const given = TIME_DISPLAYS.find((display) => display === answersOf(argument)['display']);
  if (given) return given;
  const items = TIME_DISPLAYS.map((display) => ({ label: TIME_TITLES[display], display }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Show Times In',
    placeHolder: 'On screen only: copies and files keep the zone of the column',
  });
  return picked?.display;
}
