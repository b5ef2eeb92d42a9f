import { Field, Schema, Utf8 } from 'apache-arrow';
import { FieldNode } from 'apache-arrow/ipc/metadata/message';
import { encodeBatch, encodeSchema } from '../encode.ts';

/** The schema message of columns of nullable text. */
export function utf8Schema(names: readonly string[]): Uint8Array {
  return encodeSchema(new Schema(names.map((name) => new Field(name, new Utf8(), true))));
}

/** One column of text that grows by values; undefined is NULL. */
export class Utf8Column {
  #bytes = new Uint8Array(4096);
  #length = 0;
  readonly #offsets: number[] = [0];
  readonly #nulls: number[] = [];

  add(value: Uint8Array | undefined): void {
    if (value === undefined) this.#nulls.push(this.#offsets.length - 1);
    else this.#append(value);
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

  #append(value: Uint8Array): void {
    const needed = this.#length + value.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(value, this.#length);
    this.#length = needed;
  }
}

/** A record batch message of text columns of equal length. */
export function utf8Batch(rows: number, columns: readonly Utf8Column[]): Uint8Array {
  return encodeBatch(
    rows,
    columns.map((column) => column.slice()),
  );
}
