import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type PageMemory, SumThread } from './sumThread.ts';

const PAGE_BYTES = 1024 * 1024;
/** Memory is touched only where the disk or the sum falls behind. */
export const PAGES = 24;

/** A page that was handed over. */
interface Entry {
  readonly page: number;
  readonly length: number;
}

/**
 * Pages of memory on their way to a file. Each is written, and at the same time, if wanted, becomes part of the file's
 * SHA-256. The page that got free last is filled next, so that a fast disk needs few of them, which stay in the
 * processor's cache; and a disk that waits gets a page that is not full.
 */
export class FilePages {
  /** Bytes that were taken and are in the file. */
  writtenBytes = 0;
  readonly #file: FileHandle;
  readonly #start: number;
  readonly #sums: boolean;
  readonly #onError: (error: Error) => void;
  readonly #pages: PageMemory;
  readonly #free = Array.from({ length: PAGES }, (_, index) => index);
  /** The last of the free ones, while it is filled. */
  #page: Buffer | undefined;
  #used = 0;
  #filledBytes = 0;
  #filled = 0;
  #written = 0;
  #freed = 0;
  #thread: SumThread | undefined;
  #writing: Promise<void> | undefined;
  #onWritten: () => void = () => undefined;
  #stopped = false;

  /**
   * @param file open for reading and writing, to be closed after `stop` only.
   * @param start bytes that the file has already; they are part of the sum.
   * @param sums false: there is no sum.
   * @param onError called when writing or the sum failed.
   */
  constructor(
    file: FileHandle,
    { start, sums }: { readonly start: number; readonly sums: boolean },
    onError: (error: Error) => void,
  ) {
    this.#file = file;
    this.#start = start;
    this.#sums = sums;
    this.#onError = onError;
    this.#pages = newMemory(sums);
  }

  /** Pages handed over whose memory is still in use. */
  get busy(): number {
    return this.#filled - this.#done;
  }

  /** Takes a copy of as many bytes as there is room for; gives their number. */
  take(chunk: Buffer): number {
    let taken = 0;
    while (taken < chunk.length) {
      this.#page ??= this.#nextPage();
      if (this.#page === undefined) break;
      // Not `set`, which takes four times as long into shared memory.
      const copied = chunk.copy(this.#page, this.#used, taken);
      taken += copied;
      this.#used += copied;
      if (this.#used === PAGE_BYTES) this.#handOver();
    }
    if (this.busy === 0) this.#handOver();
    return taken;
  }

  /** Resolves when fewer pages are busy than now. @throws the error of a failed write, and after `stop`. */
  async room(): Promise<void> {
    const before = this.busy;
    while (this.busy >= before && before > 0) {
      if (this.#stopped) throw new Error('Writing was stopped.');
      const done = this.#done;
      if (done < this.#written) await this.#thread?.moreThan(done);
      else await this.#nextWritten();
    }
  }

  /** Writes everything that was taken. @throws the error of a failed write. */
  async flush(): Promise<void> {
    this.#handOver();
    await this.#writing;
  }

  /** After `flush`: the sum of the whole file, hexadecimal; undefined where none is wanted. @throws when it failed. */
  async sum(): Promise<string | undefined> {
    if (!this.#sums) return undefined;
    if (this.#thread === undefined && this.#start === 0) return this.#sumHere();
    while (this.busy >= PAGES) await this.room();
    this.#setEntry(this.#filled, { page: 0, length: 0 });
    const thread = this.#startedThread();
    thread?.tell(this.#filled + 1);
    return thread?.sum;
  }

  /** Ends all work wherever it is; resolves when nothing uses the file any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing?.catch(() => undefined);
    await this.#thread?.stop();
  }

  /** Pages handed over that are written and, where wanted, part of the sum. */
  get #done(): number {
    return this.#sums ? Math.min(this.#written, this.#thread?.summed ?? 0) : this.#written;
  }

  #nextPage(): Buffer | undefined {
    for (const done = this.#done; this.#freed < done; this.#freed += 1) {
      this.#free.push(this.#entry(this.#freed).page);
    }
    const page = this.#free.at(-1);
    return page === undefined ? undefined : this.#bytes({ page, length: PAGE_BYTES });
  }

  #handOver(): void {
    const page = this.#used > 0 ? this.#free.pop() : undefined;
    if (page === undefined) return;
    this.#setEntry(this.#filled, { page, length: this.#used });
    this.#filled += 1;
    this.#filledBytes += this.#used;
    this.#page = undefined;
    this.#used = 0;
    // For less than a page the thread would take longer to start than to work.
    if (this.#filledBytes >= PAGE_BYTES) this.#startedThread()?.tell(this.#filled);
    this.#writing ??= this.#writePages();
    this.#writing.catch(this.#onError);
  }

  async #writePages(): Promise<void> {
    while (this.#written < this.#filled && !this.#stopped) {
      const entry = this.#entry(this.#written);
      await this.#writeAll(this.#bytes(entry));
      this.#written += 1;
      this.writtenBytes += entry.length;
      if (this.busy === 0) this.#handOver();
      this.#onWritten();
    }
    this.#writing = undefined;
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    // A nearly full disk accepts a part of a write first and reports the error with the next.
    for (let at = 0; at < bytes.length;) at += (await this.#file.write(bytes, at)).bytesWritten;
  }

  async #nextWritten(): Promise<void> {
    const written = new Promise<void>((resolve) => {
      this.#onWritten = resolve;
    });
    await Promise.race([written, this.#writing]);
  }

  #startedThread(): SumThread | undefined {
    if (this.#thread !== undefined || !this.#sums) return this.#thread;
    this.#thread = new SumThread(this.#file, this.#start, this.#pages);
    this.#thread.sum.catch(this.#onError);
    return this.#thread;
  }

  /** Of less than a page, which is still in memory. */
  #sumHere(): string {
    const hash = createHash('sha256');
    for (let n = 0; n < this.#filled; n += 1) hash.update(this.#bytes(this.#entry(n)));
    return hash.digest('hex');
  }

  #entry(n: number): Entry {
    const { order } = this.#pages;
    const at = (2 * n) % order.length;
    return { page: order[at] ?? 0, length: order[at + 1] ?? 0 };
  }

  #setEntry(n: number, { page, length }: Entry): void {
    const { order } = this.#pages;
    order.set([page, length], (2 * n) % order.length);
  }

  #bytes({ page, length }: Entry): Buffer {
    return Buffer.from(this.#pages.memory, page * PAGE_BYTES, length);
  }
}

/** Copying into memory that threads share takes longer. */
function newMemory(shared: boolean): PageMemory {
  return {
    memory: new (shared ? SharedArrayBuffer : ArrayBuffer)(PAGES * PAGE_BYTES),
    pageBytes: PAGE_BYTES,
    order: new Int32Array(new SharedArrayBuffer(2 * PAGES * Int32Array.BYTES_PER_ELEMENT)),
  };
}
