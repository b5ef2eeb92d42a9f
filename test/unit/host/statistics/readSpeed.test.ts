import assert from 'node:assert/strict';
import { ReadSpeed } from '../../../../src/host/statistics/readSpeed.ts';

function poll(elapsedMs: number, readRows: number, totalRows = 0) {
  return {
    queryId: 'q',
    readRows,
    readBytes: readRows * 8,
    totalRows,
    writtenRows: 0,
    memoryBytes: 0,
    peakMemoryBytes: 0,
    threads: 1,
    elapsedMs,
  };
}

describe('speed of reading', () => {
  it('is that since the start at first, then that of the last seconds', () => {
    const speed = new ReadSpeed();
    assert.deepEqual(speed.next(poll(500, 1_000)), {
      rowsPerSecond: 2_000,
      bytesPerSecond: 16_000,
      leftMs: undefined,
    });
    // 2,000 rows a second for ten seconds, then 100.
    for (let ms = 1_000; ms <= 10_000; ms += 500) speed.next(poll(ms, ms * 2));
    let last = speed.next(poll(10_500, 20_050));
    for (let ms = 11_000; ms <= 20_000; ms += 500)
      last = speed.next(poll(ms, 20_000 + (ms - 10_000) / 10));
    assert.equal(Math.round(last.rowsPerSecond), 100);
  });

  it('gives the time left once it is known, and none when reading stands still or has ended', () => {
    const speed = new ReadSpeed();
    assert.equal(speed.next(poll(500, 100, 1_000)).leftMs, undefined, 'too early');
    assert.equal(speed.next(poll(2_000, 400, 1_000)).leftMs, 3_000);
    assert.equal(speed.next(poll(3_000, 1_200, 1_000)).leftMs, undefined, 'past the estimate');
    const stalled = new ReadSpeed();
    for (let ms = 500; ms <= 20_000; ms += 500) stalled.next(poll(ms, 100, 1_000));
    assert.deepEqual(stalled.next(poll(20_500, 100, 1_000)), {
      rowsPerSecond: 0,
      bytesPerSecond: 0,
      leftMs: undefined,
    });
  });
});
