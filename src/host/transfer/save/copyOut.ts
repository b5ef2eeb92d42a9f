import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, FileError } from '../../../core/client/errors.ts';
import type { SaveReceipt } from '../../../core/client/surface.ts';

/**
 * Between the disks of two machines VS Code copies in chunks; for every other place its file system API
 * holds the whole file in memory, in this process and in the window.
 */
const STREAMED_SCHEMES = ['vscode-local', 'vscode-remote', 'vscode-userdata'];
const LARGEST_UNSTREAMED_BYTES = 64 * 1024 * 1024;

/** @throws FileError when the place takes no file of this size. */
function requireFit(target: vscode.Uri, bytes: number): void {
  const isWeb = vscode.env.uiKind === vscode.UIKind.Web;
  if (!isWeb && STREAMED_SCHEMES.includes(target.scheme)) return;
  if (bytes <= LARGEST_UNSTREAMED_BYTES) return;
  throw new FileError(
    target.toString(true),
    `${target.scheme}: takes files of at most 64 MiB, because VS Code would hold the whole file in memory.`,
    'EFBIG',
    { hint: 'Save it where the extension runs, and download it from there.' },
  );
}

async function copyWhole(local: string, target: vscode.Uri, receipt: SaveReceipt): Promise<void> {
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
    await fs.rename(partial, target, { overwrite: true });
  } catch (error) {
    await Promise.resolve(fs.delete(partial)).catch(() => undefined);
    throw error instanceof FileError
      ? error
      : new FileError(
          target.toString(true),
          `${target.toString(true)} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
          undefined,
          { cause: error },
        );
  }
}

/**
 * Saves to a place that only VS Code's file system API reaches, such as the user's own machine in a remote
 * window: `save` writes a temporary file here, which is copied when it is whole, and renamed there.
 */
export async function saveElsewhere(
  target: vscode.Uri,
  save: (path: string) => Promise<SaveReceipt>,
  { signal, onCopy }: { readonly signal: AbortSignal; readonly onCopy: (bytes: number) => void },
): Promise<SaveReceipt> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rowhouse-elsewhere-'));
  try {
    const local = path.join(folder, 'result');
    const receipt = await save(local);
    requireFit(target, receipt.bytes);
    onCopy(receipt.bytes);
    await copyWhole(local, target, receipt);
    if (signal.aborted) throw notInTime();
    return { ...receipt, path: target.toString(true) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function notInTime(): CancelledError {
  return new CancelledError(
    'Saving was cancelled.',
    Promise.resolve({ outcome: 'notFound', elapsedMs: 0 }),
  );
}
