import assert from 'node:assert/strict';
import type { GridAction } from '../../../webview/grid/keyboard.ts';
import {
  applyAction,
  contains,
  extendTo,
  selectCell,
  partRange,
  selectedRanges,
  type GridSize,
  type Selection,
} from '../../../webview/grid/selectionModel.ts';

const HUGE: GridSize = { rows: 100_000_000, columns: 5_000 };

function after(actions: GridAction[], from: Selection, size = HUGE, page = 30): Selection {
  return actions.reduce((selection, action) => applyAction(selection, action, size, page), from);
}

const start = selectCell({ row: 10, column: 2 });
const move = (rows: number, columns: number, extend = false): GridAction => ({
  type: 'move',
  rows,
  columns,
  extend,
});

describe('selection model', () => {
  it('moves the active cell and stays inside the grid', () => {
    assert.deepEqual(after([move(1, 0), move(0, -1)], start).focus, { row: 11, column: 1 });
    assert.deepEqual(after([move(-99, -99)], start).focus, { row: 0, column: 0 });
    assert.deepEqual(after([move(1e12, 1e12)], start).focus, { row: 99_999_999, column: 4_999 });
  });

  it('extends from the anchor in any direction', () => {
    const extended = after([move(3, 0, true), move(0, -2, true)], start);
    assert.deepEqual(partRange(extended, HUGE), {
      firstRow: 10,
      lastRow: 13,
      firstColumn: 0,
      lastColumn: 2,
    });
    assert.deepEqual(extended.focus, { row: 13, column: 0 });
    // Moving without Shift begins a new selection at the active cell.
    assert.deepEqual(after([move(0, 1)], extended), selectCell({ row: 13, column: 1 }));
  });

  it('goes to the ends and by pages', () => {
    const end = after([{ type: 'edge', row: 'last', column: 'last', extend: false }], start);
    assert.deepEqual(end.focus, { row: 99_999_999, column: 4_999 });
    assert.deepEqual(after([{ type: 'edge', column: 'first', extend: false }], end).focus, {
      row: 99_999_999,
      column: 0,
    });
    assert.deepEqual(after([{ type: 'page', direction: 1, extend: false }], start).focus, {
      row: 40,
      column: 2,
    });
    assert.deepEqual(after([{ type: 'page', direction: -1, extend: false }], start).focus, {
      row: 0,
      column: 2,
    });
  });

  it('selects everything as one range, however much there is', () => {
    const range = partRange(after([{ type: 'selectAll' }], start), HUGE);
    assert.deepEqual(range, {
      firstRow: 0,
      lastRow: 99_999_999,
      firstColumn: 0,
      lastColumn: 4_999,
    });
  });

  it('selects whole rows and columns, also the rows that come later', () => {
    const columns = after([{ type: 'selectColumns' }, move(0, 1, true)], start);
    const few = partRange(columns, { rows: 20, columns: 9 });
    assert.deepEqual(few, { firstRow: 0, lastRow: 19, firstColumn: 2, lastColumn: 3 });
    assert.equal(partRange(columns, HUGE)?.lastRow, 99_999_999);

    const rows = after([{ type: 'selectRows' }, move(2, 0, true)], start);
    assert.deepEqual(partRange(rows, HUGE), {
      firstRow: 10,
      lastRow: 12,
      firstColumn: 0,
      lastColumn: 4_999,
    });
  });

  it('has no range in a grid without rows or columns', () => {
    assert.equal(partRange(start, { rows: 0, columns: 3 }), undefined);
    assert.equal(partRange(start, { rows: 3, columns: 0 }), undefined);
  });

  it('drags to a cell', () => {
    const range = partRange(extendTo(start, { row: 4, column: 7 }), HUGE);
    assert.deepEqual(range, { firstRow: 4, lastRow: 10, firstColumn: 2, lastColumn: 7 });
    assert.ok(range);
    assert.ok(!contains(range, 3, 3));
    assert.ok(!contains(range, 5, 8));
  });

  const rectangle = (
    firstRow: number,
    lastRow: number,
    firstColumn: number,
    lastColumn: number,
  ) => ({
    firstRow,
    lastRow,
    firstColumn,
    lastColumn,
  });

  it('adds parts by keyboard: what is selected stays while the active cell moves', () => {
    const selected = after(
      [move(1, 0, true), { type: 'addPart' }, move(5, 0), move(0, 1, true), move(9, 0)],
      start,
    );
    assert.deepEqual(selectedRanges(selected, HUGE), [
      rectangle(10, 11, 2, 2),
      rectangle(16, 16, 2, 3),
      rectangle(25, 25, 3, 3),
    ]);
    // The key again ends it; then a move selects one cell, as always.
    const ended = after([{ type: 'addPart' }, move(1, 0)], selected);
    assert.deepEqual(selectedRanges(ended, HUGE), [rectangle(26, 26, 3, 3)]);
  });

  it('selects nothing but the active cell on Escape', () => {
    const parts = after([{ type: 'addPart' }, move(5, 0), { type: 'collapse' }], start);
    assert.deepEqual(parts, selectCell({ row: 15, column: 2 }));
  });
});
