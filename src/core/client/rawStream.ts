import { Readable } from 'node:stream';
import { type ChunkQueue, KeptChunks, ReusedPages } from './chunkQueue.ts';
import { UsageError } from './errors.ts';
import type { Execution } from './execution.ts';
import type { RawStream, ReplyMeta, Summary } from './surface.ts';

const READABLE_BYTES = 1024 * 1024;

/** A running query's body as an async iterable. */
export class ExecutionStream implements RawStream {
  readonly meta: ReplyMeta;
  readonly done: Promise<Summary>;
  readonly #execution: Execution;
  readonly #waiting: ChunkQueue;
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;
  #claimed = false;

  /** @param reusesMemory true: a chunk is overwritten once the next one is asked for */
  constructor(execution: Execution, reusesMemory: boolean) {
    this.#waiting = reusesMemory ? new ReusedPages() : new KeptChunks();
    this.#execution = execution;
    this.meta = execution.meta;
    this.done = execution.deliver({ write: (chunk) => this.#push(chunk) });
    this.done.then(
      () => {
        this.#finish(undefined);
      },
      (error: unknown) => {
        this.#finish(error);
      },
    );
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    this.#claim();
    try {
      for (;;) {
        const chunk = await this.#next();
        if (chunk === undefined) return;
        yield chunk;
      }
    } finally {
      this.abort();
    }
  }

  toReadable(): Readable {
    this.#claim();
    const stream: Readable = new Readable({
      highWaterMark: READABLE_BYTES,
      read: () => {
        void this.#next().then(
          (chunk) => stream.push(chunk === undefined ? null : this.#waiting.toKeep(chunk)),
          (error: unknown) => stream.destroy(error as Error),
        );
      },
      destroy: (error, callback) => {
        this.abort();
        callback(error);
      },
    });
    return stream;
  }

  abort(reason?: unknown): void {
    this.#execution.abort(typeof reason === 'string' ? reason : 'The stream was aborted.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    await this.done.catch(() => undefined);
  }

  #claim(): void {
    if (this.#claimed) throw new UsageError('The stream was already read.');
    this.#claimed = true;
  }

  #push(chunk: Buffer): boolean {
    this.#waiting.push(chunk);
    this.#wake?.();
    return this.#waiting.bytes < this.#waiting.mostBytes;
  }

  #finish(error: unknown): void {
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  /** The next chunk; undefined at the verified end. Throws the stream's error after what came before it. */
  async #next(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) {
        if (this.#waiting.bytes < this.#waiting.mostBytes / 2) this.#execution.resume();
        return chunk;
      }
      if (this.#error !== undefined) throw this.#error as Error;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
