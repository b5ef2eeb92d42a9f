import assert from 'node:assert/strict';
import { blocksOf, cellsOf } from '../../../webview/grid/blocks.ts';
import type { CellRange } from '../../../webview/grid/selectionModel.ts';

const range = (
  firstRow: number,
  lastRow: number,
  firstColumn: number,
  lastColumn: number,
): CellRange => ({ firstRow, lastRow, firstColumn, lastColumn });

const shown = [0, 1, 2, 3, 4];

describe('blocks of a selection', () => {
  it('names columns of the result, in the order of the screen', () => {
    assert.deepEqual(blocksOf([range(3, 5, 1, 2)], [7, 9, 4]), [
      { rows: [{ first: 3, last: 5 }], columns: [9, 4] },
    ]);
  });

  it('joins parts in the same rows, and parts in the same columns', () => {
    assert.deepEqual(blocksOf([range(1, 2, 3, 3), range(1, 2, 0, 0)], shown), [
      { rows: [{ first: 1, last: 2 }], columns: [0, 3] },
    ]);
    assert.deepEqual(blocksOf([range(8, 9, 1, 2), range(1, 2, 1, 2)], shown), [
      {
        rows: [
          { first: 1, last: 2 },
          { first: 8, last: 9 },
        ],
        columns: [1, 2],
      },
    ]);
  });

  it('has each cell once where parts overlap', () => {
    const parts = [range(0, 9, 0, 2), range(5, 14, 1, 3), range(6, 7, 1, 1)];
    const seen = new Set<string>();
    for (const { rows, columns } of blocksOf(parts, shown)) {
      for (const { first, last } of rows) {
        for (let row = first; row <= last; row++) {
          for (const column of columns) {
            assert.ok(!seen.has(`${row} ${column}`));
            seen.add(`${row} ${column}`);
          }
        }
      }
    }
    assert.equal(seen.size, 30 + 30 - 10);
    assert.equal(cellsOf(blocksOf(parts, shown)), 50);
  });

  it('costs the same for a hundred million rows', () => {
    const blocks = blocksOf([range(0, 99_999_999, 0, 4)], shown);
    assert.equal(cellsOf(blocks), 500_000_000);
  });
});
