import assert from 'node:assert/strict';
import type { ResultSnapshot } from '../../../src/shared/protocol.ts';
import type { RunStatistics } from '../../../src/shared/runStatistics.ts';
import { endedRows, noteOf } from '../../../webview/statistics/cardRows.ts';

const result: ResultSnapshot = {
  id: 'r',
  title: 'SELECT 1',
  source: 'a.sql',
  connection: 'Local ClickHouse',
  state: 'done',
  columns: [{ name: 'a', type: 'UInt8', encoding: 'arrow' }],
  rows: 1_000,
  bytes: 12_345,
  elapsedMs: 1_210,
  complete: true,
  actions: [],
  timeZone: 'UTC',
  queryId: 'q',
};
const base: RunStatistics = { startedAt: 1, receivedBytes: 12_000, serverVersion: '26.7.2.1' };

function texts(statistics: RunStatistics, of = result): Record<string, string> {
  return Object.fromEntries(endedRows(of, statistics).map(({ name, value }) => [name, value]));
}

describe('statistics of a run', () => {
  it('say of the server only what it told', () => {
    assert.deepEqual(texts(base), {
      Result: '1,000 rows',
      Received: '12 kB',
      Elapsed: '1.2 s',
      Server: 'Local ClickHouse, ClickHouse 26.7.2.1',
      'Query id': 'q',
    });
    assert.match(noteOf(base), /query log/);
  });

  it('never show what was seen while it ran as final', () => {
    const seen = { readRows: 5_000, readBytes: 40_000, writtenRows: 0, peakMemoryBytes: 1_000_000 };
    const rows = texts({ ...base, figures: { source: 'seen', ...seen } });
    assert.equal(rows['Read'], 'at least 5,000 rows, 40 kB');
    assert.equal(rows['Peak memory'], 'at least 1.0 MB');
    assert.equal(rows['Elapsed'], '1.2 s');
  });

  it('show the figures of the log, with parts and marks', () => {
    const rows = texts({
      ...base,
      figures: {
        source: 'log',
        readRows: 9_000,
        readBytes: 72_000,
        writtenRows: 0,
        elapsedMs: 900,
      },
      log: {
        state: 'found',
        events: [
          { name: 'SelectedParts', value: '2' },
          { name: 'SelectedPartsTotal', value: '3' },
          { name: 'SelectedMarks', value: '1368' },
        ],
      },
    });
    assert.equal(rows['Read'], '9,000 rows, 72 kB');
    assert.equal(rows['Elapsed'], '1.2 s, on the server 900 ms');
    assert.equal(rows['Parts read'], '2 of 3');
    assert.equal(rows['Marks read'], '1,368', 'older servers do not tell the total');
  });

  it('call an incomplete result incomplete', () => {
    assert.equal(texts(base, { ...result, complete: false })['Result'], '1,000 rows (incomplete)');
  });
});
