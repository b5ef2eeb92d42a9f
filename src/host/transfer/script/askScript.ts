import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { UsageError } from '../../../core/client/errors.ts';
import { findParameters } from '../../../core/sql/parameters.ts';
import type { ParameterValues } from '../../../core/client/surface.ts';
import type { FailedStep } from '../../../core/transfer/saveScript.ts';
import type { ScriptStep } from '../../../core/transfer/scriptPlan.ts';
import { countOf } from '../../../shared/humanNumbers.ts';
import {
  askParameters,
  parametersOfSession,
  requireNoParameters,
} from '../../editor/parameters.ts';
import { errorText } from '../../errors/errorText.ts';
import { folderFor, thisPlace } from '../save/place.ts';
import { placeText } from '../save/placeText.ts';
import type { CheckedScriptArguments } from './scriptArguments.ts';

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
    openLabel: 'Save here',
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.Uri.file(folderFor(document)),
  });
  return chosen?.[0];
}

const MOST_NAMES = 5;

function someNames(files: readonly string[]): string {
  const names = files.slice(0, MOST_NAMES).map((file) => path.basename(file));
  const more = files.length > MOST_NAMES ? ` and ${files.length - MOST_NAMES} more` : '';
  return `${names.join(', ')}${more}`;
}

/** Asks whether these files, and what earlier saves left of others, may be replaced. */
export async function mayReplace(
  folder: string,
  files: readonly string[],
  partials: readonly string[],
): Promise<boolean> {
  const detail = [
    ...(files.length > 0
      ? [someNames(files), 'Each is replaced only when the new one is whole.']
      : []),
    ...(partials.length > 0
      ? [someNames(partials), 'Left by an earlier save: each goes when its statement begins.']
      : []),
  ].join('\n\n');
  const chosen = await vscode.window.showWarningMessage(
    `${countOf(files.length + partials.length, 'file')} in ${path.basename(folder)} would be replaced.`,
    { modal: true, detail },
    'Replace',
  );
  return chosen === 'Replace';
}

/** The host has other work: no longer than this at a time. */
const LONGEST_TURN_MS = 20;

/**
 * Values for the placeholders of all statements, before the first runs. Undefined: turned away.
 * @throws UsageError for one without a value where nobody can be asked.
 */
export async function askAllParameters(
  steps: readonly ScriptStep[],
  held: readonly string[],
  isUnattended: boolean,
): Promise<ParameterValues | undefined> {
  const values: Record<string, string> = {};
  const known = parametersOfSession(held);
  let started = performance.now();
  for (const { sql } of steps) {
    if (isUnattended) requireNoParameters(sql, known);
    const asked = isUnattended ? {} : await askParameters(sql, known);
    if (!asked) return undefined;
    Object.assign(values, asked);
    for (const name of [...Object.keys(asked), ...parametersOfSession([sql])]) known.add(name);
    if (performance.now() - started < LONGEST_TURN_MS) continue;
    await setImmediate();
    started = performance.now();
  }
  return values;
}

/** Those of the values that a statement has placeholders for. */
export function parametersFor(sql: string, values: ParameterValues): ParameterValues {
  const names = new Set(findParameters(sql).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

/** After a failed statement: go on with those behind it? */
export async function askToContinue({ step, error }: FailedStep, left: number): Promise<boolean> {
  const { short } = errorText(error);
  const chosen = await vscode.window.showWarningMessage(
    `Statement ${step.number} failed.`,
    { modal: true, detail: `${short}\n\n${countOf(left, 'statement')} not run yet.` },
    'Continue',
  );
  return chosen === 'Continue';
}
