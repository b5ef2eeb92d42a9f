import path from 'node:path';
import type * as vscode from 'vscode';
import type { WindowPart } from '../../core/arrow/spool/spool.ts';
import type { SpoolTable } from '../../core/arrow/spool/spoolTable.ts';
import type { Client } from '../../core/client/surface.ts';
import type { ResultSnapshot } from '../../shared/protocol.ts';
import type { Result, ResultOrigin, WindowQuery } from './result.ts';
import { rowsAreGone, type ResultRows } from './resultRows.ts';

/** A result that was kept from before the window was loaded again. */
export class RestoredResult implements Result {
  readonly options: ResultOrigin;
  readonly isRunning = false;
  readonly done = Promise.resolve();
  readonly stopping = undefined;
  readonly #snapshot: ResultSnapshot;
  #rows: ResultRows | undefined;
  #uri: vscode.Uri;

  constructor(snapshot: ResultSnapshot, options: ResultOrigin, rows: ResultRows | undefined) {
    this.#snapshot = snapshot;
    this.options = options;
    this.#rows = rows;
    this.#uri = options.statement.uri;
  }

  get id(): string {
    return this.#snapshot.id;
  }

  get uri(): vscode.Uri {
    return this.#uri;
  }

  get file(): string | undefined {
    return this.#rows?.file;
  }

  snapshot(): ResultSnapshot {
    return { ...this.#snapshot, source: path.posix.basename(this.#uri.path) };
  }

  moveTo(uri: vscode.Uri): void {
    this.#uri = uri;
  }

  cancel(): void {
    // It has ended.
  }

  async readWindow(window: WindowQuery, signal: AbortSignal): Promise<WindowPart> {
    if (!this.#rows) throw rowsAreGone();
    return this.#rows.readWindow(window, signal);
  }

  async openTable(engine: Client): Promise<SpoolTable> {
    if (!this.#rows) throw rowsAreGone();
    return this.#rows.openTable(engine);
  }

  async dispose(): Promise<void> {
    const rows = this.#rows;
    this.#rows = undefined;
    await rows?.dispose();
  }

  async close(): Promise<void> {
    await this.#rows?.close();
  }
}
