import assert from 'node:assert/strict';
import { describableSelect } from '../../../src/core/sql/describable.ts';
import { errorPosition } from '../../../src/core/sql/errorPosition.ts';
import { temporaryTable } from '../../../src/core/sql/kind.ts';
import { sessionEffect } from '../../../src/core/sql/sessionEffect.ts';
import { settingChanges } from '../../../src/core/sql/setStatement.ts';
import { tokenize } from '../../../src/core/sql/lexer.ts';
import { outputClauses } from '../../../src/core/sql/outputClauses.ts';
import { findParameters } from '../../../src/core/sql/parameters.ts';
import { splitStatements, statementAt } from '../../../src/core/sql/split.ts';

/** Pieces that open, close or mean something to one of the readers. */
const PIECES = [
  ...[
    "'",
    '"',
    '`',
    ';',
    '\n',
    '--',
    '/*',
    '*/',
    '$$',
    '$a$',
    '\\',
    '\\G',
    '(',
    ')',
    '‘',
    '’',
    ',',
  ],
  ...['é', '🎉', '\ud800', '\0', '0x', '1e', '1_', '.', "x'", '@@', '!~*', '# ', '//', '{x:UInt8}'],
  ...['\n\n', '\r\n\r\n', 'SELECT ', 'WITH ', 'UNION ALL ', 'EXPLAIN ', 'SETTINGS a=1 ', 'SET '],
  ...[
    'INSERT INTO t ',
    'FORMAT CSV',
    'FORMAT CSV\n',
    'VALUES ',
    'input(',
    'FROM INFILE ',
    'FUNCTION f',
  ],
  ...["INTO OUTFILE 'x' ", 'PARTITION BY ', 'CREATE TEMPORARY TABLE ', 'CREATE VIEW v AS '],
];

/** Texts of up to 14 pieces, the same ones in every run. */
function* randomTexts(count: number): Generator<string> {
  let state = 26;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let index = 0; index < count; index++) {
    yield Array.from({ length: 1 + next(14) }, () => PIECES[next(PIECES.length)]).join('');
  }
}

describe('any text at all', () => {
  const texts = [...randomTexts(2000)];

  it('is covered by its tokens', () => {
    for (const text of texts) {
      let end = 0;
      for (const token of tokenize(text)) {
        assert.equal(token.start, end, JSON.stringify(text));
        end = token.end;
      }
      assert.equal(end, text.length);
    }
  });

  it('has statements in order that do not overlap, each the same when it is alone', () => {
    for (const text of texts) {
      let previous = 0;
      for (const statement of splitStatements(text)) {
        const { start, end, fullStart, fullEnd, inlineData, kind } = statement;
        const places = [previous, fullStart, start, inlineData?.start ?? start, end, fullEnd];
        assert.deepEqual(
          places.toSorted((a, b) => a - b),
          places,
          JSON.stringify(text),
        );
        assert.equal(inlineData?.end ?? end, end);
        const alone = splitStatements(statement.text);
        assert.deepEqual(
          alone.map((one) => [one.text, one.kind]),
          [[statement.text, kind]],
          JSON.stringify(text),
        );
        previous = fullEnd;
      }
    }
  });

  it('has a statement at every offset, if it has one at all', () => {
    for (const text of texts) {
      const found = splitStatements(text).map(({ start }) => start);
      for (let offset = 0; offset <= text.length; offset++) {
        const start = statementAt(text, offset)?.start;
        assert.ok(start === undefined ? found.length === 0 : found.includes(start));
      }
    }
  });

  it('makes no reader throw', () => {
    for (const [index, text] of texts.entries()) {
      describableSelect(text);
      outputClauses(text);
      temporaryTable(text);
      settingChanges(text);
      sessionEffect(text);
      findParameters(text);
      errorPosition(`Syntax error: failed at position ${index % 20} (x): `, text);
      errorPosition('Unknown expression identifier `t` in scope', text);
    }
  });
});
