import type { FileHandle } from 'node:fs/promises';

/** Writes of this size reach the speed of `curl -o`; smaller ones cost up to twice the time. */
const BATCH_BYTES = 1024 * 1024;
/** After this many bytes they are made durable beside the writing, so that little is left to do at the end. */
const SYNC_BYTES = 32 * BATCH_BYTES;
/** Bytes that may wait while a write runs, before the sender has to pause. */
const LIMIT_BYTES = 4 * BATCH_BYTES;

export interface SinkEvents {
  /** After `write` returned false: the sender may go on. */
  readonly drain: () => void;
  /** This many bytes of the sender's are in the file now. */
  readonly written: (bytes: number) => void;
  /** Called once, when a write failed; everything after it is dropped. */
  readonly error: (error: Error) => void;
}

/** Appends chunks to a file in large gathered writes, without copying and without stream layers. */
export class FileSink {
  bytes = 0;
  readonly #file: FileHandle;
  readonly #on: SinkEvents;
  #written = 0;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | undefined;
  #failed: Error | undefined;
  #full = false;
  #unsynced = 0;
  #syncing: Promise<void> | undefined;

  constructor(file: FileHandle, on: SinkEvents) {
    this.#file = file;
    this.#on = on;
  }

  /** False asks the sender to pause until `drain`. */
  write(chunk: Buffer): boolean {
    if (this.#failed !== undefined) return true;
    this.bytes += chunk.length;
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= BATCH_BYTES) this.#writing ??= this.#drain(BATCH_BYTES);
    this.#full = this.#pendingBytes >= LIMIT_BYTES;
    return !this.#full;
  }

  /** Writes what is left. @throws the error of a failed write. */
  async flush(): Promise<void> {
    await this.#writing;
    await this.#drain(1);
    await this.#syncing;
    if (this.#failed !== undefined) throw this.#failed;
  }

  async #drain(least: number): Promise<void> {
    try {
      while (this.#pendingBytes >= least) {
        const batch = this.#pending;
        const size = this.#pendingBytes;
        this.#pending = [];
        this.#pendingBytes = 0;
        await writeAll(this.#file, batch, size);
        this.#written += size;
        this.#on.written(this.#written);
        this.#syncSome(size);
        if (this.#full && this.#pendingBytes < LIMIT_BYTES) {
          this.#full = false;
          this.#on.drain();
        }
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writing = undefined;
    }
  }

  #syncSome(written: number): void {
    this.#unsynced += written;
    if (this.#unsynced < SYNC_BYTES || this.#syncing !== undefined) return;
    this.#unsynced = 0;
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
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#on.error(this.#failed);
  }
}

/** A nearly full disk accepts a part of a write first and reports the error with the next. */
async function writeAll(file: FileHandle, batch: Buffer[], size: number): Promise<void> {
  let rest = batch;
  for (let left = size; left > 0;) {
    const { bytesWritten } = await file.writev(rest);
    left -= bytesWritten;
    if (left > 0) rest = skip(rest, bytesWritten);
  }
}

function skip(batch: Buffer[], bytes: number): Buffer[] {
  let left = bytes;
  let index = 0;
  for (; index < batch.length; index += 1) {
    const length = batch[index]?.length ?? 0;
    if (length > left) break;
    left -= length;
  }
  return batch.slice(index).map((chunk, at) => (at === 0 ? chunk.subarray(left) : chunk));
}
