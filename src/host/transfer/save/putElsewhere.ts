import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { FileError, isFileError, isRowhouseError } from '../../../core/client/errors.ts';

/** A file for a place that only VS Code's file system API reaches. */
export interface FileElsewhere {
  readonly target: vscode.Uri;
  readonly overwrite: boolean;
  readonly bytes: number;
  /** Writes all of it to the file given. */
  readonly fill: (uri: vscode.Uri) => Thenable<void>;
  /** Called when all of it is there, but not under its name yet; what it throws takes that away again. */
  readonly onFilled?: () => void;
}

/** Puts a file there, whole or not at all. @throws FileError */
export async function putElsewhere(file: FileElsewhere): Promise<void> {
  const { target, overwrite, onFilled } = file;
  const partial = target.with({ path: `${target.path}.partial` });
  try {
    await fillWhole(file, partial);
    onFilled?.();
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

/** @throws also where fewer bytes arrive */
export async function fillWhole(
  { fill, bytes }: Pick<FileElsewhere, 'fill' | 'bytes'>,
  uri: vscode.Uri,
): Promise<void> {
  await fill(uri);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size === bytes) return;
  throw new FileError(
    uri.toString(true),
    `Only ${size} of ${bytes} bytes arrived at ${uri.scheme}:.`,
    'CHANGED',
  );
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

export function notWritten(target: vscode.Uri, error: unknown, left: string): Error {
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
