import assert from 'node:assert/strict';
import { isUsageError } from '../../../../src/core/client/errors.ts';
import { hideParameters, hideSecrets } from '../../../../src/core/sql/hideSecrets.ts';
import type { Result } from '../../../../src/host/results/result.ts';
import {
  canRunAsKept,
  paramsAgain,
  statementAgain,
} from '../../../../src/host/results/runAgain.ts';

const SECRET = "SELECT * FROM s3('https://b/x.csv', 'AKIA', 'geheim')";

function resultOf(sql: string, isRestored: boolean, params: object = {}): Result {
  const options = { statement: { sql, offset: 0 }, params, ...(isRestored && { isRestored }) };
  return { options, uri: 'new name' } as unknown as Result;
}

describe('the statement of a result, once more', () => {
  it('belongs to the document of now', () => {
    for (const isRestored of [true, false]) {
      const again = statementAgain(resultOf('SELECT 1', isRestored));
      assert.deepEqual(again, { sql: 'SELECT 1', offset: 0, uri: 'new name' });
    }
  });

  it('is refused when its secret was not kept, and only then', () => {
    assert.throws(() => statementAgain(resultOf(hideSecrets(SECRET), true)), isUsageError);
    assert.equal(statementAgain(resultOf(SECRET, false)).sql, SECRET);
    assert.equal(statementAgain(resultOf("SELECT '[HIDDEN]'", false)).sql, "SELECT '[HIDDEN]'");
  });

  it('asks for its values when a secret among them was not kept, and only then', () => {
    const sql = 'SELECT {token:String}, {day:Date}';
    const params = { token: 'geheim', day: '2024-02-29' };
    assert.equal(paramsAgain(resultOf(sql, true, hideParameters(params))), undefined);
    assert.deepEqual(paramsAgain(resultOf(sql, false, params)), params);
    assert.deepEqual(paramsAgain(resultOf(sql, true, { day: '1' })), { day: '1' });
  });

  it('cannot run as it was kept when any secret is missing', () => {
    assert.ok(!canRunAsKept(resultOf(hideSecrets(SECRET), true)));
    assert.ok(!canRunAsKept(resultOf('SELECT 1', true, hideParameters({ token: 'geheim' }))));
    assert.ok(canRunAsKept(resultOf('SELECT 1', true, { day: '1' })));
  });
});
