import assert from 'node:assert/strict';
import { errorPosition } from '../../../src/core/sql/errorPosition.ts';

function marked(message: string, sql: string): string | undefined {
  const range = errorPosition(message, sql);
  return range && `${range.start}:${sql.slice(range.start, range.end)}`;
}

/** The messages are ClickHouse 26.7's own, cut where nothing is read any more. */
describe('errorPosition', () => {
  it('counts bytes, not characters', () => {
    assert.equal(
      marked(
        'Code: 62. DB::Exception: Syntax error: failed at position 34 (y): y y y. Expected one of',
        "SELECT 'é日本🎉' AS x, FROM y y y",
      ),
      '26:y',
    );
    assert.equal(
      marked(
        'Syntax error: failed at position 24 ()) (line 2, col 14): ). Unmatched parentheses: ).',
        "SELECT 1,\n  'é🎉' , )",
      ),
      '20:)',
    );
  });

  it('marks the last token when the text ends too soon', () => {
    assert.equal(
      marked(
        'Syntax error: failed at position 12 (end of query) (line 2, col 5): . Expected',
        'SELECT\n 1 +',
      ),
      '10:+',
    );
  });

  it('marks nothing when the message speaks of another text', () => {
    assert.equal(
      marked(
        'Syntax error: failed at position 11 (end of query): . Expected',
        "SELECT formatQuery('SELECT 1 +')",
      ),
      undefined,
    );
    assert.equal(marked('Syntax error: failed at position 999 (x): x', 'SELECT 1'), undefined);
  });

  it('finds what a message names', () => {
    for (const [message, sql, expected] of [
      ['Unknown expression identifier `abc` in scope SELECT abc: Note', 'SELECT 1, abc', '10:abc'],
      ['Unknown expression identifier `a b` in scope SELECT', 'SELECT `a b` FROM t', '7:`a b`'],
      ['Unknown expression identifier `b.c` in scope', 'SELECT b, b.c FROM t', '10:b.c'],
      [
        "Identifier 't.nope' cannot be resolved from table with name t.",
        'SELECT t.x, t.nope',
        '12:t.nope',
      ],
      ["Unknown table expression identifier 'nope' in scope", 'SELECT 1 FROM nope', '14:nope'],
      ['Function with name `nofunc` does not exist. In', 'SELECT nofunc, nofunc(1)', '15:nofunc'],
      [
        "Unknown table function nmbers. Maybe you meant: ['numbers']",
        'SELECT * FROM nmbers(1)',
        '14:nmbers',
      ],
      ['Table default.nope does not exist. Maybe', 'INSERT INTO nope VALUES (1)', '12:nope'],
      ['Database nope does not exist', 'SELECT 1 FROM nope.tab', '14:nope'],
      ["Unknown setting 'nope'.", 'SELECT nope SETTINGS nope=1', '21:nope'],
      ['Unknown format Nope. Maybe you meant', 'SELECT 1 FORMAT Nope', '16:Nope'],
      ['Unknown data type family: Nope.', 'CREATE TABLE x (a Nope)', '18:Nope'],
      ['Substitution `x` is not set.', 'SELECT x, {x:UInt8}', '11:x'],
      ["Missing columns: 'x' while processing query", "SELECT 'x', x", '12:x'],
      [
        'No such column zz in table _table_function.`null`.',
        'INSERT INTO t (zz) VALUES (1)',
        '15:zz',
      ],
    ] as const) {
      assert.equal(marked(message, sql), expected, message);
    }
  });

  it('knows when nothing can be told', () => {
    assert.equal(marked("Cannot parse string 'x' as Int8", "SELECT toInt8('x')"), undefined);
    assert.equal(marked('Unknown expression identifier `gone` in scope', 'SELECT 1'), undefined);
  });
});
