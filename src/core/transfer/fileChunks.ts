import { open } from 'node:fs/promises';

/**
 * More than a socket's buffer takes at once: then the writer waits until the system has all of a chunk
 * before it asks for the next.
 */
const CHUNK_BYTES = 1024 * 1024;
const BUFFERS = 3;

/**
 * The first bytes of a file, in chunks of a few buffers that are used again and again: new memory for each
 * chunk costs more than reading and sending it. A chunk is overwritten after two more were asked for.
 */
export class FileChunks implements AsyncIterable<Uint8Array> {
  /** What reading failed with, to tell it from errors of the connection. */
  error: unknown;
  /** True: the file was shorter than said. */
  endedEarly = false;
  readonly #path: string;
  readonly #bytes: number;

  /** @param bytes how many to read; a file that grows meanwhile is sent as it was when it was measured. */
  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
  }

  /** Ends early when the file has become shorter. @throws the system's error; also kept in `error`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const buffers: Buffer[] = [];
    try {
      await using file = await open(this.#path, 'r');
      for (let at = 0, turn = 0; at < this.#bytes; turn += 1) {
        const buffer = (buffers[turn % BUFFERS] ??= Buffer.allocUnsafeSlow(CHUNK_BYTES));
        const wanted = Math.min(CHUNK_BYTES, this.#bytes - at);
        const { bytesRead } = await file.read(buffer, 0, wanted, at);
        if (bytesRead === 0) {
          this.endedEarly = true;
          return;
        }
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } catch (error) {
      this.error = error;
      throw error;
    }
  }
}
