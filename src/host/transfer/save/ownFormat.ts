import * as vscode from 'vscode';
import { FileError, UsageError } from '../../../core/client/errors.ts';
import { findFormat, isSameFormat } from '../../../core/transfer/formats.ts';
import { formatLabel } from '../formatChoices.ts';

/** @throws UsageError when the server has no such output format; nothing has run then. */
export function requireOutputFormat(format: string, known: readonly string[] | undefined): void {
  if (!known || known.some((name) => isSameFormat(name, format))) return;
  const isInputOnly = findFormat(format)?.output === false;
  throw new UsageError(
    isInputOnly
      ? `${format} can be read, but not written.`
      : `This server has no format "${format}" for results.`,
    { hint: 'SELECT name FROM system.formats WHERE is_output lists those it has.' },
  );
}

/** @throws FileError where nobody can be asked about a FORMAT clause that asks for something else. */
export function requireOwnFormat(own: string, wanted: string): void {
  if (isSameFormat(own, wanted)) return;
  throw new FileError(
    '',
    `The statement itself asks for the format ${own}, not ${wanted}. It was not run.`,
    'FORMAT',
    { hint: `Remove FORMAT ${own} from the statement, or save as ${own}.` },
  );
}

/** Asks whether the file may have the statement's own format. */
export async function askOwnFormat(own: string, wanted: string): Promise<boolean> {
  const accept = `Save as ${own}`;
  const label = formatLabel(wanted);
  const chosen = await vscode.window.showWarningMessage(
    `The statement itself says FORMAT ${own}.`,
    {
      modal: true,
      detail: `Its result comes as ${own} and not as ${label}. To get ${label}, remove the clause from the statement.`,
    },
    accept,
  );
  return chosen === accept;
}
