import type { FileHandle } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

/** Pages of equal size, and the order in which they were filled. For a thread both have to be shared memory. */
export interface PageMemory {
  readonly memory: ArrayBufferLike;
  readonly pageBytes: number;
  /** For the n-th page that was filled, at 2n modulo the length: its place in the memory and its bytes. */
  readonly order: Int32Array;
}

/** Where in the shared numbers it stands how many pages were filled, and how many are part of the sum. */
const FILLED = 0;
const SUMMED = 1;

/** The thread's program. As text, because a bundled extension has no second file to load it from. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { readSync } = require('node:fs');
const hash = require('node:crypto').createHash('sha256');
const { fd, start, memory, pageBytes, order, state } = workerData;
for (let at = 0; at < start;) {
  const bytes = Buffer.alloc(Math.min(pageBytes, start - at));
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
  const entry = (2 * summed) % order.length;
  const length = order[entry + 1];
  if (length === 0) break;
  hash.update(Buffer.from(memory, order[entry] * pageBytes, length));
}
parentPort.postMessage(hash.digest('hex'));
`;

/**
 * Computes the SHA-256 of a file in a thread of its own, beside the writing: on processors without instructions for
 * it the sum takes longer than everything else of a save. Nothing is sent to the thread but a counter.
 */
export class SumThread {
  readonly #state = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  readonly #worker: Worker;
  readonly #sum: Promise<string>;

  /**
   * @param file open for reading, until the thread has ended.
   * @param start bytes that the file has already; they are part of the sum.
   */
  constructor(file: FileHandle, start: number, pages: PageMemory) {
    this.#worker = new Worker(PROGRAM, {
      eval: true,
      workerData: { fd: file.fd, start, ...pages, state: this.#state },
    });
    this.#sum = new Promise((resolve, reject) => {
      this.#worker.once('message', resolve);
      this.#worker.once('error', reject);
      this.#worker.once('exit', () => {
        reject(new Error('The thread that sums up the file ended.'));
      });
    });
    // Whoever waits for the sum hears of it.
    this.#sum.catch(() => undefined);
  }

  /** Pages that are part of the sum; their memory may be filled again. */
  get summed(): number {
    return Atomics.load(this.#state, SUMMED);
  }

  /** The sum, hexadecimal, after a page without bytes was filled. @throws when the thread failed. */
  get sum(): Promise<string> {
    return this.#sum;
  }

  /** So many pages are filled by now. */
  tell(pages: number): void {
    Atomics.store(this.#state, FILLED, pages);
    Atomics.notify(this.#state, FILLED);
  }

  /** Resolves when more than so many pages are summed up. @throws when the thread failed. */
  async moreThan(summed: number): Promise<void> {
    await Promise.race([Atomics.waitAsync(this.#state, SUMMED, summed).value, this.#sum]);
  }

  /** Resolves when the thread uses the file no more. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
