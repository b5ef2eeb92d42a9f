import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { UsageError } from '../../../core/client/errors.ts';
import type { PartialSave } from '../../../core/client/surface.ts';
import { isAsLeft } from '../../../core/transfer/partialFile.ts';

/** One save from its start to its end. */
export interface RunningSave {
  /** Aborted by Cancel in the Results view, and when the window closes. */
  readonly signal: AbortSignal;
  /** How it goes, in one line. */
  show(text: string): void;
  /** The file that it writes: it goes with the window. */
  writes(partialPath: string): void;
  /** Must be called once, however it ended. */
  end(): void;
}

interface Entry {
  readonly resultId: string | undefined;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  text: string;
  partialPath?: string;
}

/**
 * All saves of the window: no two write the same file, the Results view shows those of its result, and none
 * outlives the window. Also owns the partial files about which nobody has decided yet.
 */
export class RunningSaves implements vscode.Disposable {
  /** Fires with the result whose saves changed. */
  readonly onDidChange: vscode.Event<string>;
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #saves = new Map<string, Entry>();
  /** By their paths. */
  readonly #undecided = new Map<string, PartialSave>();
  #closed = false;

  constructor() {
    this.onDidChange = this.#changed.event;
  }

  isSaving(place: vscode.Uri): boolean {
    return this.#saves.has(place.toString());
  }

  /** @throws UsageError when this place is being written already. */
  start(place: vscode.Uri, resultId: string | undefined): RunningSave {
    const key = place.toString();
    if (this.#closed) throw new UsageError('The window is closing.');
    if (this.#saves.has(key)) {
      throw new UsageError(`${place.fsPath} is being saved already.`, {
        hint: 'Wait for that save, or choose another name.',
      });
    }
    let resolve = (): void => undefined;
    const ended = new Promise<void>((done) => {
      resolve = done;
    });
    const entry: Entry = { resultId, abort: new AbortController(), ended, text: '' };
    this.#saves.set(key, entry);
    const tell = (): void => {
      if (resultId !== undefined) this.#changed.fire(resultId);
    };
    return {
      signal: entry.abort.signal,
      show: (text) => {
        if (entry.text === text) return;
        entry.text = text;
        tell();
      },
      writes: (partialPath) => {
        entry.partialPath = partialPath;
        // It is this save's now: a late answer about the old one must not touch it.
        this.#undecided.delete(partialPath);
      },
      end: () => {
        this.#saves.delete(key);
        resolve();
        tell();
      },
    };
  }

  /** How the saves of a result go, in one line; undefined when none runs. */
  textOf(resultId: string): string | undefined {
    const texts = this.#of(resultId).map(({ text }) => text);
    if (texts.length < 2) return texts[0];
    return `${texts.length} files are being saved`;
  }

  /** Cancels the saves of a result. */
  cancel(resultId: string): void {
    for (const { abort } of this.#of(resultId)) abort.abort();
  }

  /** A partial file that goes with the window unless somebody decides. */
  undecided(partial: PartialSave): void {
    this.#undecided.set(partial.path, partial);
  }

  isUndecided(partialPath: string): boolean {
    return this.#undecided.has(partialPath);
  }

  /** False when it is too late: the file went with the window, or a later one has its name. */
  async decide(partial: PartialSave): Promise<boolean> {
    if (this.#undecided.get(partial.path) !== partial) return false;
    this.#undecided.delete(partial.path);
    return isAsLeft(partial);
  }

  /** Cancels all saves, waits for their ends and removes what nobody asked to keep. */
  async close(): Promise<void> {
    this.#closed = true;
    const saves = [...this.#saves.values()];
    for (const { abort } of saves) abort.abort();
    // First: a slow disk may need longer for what was written than a window has to close.
    await Promise.all(saves.map(({ partialPath }) => removed(partialPath)));
    await Promise.all(saves.map(({ ended }) => ended));
    const partials = [...this.#undecided.values()];
    await Promise.all(
      partials.map(async (partial) => (await this.decide(partial)) && removed(partial.path)),
    );
  }

  dispose(): void {
    void this.close();
    this.#changed.dispose();
  }

  #of(resultId: string): Entry[] {
    return [...this.#saves.values()].filter((entry) => entry.resultId === resultId);
  }
}

/** Where a file that is open cannot be removed, the end of its save does it. */
async function removed(file: string | undefined): Promise<void> {
  if (file !== undefined) await rm(file, { force: true }).catch(() => undefined);
}
