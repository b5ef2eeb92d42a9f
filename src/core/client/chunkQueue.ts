/** Bytes that wait for their reader, in order. */
export interface ChunkQueue {
  /** Bytes that wait. */
  readonly bytes: number;
  /** Of them may wait before the socket is paused. */
  readonly mostBytes: number;
  /** Takes bytes that are overwritten once this returns. */
  push(chunk: Buffer): void;
  /** The next bytes; undefined while none wait. */
  shift(): Buffer | undefined;
  /** What `shift` gave, as memory that the reader may keep. */
  toKeep(chunk: Buffer): Buffer;
}

/** Gives every reader memory of its own, which it may keep. */
export class KeptChunks implements ChunkQueue {
  readonly mostBytes = 1024 * 1024;
  bytes = 0;
  readonly #chunks: Buffer[] = [];

  push(chunk: Buffer): void {
    this.#chunks.push(Buffer.from(chunk));
    this.bytes += chunk.length;
  }

  shift(): Buffer | undefined {
    const chunk = this.#chunks.shift();
    this.bytes -= chunk?.length ?? 0;
    return chunk;
  }

  toKeep(chunk: Buffer): Buffer {
    return chunk;
  }
}

const PAGE_BYTES = 1024 * 1024;

/**
 * Gathers bytes in a few pages of memory that are used again: what `shift` gives is overwritten after the next
 * `shift`. Memory that is made anew for every chunk costs more than all the rest of the way to a file: V8 collects it
 * only after every 64 MiB of it.
 */
export class ReusedPages implements ChunkQueue {
  /** While one page is on its way to a disk the others fill: pauses of the socket cost a tenth of the time. */
  readonly mostBytes = 4 * PAGE_BYTES;
  bytes = 0;
  readonly #full: Buffer[] = [];
  readonly #free: Buffer[] = [];
  #page: Buffer | undefined;
  #filled = 0;
  /** What the reader has. */
  #lent: Buffer | undefined;

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    for (let at = 0; at < chunk.length;) {
      this.#page ??= this.#free.pop() ?? Buffer.allocUnsafeSlow(PAGE_BYTES);
      const copied = chunk.copy(this.#page, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled < PAGE_BYTES) continue;
      this.#full.push(this.#page);
      this.#page = undefined;
      this.#filled = 0;
    }
  }

  shift(): Buffer | undefined {
    if (this.#lent) this.#free.push(this.#lent);
    this.#lent = this.#full.shift();
    if (this.#lent) {
      this.bytes -= PAGE_BYTES;
      return this.#lent;
    }
    if (this.#page === undefined || this.#filled === 0) return undefined;
    const bytes = this.#filled;
    this.#lent = this.#page;
    this.#page = undefined;
    this.#filled = 0;
    this.bytes -= bytes;
    return this.#lent.subarray(0, bytes);
  }

  toKeep(chunk: Buffer): Buffer {
    return Buffer.from(chunk);
  }
}
