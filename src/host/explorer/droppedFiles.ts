import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { safeFileName } from '../transfer/fileNames.ts';

/** Files and folders of one drop, all as paths on this machine. */
export interface DroppedFiles {
  readonly paths: readonly string[];
  /** Names of what a browser does not let anybody read: mostly folders, which look like files there. */
  readonly unreadable: readonly string[];
  /** Removes the copies that were made. */
  release(): Promise<void>;
}

/** Copies of what has no path here: bytes from a browser, files of another file system. */
class Copies {
  #folders: string[] = [];

  /** A folder for each copy: two dropped files may have one name. */
  async place(name: string): Promise<string> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'rowhouse-drop-'));
    this.#folders.push(folder);
    return path.join(folder, safeFileName(name));
  }

  async release(): Promise<void> {
    const folders = this.#folders;
    this.#folders = [];
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
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
  const copies = new Copies();
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

async function localPath(uri: vscode.Uri, copies: Copies): Promise<string> {
  if (uri.scheme === 'file' || uri.scheme === 'vscode-remote') return uri.fsPath;
  const copy = await copies.place(path.posix.basename(uri.path));
  await vscode.workspace.fs.copy(uri, vscode.Uri.file(copy), { overwrite: true });
  return copy;
}
