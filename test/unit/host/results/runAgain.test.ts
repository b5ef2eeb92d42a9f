import assert from 'node:assert/strict';
import { isUsageError } from '../../../../src/core/client/errors.ts';
import { hideSecrets } from '../../../../src/core/sql/hideSecrets.ts';
import { hideParameters } from '../../../../src/core/sql/secretNames.ts';
import type { Connection } from '../../../../src/host/connections/connections.ts';
import type { EditorStatement } from '../../../../src/host/editor/currentStatement.ts';
import type { Result } from '../../../../src/host/results/result.ts';
import {
  canRunAsKept,
  paramsAgain,
  statementAgain,
} from '../../../../src/host/results/runAgain.ts';

const SECRET = "SELECT * FROM s3('https://b/x.csv', 'AKIA', 'geheim')";

const HERE: Connection = { id: 'here', name: 'here', kind: 'server' };
const THERE: Connection = { id: 'there', name: 'there (production)', kind: 'server' };

function resultOf(sql: string, isRestored: boolean, params: object = {}): Result {
  const statement = { sql, offset: 0 };
  const options = { statement, params, connection: HERE, ...(isRestored && { isRestored }) };
  return { options, uri: 'new name' } as unknown as Result;
}

const again = (result: Result, now = HERE): EditorStatement =>
  statementAgain(result, { forDocument: () => now });

describe('the statement of a result, once more', () => {
  it('belongs to the document of now', () => {
    for (const isRestored of [true, false]) {
      const statement = again(resultOf('SELECT 1', isRestored));
      assert.deepEqual(statement, { sql: 'SELECT 1', offset: 0, uri: 'new name' });
    }
  });

  it('is refused when its secret was not kept, and only then', () => {
    assert.throws(() => again(resultOf(hideSecrets(SECRET), true)), isUsageError);
    assert.equal(again(resultOf(SECRET, false)).sql, SECRET);
    assert.equal(again(resultOf("SELECT '[HIDDEN]'", false)).sql, "SELECT '[HIDDEN]'");
  });

  it('is refused when its document has another connection now', () => {
    assert.throws(() => again(resultOf('DROP TABLE t', false), THERE), /now uses there/);
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
