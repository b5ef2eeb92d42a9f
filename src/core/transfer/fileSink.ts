import type { FileHandle } from 'node:fs/promises';
import { FilePages, PAGES } from './filePages.ts';

/** Pages that may wait for the disk or the sum before the sender has to pause. */
const MOST_BUSY = PAGES - 3;
/** After so many bytes they are made durable beside the writing, so that little is left to do at the end. */
const SYNC_BYTES = 32 * 1024 * 1024;

export interface SinkEvents {
  /** After `write` returned false: the sender may go on. */
  readonly drain: () => void;
  /** Called once, when a write failed; everything after it is dropped. */
  readonly error: (error: Error) => void;
}

/** Appends bytes to a file and, if wanted, computes its SHA-256. What it needs of memory does not grow with the file. */
export class FileSink {
  /** Bytes taken. */
  bytes = 0;
  readonly #file: FileHandle;
  readonly #pages: FilePages;
  readonly #on: SinkEvents;
  /** Copies of what came although all pages are busy. */
  #overflow: Buffer[] = [];
  #failed: Error | undefined;
  #waiting: Promise<void> | undefined;
  #synced = 0;
  #syncing: Promise<void> | undefined;

  /**
   * @param start bytes that the file has already; they are part of the sum.
   * @param sums false: `end` gives no sum.
   */
  constructor(
    file: FileHandle,
    by: { readonly start: number; readonly sums: boolean },
    on: SinkEvents,
  ) {
    this.#file = file;
    this.#on = on;
    this.#pages = new FilePages(file, by, (error) => {
      this.#fail(error);
    });
  }

  /** Takes a copy of the bytes. False asks the sender to pause until `drain`. */
  write(chunk: Buffer): boolean {
    if (this.#failed !== undefined) return true;
    this.bytes += chunk.length;
    this.#take(chunk);
    if (this.#waiting !== undefined) return false;
    if (this.#overflow.length === 0 && this.#pages.busy < MOST_BUSY) return true;
    this.#waiting = this.#makeRoom();
    return false;
  }

  /** Writes what is left; gives the sum of the whole file, hexadecimal. @throws the error of a failed write. */
  async end(): Promise<string | undefined> {
    await this.#waiting;
    this.#assertWritten();
    await this.#pages.flush();
    this.#assertWritten();
    // Beside the rest of the sum.
    this.#syncSome();
    const sum = await this.#pages.sum();
    await this.#syncing;
    // A disk that could not keep its promise tells so once, and a later sync succeeds.
    this.#assertWritten();
    return sum;
  }

  /** Ends the writing wherever it is; resolves when the file may be closed. */
  async stop(): Promise<void> {
    this.#failed ??= new Error('Writing was stopped.');
    await this.#pages.stop();
    await this.#syncing;
  }

  #assertWritten(): void {
    if (this.#failed !== undefined) throw this.#failed;
  }

  #take(chunk: Buffer): void {
    const taken = this.#overflow.length > 0 ? 0 : this.#pages.take(chunk);
    if (taken < chunk.length) this.#overflow.push(Buffer.from(chunk.subarray(taken)));
    this.#syncSome();
  }

  async #makeRoom(): Promise<void> {
    try {
      while (this.#overflow.length > 0 || this.#pages.busy > MOST_BUSY / 2) {
        await this.#pages.room();
        for (const chunk of this.#overflow.splice(0)) this.#take(chunk);
      }
    } catch {
      // The pages have told their error already.
    }
    this.#waiting = undefined;
    if (this.#failed === undefined) this.#on.drain();
  }

  #syncSome(): void {
    const { writtenBytes } = this.#pages;
    if (writtenBytes - this.#synced < SYNC_BYTES || this.#syncing !== undefined) return;
    this.#synced = writtenBytes;
    this.#syncing = this.#file
      .datasync()
      .catch((error: unknown) => {
        this.#fail(error);
      })
      .finally(() => {
        this.#syncing = undefined;
      });
  }

  #fail(error: unknown): void {
    if (this.#failed !== undefined) return;
    this.#failed = error instanceof Error ? error : new Error(String(error));
    this.#overflow = [];
    this.#on.error(this.#failed);
  }
}
