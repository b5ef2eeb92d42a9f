import * as vscode from 'vscode';
import { formatBytes } from '../../shared/humanNumbers.ts';
import { hasTab, tabsAreKnown } from '../editor/openTabs.ts';
import type { Connections } from '../connections/connections.ts';
import type { ViewSpec } from '../../shared/resultView.ts';
import { bytesOfRows, bytesOnDisk, staysOnDisk } from './diskRoom.ts';
import type { KeptResult } from './keptResult.ts';
import { diskLimit } from './limits.ts';
import type { Result } from './result.ts';
import type { ResultFolder } from './resultFolder.ts';
import type { Results } from './results.ts';
import type { ResultViews } from './view/resultViews.ts';

/** Results that a window leaves on disk when it ends may have this many bytes, the newest first. */
const KEPT_BYTES = 2_000_000_000;
const TELL_MS = 1_000;

export interface KeeperParts {
  readonly results: Results;
  readonly views: ResultViews;
  readonly folder: ResultFolder;
  readonly connections: Connections;
  readonly log: vscode.LogOutputChannel;
  /** Told the bytes of all results on disk when they changed. */
  readonly onDiskUse: (bytes: number) => void;
}

/** Keeps ended results over a reload of the window, and what all of them have on disk within its limit. */
export class ResultKeeper implements vscode.Disposable {
  readonly #parts: KeeperParts;
  readonly #subscription: vscode.Disposable;
  readonly #writing = new Map<string, Promise<void>>();
  /** By result when it was first written down: the order of the tabs. */
  readonly #endedAt = new Map<string, number>();
  /** By result how its rows are sorted and filtered. */
  readonly #shown = new Map<string, ViewSpec>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    const { results, views } = parts;
    this.#subscription = vscode.Disposable.from(
      results.onDidChange((result) => {
        if (results.byId(result.id) !== result) this.#write(result.id, undefined);
        else if (!result.isRunning) this.#write(result.id, result);
        this.#checkSoon();
      }),
      views.onDidChange((result) => {
        this.#noteView(result);
        this.#checkSoon();
      }),
    );
  }

  /** Shows again what the window kept: pinned results, and those of documents that are open. */
  async restore(): Promise<void> {
    const { folder, results, log } = this.#parts;
    await tabsAreKnown();
    await folder.takeOver(async (kept) => {
      const file = await folder.fileOf(kept);
      const isWanted = kept.pinned || hasTab(vscode.Uri.parse(kept.uri));
      const result = isWanted ? await this.#reopen(kept, file) : undefined;
      if (result) {
        this.#endedAt.set(result.id, kept.endedAt);
        results.add(result, kept.pinned);
      } else await this.#remove(kept, file);
      const why = kept.pinned
        ? 'pinned'
        : isWanted
          ? 'its document is open'
          : 'no tab of its document';
      log.info(`Result of before ${result ? 'shown again' : 'removed'} (${why}): ${kept.uri}`);
    });
    this.#checkSoon();
  }

  /** Ends all results; the newest stay on disk for the next start. */
  async close(): Promise<void> {
    this.#subscription.dispose();
    clearTimeout(this.#timer);
    const { results, folder } = this.#parts;
    let bytes = 0;
    for (const result of results.all.toReversed()) {
      bytes += bytesOfRows(result);
      const isKept = bytes <= KEPT_BYTES || results.isPinned(result.id);
      await (isKept ? result.close() : result.dispose());
      this.#write(result.id, isKept ? result : undefined);
    }
    await Promise.all(this.#writing.values());
    await folder.release();
  }

  dispose(): void {
    this.#subscription.dispose();
    clearTimeout(this.#timer);
  }

  /** What is on its way counts; what could not be made is tried again after the next start. */
  #noteView(result: Result): void {
    const { results, views } = this.#parts;
    const told = views.snapshotOf(result);
    if (!told || told.problem || results.byId(result.id) !== result) return;
    const view = told.working?.view ?? told.view;
    if (JSON.stringify(view) === JSON.stringify(this.#shown.get(result.id))) return;
    this.#shown.set(result.id, view);
    if (!result.isRunning) this.#write(result.id, result);
  }

  #checkSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#parts.onDiskUse(this.#keepWithinLimit());
    }, TELL_MS);
  }

  /** The oldest results go until the rest fits; never one that is pinned, runs or is on screen. */
  #keepWithinLimit(): number {
    const { results, views } = this.#parts;
    const limit = diskLimit();
    let total = results.all.reduce((sum, result) => sum + bytesOnDisk(result, views), 0);
    for (const result of results.all) {
      if (total <= limit) break;
      const { id, title, source } = result.snapshot();
      const bytes = bytesOnDisk(result, views);
      if (bytes === 0 || staysOnDisk(result, results)) continue;
      results.remove(id);
      total -= bytes;
      void vscode.window.showInformationMessage(
        `Results had more than ${formatBytes(limit)} on disk (rowhouse.results.maxDiskBytes), so the oldest was closed: ${title} (${source}).`,
      );
    }
    return total;
  }

  /** Writes of one result come one after the other. `result` undefined: it is gone. */
  #write(id: string, result: Result | undefined): void {
    const { folder, log, results } = this.#parts;
    const endedAt = this.#endedAt.get(id) ?? Date.now();
    if (result) this.#endedAt.set(id, endedAt);
    else {
      this.#endedAt.delete(id);
      this.#shown.delete(id);
    }
    const view = this.#shown.get(id);
    const before = this.#writing.get(id) ?? Promise.resolve();
    const writing = before
      .then(async () => {
        if (!result) return folder.drop(id);
        const { toKept } = await import('./toKept.ts');
        await folder.keep({ ...toKept(result, view), pinned: results.isPinned(id), endedAt });
      })
      .catch((error: unknown) => {
        log.warn(`A result could not be kept for the next start: ${String(error)}`);
      });
    this.#writing.set(id, writing);
    void writing.then(() => {
      if (this.#writing.get(id) === writing) this.#writing.delete(id);
    });
  }

  async #reopen(kept: KeptResult, file: string | undefined): Promise<Result | undefined> {
    const { connections, views, log } = this.#parts;
    try {
      const { reopen } = await import('./reopen.ts');
      const { result, view } = await reopen(kept, file, connections);
      if (view) {
        this.#shown.set(result.id, view);
        views.remember(result.id, view);
      }
      return result;
    } catch (error) {
      log.warn(`A result of before could not be shown again: ${String(error)}`);
      return undefined;
    }
  }

  async #remove(kept: KeptResult, file: string | undefined): Promise<void> {
    await this.#parts.folder.drop(kept.snapshot.id);
    if (file !== undefined) await deleteFile(file);
  }
}

async function deleteFile(file: string): Promise<void> {
  await vscode.workspace.fs.delete(vscode.Uri.file(file)).then(undefined, () => {
    // Gone already: all that was wanted.
  });
}
