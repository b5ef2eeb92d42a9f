import { rm, type FileHandle } from 'node:fs/promises';
import type { Field, Schema } from 'apache-arrow';
import type { RecordBatch as BatchHeader } from 'apache-arrow/ipc/metadata/message';
import type { CutCell } from '../../../shared/protocol.ts';
import { inflateBuffer } from '../compression.ts';
import { extentOf } from '../extent.ts';
import type { MessageSpan } from '../framing.ts';
import { dictionaryIds, plainDictionary } from '../dictionaries.ts';
import type { Layout } from '../layout.ts';
import type { ReadBuffer } from '../slice.ts';
import { encodeBatch } from '../encode.ts';
import { cutBatch, decodeBatchHeader, encodeWindow, type BatchWindow } from '../window.ts';
import type { BatchIndex, BatchRange, IndexedBatch } from './batchIndex.ts';
import { planPieces, type Budget, type Piece } from './pieces.ts';
import { RecentlyUsed } from './recentlyUsed.ts';
import { SpoolError, spoolFailure } from './spoolError.ts';
import { zstd } from './zstd.ts';

/** What the writer of a spool reports; shared with the spool, which only reads it. */
export interface SpoolState {
  /** Bytes on disk. */
  bytes: number;
  complete: boolean;
  /** Nothing is written any more. */
  ended: boolean;
  error: unknown;
  readonly index: BatchIndex;
}

export interface WindowRequest {
  firstRow: number;
  rows: number;
  /** Top-level column indexes, in the order the answer shall have. */
  columns: readonly number[];
  signal?: AbortSignal | undefined;
}

export interface PartRequest extends WindowRequest {
  /** How many bytes the answer may have, about: it has the first rows that fit, at least one. */
  maxBytes: number;
  /** Longer cells come cut: their text is exact up to about this many bytes. Infinity for whole cells. */
  cellBytes: number;
}

/** Some rows of a result, as far as they fit into an answer. */
export interface WindowPart {
  /** As `readWindow` gives it. */
  ipc: Uint8Array<ArrayBuffer>;
  rows: number;
  /** Cells that are longer than they came. */
  cut: CutCell[];
}

/** Items of a long array or map that come with it. */
const CUT_ITEMS = 1_000;

/** Metadata of a batch with 1,000 columns is some thousand objects: keep few. */
const HEADERS_KEPT = 16;
const INFLATED_BYTES_KEPT = 64 * 1024 * 1024;

/**
 * A result on disk: the bytes of an Arrow IPC stream and an index of its record batches. It can be read while it is
 * still being written. The owner disposes it, which deletes the file.
 */
export class Spool implements AsyncDisposable {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #state: SpoolState;
  readonly #headers = new RecentlyUsed<IndexedBatch, Promise<BatchHeader>>(HEADERS_KEPT, () => 1);
  readonly #inflated = new RecentlyUsed<string, Promise<Uint8Array>>(
    INFLATED_BYTES_KEPT,
    (bytes) => bytes.length,
  );
  readonly #reads = new Set<Promise<unknown>>();
  #disposed: Promise<void> | undefined;

  constructor(path: string, handle: FileHandle, state: SpoolState) {
    this.path = path;
    this.#handle = handle;
    this.#state = state;
  }

  /** Rows that can be read by now. */
  get rows(): number {
    return this.#state.index.rows;
  }

  /** Bytes on disk by now. */
  get bytes(): number {
    return this.#state.bytes;
  }

  /** Undefined until the first bytes came. */
  get schema(): Schema | undefined {
    return this.#state.index.schema;
  }

  /** True once the end marker was received and everything is on disk. */
  get complete(): boolean {
    return this.#state.complete;
  }

  /** True once nothing is written any more, complete or not: the file is an Arrow stream with its end marker. */
  get ended(): boolean {
    return this.#state.ended;
  }

  /** Why the result is not complete; undefined while it is being written and when it is complete. */
  get error(): unknown {
    return this.#state.error;
  }

  /**
   * Rows and columns as an Arrow IPC stream in one buffer of its own: the schema of those columns, one record batch
   * for each batch of the spool that the rows lie in (none when there are no such rows), the end marker. Reads only
   * the bytes of these rows and columns.
   * @throws SpoolError when the file cannot be read or was disposed, RangeError for an unknown column, the signal's
   * reason when it is aborted
   */
  async readWindow(request: WindowRequest): Promise<Uint8Array<ArrayBuffer>> {
    const all = await this.readPart({ ...request, maxBytes: Infinity, cellBytes: Infinity });
    return all.ipc;
  }

  /**
   * As `readWindow`, for a reader that cannot take any size. Each long cell is a record batch of its own.
   * @throws as `readWindow`
   */
  async readPart(request: PartRequest): Promise<WindowPart> {
    const read = this.#readPart(request);
    this.#reads.add(read);
    try {
      return await read;
    } finally {
      this.#reads.delete(read);
    }
  }

  /** For the writer: resolves when the windows that are being read now have been read. */
  async windowsRead(): Promise<void> {
    if (this.#reads.size > 0) await Promise.allSettled(this.#reads);
  }

  async #readPart(request: PartRequest): Promise<WindowPart> {
    const { firstRow, rows, columns, signal, maxBytes, cellBytes } = request;
    const { fields, layouts } = this.#state.index.columns(columns);
    const ranges: BatchRange[] = [];
    const batches: BatchWindow[] = [];
    const cut: CutCell[] = [];
    const budget = { bytes: maxBytes, isEmpty: true, isSpent: false };
    for (const range of this.#state.index.find(firstRow, rows)) {
      for (const piece of await this.#pieces(range, layouts, request, budget)) {
        const limits = piece.isLong ? { bytes: cellBytes, items: CUT_ITEMS } : undefined;
        const batch = await this.#cut({ ...range, ...piece }, layouts, signal, limits);
        ranges.push(range);
        batches.push(batch);
        const row = range.batch.firstRow + piece.start;
        for (const place of batch.cut) cut.push({ row, column: columns[place] ?? 0 });
      }
    }
    const dictionaries = await this.#dictionaries(fields, ranges, signal);
    signal?.throwIfAborted();
    const count = batches.reduce((sum, batch) => sum + batch.rows, 0);
    return { ipc: encodeWindow(fields, batches, dictionaries), rows: count, cut };
  }

  /** The first rows of a batch with all columns as a record batch message; for the writer, which shortens a batch. */
  async encodeStart(batch: IndexedBatch, rows: number): Promise<Uint8Array> {
    const columns = this.schema?.fields.map((_, i) => i) ?? [];
    const { layouts } = this.#state.index.columns(columns);
    const cut = await this.#cut({ batch, start: 0, end: rows }, layouts, undefined);
    return encodeBatch(cut.rows, cut.columns);
  }

  /** Closes and deletes the file. Reads that run end first. Safe to call twice. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#handle.close().then(() => rm(this.path, { force: true }));
    return this.#disposed;
  }

  /** Closes the file and leaves it to be opened again by `openSpool`. Does nothing once it was disposed. */
  close(): Promise<void> {
    this.#disposed ??= this.#handle.close();
    return this.#disposed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #pieces(
    { batch, start, end }: BatchRange,
    layouts: Layout[],
    { maxBytes, cellBytes, signal }: PartRequest,
    budget: Budget,
  ): Promise<Piece[]> {
    if (maxBytes === Infinity && cellBytes === Infinity) return [{ start, end, isLong: false }];
    const read = this.#bufferReader(batch, await this.#header(batch), signal);
    const sizes = (from: number, to: number): Promise<number[]> =>
      Promise.all(layouts.map((layout) => extentOf(layout, from, to, read)));
    return planPieces(start, end, sizes, { cellBytes }, budget);
  }

  async #cut(
    range: BatchRange,
    layouts: Layout[],
    signal: AbortSignal | undefined,
    limits?: { bytes: number; items: number },
  ): Promise<BatchWindow> {
    const header = await this.#header(range.batch);
    signal?.throwIfAborted();
    const read = this.#bufferReader(range.batch, header, signal);
    return cutBatch(header, layouts, range.start, range.end, read, limits);
  }

  #header(batch: IndexedBatch): Promise<BatchHeader> {
    return this.#headers.get(batch, async () =>
      decodeBatchHeader(await this.#read(batch.offset, batch.metadataLength)),
    );
  }

  #bufferReader(
    batch: IndexedBatch,
    header: BatchHeader,
    signal: AbortSignal | undefined,
  ): ReadBuffer {
    const codec = header.compression as { type: number } | null;
    const body = batch.offset + batch.metadataLength;
    return async (buffer, start, end) => {
      signal?.throwIfAborted();
      const region = header.buffers[buffer];
      if (!region) throw this.#damaged(`no buffer ${buffer}`);
      if (start >= end || region.length === 0) return new Uint8Array(0);
      if (codec) {
        const inflated = await this.#inflated.get(`${batch.offset}/${buffer}`, async () =>
          inflateBuffer(await this.#read(body + region.offset, region.length), codec.type, zstd),
        );
        if (end > inflated.length) throw this.#damaged(`buffer ${buffer} is too short`);
        return inflated.subarray(start, end);
      }
      if (end > region.length) throw this.#damaged(`buffer ${buffer} is too short`);
      return this.#read(body + region.offset + start, end - start);
    };
  }

  /** For each batch the dictionary messages it needs and the batch before it did not bring. */
  async #dictionaries(
    fields: readonly Field[],
    ranges: readonly BatchRange[],
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array[][]> {
    const ids = dictionaryIds(fields);
    const current = new Map<number, readonly MessageSpan[]>();
    const messages: Uint8Array[][] = [];
    for (const { batch } of ranges) {
      const needed: Uint8Array[] = [];
      for (const id of ids) {
        const spans = batch.dictionaries.get(id) ?? [];
        if (current.get(id) === spans) continue;
        current.set(id, spans);
        for (const span of spans) {
          signal?.throwIfAborted();
          const message = await this.#read(span.offset, span.metadataLength + span.bodyLength);
          needed.push(await plainDictionary(message, span.metadataLength, zstd));
        }
      }
      messages.push(needed);
    }
    return messages;
  }

  async #read(position: number, length: number): Promise<Uint8Array> {
    if (this.#disposed) {
      throw new SpoolError('disposed', this.path, 'The result was closed.');
    }
    const bytes = new Uint8Array(length);
    try {
      for (let filled = 0; filled < length;) {
        const { bytesRead } = await this.#handle.read(
          bytes,
          filled,
          length - filled,
          position + filled,
        );
        if (bytesRead === 0) throw this.#damaged('it ends too early');
        filled += bytesRead;
      }
    } catch (error) {
      throw spoolFailure(this.path, 'read', error);
    }
    return bytes;
  }

  #damaged(what: string): SpoolError {
    return new SpoolError(
      'damaged',
      this.path,
      `The result file ${this.path} is damaged: ${what}.`,
    );
  }
}
