import { RecordBatchReader } from 'apache-arrow';
import { columnReader } from '../../src/core/types/cellText.ts';
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
 * @param ipc an Arrow IPC stream with one record batch at most, uncompressed
 * @param columns the asked columns, in the order of the batch
 * @param timeZone zone of `DateTime` columns that name none
 * @throws WindowError when the bytes do not hold these columns
 */
export function decodeWindow(
  ipc: Uint8Array,
  columns: readonly ResultColumn[],
  timeZone: string,
): DecodedWindow {
  const reader = RecordBatchReader.from(aligned(ipc));
  const next = reader.next();
  if (next.done === true) return { rows: 0, readers: [] };
  const batch = next.value;
  const readers = columns.map((column, i) => {
    const data = batch.data.children[i];
    if (data === undefined)
      throw new WindowError(`The window has no column ${i} (${column.name}).`);
    return readable(() => columnReader(column, data, { timeZone }));
  });
  return { rows: batch.numRows, readers };
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
