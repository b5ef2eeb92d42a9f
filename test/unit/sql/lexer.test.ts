import assert from 'node:assert/strict';
import { tokenize } from '../../../src/core/sql/lexer.ts';
import { isSignificant } from '../../../src/core/sql/token.ts';

/** The significant tokens as `Kind text`, without the closing EndOfStream. */
function lex(sql: string): string[] {
  return tokenize(sql)
    .filter((token) => isSignificant(token) && token.kind !== 'EndOfStream')
    .map((token) => `${token.kind} ${sql.slice(token.start, token.end)}`);
}

describe('tokenize', () => {
  it('covers the text without a gap and ends with EndOfStream', () => {
    const sql = "SELECT 'a', `b` /* c */ -- d\n FROM $t$ x $t$ ‘curly’ é 🎉 'open";
    let end = 0;
    for (const token of tokenize(sql)) {
      assert.equal(token.start, end);
      end = token.end;
    }
    assert.equal(end, sql.length);
    assert.deepEqual(tokenize(''), [{ kind: 'EndOfStream', start: 0, end: 0 }]);
  });

  it('reads backslash and doubled quotes inside quoted tokens', () => {
    assert.deepEqual(lex(String.raw`'it''s' 'it\'s' '\\' "a""b" ${'`a\\`b`'} 'a' 'b'`), [
      "StringLiteral 'it''s'",
      String.raw`StringLiteral 'it\'s'`,
      String.raw`StringLiteral '\\'`,
      'QuotedIdentifier "a""b"',
      'QuotedIdentifier `a\\`b`',
      "StringLiteral 'a'",
      "StringLiteral 'b'",
    ]);
    assert.deepEqual(lex("'-- no comment' 1"), ["StringLiteral '-- no comment'", 'Number 1']);
  });

  it('knows curly quotes, hex and binary strings and heredocs', () => {
    assert.deepEqual(lex("‘it's’ “a b” x'4142' B'0101'"), [
      "StringLiteral ‘it's’",
      'QuotedIdentifier “a b”',
      "StringLiteral x'4142'",
      "StringLiteral B'0101'",
    ]);
    assert.deepEqual(lex("$$a;'b$$ $t1$ $$ $t1$"), ["HereDoc $$a;'b$$", 'HereDoc $t1$ $$ $t1$']);
    assert.deepEqual(lex('$a b$ $c$ a$b $x'), [
      'BareWord $a',
      'BareWord b$',
      'BareWord $c$',
      'BareWord a$b',
      'BareWord $x',
    ]);
    assert.deepEqual(lex('$ $'), ['DollarSign $', 'DollarSign $']);
  });

  it('knows every comment form, and nests block comments', () => {
    assert.deepEqual(lex('1 -- a\n2 // b\n3 # c\n4 #! d\n5 /* a /* b */ c */ 6 --e'), [
      'Number 1',
      'Number 2',
      'Number 3',
      'Number 4',
      'Number 5',
      'Number 6',
    ]);
    assert.deepEqual(lex('#c'), ['Error #', 'BareWord c']);
    assert.deepEqual(lex('/*/ 1 */ 2'), ['Number 2']);
  });

  it('tells numbers, tuple access and names that begin with a digit apart', () => {
    assert.deepEqual(lex('1_000 0xFF 0b101 1.5e-3 0x1p4 + .5 1. 12e_3 1__2'), [
      'Number 1_000',
      'Number 0xFF',
      'Number 0b101',
      'Number 1.5e-3',
      'Number 0x1p4',
      'Plus +',
      'Number .5',
      'Number 1.',
      'BareWord 12e_3',
      'BareWord 1__2',
    ]);
    assert.deepEqual(lex('x.1.1'), ['BareWord x', 'Dot .', 'Number 1', 'Dot .', 'Number 1']);
    assert.deepEqual(lex('2024table 1.5x'), ['BareWord 2024table', 'ErrorWrongNumber 1.5x']);
  });

  it('knows every operator', () => {
    assert.deepEqual(
      lex(
        '( ) [ ] { } , ; \\G * + - / % -> ? : ^ :: = == != <> < > <= >= <=> | || ~ ~* !~ !~* @ @@',
      ).map((token) => token.split(' ')[0]),
      [
        'OpeningRoundBracket',
        'ClosingRoundBracket',
        'OpeningSquareBracket',
        'ClosingSquareBracket',
        'OpeningCurlyBrace',
        'ClosingCurlyBrace',
        'Comma',
        'Semicolon',
        'VerticalDelimiter',
        'Asterisk',
        'Plus',
        'Minus',
        'Slash',
        'Percent',
        'Arrow',
        'QuestionMark',
        'Colon',
        'Caret',
        'DoubleColon',
        'Equals',
        'Equals',
        'NotEquals',
        'NotEquals',
        'Less',
        'Greater',
        'LessOrEquals',
        'GreaterOrEquals',
        'Spaceship',
        'PipeMark',
        'Concatenation',
        'Tilde',
        'TildeAsterisk',
        'NotTilde',
        'NotTildeAsterisk',
        'At',
        'DoubleAt',
      ],
    );
    assert.deepEqual(lex('1 − 2'), ['Number 1', 'Minus −', 'Number 2']);
    assert.deepEqual(lex('! \\x'), ['ErrorSingleExclamationMark !', 'Error \\', 'BareWord x']);
  });

  it('takes the white space of word processors as white space', () => {
    assert.deepEqual(lex('\ufeffSELECT\u00a01\u3000\u200b,\u20282'), [
      'BareWord SELECT',
      'Number 1',
      'Comma ,',
      'Number 2',
    ]);
  });

  it('gives one error token to the end for what is not closed', () => {
    for (const [sql, kind] of [
      ["'a ; b", 'ErrorSingleQuoteIsNotClosed'],
      ['"a ; b', 'ErrorDoubleQuoteIsNotClosed'],
      ['`a ; b', 'ErrorBackQuoteIsNotClosed'],
      ["'a\\", 'ErrorSingleQuoteIsNotClosed'],
      ['/* a /* b */', 'ErrorMultilineCommentIsNotClosed'],
      ["x'4z'", 'ErrorSingleQuoteIsNotClosed'],
      ['‘abc;', 'ErrorSingleQuoteIsNotClosed'],
    ] as const) {
      assert.deepEqual(lex(sql), [`${kind} ${sql}`]);
    }
  });
});
