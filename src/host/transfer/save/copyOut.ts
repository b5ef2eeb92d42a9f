import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { FileError } from '../../../core/client/errors.ts';
import type { SaveReceipt } from '../../../core/client/surface.ts';
import { cancelledHere } from '../../../core/transfer/cancelled.ts';
import { OWN_SCHEME, isLoneFile } from './place.ts';
import { fillWhole, notWritten, putElsewhere } from './putElsewhere.ts';
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

const ASK_EVERY_MS = 500;

/** VS Code tells nothing while it copies in chunks: how much has arrived is seen on the file. */
function watchArrival(uri: vscode.Uri, onArrived: (bytes: number) => void): vscode.Disposable {
  let isAsking = false;
  const ask = async (): Promise<void> => {
    isAsking = true;
    try {
      onArrived((await vscode.workspace.fs.stat(uri)).size);
    } catch {
      // The first bytes are still on their way.
    }
    isAsking = false;
  };
  const timer = setInterval(() => {
    if (!isAsking) void ask();
  }, ASK_EVERY_MS);
  return new vscode.Disposable(() => {
    clearInterval(timer);
  });
}

/** In chunks where VS Code can, else as one piece. */
async function send(
  local: string,
  uri: vscode.Uri,
  onArrived: (bytes: number) => void,
): Promise<void> {
  const { fs } = vscode.workspace;
  if (!isStreamed(uri)) {
    await fs.writeFile(uri, await readFile(local));
    return;
  }
  const watch = watchArrival(uri, onArrived);
  try {
    await fs.copy(vscode.Uri.file(local), uri, { overwrite: true });
  } finally {
    watch.dispose();
  }
}

export interface ElsewhereSteps {
  /** Writes the whole file to a path of this machine, telling how many bytes it has so far. */
  readonly save: (
    path: string,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
  ) => Promise<SaveReceipt>;
  /** The file is whole here, and goes to its place now, where so many of its bytes are. */
  readonly onCopy: (arrived: number, bytes: number) => void;
}

/** A browser has a file of its own beside it, which takes the place of the other when it is whole. */
async function fillLoneFile(
  target: vscode.Uri,
  content: Parameters<typeof fillWhole>[0],
): Promise<void> {
  try {
    await fillWhole(content, target);
  } catch (error) {
    throw notWritten(target, error, '');
  }
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
    const { bytes } = receipt;
    const onArrived = (arrived: number): void => {
      onCopy(Math.min(arrived, bytes), bytes);
    };
    const requireWanted = (): void => {
      if (signal.aborted) throw cancelledHere('Saving was cancelled.');
    };
    const fill = (uri: vscode.Uri): Promise<void> => send(local, uri, onArrived);
    onArrived(0);
    if (isLoneFile(target)) {
      requireWanted();
      await fillLoneFile(target, { fill, bytes });
    } else {
      // Once it has its name the file is there, whatever is pressed.
      await putElsewhere({ target, overwrite, bytes, fill, onFilled: requireWanted });
    }
    return { ...receipt, path: target.toString(true) };
  } catch (error) {
    throw limit.signal.aborted ? tooLarge(target) : error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
