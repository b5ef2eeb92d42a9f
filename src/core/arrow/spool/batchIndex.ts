import type { Field, Schema } from 'apache-arrow';
import { layoutsOf, type Layout } from '../layout.ts';
import type { Framed, MessageSpan } from '../framing.ts';

/** A record batch in the spool file. */
export interface IndexedBatch extends MessageSpan {
  firstRow: number;
  rows: number;
  /** The dictionary messages in force for this batch, by dictionary id. */
  dictionaries: ReadonlyMap<number, readonly MessageSpan[]>;
}

/** Rows `[start, end)` of one batch, counted from its first row. */
export interface BatchRange {
  batch: IndexedBatch;
  start: number;
  end: number;
}

/** Which rows are in which batch of a spool file. */
export class BatchIndex {
  readonly #batches: IndexedBatch[] = [];
  #dictionaries: ReadonlyMap<number, readonly MessageSpan[]> = new Map();
  #schema: Schema | undefined;
  #layouts: readonly Layout[] = [];
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  get batches(): number {
    return this.#batches.length;
  }

  get schema(): Schema | undefined {
    return this.#schema;
  }

  /** The top-level fields and their layouts, in the order asked for. @throws RangeError for an unknown column */
  columns(indexes: readonly number[]): { fields: Field[]; layouts: Layout[] } {
    const fields: Field[] = [];
    const layouts: Layout[] = [];
    for (const index of indexes) {
      const field: Field | undefined = this.#schema?.fields[index];
      const layout = this.#layouts[index];
      if (!field || !layout) throw new RangeError(`The result has no column ${index}.`);
      fields.push(field);
      layouts.push(layout);
    }
    return { fields, layouts };
  }

  /** @throws UnsupportedArrowType when a schema holds a type no window can be cut from */
  add(message: Framed): void {
    switch (message.kind) {
      case 'schema':
        this.#schema = message.schema;
        this.#layouts = layoutsOf(message.schema.fields);
        return;
      case 'dictionary': {
        const before = message.isDelta ? (this.#dictionaries.get(message.id) ?? []) : [];
        this.#dictionaries = new Map(this.#dictionaries).set(message.id, [...before, message]);
        return;
      }
      case 'batch':
        // An empty batch would only be in the way of the search by row.
        if (message.rows === 0) return;
        this.#batches.push(this.toBatch(message, message.rows));
        this.#rows += message.rows;
        return;
      case 'end':
    }
  }

  /** The message as the next batch, without adding it. */
  toBatch({ offset, metadataLength, bodyLength }: MessageSpan, rows: number): IndexedBatch {
    const dictionaries = this.#dictionaries;
    return { offset, metadataLength, bodyLength, firstRow: this.#rows, rows, dictionaries };
  }

  /** The batches that hold rows `[firstRow, firstRow + rows)`, as far as these rows exist. */
  find(firstRow: number, rows: number): BatchRange[] {
    const stop = Math.min(firstRow + rows, this.#rows);
    const ranges: BatchRange[] = [];
    for (let at = this.#batchOf(firstRow); at < this.#batches.length; at++) {
      const batch = this.#batches[at];
      if (!batch || batch.firstRow >= stop) break;
      ranges.push({
        batch,
        start: Math.max(firstRow - batch.firstRow, 0),
        end: Math.min(stop - batch.firstRow, batch.rows),
      });
    }
    return ranges;
  }

  /** Index of the batch that holds the row, by binary search. */
  #batchOf(row: number): number {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const batch = this.#batches[middle];
      if (batch && batch.firstRow + batch.rows <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
