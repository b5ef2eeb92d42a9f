import assert from 'node:assert/strict';
import { isUsageError } from '../../../../src/core/client/errors.ts';
import { hideSecrets } from '../../../../src/core/sql/hideSecrets.ts';
import type { Result } from '../../../../src/host/results/result.ts';
import { statementAgain } from '../../../../src/host/results/runAgain.ts';

const SECRET = "SELECT * FROM s3('https://b/x.csv', 'AKIA', 'geheim')";

function resultOf(sql: string, isRestored: boolean): Result {
  const options = { statement: { sql, offset: 0 }, ...(isRestored && { isRestored }) };
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
});
