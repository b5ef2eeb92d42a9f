import path from 'node:path';
import * as vscode from 'vscode';
import { FileError, UsageError } from '../../../core/client/errors.ts';
import { codingOfName, requireSavedCoding } from '../../../core/transfer/codings.ts';
import { resultFileName } from '../fileNames.ts';
import { formatLabel } from '../formatChoices.ts';
import { illegalName, otherFormatOfName, renamedTo, suffixOf } from './fileNameProblems.ts';
import { kindOf } from './kindOf.ts';
import type { LastChoices } from './lastChoices.ts';
import {
  ON_OWN_MACHINE,
  OWN_SCHEME,
  folderFor,
  isLoneFile,
  isToOwnMachine,
  thisPlace,
} from './place.ts';
import { placeText } from './placeText.ts';
import type { RunningSaves } from './runningSaves.ts';
import type { CheckedArguments, SaveCompression } from './saveArguments.ts';
import { type Wanted, nameOf, question, settleName } from './settleName.ts';

export interface SaveTarget {
  /** A file of the machine that the extension runs on, or a place that only VS Code can reach. */
  readonly uri: vscode.Uri;
  /** True when the user or the caller agreed to replace what is there. */
  readonly overwrite: boolean;
  /** True when a partial file of an earlier save may go, too. */
  readonly dropsPartial: boolean;
  readonly format: string;
  readonly compression: SaveCompression;
}

/** @throws FileError for a name that no file can have, before anything has run. */
function requireLegal(uri: vscode.Uri): void {
  const problem = illegalName(nameOf(uri), process.platform);
  if (problem === undefined) return;
  throw new FileError(uri.fsPath, problem, 'NAME', { hint: 'Choose another name.' });
}

function folderError(uri: vscode.Uri): FileError {
  return new FileError(uri.fsPath, `${uri.fsPath} is a folder.`, 'EISDIR', {
    hint: 'Give the name of a file.',
  });
}

/** The place that a caller gave: a Uri or a path, relative to the document's folder. */
export function givenUri(
  target: vscode.Uri | string,
  document: vscode.Uri | undefined,
): vscode.Uri {
  if (target instanceof vscode.Uri) return target;
  if (/[\\/]$/.test(target))
    throw new UsageError(`${target} is a folder. Give the name of a file.`);
  return vscode.Uri.file(path.resolve(folderFor(document), target));
}

/** Checks a place given in advance. @throws FileError for a folder, and for a file that may not be replaced. */
export async function requireFree(uri: vscode.Uri, overwrite: boolean): Promise<void> {
  requireLegal(uri);
  const kind = await kindOf(uri);
  if (kind === 'folder') throw folderError(uri);
  if (kind === 'file' && !overwrite) {
    throw new FileError(uri.fsPath, `${uri.fsPath} exists already.`, 'EXISTS', {
      hint: 'Choose another name, or allow overwriting.',
    });
  }
}

/**
 * Checks a target given in advance, where nobody can be asked.
 * @throws FileError or UsageError for what a person would be asked about; nothing has run then.
 */
export async function checkedTarget(
  uri: vscode.Uri,
  { format, compression }: Wanted,
  { overwrite, replacePartial }: Pick<CheckedArguments, 'overwrite' | 'replacePartial'>,
): Promise<SaveTarget> {
  requireLegal(uri);
  const name = nameOf(uri);
  const other = otherFormatOfName(name, format);
  if (other) {
    throw new UsageError(`${name} is a name for ${other.name}, but the format is ${format}.`, {
      hint: `Name it ${renamedTo(name, format)}, or save as ${other.name}.`,
    });
  }
  const named = codingOfName(name);
  if (named !== undefined && compression !== undefined && named !== compression) {
    throw new UsageError(`${name} is a name for ${named}, but the compression is ${compression}.`);
  }
  const coding = compression ?? named ?? 'none';
  requireSavedCoding(coding);
  await requireFree(uri, overwrite);
  return { uri, overwrite, dropsPartial: replacePartial, format, compression: coding };
}

/** The partial file of an earlier save to this place; undefined where there is none. */
async function partialLeft(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  if (isLoneFile(uri)) return undefined;
  const partial = uri.with({ path: `${uri.path}.partial` });
  return (await kindOf(partial)) === 'file' ? partial : undefined;
}

/** What an earlier save left, by its user's choice or in a crash, is not lost unasked. */
async function mayDropPartial(uri: vscode.Uri): Promise<boolean> {
  const partial = await partialLeft(uri);
  if (partial === undefined) return true;
  const chosen = await question(
    `${nameOf(partial)} of an earlier save is still there.`,
    'This save writes its own file of that name.',
    'Replace',
  );
  return chosen === 'Replace';
}

/** One about which its user is still asked is removed by default, so it may be replaced, too. */
export async function keptPartial(
  uri: vscode.Uri,
  running: RunningSaves,
): Promise<vscode.Uri | undefined> {
  const partial = await partialLeft(uri);
  return partial && running.isUndecided(partial.fsPath) ? undefined : partial;
}

/** Leave to overwrite the file says nothing of what an earlier save left. @throws FileError that names it. */
export async function requireNoPartial(uri: vscode.Uri, running: RunningSaves): Promise<void> {
  const partial = await keptPartial(uri, running);
  if (partial === undefined) return;
  throw new FileError(
    partial.fsPath,
    `${partial.fsPath} of an earlier save is still there. Nothing was run.`,
    'PARTIAL',
    {
      hint: 'Rename or remove that file, or choose another name; callers may allow to replace it with replacePartial: true.',
    },
  );
}

async function mayReplace(uri: vscode.Uri): Promise<boolean> {
  const chosen = await question(
    `${nameOf(uri)} exists already.`,
    'It is replaced only when the new file is whole.',
    'Replace',
  );
  return chosen === 'Replace';
}

/** Settles what is unclear about a place the dialog returned. Undefined: the user turned away. */
async function settle(uri: vscode.Uri, wanted: Wanted): Promise<SaveTarget | undefined> {
  requireLegal(uri);
  const settled = await settleName({ ...wanted, uri });
  if (!settled) return undefined;
  const coding = codingOfName(nameOf(settled.uri)) ?? 'none';
  requireSavedCoding(coding);
  const kind = await kindOf(settled.uri);
  if (kind === 'folder') throw folderError(settled.uri);
  // The dialog asked about the name that it returned, and about no other.
  const isAsked = settled.uri.toString() === uri.toString();
  if (kind === 'file' && !isAsked && !(await mayReplace(settled.uri))) return undefined;
  if (!(await mayDropPartial(settled.uri))) return undefined;
  return {
    uri: settled.uri,
    overwrite: kind === 'file',
    dropsPartial: true,
    format: settled.format,
    compression: coding,
  };
}

/** Asks for the place, and about everything that is unclear in it. Undefined: the user turned away. */
export async function askTarget(
  wanted: Wanted,
  document: vscode.Uri | undefined,
  choices: LastChoices,
): Promise<SaveTarget | undefined> {
  const { format, compression = 'none' } = wanted;
  const name = resultFileName(document?.path, suffixOf(format, compression));
  const isOwn = isToOwnMachine(choices);
  const place = isOwn ? ON_OWN_MACHINE : placeText(thisPlace());
  const title = `Save Results As ${formatLabel(format)}`;
  const uri = await vscode.window.showSaveDialog({
    title: place === undefined ? title : `${title} (${place})`,
    saveLabel: 'Save',
    defaultUri: isOwn
      ? vscode.Uri.from({ scheme: OWN_SCHEME, path: path.posix.join(choices.ownFolder, name) })
      : vscode.Uri.file(path.join(await firstFolder(document, choices), name)),
  });
  if (!uri) return undefined;
  const target = await settle(uri, wanted);
  if (target) await rememberFolder(target.uri, document, choices);
  return target;
}

/** Where the dialog begins. */
async function firstFolder(
  document: vscode.Uri | undefined,
  choices: LastChoices,
): Promise<string> {
  const beside = folderFor(document);
  const last = choices.folderBeside(beside);
  const kind = await kindOf(vscode.Uri.file(last)).catch(() => undefined);
  return kind === 'folder' ? last : beside;
}

async function rememberFolder(
  { scheme, path: place, fsPath }: vscode.Uri,
  document: vscode.Uri | undefined,
  choices: LastChoices,
): Promise<void> {
  if (scheme === OWN_SCHEME) await choices.rememberOwnFolder(path.posix.dirname(place));
  if (scheme !== 'file') return;
  await choices.rememberFolder({ folder: path.dirname(fsPath), beside: folderFor(document) });
}
