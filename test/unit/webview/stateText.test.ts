import assert from 'node:assert/strict';
import type { ResultSnapshot } from '../../../src/shared/protocol.ts';
import { announcement, stateText } from '../../../webview/stateText.ts';

const result: ResultSnapshot = {
  id: 'r',
  title: 'SELECT 1',
  source: 'a.sql',
  connection: 'Local ClickHouse',
  state: 'running',
  columns: [{ name: 'a', type: 'UInt8', encoding: 'arrow' }],
  rows: 1_234_567,
  bytes: 12_345_678,
  elapsedMs: 3_210,
  complete: false,
  actions: [],
  timeZone: 'UTC',
  queryId: 'q',
};

describe('texts of a run', () => {
  it('says what is running', () => {
    assert.equal(stateText(result, 3_210), 'Running… 3.2 s, 1,234,567 rows, 12 MB');
    assert.equal(stateText({ ...result, rows: 0, bytes: 0 }, 300), 'Running… 300 ms');
    assert.equal(
      stateText({ ...result, state: 'cancelling', rows: 1 }, 3_210),
      'Cancelling… 3.2 s, 1 row, 12 MB',
    );
  });

  it('never calls an incomplete result complete', () => {
    const done: ResultSnapshot = { ...result, state: 'done', rows: 3_000_000 };
    assert.equal(stateText({ ...done, complete: true }, 1_200), '3,000,000 rows in 1.2 s');
    assert.match(stateText(done, 1_200), /^Incomplete: first 3,000,000 rows/);
    assert.equal(
      stateText({ ...done, state: 'failed', rows: 123 }, 1_200),
      'Incomplete: 123 rows before the error, 1.2 s',
    );
    assert.match(stateText({ ...done, state: 'cancelled', rows: 5 }, 1_200), /^Cancelled: 5 rows/);
    assert.equal(stateText({ ...done, state: 'failed', rows: 0 }, 300), 'Failed after 300 ms');
  });

  it('tells the error to those who do not see it', () => {
    const failed: ResultSnapshot = {
      ...result,
      state: 'failed',
      rows: 0,
      error: { code: 60, name: 'UNKNOWN_TABLE', message: 'No table t.' },
    };
    assert.equal(announcement(failed), 'Failed after 3.2 s. UNKNOWN_TABLE: No table t.');
  });
});
