import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

/** Writes of this size reach the speed of `curl -o`; smaller ones cost up to twice the time. */
export const PAGE_BYTES = 1024 * 1024;
/** Of memory, used again and again. */
const PAGES = 8;
/** Where in the shared numbers it stands how many pages were filled, and how many are part of the sum. */
const FILLED = 0;
const SUMMED = 1;

/** The thread's program. As text, because a bundled extension has no second file to load it from. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { readSync } = require('node:fs');
const hash = require('node:crypto').createHash('sha256');
const { fd, start, memory, lengths, state } = workerData;
for (let at = 0; at < start;) {
  const bytes = Buffer.alloc(Math.min(${PAGE_BYTES}, start - at));
  const read = readSync(fd, bytes, 0, bytes.length, at);
  // Someone cut the file: its size tells at the end of the save.
  if (read === 0) break;
  hash.update(bytes.subarray(0, read));
  at += read;
}
for (let summed = 0; ; summed += 1) {
  Atomics.store(state, ${SUMMED}, summed);
  Atomics.notify(state, ${SUMMED});
  Atomics.wait(state, ${FILLED}, summed);
  const length = lengths[summed % ${PAGES}];
  if (length === 0) break;
  hash.update(Buffer.from(memory, (summed % ${PAGES}) * ${PAGE_BYTES}, length));
}
parentPort.postMessage(hash.digest('hex'));
`;

/**
 * Pages of memory on their way to a file. Each is written, and at the same time, if wanted, becomes part of the file's
 * SHA-256 in a thread of its own: on processors without instructions for it the sum takes longer than everything else of a
 * save. The pages are memory that both threads see; nothing is sent from one to the other but two counters. The
 * thread starts with the first whole page; for less it would take longer than the work.
 */
export class FilePages {
  readonly #file: FileHandle;
  readonly #start: number;
  readonly #sums: boolean;
  readonly #onError: (error: Error) => void;
  readonly #memory = new SharedArrayBuffer(PAGES * PAGE_BYTES);
  readonly #lengths = new Int32Array(new SharedArrayBuffer(PAGES * 4));
  readonly #state = new Int32Array(new SharedArrayBuffer(2 * 4));
  #worker: Worker | undefined;
  #sum: Promise<string> | undefined;
  #filled = 0;
  #written = 0;
  #writing: Promise<void> | undefined;
  #stopped = false;

  /**
   * @param file open for reading and writing, to be closed after `end` or `stop` only.
   * @param start bytes that the file has already; they are part of the sum.
   * @param sums false: `end` gives no sum.
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
  }

  /** Pages whose bytes are in the file. */
  get written(): number {
    return this.#written;
  }

  /** Pages handed over whose memory is still in use. */
  get busy(): number {
    return this.#filled - (this.#sums ? Math.min(this.#written, this.#summed) : this.#written);
  }

  /** The next page to fill; undefined while all are busy. */
  page(): Buffer | undefined {
    return this.busy >= PAGES ? undefined : this.#page(this.#filled, PAGE_BYTES);
  }

  /** Hands over the page that `page` gave, filled. */
  write(): void {
    this.#push(PAGE_BYTES);
  }

  /** Resolves when fewer pages are busy than now. @throws the error of a failed write. */
  async room(): Promise<void> {
    const before = this.busy;
    while (this.busy >= before && before > 0) {
      const summed = this.#summed;
      if (!this.#sums || this.#written <= summed) await this.#writing;
      else await Promise.race([Atomics.waitAsync(this.#state, SUMMED, summed).value, this.#sum]);
    }
  }

  /**
   * Writes the first `length` bytes of the page that `page` gave, and gives the sum, hexadecimal.
   * @throws the error of a failed write.
   */
  async end(length: number): Promise<string | undefined> {
    if (!this.#sums) {
      if (length > 0) this.#push(length);
      await this.#writing;
      return undefined;
    }
    if (this.#worker === undefined && this.#start === 0) {
      const bytes = this.#page(this.#filled, length);
      await this.#writeAll(bytes);
      return createHash('sha256').update(bytes).digest('hex');
    }
    if (length > 0) this.#push(length);
    while (this.busy >= PAGES) await this.room();
    this.#lengths[this.#filled % PAGES] = 0;
    this.#tellThread();
    await this.#writing;
    return (await this.#sum) ?? '';
  }

  /** Ends all work wherever it is; resolves when nothing uses the file any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing?.catch(() => undefined);
    await this.#worker?.terminate();
  }

  get #summed(): number {
    return Atomics.load(this.#state, SUMMED);
  }

  #page(index: number, length: number): Buffer {
    return Buffer.from(this.#memory, (index % PAGES) * PAGE_BYTES, length);
  }

  #push(length: number): void {
    this.#lengths[this.#filled % PAGES] = length;
    if (this.#sums) this.#tellThread();
    this.#filled += 1;
    this.#writing ??= this.#writePages();
    this.#writing.catch(this.#onError);
  }

  async #writePages(): Promise<void> {
    while (this.#written < this.#filled && !this.#stopped) {
      const index = this.#written % PAGES;
      await this.#writeAll(this.#page(index, this.#lengths[index] ?? 0));
      this.#written += 1;
    }
    this.#writing = undefined;
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    // A nearly full disk accepts a part of a write first and reports the error with the next.
    for (let at = 0; at < bytes.length;) at += (await this.#file.write(bytes, at)).bytesWritten;
  }

  /** One page more for the thread; a length of 0 asks it for the sum. */
  #tellThread(): void {
    this.#worker ??= this.#startThread();
    Atomics.store(this.#state, FILLED, this.#filled + 1);
    Atomics.notify(this.#state, FILLED);
  }

  #startThread(): Worker {
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData: {
        fd: this.#file.fd,
        start: this.#start,
        memory: this.#memory,
        lengths: this.#lengths,
        state: this.#state,
      },
    });
    this.#sum = new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => {
        reject(new Error('The thread that sums up the file ended.'));
      });
    });
    this.#sum.catch(this.#onError);
    return worker;
  }
}
