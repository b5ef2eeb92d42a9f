import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { FileError, isRowhouseError } from '../../../core/client/errors.ts';
import type { SaveReceipt } from '../../../core/client/surface.ts';
import { cancelledHere } from '../../../core/transfer/cancelled.ts';
import type { SaveTarget } from './saveTarget.ts';

/**
 * Between the disks of two machines VS Code copies in chunks; for every other place its file system API
 * holds the whole file in memory, in this process and in the window.
 */
const STREAMED_SCHEMES = ['vscode-local', 'vscode-remote', 'vscode-userdata'];
const LARGEST_UNSTREAMED_BYTES = 64 * 1024 * 1024;

function fits(target: vscode.Uri, bytes: number): boolean {
  const isWeb = vscode.env.uiKind === vscode.UIKind.Web;
  if (!isWeb && STREAMED_SCHEMES.includes(target.scheme)) return true;
  return bytes <= LARGEST_UNSTREAMED_BYTES;
}

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

async function copyWhole(
  { local, target, overwrite }: Copy,
  receipt: SaveReceipt,
  signal: AbortSignal,
): Promise<void> {
  const { fs } = vscode.workspace;
  const partial = target.with({ path: `${target.path}.partial` });
  try {
    await fs.copy(vscode.Uri.file(local), partial, { overwrite: true });
    const { size } = await fs.stat(partial);
    if (size !== receipt.bytes) {
      throw new FileError(
        target.toString(true),
        `Only ${size} of ${receipt.bytes} bytes arrived at ${target.scheme}:.`,
        'CHANGED',
      );
    }
    // From here on the file is there, whatever is pressed.
    if (signal.aborted) throw cancelledHere('Saving was cancelled.');
    await fs.rename(partial, target, { overwrite });
  } catch (error) {
    const left = (await isLeft(partial))
      ? ` A part of it is left in ${partial.toString(true)}.`
      : '';
    if (isRowhouseError(error) && left === '') throw error;
    const why = error instanceof Error ? error.message : String(error);
    const what = isRowhouseError(error)
      ? why
      : `${target.toString(true)} cannot be written: ${why}`;
    throw new FileError(target.toString(true), `${what}${left}`, undefined, { cause: error });
  }
}

/** Removes what was copied so far. True: it is still there. */
async function isLeft(partial: vscode.Uri): Promise<boolean> {
  const { fs } = vscode.workspace;
  try {
    await fs.delete(partial);
    return false;
  } catch {
    return Promise.resolve(fs.stat(partial)).then(
      () => true,
      () => false,
    );
  }
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
    await copyWhole({ local, target, overwrite }, receipt, signal);
    return { ...receipt, path: target.toString(true) };
  } catch (error) {
    throw limit.signal.aborted ? tooLarge(target) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
