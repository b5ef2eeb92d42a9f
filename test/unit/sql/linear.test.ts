import assert from 'node:assert/strict';
import { tokenize } from '../../../src/core/sql/lexer.ts';
import { splitStatements, statementAt } from '../../../src/core/sql/split.ts';

/** Work that grows faster than the text runs into mocha's time limit here; no time is asserted. */
describe('a script of 5 MB', () => {
  const line = "SELECT a, 'it''s; one', `b;c`, 1.5e3 /* ; */ FROM t WHERE x = $$;$$ -- ;\n;\n";
  const count = Math.ceil((5 << 20) / line.length);
  const script = line.repeat(count);

  it('has as many tokens and statements as its lines together', () => {
    assert.equal(tokenize(script).length, count * (tokenize(line).length - 1) + 1);
    assert.equal(splitStatements(script).length, count);
  });

  it('finds the last statement', () => {
    assert.equal(statementAt(script, script.length - 5)?.start, line.length * (count - 1));
  });
});
