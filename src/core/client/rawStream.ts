import { Readable } from 'node:stream';
import { UsageError } from './errors.ts';
import type { Execution } from './execution.ts';
import type { RawStream, ReplyMeta, Summary } from './surface.ts';

/** Bytes that may wait for a slow reader before the socket is paused. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** A running query's body as an async iterable. */
export class ExecutionStream implements RawStream {
  readonly meta: ReplyMeta;
  readonly done: Promise<Summary>;
  readonly #execution: Execution;
  readonly #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;
  #claimed = false;

  constructor(execution: Execution) {
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
      highWaterMark: HIGH_WATER_BYTES,
      read: () => {
        void this.#next().then(
          (chunk) => stream.push(chunk ?? null),
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
    this.#chunks.push(Buffer.from(chunk));
    this.#waitingBytes += chunk.length;
    this.#wake?.();
    return this.#waitingBytes < HIGH_WATER_BYTES;
  }

  #finish(error: unknown): void {
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  /** The next chunk; undefined at the verified end. Throws the stream's error after what came before it. */
  async #next(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#waitingBytes -= chunk.length;
        if (this.#waitingBytes < HIGH_WATER_BYTES / 2) this.#execution.resume();
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
