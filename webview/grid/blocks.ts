import type { CopyBlock } from '../../src/shared/gridCommand.ts';
import type { CellRange } from './selectionModel.ts';

type Rows = CopyBlock['rows'];

/**
 * The selected cells as blocks without overlaps, each cell once: columns that are selected in the same rows make one
 * block, in the order of the screen.
 * @param shown the column of the result at each position
 */
export function blocksOf(ranges: readonly CellRange[], shown: readonly number[]): CopyBlock[] {
  const blocks = new Map<string, CopyBlock>();
  for (let position = 0; position < shown.length; position++) {
    const column = shown[position];
    const rows = rowsAt(ranges, position);
    if (column === undefined || rows.length === 0) continue;
    const key = rows.map(({ first, last }) => `${first}-${last}`).join();
    const block = blocks.get(key);
    if (block) block.columns.push(column);
    else blocks.set(key, { rows, columns: [column] });
  }
  return [...blocks.values()];
}

function rowsAt(ranges: readonly CellRange[], position: number): Rows {
  const here = ranges
    .filter(({ firstColumn, lastColumn }) => position >= firstColumn && position <= lastColumn)
    .toSorted((a, b) => a.firstRow - b.firstRow);
  const rows: Rows = [];
  for (const { firstRow, lastRow } of here) {
    const before = rows.at(-1);
    if (before && firstRow <= before.last + 1) before.last = Math.max(before.last, lastRow);
    else rows.push({ first: firstRow, last: lastRow });
  }
  return rows;
}

export function cellsOf(blocks: readonly CopyBlock[]): number {
  return blocks.reduce((sum, { rows, columns }) => {
    const count = rows.reduce((total, { first, last }) => total + last - first + 1, 0);
    return sum + count * columns.length;
  }, 0);
}
