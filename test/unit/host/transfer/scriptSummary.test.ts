import assert from 'node:assert/strict';
import {
  outcomeText,
  summaryDocument,
} from '../../../../src/host/transfer/script/scriptSummary.ts';

describe('the end of a script', () => {
  const outcome = {
    folder: '/data/export',
    ms: 3_100,
    steps: [
      { number: 1, sql: 'SET x = 1', state: 'ran', ms: 1 },
      {
        number: 2,
        sql: 'SELECT a || b\nFROM t',
        state: 'saved',
        file: '/data/export/tour-02.csv',
        rows: 3_000_000,
        bytes: 12_000_000,
        ms: 3_000,
      },
      { number: 3, sql: 'SELECT', state: 'failed', error: 'Syntax error\nat 1' },
      { number: 4, sql: 'SELECT 2', state: 'notRun' },
    ],
  } as const;

  it('is told in one line', () => {
    assert.equal(
      outcomeText(outcome),
      'Saved 1 file, 12 MB, in 3.1 s to export. 1 statement failed, 1 not run.',
    );
    assert.equal(
      outcomeText({ ...outcome, steps: outcome.steps.slice(0, 2) }),
      'Saved 1 file, 12 MB, in 3.1 s to export',
    );
  });

  it('is told in full in a table that the SQL cannot break', () => {
    const lines = summaryDocument(outcome).split('\n');
    assert.ok(
      lines.includes(
        '| 2 | SELECT a \\|\\| b FROM t | saved | tour-02.csv | 3,000,000 | 12 MB | 3.0 s |',
      ),
    );
    assert.ok(lines.includes('- Statement 3: Syntax error at 1'));
  });
});
