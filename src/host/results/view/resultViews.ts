import * as vscode from 'vscode';
import type { Client } from '../../../core/client/surface.ts';
import {
  isWhole,
  WHOLE,
  type ViewProblem,
  type ViewSnapshot,
  type ViewSpec,
} from '../../../shared/resultView.ts';
import { LOCAL_CONNECTION } from '../../connections/profile.ts';
import { diskLimit } from '../limits.ts';
import type { Result } from '../result.ts';
import type { Results } from '../results.ts';
import { ownRows, type DerivedRows, type RowsInView } from './rowsInView.ts';

export interface ViewParts {
  readonly results: Results;
  readonly connections: { client(id: string): Promise<Client> };
  readonly folder: { newFile(): Promise<string> };
}

interface Work {
  readonly view: ViewSpec;
  readonly abort: AbortController;
  readonly started: number;
  readRows: number;
  /** Settles when nothing of it runs any more; never rejects. */
  done: Promise<void>;
}

interface Entry {
  derived: DerivedRows | undefined;
  work: Work | undefined;
  problem: ViewProblem | undefined;
}

/** Which rows of each result are shown, and in which order. Owns the files that are made for that. */
export class ResultViews implements vscode.Disposable {
  /** Fires when other rows are shown, and while they are made. */
  readonly onDidChange: vscode.Event<Result>;
  readonly #changed = new vscode.EventEmitter<Result>();
  readonly #parts: ViewParts;
  readonly #entries = new Map<string, Entry>();
  /** By result what is to be shown as soon as it is looked at. */
  readonly #remembered = new Map<string, ViewSpec>();
  readonly #ending = new Set<Promise<void>>();
  readonly #subscription: vscode.Disposable;

  constructor(parts: ViewParts) {
    this.#parts = parts;
    this.onDidChange = this.#changed.event;
    this.#subscription = parts.results.onDidChange((result) => {
      if (parts.results.byId(result.id) !== result) this.#forget(result.id);
    });
  }

  /** The rows that the grid shows. */
  of(result: Result): RowsInView {
    return this.#entries.get(result.id)?.derived ?? ownRows(result);
  }

  /** The rows that a message of the page is about; undefined when others are shown meanwhile. */
  byId(result: Result, id: string | undefined): RowsInView | undefined {
    const rows = this.of(result);
    return id === undefined || id === rows.id ? rows : undefined;
  }

  /** Undefined while nothing but the result itself was ever asked for. */
  snapshotOf(result: Result): ViewSnapshot | undefined {
    const entry = this.#entries.get(result.id);
    if (!entry) return undefined;
    const { derived, work, problem } = entry;
    const rows = this.of(result);
    return {
      id: rows.id,
      view: rows.view,
      rows: rows.rows,
      bytes: derived?.bytes ?? 0,
      ...(work && {
        working: {
          view: work.view,
          readRows: work.readRows,
          elapsedMs: Date.now() - work.started,
        },
      }),
      ...(problem && { problem }),
    };
  }

  /** Bytes on disk beside those of the result. */
  bytesOf(resultId: string): number {
    return this.#entries.get(resultId)?.derived?.bytes ?? 0;
  }

  /**
   * Shows these rows of a result, in this order, as soon as they are there; until then those of before stay. The
   * latest call wins. Resolves when it is decided; never rejects: what went wrong is in the snapshot.
   */
  async show(result: Result, view: ViewSpec): Promise<void> {
    this.#remembered.delete(result.id);
    const entry = this.#entries.get(result.id) ?? {
      derived: undefined,
      work: undefined,
      problem: undefined,
    };
    this.#entries.set(result.id, entry);
    entry.work?.abort.abort();
    entry.work = undefined;
    entry.problem = undefined;
    const shown = entry.derived?.view ?? WHOLE;
    if (isWhole(view)) this.#replace(entry, undefined);
    else if (JSON.stringify(view) !== JSON.stringify(shown)) {
      const abort = new AbortController();
      const work: Work = {
        view,
        abort,
        started: Date.now(),
        readRows: 0,
        done: Promise.resolve(),
      };
      entry.work = work;
      work.done = this.#derive(result, entry, work);
      this.#hold(work.done);
      this.#changed.fire(result);
      await work.done;
      return;
    }
    this.#changed.fire(result);
  }

  /** So a result was shown before the window was loaded again. Nothing is made of it before somebody looks. */
  remember(resultId: string, view: ViewSpec): void {
    this.#remembered.set(resultId, view);
  }

  /** The result is on screen: what is remembered of it is shown. */
  resume(result: Result): void {
    const view = this.#remembered.get(result.id);
    if (!view || !this.#remembered.delete(result.id)) return;
    void this.show(result, view);
  }

  /** The rows that are shown now stay. */
  cancel(result: Result): void {
    const entry = this.#entries.get(result.id);
    if (!entry?.work) return;
    entry.work.abort.abort();
    entry.work = undefined;
    this.#changed.fire(result);
  }

  /** Deletes all files; waits until nothing runs any more. */
  async close(): Promise<void> {
    this.dispose();
    for (const id of [...this.#entries.keys()]) this.#forget(id);
    await Promise.all(this.#ending);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  async #derive(result: Result, entry: Entry, work: Work): Promise<void> {
    const { connections, folder } = this.#parts;
    const { view, abort } = work;
    try {
      const [{ deriveRows }, { rowsStillComing }] = await Promise.all([
        import('./deriveRows.ts'),
        import('../../../core/arrow/spool/spoolTable.ts'),
      ]);
      if (result.isRunning) throw rowsStillComing();
      const engine = await connections.client(LOCAL_CONNECTION);
      const derived = await deriveRows(result, view, {
        engine,
        spoolPath: await folder.newFile(),
        maxBytes: Math.max(0, diskLimit() - result.snapshot().bytes),
        signal: abort.signal,
        onProgress: (readRows) => {
          work.readRows = readRows;
          if (entry.work === work) this.#changed.fire(result);
        },
      });
      if (entry.work === work) this.#replace(entry, derived);
      else await derived.dispose();
    } catch (error) {
      const { viewProblem } = await import('./viewProblem.ts');
      if (entry.work === work) entry.problem = viewProblem(error);
    }
    if (entry.work !== work) return;
    entry.work = undefined;
    this.#changed.fire(result);
  }

  #replace(entry: Entry, derived: DerivedRows | undefined): void {
    const before = entry.derived;
    entry.derived = derived;
    if (before) this.#hold(before.dispose());
  }

  #forget(id: string): void {
    this.#remembered.delete(id);
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    entry.work?.abort.abort();
    entry.work = undefined;
    this.#replace(entry, undefined);
  }

  /** What has to end before the window does. */
  #hold(ending: Promise<void>): void {
    const held = ending
      .catch(() => undefined)
      .then(() => {
        this.#ending.delete(held);
      });
    this.#ending.add(held);
  }
}
