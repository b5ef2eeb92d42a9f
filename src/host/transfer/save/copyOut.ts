import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { FileError, isFileError, isRowhouseError } from '../../../core/client/errors.ts';
import type { SaveReceipt } from '../../../core/client/surface.ts';
import { cancelledHere } from '../../../core/transfer/cancelled.ts';
import { OWN_SCHEME, isLoneFile } from './place.ts';
import type { SaveTarget } from './saveTarget.ts';

/**
 * Between the disks of two machines VS Code copies in chunks; for every other place its file system API
 * takes the whole file as one piece of memory.
 */
const STREAMED_SCHEMES = ['vscode-remote', OWN_SCHEME, 'vscode-userdata'];
const LARGEST_UNSTREAMED_BYTES = 64 * 1024 * 1024;

function isStreamed({ scheme }: vscode.Uri): boolean {
  const isWeb = vscode.env.uiKind === vscode.UIKind.Web;
  // A browser has no disk of its own.
  return isWeb ? scheme === 'vscode-remote' : STREAMED_SCHEMES.includes(scheme);
}

const fits = (target: vscode.Uri, bytes: number): boolean =>
  isStreamed(target) || bytes <= LARGEST_UNSTREAMED_BYTES;

function tooLarge(target: vscode.Uri): FileError {
  return new FileError(
    target.toString(true),
    `${target.scheme}: takes files of at most 64 MiB, because VS Code would hold the whole file in memory.`,
    'EFBIG',
    { hint: 'Save it where the extension runs, and download it from there.' },
  );
}

interface Copy {
  readonly local: string;
  readonly target: vscode.Uri;
  readonly overwrite: boolean;
}

/** In chunks where VS Code can, else as one piece. @throws also where fewer bytes arrive */
async function send(local: string, uri: vscode.Uri, bytes: number): Promise<void> {
  const { fs } = vscode.workspace;
  if (isStreamed(uri)) await fs.copy(vscode.Uri.file(local), uri, { overwrite: true });
  else await fs.writeFile(uri, await readFile(local));
  const { size } = await fs.stat(uri);
  if (size === bytes) return;
  throw new FileError(
    uri.toString(true),
    `Only ${size} of ${bytes} bytes arrived at ${uri.scheme}:.`,
    'CHANGED',
  );
}

function requireWanted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelledHere('Saving was cancelled.');
}

async function copyWhole(
  { local, target, overwrite }: Copy,
  { bytes }: SaveReceipt,
  signal: AbortSignal,
): Promise<void> {
  const partial = target.with({ path: `${target.path}.partial` });
  try {
    await send(local, partial, bytes);
    // From here on the file is there, whatever is pressed.
    requireWanted(signal);
    await putInPlace(partial, target, overwrite);
  } catch (error) {
    if (isNamedNeither(error)) throw error;
    const left = await isLeft(partial);
    throw notWritten(
      target,
      error,
      left ? ` A part of it is left in ${partial.toString(true)}.` : '',
    );
  }
}

/**
 * Gives the whole file its name. VS Code's own way to replace a file deletes the old one first, and when the new one
 * cannot be renamed then, none is left: here the old one is moved aside, and back.
 */
async function putInPlace(
  partial: vscode.Uri,
  target: vscode.Uri,
  overwrite: boolean,
): Promise<void> {
  const { fs } = vscode.workspace;
  const only = { overwrite: false };
  if (!overwrite || !(await isThere(target))) {
    await fs.rename(partial, target, only);
    return;
  }
  const old = target.with({ path: `${target.path}.${randomUUID().slice(0, 8)}.old` });
  await fs.rename(target, old, only);
  try {
    await fs.rename(partial, target, only);
  } catch (error) {
    await Promise.resolve(fs.rename(old, target, only)).catch(() => {
      throw namedNeither(target, { old, partial }, error);
    });
    throw error;
  }
  await Promise.resolve(fs.delete(old)).catch(() => {
    const text = `The file that was replaced could not be removed: ${old.toString(true)}`;
    void vscode.window.showWarningMessage(text);
  });
}

const NEITHER = 'NEITHER';

/** Both files are whole then, and under other names than the chosen one. */
export function isNamedNeither(error: unknown): boolean {
  return isFileError(error) && error.code === NEITHER;
}

function namedNeither(
  target: vscode.Uri,
  { old, partial }: Readonly<Record<'old' | 'partial', vscode.Uri>>,
  error: unknown,
): FileError {
  const [name, oldName, newName] = [target, old, partial].map((uri) =>
    path.posix.basename(uri.path),
  );
  const why = error instanceof Error ? error.message : String(error);
  return new FileError(
    target.toString(true),
    `The old file is in ${oldName}, the new one, which is whole, in ${newName}: neither could be renamed to ${name}. ${why}`,
    NEITHER,
    { cause: error, hint: `Rename the one that you want to ${name}.` },
  );
}

/** A browser has a file of its own beside it, which takes the place of the other when it is whole. */
async function copyToLoneFile(
  { local, target }: Copy,
  { bytes }: SaveReceipt,
  signal: AbortSignal,
): Promise<void> {
  requireWanted(signal);
  try {
    await send(local, target, bytes);
  } catch (error) {
    throw notWritten(target, error, '');
  }
}

function notWritten(target: vscode.Uri, error: unknown, left: string): Error {
  if (isRowhouseError(error) && left === '') return error;
  const why = error instanceof Error ? error.message : String(error);
  const what = isRowhouseError(error) ? why : `${target.toString(true)} cannot be written: ${why}`;
  return new FileError(target.toString(true), `${what}${left}`, undefined, { cause: error });
}

/** Removes what was copied so far. True: it is still there. */
async function isLeft(partial: vscode.Uri): Promise<boolean> {
  const { fs } = vscode.workspace;
  try {
    await fs.delete(partial);
    return false;
  } catch {
    return isThere(partial);
  }
}

function isThere(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}

export interface ElsewhereSteps {
  /** Writes the whole file to a path of this machine, telling how many bytes it has so far. */
  readonly save: (
    path: string,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
  ) => Promise<SaveReceipt>;
  /** The file is whole here; so many bytes go to their place now. */
  readonly onCopy: (bytes: number) => void;
}

/**
 * Saves to a place that only VS Code's file system API reaches, such as the user's own machine in a remote
 * window: `save` writes a temporary file here, which is copied when it is whole, and renamed there.
 */
export async function saveElsewhere(
  { uri: target, overwrite }: Pick<SaveTarget, 'uri' | 'overwrite'>,
  { save, onCopy }: ElsewhereSteps,
  signal: AbortSignal,
): Promise<SaveReceipt> {
  const limit = new AbortController();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rowhouse-elsewhere-'));
  try {
    const local = path.join(folder, 'result');
    const receipt = await save(local, AbortSignal.any([signal, limit.signal]), (bytes) => {
      // Stopping now spares the server and this disk the rest.
      if (!fits(target, bytes)) limit.abort();
    });
    if (!fits(target, receipt.bytes)) throw tooLarge(target);
    onCopy(receipt.bytes);
    const copy = isLoneFile(target) ? copyToLoneFile : copyWhole;
    await copy({ local, target, overwrite }, receipt, signal);
    return { ...receipt, path: target.toString(true) };
  } catch (error) {
    throw limit.signal.aborted ? tooLarge(target) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
