import assert from 'node:assert/strict';
import {
  clampTop,
  contentHeight,
  fromScrollTop,
  MAX_SIZER_PX,
  maxTop,
  pageRows,
  sizerHeight,
  topToReveal,
  toScrollTop,
  visibleRows,
  type ScrollGeometry,
} from '../../../webview/grid/scrollModel.ts';

const geometry = (rows: number, viewport = 700): ScrollGeometry => ({
  rows,
  rowHeight: 24,
  viewport,
});

const SIZES = [0, 1, 2, 29, 30, 1_000, 333_333, 333_334, 1_000_000, 100_000_000, 4_000_000_000];

describe('scroll model', () => {
  it('moves 25 rows for 600 px at every size', () => {
    for (const rows of SIZES.filter((n) => n >= 1_000)) {
      const g = geometry(rows);
      const from = Math.floor(rows / 3) * 24;
      const before = visibleRows(g, clampTop(g, from)).first;
      const after = visibleRows(g, clampTop(g, from + 600)).first;
      assert.equal(after - before, 25, `${rows} rows`);
    }
  });

  it('shows the last row completely at the end, at every size', () => {
    for (const rows of SIZES) {
      const g = geometry(rows);
      const top = maxTop(g);
      assert.equal(visibleRows(g, top).end, rows);
      if (rows > 30) assert.equal(top + g.viewport, contentHeight(g));
    }
  });

  it('reaches every row by adding pixels, also above the cap', () => {
    const g = geometry(100_000_000);
    for (const row of [0, 1, 1_398_103, 33_554_432, 99_999_970]) {
      assert.equal(visibleRows(g, clampTop(g, row * 24)).first, row);
    }
  });

  it('never asks the browser for more height than the cap', () => {
    for (const rows of SIZES) assert.ok(sizerHeight(geometry(rows)) <= MAX_SIZER_PX);
    assert.equal(sizerHeight(geometry(1_000)), 24_000);
    assert.equal(sizerHeight(geometry(0)), 0);
  });

  it('maps the thumb to the whole result: both ends are reached', () => {
    for (const rows of SIZES) {
      const g = geometry(rows);
      assert.equal(fromScrollTop(g, 0), rows > 29 ? 0 : maxTop(g));
      assert.equal(fromScrollTop(g, toScrollTop(g, maxTop(g))), maxTop(g));
      // A browser that rounds scrollTop down to a device pixel still reaches the end.
      assert.equal(fromScrollTop(g, toScrollTop(g, maxTop(g)) - 0.7), maxTop(g));
    }
  });

  it('maps the thumb one to one below the cap', () => {
    const g = geometry(10_000);
    assert.equal(toScrollTop(g, 12_345), 12_345);
    assert.equal(fromScrollTop(g, 12_345), 12_345);
  });

  it('puts the thumb in the middle for the middle row', () => {
    const g = geometry(100_000_000);
    const middle = maxTop(g) / 2;
    assert.equal(toScrollTop(g, middle), (MAX_SIZER_PX - 700) / 2);
    assert.ok(Math.abs(fromScrollTop(g, toScrollTop(g, middle)) - middle) < 1);
  });

  it('does not move when rows are added', () => {
    const top = 240_000;
    assert.equal(clampTop(geometry(20_000), top), top);
    assert.equal(clampTop(geometry(200_000_000), top), top);
  });

  it('scrolls as little as needed to show a row completely', () => {
    const g = geometry(1_000);
    assert.equal(topToReveal(g, 0, 5), 0);
    assert.equal(topToReveal(g, 240, 9), 216);
    assert.equal(topToReveal(g, 0, 29), 30 * 24 - 700);
    assert.equal(topToReveal(g, 0, 999), maxTop(g));
  });

  it('works in a panel lower than a row', () => {
    const g = geometry(100, 10);
    assert.equal(pageRows(g), 1);
    assert.equal(topToReveal(g, 0, 7), 7 * 24);
    assert.deepEqual(visibleRows(g, 7 * 24), { first: 7, end: 8 });
    assert.deepEqual(visibleRows(geometry(100, 0), 0), { first: 0, end: 0 });
  });

  it('has nothing to show without rows', () => {
    assert.deepEqual(visibleRows(geometry(0), 500), { first: 0, end: 0 });
    assert.equal(maxTop(geometry(0)), 0);
    assert.equal(toScrollTop(geometry(0), 500), 0);
  });
});
