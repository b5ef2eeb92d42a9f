import { Socket } from 'node:net';

const FIRST_BYTES = 16 * 1024;
/** Small enough that what is read is still in the processor's cache when it is copied on its way. */
const MOST_BYTES = 256 * 1024;

/**
 * A TCP connection that reads large results in large pieces into one piece of memory. Node's own reading
 * makes a buffer of 64 KiB for each read and passes it through a stream: for a result of gigabytes
 * that costs as much as all the rest of the way to a file.
 *
 * For a reader that listens to `readable` and calls `read()` until it gives null.
 */
export class LargeReadSocket extends Socket {
  /**
   * True: what `read()` gives is overwritten by the next bytes from the network, so it must be used up at once.
   * Only for the body of a reply: of a head that comes in pieces, undici keeps each piece until the last.
   */
  lendsMemory = false;
  /** Came and is not taken yet. Nothing is read from the network until it is, so it needs no copy. */
  readonly #waiting: Buffer[] = [];

  constructor() {
    let memory = Buffer.allocUnsafeSlow(FIRST_BYTES);
    const reader: { arrived: (chunk: Buffer) => boolean } = { arrived: () => true };
    super({
      onread: {
        buffer: () => memory,
        callback: (bytes, filled) => {
          const goOn = reader.arrived(Buffer.from(filled.buffer, filled.byteOffset, bytes));
          if (bytes === memory.length && bytes < MOST_BYTES) {
            memory = Buffer.allocUnsafeSlow(bytes * 4);
          }
          return goOn;
        },
      },
    });
    reader.arrived = (chunk) => this.#arrived(chunk);
  }

  override read(size?: number): Buffer | null {
    const chunk = size === 0 ? undefined : this.#waiting.shift();
    if (chunk !== undefined) return chunk;
    // Starts to read again, or announces the end: only after everything was taken.
    if (this.#waiting.length === 0) super.read(0);
    return null;
  }

  /** What a reader that was paused did not use. */
  override unshift(chunk: Buffer): void {
    if (chunk.length > 0) this.#waiting.unshift(chunk);
  }

  /** False stops reading until the next `read()`. */
  #arrived(bytes: Buffer): boolean {
    this.#waiting.push(this.lendsMemory ? bytes : Buffer.from(bytes));
    this.emit('readable');
    return this.#waiting.length === 0;
  }
}
