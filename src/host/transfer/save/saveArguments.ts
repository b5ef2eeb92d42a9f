import * as vscode from 'vscode';
import { UsageError } from '../../../core/client/errors.ts';
import type { ContentCoding, ParameterValues } from '../../../core/client/surface.ts';
import { CODINGS } from '../../../core/transfer/codings.ts';
import type { FormatChoices, OptionValue } from '../../../core/transfer/options/formatOption.ts';
import { answersOf, textAnswer } from '../../answers.ts';
import type { Rows } from './saveSource.ts';

export type SaveCompression = ContentCoding | 'none';

/** What a caller may pass to `rowhouse.saveResultsAs`; with `format` and `target` nothing is asked. */
export interface SaveArguments {
  /** The document whose session runs the statement. Default: the active editor's. */
  uri?: vscode.Uri | string;
  /** Default: the selection, or the statement at the cursor. */
  sql?: string;
  /** A result on screen, by its id. */
  result?: string;
  /** Which rows of `result`; without it the user is asked where they differ. */
  rows?: Rows;
  /** Connection that must be used; a document of another connection is refused. Default: the document's. */
  connection?: string;
  /** A ClickHouse output format, taken literally: `CSV` is the one without names. */
  format?: string;
  /** Options of the format by their ids, for example `{ delimiter: ';' }`; others have their defaults. */
  options?: FormatChoices;
  target?: vscode.Uri | string;
  /** Default: by the target's last suffix. */
  compression?: SaveCompression;
  /** Default false: an existing target is refused. */
  overwrite?: boolean;
  /** Default false: a partial file that an earlier save left beside a given target is refused. In the dialog it is asked about. */
  replacePartial?: boolean;
  /** Values for `{name:Type}` placeholders; without them the user is asked. */
  params?: ParameterValues;
}

/** The arguments after a look at each. */
export interface CheckedArguments {
  readonly uri: vscode.Uri | undefined;
  readonly sql: string | undefined;
  readonly result: string | undefined;
  readonly rows: Rows | undefined;
  readonly connection: string | undefined;
  readonly format: string | undefined;
  readonly options: FormatChoices | undefined;
  readonly target: vscode.Uri | string | undefined;
  readonly compression: SaveCompression | undefined;
  readonly overwrite: boolean;
  readonly replacePartial: boolean;
  readonly params: ParameterValues | undefined;
  /** True: nothing is asked, and a failure rejects. */
  readonly isUnattended: boolean;
}

function toUri(value: unknown): vscode.Uri | undefined {
  if (value instanceof vscode.Uri) return value;
  return typeof value === 'string' ? vscode.Uri.parse(value, true) : undefined;
}

function compressionOf(value: string | undefined): SaveCompression | undefined {
  if (value === undefined || value === 'none') return value;
  const info = CODINGS.find(({ coding }) => coding === value);
  if (info) return info.coding;
  const known = CODINGS.map(({ coding }) => coding).join(', ');
  throw new UsageError(`"${value}" is no compression of ClickHouse.`, {
    hint: `Use none, ${known}.`,
  });
}

function rowsOf(value: string | undefined): Rows | undefined {
  if (value === undefined || value === 'shown' || value === 'again') return value;
  throw new UsageError(`"${value}" is no choice of rows.`, { hint: 'Use shown or again.' });
}

function optionsOf(value: unknown): FormatChoices | undefined {
  if (value === undefined) return undefined;
  const options: Record<string, OptionValue> = {};
  for (const [id, given] of Object.entries(answersOf(value))) {
    if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') {
      throw new UsageError(`The option "${id}" is no text, number, true or false.`);
    }
    options[id] = given;
  }
  return options;
}

/** @throws UsageError for an argument that can be nothing of what it should be. */
export function checkSaveArguments(argument: unknown): CheckedArguments {
  const answers = answersOf(argument);
  const { target } = answers;
  const format = textAnswer(answers, 'format');
  const isPlace = target instanceof vscode.Uri || (typeof target === 'string' && target !== '');
  return {
    uri: toUri(argument instanceof vscode.Uri ? argument : answers['uri']),
    sql: textAnswer(answers, 'sql'),
    result: textAnswer(answers, 'result'),
    rows: rowsOf(textAnswer(answers, 'rows')),
    connection: textAnswer(answers, 'connection'),
    format,
    options: optionsOf(answers['options']),
    target: isPlace ? target : undefined,
    compression: compressionOf(textAnswer(answers, 'compression')),
    overwrite: answers['overwrite'] === true,
    replacePartial: answers['replacePartial'] === true,
    params: answers['params'] === undefined ? undefined : answersOf(answers['params']),
    isUnattended: format !== undefined && isPlace,
  };
}
