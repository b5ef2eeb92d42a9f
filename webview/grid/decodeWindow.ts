import { RecordBatchReader, type Data } from 'apache-arrow';
import { columnReader } from '../../src/core/types/cellText.ts';
import type { ReadContext } from '../../src/core/types/format/valueReader.ts';
import type { ResultColumn } from '../../src/shared/columns.ts';
import type { Cell } from './frame.ts';

export type CellReader = (row: number) => Cell;

export interface DecodedWindow {
  rows: number;
  /** One reader per asked column; rows count from the window's first row. */
  readers: CellReader[];
}

/** A window whose bytes are not what was asked for. */
export class WindowError extends Error {
  override readonly name = 'WindowError';
}

/** A message from the extension host may be a view at an odd offset: 64-bit columns need 8-byte alignment. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

/**
 * Reads a window: nothing is decoded before a cell's text is asked for.
 * @param ipc an Arrow IPC stream; it has a record batch for each one of the spool that the rows lie in
 * @param columns the asked columns, in the order of the batches
 * @throws WindowError when the bytes do not hold these columns
 */
export function decodeWindow(
  ipc: Uint8Array,
  columns: readonly ResultColumn[],
  context: ReadContext,
): DecodedWindow {
  const ends: number[] = [];
  const parts: CellReader[][] = columns.map(() => []);
  let rows = 0;
  for (const batch of RecordBatchReader.from(aligned(ipc))) {
    const children: readonly (Data | undefined)[] = batch.data.children;
    columns.forEach((column, i) => {
      const data = children[i];
      if (!data) throw new WindowError(`The window has no column ${i} (${column.name}).`);
      parts[i]?.push(readable(() => columnReader(column, data, context)));
    });
    rows += batch.numRows;
    ends.push(rows);
  }
  return { rows, readers: parts.map((readers) => joined(readers, ends)) };
}

/** One reader over the batches; `ends` has the row after the last one of each. */
function joined(readers: readonly CellReader[], ends: readonly number[]): CellReader {
  const [only] = readers;
  if (only !== undefined && readers.length === 1) return only;
  return (row) => {
    const batch = ends.findIndex((end) => row < end);
    const reader = readers[batch];
    if (!reader) throw new WindowError(`The window has no row ${row}.`);
    return reader(row - (ends[batch - 1] ?? 0));
  };
}

/** A column that there is no rule for must not hide the others, and must not be guessed at. */
function readable(make: () => CellReader): CellReader {
  try {
    return make();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return () => ({ text: '', isNull: false, problem });
  }
}
