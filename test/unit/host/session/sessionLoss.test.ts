import assert from 'node:assert/strict';
import { SessionLedger } from '../../../../src/core/client/sessionLedger.ts';
import type { SessionHoldings } from '../../../../src/core/client/surface.ts';
import { replayPlan } from '../../../../src/host/session/replayPlan.ts';
import { lossWith } from '../../../../src/host/session/sessionLoss.ts';

function holding(...statements: string[]): SessionHoldings {
  const ledger = new SessionLedger();
  for (const sql of statements) ledger.record(sql, {}, false);
  return ledger.holdings;
}

const SET = 'SET max_block_size = 1';
const CREATE = 'CREATE TEMPORARY TABLE mine (x UInt8)';
const INSERT = 'INSERT INTO mine VALUES (7)';
const USE = 'USE system';

describe('a session that is lost after another', () => {
  const first = lossWith(undefined, holding(SET, CREATE, INSERT, USE), 'here');
  const replayed = (done: number, ...held: string[]): string[] => {
    const { holdings } = lossWith({ ...first, done }, holding(...held), 'here');
    return replayPlan(holdings, 0, true).steps.map(({ sql }) => sql);
  };

  it('during the replay of the first, leaves all to be replayed, in its order', () => {
    assert.deepEqual(replayed(2, SET, CREATE), [SET, CREATE, INSERT, USE]);
    const { holdings, done } = lossWith({ ...first, done: 1 }, holding(SET), 'here');
    assert.equal(done, 0);
    assert.deepEqual(holdings.statements, [SET, USE]);
    assert.deepEqual(holdings.temporaryTables, ['mine']);
    assert.equal(holdings.database, 'system');
  });

  it('on another connection, is all that can be replayed there', () => {
    const { holdings } = lossWith(first, holding(SET), 'there');
    assert.deepEqual(holdings.statements, [SET]);
  });

  it('with statements of its own, leaves what was not replayed before them', () => {
    const own = 'SET max_block_size = 2';
    assert.deepEqual(replayed(0, own), [SET, CREATE, INSERT, USE, own]);
    assert.deepEqual(replayed(3, CREATE, INSERT, own), [CREATE, INSERT, USE, own]);
  });
});
