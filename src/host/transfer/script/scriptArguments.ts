import * as vscode from 'vscode';
import { UsageError } from '../../../core/client/errors.ts';
import type { ParameterValues } from '../../../core/client/surface.ts';
import { answersOf, textAnswer } from '../../answers.ts';
import { type CheckedArguments, checkSaveArguments } from '../save/saveArguments.ts';

/** What a caller may pass to `rowhouse.saveScriptAs`; with `format` and `folder` nothing is asked. */
export interface SaveScriptArguments {
  /** The document with the script. Default: the active editor's. */
  uri?: vscode.Uri | string;
  /** A ClickHouse output format, for statements that name none themselves. */
  format?: string;
  /** Options of the format by their ids. */
  options?: Readonly<Record<string, string | number | boolean>>;
  /** A folder, relative to the document's. It is made if it is not there. */
  folder?: vscode.Uri | string;
  /** Default: none. */
  compression?: string;
  /** Default false: existing files are refused before anything runs. */
  overwrite?: boolean;
  /** Default false: partial files that earlier saves left in place of the same files are refused, or asked about. */
  replacePartial?: boolean;
  /** What a failed statement means for those after it. Default: `stop`, or a question. */
  onError?: 'stop' | 'continue';
  /** Values for `{name:Type}` placeholders. */
  params?: ParameterValues;
}

export interface CheckedScriptArguments extends Pick<
  CheckedArguments,
  'uri' | 'format' | 'options' | 'compression' | 'overwrite' | 'replacePartial' | 'params'
> {
  readonly folder: vscode.Uri | string | undefined;
  readonly onError: 'stop' | 'continue' | undefined;
  /** True: nothing is asked, and a failure rejects unless `onError` is `continue`. */
  readonly isUnattended: boolean;
}

/** @throws UsageError for an argument that can be nothing of what it should be. */
export function checkScriptArguments(argument: unknown): CheckedScriptArguments {
  const answers = answersOf(argument);
  const { folder } = answers;
  const onError = textAnswer(answers, 'onError');
  if (onError !== undefined && onError !== 'stop' && onError !== 'continue') {
    throw new UsageError(`"${onError}" is nothing to do on an error. Use stop or continue.`);
  }
  const isPlace = folder instanceof vscode.Uri || (typeof folder === 'string' && folder !== '');
  const common = checkSaveArguments(argument);
  return {
    ...common,
    folder: isPlace ? folder : undefined,
    onError,
    isUnattended: common.format !== undefined && isPlace,
  };
}
