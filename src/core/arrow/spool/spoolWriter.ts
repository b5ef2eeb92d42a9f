import { open, type FileHandle } from 'node:fs/promises';
import { END_OF_STREAM } from '../encode.ts';
import { MessageSplitter, type Framed } from '../framing.ts';
import { BatchIndex } from './batchIndex.ts';
import { Spool, type SpoolState } from './spool.ts';
import { SpoolError, spoolFailure } from './spoolError.ts';

/** How much of a result is kept. */
export interface SpoolLimits {
  rows: number;
  /** On disk; passed by at most one record batch. */
  bytes: number;
}

const NO_LIMITS: SpoolLimits = { rows: Infinity, bytes: Infinity };

/** A larger batch is kept whole: cutting it would hold all of it in memory. */
const LARGEST_CUT_BYTES = 64 * 1024 * 1024;

/**
 * Appends the bytes of an Arrow IPC stream to a new file and indexes its record batches. Holds none of them in memory.
 * A batch can be read as soon as it is on disk.
 */
export class SpoolWriter {
  /** Owned by the caller from `create` on: dispose it. */
  readonly spool: Spool;
  readonly #handle: FileHandle;
  readonly #state: SpoolState;
  readonly #limits: SpoolLimits;
  readonly #splitter = new MessageSplitter();
  /** Where the last whole message ends in the file. */
  #wholeBytes = 0;
  #limited: keyof SpoolLimits | undefined;

  private constructor(spool: Spool, handle: FileHandle, state: SpoolState, limits: SpoolLimits) {
    this.spool = spool;
    this.#handle = handle;
    this.#state = state;
    this.#limits = limits;
  }

  /** Creates the file, readable by this user only. @throws SpoolError also when it exists */
  static async create(path: string, limits = NO_LIMITS): Promise<SpoolWriter> {
    try {
      const handle = await open(path, 'wx+', 0o600);
      const state: SpoolState = {
        bytes: 0,
        complete: false,
        ended: false,
        error: undefined,
        index: new BatchIndex(),
      };
      return new SpoolWriter(new Spool(path, handle, state), handle, state, limits);
    } catch (error) {
      throw spoolFailure(path, 'write', error);
    }
  }

  /** The limit that was reached, once rows came beyond it; from then on nothing more is taken: `stop` it. */
  get limited(): keyof SpoolLimits | undefined {
    return this.#limited;
  }

  /**
   * Writes the next bytes; the chunk may be overwritten afterwards. Calls must not overlap. Chunks of 1 MiB are best:
   * larger ones gain nothing, those of 64 KiB cost a third more time.
   * @throws ArrowFramingError when the bytes are not an Arrow stream, SpoolError when they cannot be written
   */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#limited || chunk.length === 0) return;
    // Rows that somebody waits for come first: beside a fast server's reply they take ten times as long.
    await this.spool.windowsRead();
    const whole = this.#splitter.push(chunk);
    try {
      await writeAll(this.#handle, chunk, this.#state.bytes);
    } catch (error) {
      throw spoolFailure(this.spool.path, 'write', error);
    }
    this.#state.bytes += chunk.length;
    await this.#add(whole);
  }

  /** The spool is complete when the end marker came, and all before it was taken. */
  async finish(): Promise<void> {
    if (this.#limited) {
      await this.#endEarly();
      return;
    }
    if (this.#splitter.ended) {
      this.#state.complete = true;
      this.#state.ended = true;
      return;
    }
    this.#state.error ??= new SpoolError(
      'damaged',
      this.spool.path,
      'The result ended without its end marker, so rows may be missing.',
    );
    await this.#endEarly();
  }

  /** Keeps the rows so far and marks the result incomplete although nothing failed: a limit was reached. */
  async stop(): Promise<void> {
    await this.#endEarly();
  }

  /** Keeps the rows so far and marks the result incomplete, with the reason. */
  async fail(error: unknown): Promise<void> {
    this.#state.error = error;
    await this.#endEarly();
  }

  /**
   * Makes the file a whole Arrow stream of the rows so far, for other readers of it: cuts off what there is of the
   * next batch and writes the end marker. `complete` stays false.
   */
  async #endEarly(): Promise<void> {
    try {
      await this.#handle.truncate(this.#wholeBytes);
      await writeAll(this.#handle, END_OF_STREAM, this.#wholeBytes);
      this.#state.bytes = this.#wholeBytes + END_OF_STREAM.length;
    } catch (error) {
      this.#state.error ??= spoolFailure(this.spool.path, 'write', error);
    }
    this.#state.ended = true;
  }

  /** Messages whose last byte is on disk. */
  async #add(whole: readonly Framed[]): Promise<void> {
    for (const message of whole) {
      this.#limited = this.#limitFor(message);
      if (this.#limited) {
        await this.#addStart(message);
        return;
      }
      this.#state.index.add(message);
      this.#wholeBytes = endOf(message);
    }
  }

  /** The limit that a message would pass. Rows that only reach it are all of the result, as far as is known. */
  #limitFor(message: Framed): keyof SpoolLimits | undefined {
    if (message.kind !== 'batch' || message.rows === 0) return undefined;
    if (this.#state.index.rows + message.rows > this.#limits.rows) return 'rows';
    return this.#wholeBytes > this.#limits.bytes ? 'bytes' : undefined;
  }

  /** Keeps what of the batch is within the limit of rows. It is not in the index yet, so nobody reads it. */
  async #addStart(message: Framed): Promise<void> {
    const { index } = this.#state;
    const rows = this.#limits.rows - index.rows;
    if (this.#limited !== 'rows' || rows <= 0) return;
    if (message.bodyLength > LARGEST_CUT_BYTES) {
      index.add(message);
      this.#wholeBytes = endOf(message);
      return;
    }
    const bytes = await this.spool.encodeStart(index.toBatch(message, rows), rows);
    await writeAll(this.#handle, bytes, message.offset);
    const metadataLength = 8 + new DataView(bytes.buffer, bytes.byteOffset).getInt32(4, true);
    const bodyLength = bytes.length - metadataLength;
    index.add({ kind: 'batch', offset: message.offset, metadataLength, bodyLength, rows });
    this.#wholeBytes = message.offset + bytes.length;
  }
}

const endOf = ({ offset, metadataLength, bodyLength }: Framed): number =>
  offset + metadataLength + bodyLength;

/** `write` may write less than asked, for example just before the disk is full. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await handle.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}
