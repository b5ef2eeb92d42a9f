import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { FileError, UsageError } from '../../../core/client/errors.ts';
import { findParameters } from '../../../core/sql/parameters.ts';
import type { ParameterValues } from '../../../core/client/surface.ts';
import { countOf } from '../../../shared/humanNumbers.ts';
import { askParameters, parametersOfSession } from '../../editor/parameters.ts';
import { errorText } from '../../errors/errorText.ts';
import { folderFor, thisPlace } from '../save/place.ts';
import { placeText } from '../save/placeText.ts';
import type { CheckedScriptArguments } from './scriptArguments.ts';
import type { ScriptStep } from './scriptPlan.ts';

/** The folder, given or asked for. Undefined: the user turned away. */
export async function chooseFolder(
  { folder }: CheckedScriptArguments,
  document: vscode.Uri,
): Promise<string | undefined> {
  if (typeof folder === 'string') return path.resolve(folderFor(document), folder);
  const uri = folder ?? (await askFolder(document));
  if (!uri || uri.scheme === 'file') return uri?.fsPath;
  throw new UsageError(`Files cannot be streamed into folders of ${uri.scheme}:.`, {
    hint: 'Choose a folder of the machine that the extension runs on.',
  });
}

async function askFolder(document: vscode.Uri): Promise<vscode.Uri | undefined> {
  const place = placeText(thisPlace());
  const title = 'Save Results of All Statements to Folder';
  const chosen = await vscode.window.showOpenDialog({
    title: place === undefined ? title : `${title} (${place})`,
    openLabel: 'Save Here',
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.Uri.file(folderFor(document)),
  });
  return chosen?.[0];
}

const MOST_NAMES = 5;

/**
 * The names of files that are there already and may be replaced. Undefined: the user turned away.
 * @throws FileError where nobody can be asked.
 */
export async function replaceableFiles(
  folder: string,
  steps: readonly ScriptStep[],
  { overwrite, isUnattended }: CheckedScriptArguments,
): Promise<ReadonlySet<string> | undefined> {
  const there = steps.flatMap(({ file }) =>
    file !== undefined && existsSync(path.join(folder, file)) ? [file] : [],
  );
  const [first] = there;
  if (first === undefined || overwrite) return new Set(there);
  if (isUnattended) {
    const place = path.join(folder, first);
    throw new FileError(place, `${place} exists already. Nothing was run.`, 'EXISTS', {
      hint: 'Choose another folder, or allow overwriting.',
    });
  }
  const more = there.length > MOST_NAMES ? ` and ${there.length - MOST_NAMES} more` : '';
  const chosen = await vscode.window.showWarningMessage(
    `${countOf(there.length, 'file')} in ${path.basename(folder)} would be replaced.`,
    {
      modal: true,
      detail: `${there.slice(0, MOST_NAMES).join(', ')}${more}\n\nEach is replaced only when the new one is whole.`,
    },
    'Replace',
  );
  return chosen === 'Replace' ? new Set(there) : undefined;
}

/** Values for the placeholders of all statements, before the first runs. Undefined: turned away. */
export async function askAllParameters(
  steps: readonly ScriptStep[],
  held: readonly string[],
): Promise<ParameterValues | undefined> {
  let values: Record<string, string> = {};
  const before = [...held];
  for (const { sql } of steps) {
    const known = new Set([...parametersOfSession(before), ...Object.keys(values)]);
    const asked = await askParameters(sql, known);
    if (!asked) return undefined;
    values = { ...values, ...asked };
    before.push(sql);
  }
  return values;
}

/** Those of the values that a statement has placeholders for. */
export function parametersFor(sql: string, values: ParameterValues): ParameterValues {
  const names = new Set(findParameters(sql).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

/** After a failed statement: go on with those behind it? */
export async function askToContinue(
  step: ScriptStep,
  error: unknown,
  left: number,
): Promise<boolean> {
  const { short } = errorText(error);
  const chosen = await vscode.window.showWarningMessage(
    `Statement ${step.number} failed.`,
    { modal: true, detail: `${short}\n\n${countOf(left, 'statement')} not run yet.` },
    'Continue',
  );
  return chosen === 'Continue';
}
