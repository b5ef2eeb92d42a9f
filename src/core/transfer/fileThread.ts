import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

/** Writes of this size reach the speed of `curl -o`; smaller ones cost up to twice the time. */
export const PAGE_BYTES = 1024 * 1024;
/** Of memory, used again and again. */
const PAGES = 8;
/** Where in the shared numbers it stands how many pages were filled, and how many are done. */
const FILLED = 0;
const DONE = 1;

/** The thread's program. As text, because a bundled extension has no second file to load it from. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { readSync, writeSync } = require('node:fs');
const hash = require('node:crypto').createHash('sha256');
const { fd, start, memory, lengths, state } = workerData;
const page = (index) => Buffer.from(memory, (index % ${PAGES}) * ${PAGE_BYTES}, ${PAGE_BYTES});
for (let at = 0; at < start;) {
  const bytes = Buffer.alloc(Math.min(${PAGE_BYTES}, start - at));
  const read = readSync(fd, bytes, 0, bytes.length, at);
  if (read === 0) throw new Error('The file became shorter while it was read.');
  hash.update(bytes.subarray(0, read));
  at += read;
}
for (let done = 0; ; done += 1) {
  Atomics.store(state, ${DONE}, done);
  Atomics.notify(state, ${DONE});
  Atomics.wait(state, ${FILLED}, done);
  const length = lengths[done % ${PAGES}];
  if (length === 0) break;
  const bytes = page(done).subarray(0, length);
  for (let at = 0; at < length;) at += writeSync(fd, bytes, at, length - at);
  hash.update(bytes);
}
parentPort.postMessage(hash.digest('hex'));
`;

/**
 * Appends pages to a file and computes its SHA-256, in a thread of its own: on processors without
 * instructions for it the sum takes longer than everything else of a save. The pages are memory that
 * both threads see; nothing is sent from one to the other but two counters. The thread starts with
 * the first whole page; for less it would take longer than the work.
 */
export class FileThread {
  readonly #file: FileHandle;
  readonly #start: number;
  readonly #onError: (error: Error) => void;
  readonly #memory = new SharedArrayBuffer(PAGES * PAGE_BYTES);
  readonly #lengths = new Int32Array(new SharedArrayBuffer(PAGES * 4));
  readonly #state = new Int32Array(new SharedArrayBuffer(2 * 4));
  #worker: Worker | undefined;
  #sum: Promise<string> | undefined;
  #filled = 0;

  /**
   * @param file open for reading and writing, to be closed after `end` or `stop` only.
   * @param start bytes that the file has already; they are part of the sum.
   * @param onError called once, when writing failed.
   */
  constructor(file: FileHandle, start: number, onError: (error: Error) => void) {
    this.#file = file;
    this.#start = start;
    this.#onError = onError;
  }

  /** Pages handed over whose bytes are in the file. */
  get done(): number {
    return Atomics.load(this.#state, DONE);
  }

  /** Pages handed over and not done. */
  get busy(): number {
    return this.#filled - this.done;
  }

  /** The next page to fill; undefined while all are busy. */
  page(): Buffer | undefined {
    if (this.busy >= PAGES) return undefined;
    return Buffer.from(this.#memory, (this.#filled % PAGES) * PAGE_BYTES, PAGE_BYTES);
  }

  /** Hands over the page that `page` gave, filled. */
  write(): void {
    this.#push(PAGE_BYTES);
  }

  /** Resolves when fewer pages are busy than now. @throws the error of a failed write. */
  async room(): Promise<void> {
    const done = this.done;
    if (done === this.#filled) return;
    await Promise.race([Atomics.waitAsync(this.#state, DONE, done).value, this.#sum]);
  }

  /**
   * Writes the first `length` bytes of the page that `page` gave, and gives the sum, hexadecimal.
   * @throws the error of a failed write.
   */
  async end(length: number): Promise<string> {
    if (this.#worker === undefined && this.#start === 0) return this.#writeAll(length);
    if (length > 0) this.#push(length);
    while (this.busy >= PAGES) await this.room();
    this.#push(0);
    return (await this.#sum) ?? '';
  }

  /** Ends the thread wherever it is; resolves when it no longer uses the file. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Without a thread. */
  async #writeAll(length: number): Promise<string> {
    const bytes = Buffer.from(this.#memory, 0, length);
    // A nearly full disk accepts a part of a write first and reports the error with the next.
    for (let at = 0; at < length;) at += (await this.#file.write(bytes, at)).bytesWritten;
    return createHash('sha256').update(bytes).digest('hex');
  }

  #push(length: number): void {
    this.#lengths[this.#filled % PAGES] = length;
    this.#filled += 1;
    this.#worker ??= this.#startThread();
    Atomics.store(this.#state, FILLED, this.#filled);
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
        reject(new Error('The thread that writes the file ended.'));
      });
    });
    this.#sum.catch(this.#onError);
    return worker;
  }
}
