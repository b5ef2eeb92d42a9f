import { RecordBatchReader, type Data } from 'apache-arrow';
import type { ResultColumn } from '../../../shared/columns.ts';
import { readerFor } from '../../types/format/readerFor.ts';
import { serverText } from '../../types/format/serverText.ts';
import type { ReadContext, ValueReader } from '../../types/format/valueReader.ts';
import { parseType } from '../../types/parseType.ts';

/** One column of one batch. */
type ReaderOf = (data: Data) => ValueReader;

/** Makes readers of a result's columns; the type's name is parsed once, not once per window. */
export function readerMaker(column: ResultColumn, context: ReadContext): ReaderOf {
  if (column.encoding === 'text') return (data) => serverText(column.type, data);
  const type = parseType(column.type);
  return (data) => readerFor(type, data, context);
}

/** The batches of a window: their rows and a reader per column. @throws UnknownPair */
export function* windowBatches(
  ipc: Uint8Array,
  makers: readonly ReaderOf[],
): Generator<{ rows: number; readers: ValueReader[] }> {
  for (const batch of RecordBatchReader.from(ipc)) {
    const children: readonly (Data | undefined)[] = batch.data.children;
    const readers = makers.map((make, i) => {
      const data = children[i];
      if (!data) throw new RangeError(`The window has no column ${i}.`);
      return make(data);
    });
    yield { rows: batch.numRows, readers };
  }
}
