import assert from 'node:assert/strict';
import {
  clampWidth,
  columnAt,
  columnLeft,
  columnModel,
  fittingWidth,
  leftToReveal,
  MAX_COLUMN_WIDTH,
  MAX_INITIAL_WIDTH,
  MIN_COLUMN_WIDTH,
  totalWidth,
  visibleColumns,
} from '../../../webview/grid/columnModel.ts';

describe('column model', () => {
  const model = columnModel([100, 50, 200, 50]);

  it('knows where columns begin', () => {
    assert.deepEqual([...model.offsets], [0, 100, 150, 350, 400]);
    assert.equal(totalWidth(model), 400);
  });

  it('finds the column at every pixel as a plain search does, for 5,000 columns', () => {
    const widths = Array.from({ length: 5_000 }, (_, i) => 40 + ((i * 37) % 161));
    const many = columnModel(widths);
    let column = 0;
    for (let x = 0; x < totalWidth(many); x += 13) {
      while (columnLeft(many, column + 1) <= x) column++;
      assert.equal(columnAt(many, x), column);
    }
    assert.equal(columnAt(many, 1e9), 4_999);
    assert.equal(columnAt(many, -5), 0);
  });

  it('lists the visible columns', () => {
    assert.deepEqual(visibleColumns(model, 0, 100), { first: 0, end: 1 });
    assert.deepEqual(visibleColumns(model, 0, 101), { first: 0, end: 2 });
    assert.deepEqual(visibleColumns(model, 120, 100), { first: 1, end: 3 });
    assert.deepEqual(visibleColumns(model, 399, 5_000), { first: 3, end: 4 });
    assert.deepEqual(visibleColumns(columnModel([]), 0, 100), { first: 0, end: 0 });
  });

  it('scrolls as little as needed to show a column', () => {
    assert.equal(leftToReveal(model, 0, 300, 1), 0);
    assert.equal(leftToReveal(model, 0, 300, 2), 50);
    assert.equal(leftToReveal(model, 130, 200, 0), 0);
    // Wider than the panel: its beginning counts.
    assert.equal(leftToReveal(model, 0, 80, 2), 150);
  });

  it('keeps widths within limits', () => {
    assert.equal(clampWidth(3), MIN_COLUMN_WIDTH);
    assert.equal(clampWidth(1e9), MAX_COLUMN_WIDTH);
    assert.equal(clampWidth(60.4), 60);
  });

  it('fits the widest of header and values, but no more than a part of the panel', () => {
    assert.equal(fittingWidth(10, [3, 20, 4], 8), 20 * 8 + 17);
    assert.equal(fittingWidth(10, [], 8), 10 * 8 + 17);
    assert.equal(fittingWidth(10, [1e7], 8), MAX_INITIAL_WIDTH);
  });
});
