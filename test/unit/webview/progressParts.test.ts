import assert from 'node:assert/strict';
import type { RunProgress } from '../../../src/shared/runStatistics.ts';
import { PROGRESS as progress } from '../../page/progress.ts';
import { percentRead, progressParts } from '../../../webview/statistics/progressParts.ts';

const shown = (of: RunProgress): string[] => progressParts(of).map(({ short }) => short);

describe('progress of a running query', () => {
  it('is told with the most important part first', () => {
    assert.deepEqual(shown(progress), [
      '40 %',
      '5 s left',
      '20M of 50M rows read',
      '6.3M rows/s',
      '385 MB/s',
      '1.2 GB read',
      '412 MB memory',
      '8 threads',
    ]);
    const full = progressParts(progress).map((part) => part.full);
    assert.ok(full.includes('20,000,000 of 50,000,000 rows read'), full.join());
  });

  it('says nothing of what is not known', () => {
    const first = { ...progress, totalRows: 0, rowsPerSecond: 0, bytesPerSecond: 0, readRows: 0 };
    const { leftMs, ...unknown } = { ...first, readBytes: 0, threads: 0, memoryBytes: 0 };
    assert.ok(leftMs);
    assert.deepEqual(shown(unknown), []);
    assert.equal(percentRead(undefined), undefined);
    assert.equal(percentRead(unknown), undefined);
  });

  it('never shows the whole while the query still works, for the total is an estimate', () => {
    for (const readRows of [50, 60]) {
      assert.equal(percentRead({ ...progress, readRows, totalRows: 50 }), 99);
    }
    assert.equal(percentRead({ ...progress, readRows: 20, totalRows: 50 }), 40);
  });
});
