import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { safeFileName } from '../fileNames.ts';

/** Copies of what has no path here: bytes from a browser, files of another file system. */
export class FileCopies {
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

/** Where a file of the window is on this machine; one of another file system is copied. */
export async function localPath(uri: vscode.Uri, copies: FileCopies): Promise<string> {
  if (uri.scheme === 'file' || uri.scheme === 'vscode-remote') return uri.fsPath;
  const copy = await copies.place(path.posix.basename(uri.path));
  await vscode.workspace.fs.copy(uri, vscode.Uri.file(copy), { overwrite: true });
  return copy;
}
