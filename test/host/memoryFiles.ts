import * as vscode from 'vscode';

/** A file system of an extension, as that of a virtual workspace: VS Code reaches it, Node does not. */
export class MemoryFiles implements vscode.FileSystemProvider {
  readonly files = new Map<string, Uint8Array>();
  /** Thrown by the next write. */
  problem: Error | undefined;
  /** Of each write only so many bytes are kept. */
  mostBytes = Infinity;
  /** Files that are there cannot be removed. */
  keepsAll = false;
  /** Called when a file is written. */
  onWrite: (() => void | Promise<void>) | undefined;
  /** Called before a file gets another name. */
  onRename: (() => void | Promise<void>) | undefined;
  /** Thrown by questions about what is there. */
  blind: Error | undefined;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    if (this.blind) throw this.blind;
    const bytes = this.files.get(uri.path);
    if (uri.path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    if (!bytes) throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const bytes = this.files.get(uri.path);
    if (!bytes) throw vscode.FileSystemError.FileNotFound(uri);
    return bytes;
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    const isCut = bytes.length > this.mostBytes;
    if (!this.problem || isCut) this.files.set(uri.path, bytes.subarray(0, this.mostBytes));
    if (this.problem) throw this.problem;
    await this.onWrite?.();
  }

  async rename(
    from: vscode.Uri,
    to: vscode.Uri,
    { overwrite }: { overwrite: boolean },
  ): Promise<void> {
    await this.onRename?.();
    if (!overwrite && this.files.has(to.path)) throw vscode.FileSystemError.FileExists(to);
    this.files.set(to.path, this.readFile(from));
    this.files.delete(from.path);
  }

  delete(uri: vscode.Uri): void {
    if (this.keepsAll) throw vscode.FileSystemError.NoPermissions('nothing is removed here');
    this.files.delete(uri.path);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [...this.files.keys()].map((path) => [path.slice(1), vscode.FileType.File]);
  }

  createDirectory(): void {
    // There is only the root.
  }
}
