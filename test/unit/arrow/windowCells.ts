import { RecordBatchReader, type Data } from 'apache-arrow';
import type { ResultColumn } from '../../../src/shared/columns.ts';
import { columnReader, type CellReader, type CellText } from '../../../src/core/types/cellText.ts';
import type { ReadContext } from '../../../src/core/types/format/valueReader.ts';

/** The cells of one window. `row` counts from the window's first row, `column` is its place in the window. */
export interface WindowCells {
  readonly rows: number;
  cell(row: number, column: number): CellText;
}

/**
 * Opens the answer to a window request. Texts are made when a cell is asked for, not before.
 * @param columns the columns of the window, in the order they were asked for
 * @throws UnknownPair when a column has no rule for its Arrow type
 */
export function openWindow(
  ipc: Uint8Array,
  columns: readonly ResultColumn[],
  context: ReadContext,
): WindowCells {
  const batches: { firstRow: number; rows: number; readers: CellReader[] }[] = [];
  let rows = 0;
  for (const batch of RecordBatchReader.from(ipc)) {
    const children: readonly (Data | undefined)[] = batch.data.children;
    const readers = columns.map((column, i) => {
      const data = children[i];
      if (!data) throw new RangeError(`The window has no column ${i} ("${column.name}").`);
      return columnReader(column, data, context);
    });
    batches.push({ firstRow: rows, rows: batch.numRows, readers });
    rows += batch.numRows;
  }
  return {
    rows,
    cell(row, column) {
      const batch = batches.find(({ firstRow, rows: count }) => row < firstRow + count);
      const reader = batch?.readers[column];
      if (!batch || !reader) throw new RangeError(`No cell at row ${row}, column ${column}.`);
      return reader(row - batch.firstRow);
    },
  };
}
