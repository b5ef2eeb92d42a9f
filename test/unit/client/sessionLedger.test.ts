import assert from 'node:assert/strict';
import { SessionLedger } from '../../../src/core/client/sessionLedger.ts';

describe('what a session holds', () => {
  function ledgerOf(...statements: string[]): SessionLedger {
    const ledger = new SessionLedger();
    for (const sql of statements) ledger.record(sql, {}, false);
    return ledger;
  }
  const sqlOf = (ledger: SessionLedger): string[] => ledger.holdings.steps.map(({ sql }) => sql);

  it('is nothing after statements that leave nothing', () => {
    assert.ok(ledgerOf('SELECT 1', 'INSERT INTO t VALUES (1)', 'DROP TABLE t').isEmpty);
    assert.ok(ledgerOf('BEGIN TRANSACTION', 'COMMIT').isEmpty);
    assert.equal(ledgerOf('BEGIN TRANSACTION').isEmpty, false);
  });

  it('forgets settings that were set again, but not across tables made with them', () => {
    assert.deepEqual(sqlOf(ledgerOf('SET a = 1', 'SET b = 1', 'SET a = 2', 'USE x', 'USE y')), [
      'SET b = 1',
      'SET a = 2',
      'USE y',
    ]);
    const made = 'CREATE TEMPORARY TABLE t AS SELECT 1';
    assert.deepEqual(sqlOf(ledgerOf('SET a = 1', made, 'SET a = 2')), [
      'SET a = 1',
      made,
      'SET a = 2',
    ]);
    assert.deepEqual(sqlOf(ledgerOf('SET a = 1, b = 1', 'SET a = 2')).length, 2);
    assert.deepEqual(sqlOf(ledgerOf('SET ROLE r', 'SET a = 1', 'SET ROLE s')), [
      'SET a = 1',
      'SET ROLE s',
    ]);
  });

  it('keeps a dropped table only while another one needs it', () => {
    const first = 'CREATE TEMPORARY TABLE first (x UInt8)';
    const second = 'CREATE TEMPORARY TABLE second AS SELECT * FROM first';
    assert.deepEqual(
      sqlOf(ledgerOf(first, 'INSERT INTO first VALUES (1)', 'DROP TABLE first')),
      [],
    );
    const needed = ledgerOf(first, second, 'DROP TABLE first');
    assert.deepEqual(sqlOf(needed), [first, second, 'DROP TABLE first']);
    assert.deepEqual(needed.holdings.temporaryTables, ['second']);
  });

  it('keeps what was interrupted as "perhaps", until it is known for certain', () => {
    const ledger = new SessionLedger();
    ledger.recordPerhaps('SELECT 1');
    ledger.recordPerhaps('INSERT INTO elsewhere VALUES (1)');
    assert.ok(ledger.isEmpty);
    const [set, create] = ['SET max_threads = 3', 'CREATE TEMPORARY TABLE t AS SELECT 1'];
    for (const sql of [set, create]) ledger.recordPerhaps(sql);
    assert.deepEqual(ledger.holdings.perhaps, [set, create]);
    assert.deepEqual(ledger.holdings.steps, []);
    assert.ok(!ledger.isEmpty);
    ledger.record('SET max_threads = 4', {}, false);
    ledger.record('CREATE TEMPORARY TABLE IF NOT EXISTS t (x UInt8)', {}, false);
    assert.deepEqual(ledger.holdings.perhaps, [create], 'It may be the table of before.');
    ledger.record('DROP TABLE t', {}, false);
    assert.deepEqual(ledger.holdings.perhaps, []);
  });

  it('is bounded: rows beyond a megabyte of statements are not kept, and that is said', () => {
    const ledger = ledgerOf('SET a = 1', 'CREATE TEMPORARY TABLE t (x UInt64)');
    for (let i = 0; i < 30; i++) {
      ledger.record(`INSERT INTO t VALUES ${'(1), '.repeat(10_000)}(2)`, {}, false);
    }
    const { steps } = ledger.holdings;
    assert.ok(steps.reduce((sum, { sql }) => sum + sql.length, 0) <= 1024 * 1024);
    assert.deepEqual(
      steps.filter(({ repeatable }) => !repeatable).map(({ table }) => table),
      ['t'],
    );
    assert.equal(steps[0]?.sql, 'SET a = 1');
  });
});
