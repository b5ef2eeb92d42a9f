import assert from 'node:assert/strict';
import {
  WindowCache,
  type VisibleWindow,
  type WindowAsk,
} from '../../../webview/grid/windowCache.ts';

const view = (firstRow: number, endRow: number, firstColumn = 0, endColumn = 4): VisibleWindow => ({
  firstRow,
  endRow,
  columns: Array.from({ length: endColumn - firstColumn }, (_, i) => firstColumn + i),
});

/** Answers a request with texts that name their place. */
function answer(cache: WindowCache<string>, ask: WindowAsk, rows = ask.rows, bytes = 1): boolean {
  const columns = ask.columns.map((column) => `${ask.firstRow}:${column}`);
  return cache.accept(ask, rows, columns, bytes);
}

function only<T>(list: readonly T[]): T {
  assert.equal(list.length, 1);
  return list[0] as T;
}

describe('window cache', () => {
  it('asks for the aligned block around the view, once', () => {
    const cache = new WindowCache<string>(20);
    const ask = only(cache.plan(view(400, 430), 1_000).ask);
    assert.equal(ask.firstRow, 256);
    assert.equal(ask.rows, 256);
    assert.deepEqual(
      ask.columns,
      Array.from({ length: 16 }, (_, i) => i),
    );
    assert.deepEqual(cache.plan(view(401, 431), 1_000), { ask: [], abandon: [] });
    assert.ok(answer(cache, ask));
    assert.deepEqual(cache.plan(view(402, 432), 1_000), { ask: [], abandon: [] });
    assert.deepEqual(cache.find(300, 3), { value: '256:3', row: 44 });
    assert.equal(cache.find(255, 3), undefined);
    assert.equal(cache.find(300, 16), undefined);
  });

  it('asks for the visible rows before the ones ahead', () => {
    const cache = new WindowCache<string>(4);
    const { ask } = cache.plan(view(500, 530), 10_000);
    assert.deepEqual(
      ask.map((a) => a.firstRow),
      [256, 512],
    );
    const near = new WindowCache<string>(4).plan(view(470, 500), 10_000).ask;
    assert.deepEqual(
      near.map((a) => a.firstRow),
      [256, 512],
    );
  });

  it('asks only for the last columns and rows that exist', () => {
    const cache = new WindowCache<string>(20);
    const ask = only(cache.plan(view(310, 315, 17, 20), 315).ask);
    assert.deepEqual(ask.columns, [16, 17, 18, 19]);
    assert.equal(ask.firstRow, 256);
    assert.equal(ask.rows, 59);
    assert.ok(answer(cache, ask));
    assert.deepEqual(cache.find(314, 19), { value: '256:19', row: 58 });
  });

  it('asks for column groups that came into view without asking again for the others', () => {
    const cache = new WindowCache<string>(5_000);
    answer(cache, only(cache.plan(view(0, 30), 200).ask));
    const ask = only(cache.plan(view(0, 30, 10, 40), 200).ask);
    assert.deepEqual([ask.columns[0], ask.columns.at(-1)], [16, 47]);
    assert.ok(answer(cache, ask));
    assert.deepEqual(cache.find(5, 40), { value: '0:40', row: 5 });
    assert.deepEqual(cache.find(5, 10), { value: '0:10', row: 5 });
  });

  it('asks for rows that came since, and keeps the ones it has', () => {
    const cache = new WindowCache<string>(4);
    answer(cache, only(cache.plan(view(0, 30), 40).ask));
    const ask = only(cache.plan(view(0, 30), 1_000).ask);
    assert.deepEqual([ask.firstRow, ask.rows], [40, 216]);
    answer(cache, ask);
    assert.deepEqual(cache.find(39, 0), { value: '0:0', row: 39 });
    assert.deepEqual(cache.find(40, 0), { value: '40:0', row: 0 });
  });

  it('does not ask for every few rows that come below the view', () => {
    const cache = new WindowCache<string>(4);
    answer(cache, only(cache.plan(view(0, 30), 100).ask));
    assert.deepEqual(cache.plan(view(0, 30), 110).ask, []);
  });

  it('goes on where an answer with fewer rows than asked ended', () => {
    const cache = new WindowCache<string>(4);
    answer(cache, only(cache.plan(view(0, 30), 256).ask), 10);
    assert.equal(cache.find(10, 0), undefined);
    const ask = only(cache.plan(view(0, 30), 256).ask);
    assert.deepEqual([ask.firstRow, ask.rows], [10, 246]);
    answer(cache, ask, 200);
    assert.deepEqual(cache.find(209, 3), { value: '10:3', row: 199 });
  });

  it('abandons requests that left the screen and drops their late answers', () => {
    const cache = new WindowCache<string>(4);
    const first = only(cache.plan(view(0, 30), 1e8).ask);
    const { ask, abandon } = cache.plan(view(50_000_000, 50_000_030), 1e8);
    assert.deepEqual(abandon, [first]);
    assert.ok(ask.length > 0);
    assert.equal(answer(cache, first), false);
    assert.equal(cache.find(0, 0), undefined);
    assert.equal(cache.fail(first), false);
  });

  it('keeps few requests in flight however fast the view jumps', () => {
    const cache = new WindowCache<string>(5_000);
    for (let jump = 0; jump < 1_000; jump++) {
      cache.plan(view(jump * 90_000, jump * 90_000 + 30, jump, jump + 12), 1e8);
      assert.ok(cache.size.inFlight <= 6);
    }
  });

  it('does not ask again for what failed, until told to', () => {
    const cache = new WindowCache<string>(4);
    assert.ok(cache.fail(only(cache.plan(view(0, 30), 100).ask)));
    assert.deepEqual(cache.plan(view(0, 30), 100).ask, []);
    cache.retry();
    assert.equal(cache.plan(view(0, 30), 100).ask.length, 1);
  });

  it('stays within its limits and forgets the oldest first', () => {
    const cache = new WindowCache<string>(4, { blocks: 10, bytes: 1e9 });
    for (let block = 0; block < 50; block++) {
      const from = block * 256 + 100;
      answer(cache, only(cache.plan(view(from, from + 30), 1e6).ask));
      // The first block is looked at all the time: it has to stay.
      cache.plan(view(100, 130), 1e6);
    }
    assert.equal(cache.size.blocks, 10);
    assert.ok(cache.find(100, 0));
    assert.ok(cache.find(49 * 256 + 100, 0));
    assert.equal(cache.find(20 * 256 + 100, 0), undefined);
  });

  it('counts bytes, but never drops the answer that just came', () => {
    const cache = new WindowCache<string>(4, { blocks: 100, bytes: 1_000 });
    answer(cache, only(cache.plan(view(100, 130), 1e6).ask), 256, 600);
    answer(cache, only(cache.plan(view(1_124, 1_154), 1e6).ask), 256, 5_000);
    assert.deepEqual(cache.size, { blocks: 1, bytes: 5_000, inFlight: 0 });
    assert.ok(cache.find(1_124, 0));
  });

  it('asks for nothing without rows, columns or height', () => {
    assert.deepEqual(new WindowCache<string>(4).plan(view(0, 0), 0).ask, []);
    assert.deepEqual(new WindowCache<string>(0).plan(view(0, 30, 0, 0), 100).ask, []);
    assert.deepEqual(new WindowCache<string>(4).plan(view(5, 5), 100).ask, []);
  });
});
