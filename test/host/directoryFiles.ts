import { constants, mkdtempSync, rmSync } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

const PIECE_BYTES = 1024 * 1024;

/**
 * A file system of an extension over a real directory, as those for SFTP or a cloud disk are: a file comes as one
 * piece and is written in many, so a failure leaves its beginning.
 */
export class DirectoryFiles implements vscode.FileSystemProvider {
  readonly root = mkdtempSync(path.join(tmpdir(), 'rowhouse-directory-'));
  /** Thrown by writes, when the disk is full or before they begin. */
  problem: Error | undefined;
  /** The disk has room for so many bytes of a file. */
  mostBytes = Infinity;
  /** Files that are there cannot be removed. */
  keepsAll = false;
  /** Called when a file is written. */
  onWrite: (() => void | Promise<void>) | undefined;
  /** Called before a file gets another name. */
  onRename: ((from: vscode.Uri, to: vscode.Uri) => void | Promise<void>) | undefined;
  /** Called when it is asked what is there. */
  onStat: ((uri: vscode.Uri) => void) | undefined;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    this.onStat?.(uri);
    const found = await stat(this.#place(uri)).catch(() => undefined);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    const { ctimeMs: ctime, mtimeMs: mtime, size } = found;
    const type = found.isDirectory() ? vscode.FileType.Directory : vscode.FileType.File;
    return { type, ctime, mtime, size };
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return readFile(this.#place(uri));
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    if (this.problem && this.mostBytes === Infinity) throw this.problem;
    const file = await open(this.#place(uri), 'w');
    try {
      for (let at = 0; at < Math.min(bytes.length, this.mostBytes); at += PIECE_BYTES) {
        await file.write(bytes, at, Math.min(PIECE_BYTES, bytes.length - at, this.mostBytes - at));
      }
    } finally {
      await file.close();
    }
    if (this.problem) throw this.problem;
    await this.onWrite?.();
  }

  async rename(
    from: vscode.Uri,
    to: vscode.Uri,
    { overwrite }: { overwrite: boolean },
  ): Promise<void> {
    await this.onRename?.(from, to);
    const isThere = await access(this.#place(to), constants.F_OK).then(
      () => true,
      () => false,
    );
    if (!overwrite && isThere) throw vscode.FileSystemError.FileExists(to);
    await rename(this.#place(from), this.#place(to));
  }

  async delete(uri: vscode.Uri): Promise<void> {
    if (this.keepsAll) throw vscode.FileSystemError.NoPermissions('nothing is removed here');
    await rm(this.#place(uri));
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const names = await readdir(this.#place(uri));
    return names.map((name) => [name, vscode.FileType.File]);
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await mkdir(this.#place(uri));
  }

  #place(uri: vscode.Uri): string {
    return path.join(this.root, uri.path);
  }
}
