import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { onAbort } from '../../core/client/abort.ts';
import { UsageError } from '../../core/client/errors.ts';
import { formatBytes } from '../../shared/humanNumbers.ts';
import { withProgress } from '../progress.ts';
import { FileCopies, localPath } from '../transfer/drop/fileCopies.ts';

/** Files and folders of one drop, all as paths on this machine. */
export interface DroppedFiles {
  readonly paths: readonly string[];
  /** Names of what a browser does not let anybody read: mostly folders, which look like files there. */
  readonly unreadable: readonly string[];
  /** Removes the copies that were made. */
  release(): Promise<void>;
}

/**
 * What a drag carries has to be collected before the drop handler's first wait: VS Code may empty the
 * transfer afterwards. The MIME key of a file is the browser's guess (empty for .parquet), and files may
 * share one, so all entries are looked at.
 */
async function collect(
  transfer: vscode.DataTransfer,
): Promise<{ uris: vscode.Uri[]; files: vscode.DataTransferFile[] }> {
  const files: vscode.DataTransferFile[] = [];
  const lists: Promise<string>[] = [];
  for (const [mime, item] of transfer) {
    const file = item.asFile();
    if (file) files.push(file);
    else if (mime === 'text/uri-list') lists.push(Promise.resolve(item.asString()));
  }
  const lines = (await Promise.all(lists)).flatMap((list) => list.split(/\r?\n/));
  const uris = lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => vscode.Uri.parse(line));
  return { uris, files };
}

/**
 * The files of a drop: on desktops and from VS Code's explorer by path, from a browser as bytes, which are copied.
 * Undefined: cancelled.
 * @throws UsageError for more than a browser can give at once; the system's errors
 */
export async function droppedFiles(
  transfer: vscode.DataTransfer,
): Promise<DroppedFiles | undefined> {
  const copies = new FileCopies();
  try {
    const { uris, files } = await collect(transfer);
    const known = new Map(uris.map((uri) => [uri.toString(), uri]));
    for (const { uri } of files) if (uri) known.set(uri.toString(), uri);
    const copied = await copyAll(
      files.filter(({ uri }) => !uri),
      copies,
    );
    if (!copied) {
      await copies.release();
      return undefined;
    }
    const { paths, unreadable } = copied;
    for (const uri of known.values()) paths.push(await localPath(uri, copies));
    return { paths, unreadable, release: () => copies.release() };
  } catch (error) {
    await copies.release();
    throw error;
  }
}

/** VS Code keeps all of a drop in memory until it is over; a browser's page does not survive much more. */
const MOST_BYTES = 256 * 1024 * 1024;

async function copyAll(
  files: readonly vscode.DataTransferFile[],
  copies: FileCopies,
): Promise<{ paths: string[]; unreadable: string[] } | undefined> {
  const paths: string[] = [];
  const unreadable: string[] = [];
  if (files.length === 0) return { paths, unreadable };
  return withProgress('Taking over the dropped files', async (signal, update) => {
    let held = 0;
    for (const file of files) {
      if (held > MOST_BYTES) throw tooLarge(held);
      update({ message: `${file.name} (large files: drop them on the results)` });
      const bytes = await Promise.race([contents(file), aborted(signal)]);
      if (signal.aborted) return undefined;
      held += bytes?.byteLength ?? 0;
      if (bytes === undefined) {
        unreadable.push(file.name);
      } else if (held <= MOST_BYTES || file === files.at(-1)) {
        const copy = await copies.place(file.name);
        await writeFile(copy, bytes);
        paths.push(copy);
      }
    }
    return { paths, unreadable };
  });
}

function tooLarge(bytes: number): UsageError {
  return new UsageError(
    `The dropped files are more than a browser should give at once: ${formatBytes(bytes)} so far.`,
    {
      hint: "Drop them on the results, which take files of any size piece by piece, or drop fewer at once. Files in VS Code's explorer have no limit.",
    },
  );
}

/** All bytes at once: VS Code gives a browser's files no other way, nor their size beforehand. */
async function contents(file: vscode.DataTransferFile): Promise<Uint8Array | undefined> {
  try {
    return await file.data();
  } catch {
    return undefined;
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    onAbort(signal, () => {
      resolve(undefined);
    });
  });
}
