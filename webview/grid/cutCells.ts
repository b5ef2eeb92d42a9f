import { CUT_TEXT } from '../../src/shared/limits.ts';
import type { CutCell } from '../../src/shared/protocol.ts';
import type { CellReader } from './decodeWindow.ts';

/**
 * Readers that end the text of a cell that came cut where it is still exact, with an ellipsis.
 * @param columns the result's columns that the readers read
 * @param firstRow row of the result that the window starts with
 */
export function markCut(
  readers: readonly CellReader[],
  columns: readonly number[],
  firstRow: number,
  cut: readonly CutCell[],
): CellReader[] {
  return readers.map((reader, i) => {
    const rows = new Set(
      cut.filter(({ column }) => column === columns[i]).map(({ row }) => row - firstRow),
    );
    if (rows.size === 0) return reader;
    return (row) => {
      const cell = reader(row);
      return rows.has(row) ? { ...cell, text: `${cell.text.slice(0, CUT_TEXT)}…` } : cell;
    };
  });
}
