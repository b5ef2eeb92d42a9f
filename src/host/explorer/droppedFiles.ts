import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
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

/** The files of a drop: on desktops and from VS Code's explorer by path, from a browser as bytes. */
export async function droppedFiles(transfer: vscode.DataTransfer): Promise<DroppedFiles> {
  const copies = new FileCopies();
  try {
    const { uris, files } = await collect(transfer);
    const known = new Map(uris.map((uri) => [uri.toString(), uri]));
    const paths: string[] = [];
    const unreadable: string[] = [];
    for (const file of files) {
      if (file.uri) {
        known.set(file.uri.toString(), file.uri);
        continue;
      }
      const bytes = await contents(file);
      if (bytes === undefined) {
        unreadable.push(file.name);
        continue;
      }
      const copy = await copies.place(file.name);
      await writeFile(copy, bytes);
      paths.push(copy);
    }
    for (const uri of known.values()) paths.push(await localPath(uri, copies));
    return { paths, unreadable, release: () => copies.release() };
  } catch (error) {
    await copies.release();
    throw error;
  }
}

/** All bytes at once: VS Code gives a browser's files no other way, nor their size beforehand. */
async function contents(file: vscode.DataTransferFile): Promise<Uint8Array | undefined> {
  try {
    return await file.data();
  } catch {
    return undefined;
  }
}
