import { Field, Schema, Utf8 } from 'apache-arrow';
import { FieldNode } from 'apache-arrow/ipc/metadata/message';
import { encodeBatch, encodeSchema } from '../encode.ts';

/** The schema message of columns of nullable text. */
export function utf8Schema(names: readonly string[]): Uint8Array {
  return encodeSchema(new Schema(names.map((name) => new Field(name, new Utf8(), true))));
}

/** Below this many bytes a loop is faster than making a view to copy from. */
const COPY_BY_HAND = 48;

/** One column of nullable text that grows by values. */
export class Utf8Column {
  #bytes = new Uint8Array(4096);
  #length = 0;
  readonly #offsets: number[] = [0];
  readonly #nulls: number[] = [];

  /** Bytes of all values so far. */
  get byteLength(): number {
    return this.#length;
  }

  /** Adds `bytes[start, end)`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const needed = this.#length + length;
    if (needed > this.#bytes.length) this.#grow(needed);
    if (length < COPY_BY_HAND) {
      for (let from = start, to = this.#length; from < end; from++, to++) {
        this.#bytes[to] = bytes[from] ?? 0;
      }
    } else {
      this.#bytes.set(bytes.subarray(start, end), this.#length);
    }
    this.#length = needed;
    this.#offsets.push(needed);
  }

  addNull(): void {
    this.#nulls.push(this.#offsets.length - 1);
    this.#offsets.push(this.#length);
  }

  /** The column as node and buffers (validity, offsets, values) of a record batch. */
  slice(): { nodes: FieldNode[]; buffers: Uint8Array[] } {
    const rows = this.#offsets.length - 1;
    const offsets = new Uint8Array(Int32Array.from(this.#offsets).buffer);
    const values = this.#bytes.subarray(0, this.#length);
    const node = new FieldNode(rows, this.#nulls.length);
    return { nodes: [node], buffers: [this.#validity(rows), offsets, values] };
  }

  #validity(rows: number): Uint8Array {
    if (this.#nulls.length === 0) return new Uint8Array(0);
    const bitmap = new Uint8Array((rows + 7) >> 3).fill(0xff);
    for (const row of this.#nulls) {
      bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) & ~(1 << (row & 7));
    }
    return bitmap;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** A record batch message of text columns of equal length. */
export function utf8Batch(rows: number, columns: readonly Utf8Column[]): Uint8Array {
  return encodeBatch(
    rows,
    columns.map((column) => column.slice()),
  );
}
