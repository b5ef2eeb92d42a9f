import assert from 'node:assert/strict';
import { quoteIdentifier, quoteLiteral } from '../../../src/core/sql/quote.ts';
import { splitStatements } from '../../../src/core/sql/split.ts';
import { tokenize } from '../../../src/core/sql/lexer.ts';
import { unquote } from '../../../src/core/sql/unquote.ts';
import { useEngine } from '../fixture.ts';
import { ask } from './query.ts';

const PIECES = [
  "'",
  '`',
  '"',
  '\\',
  '\0',
  '\n',
  '\t',
  '\r',
  '\b',
  '\f',
  '\v',
  '\x07',
  '\x1b',
  ';',
  '--',
  '/*',
];
const NASTY = [
  ...PIECES,
  ...PIECES.map((piece) => `a${piece}b`),
  ...PIECES.map((piece) => `${piece}${piece}\\${piece}`),
  'é日本🎉',
  '‘curly’ “quotes”',
  '$tag$ x $tag$',
  '{p:UInt8}',
  '\\N',
  '\\x41',
  '%s',
  'a.b',
  '\u00a0\u2028\ufeff',
  'SELECT',
  ' ',
];

describe('quoting, read back by ClickHouse', () => {
  const engine = useEngine();

  it('quoteLiteral: the server sees the same bytes', async () => {
    const list = NASTY.map((text) => `hex(${quoteLiteral(text)})`).join(',\n');
    const answer = await ask(engine(), `SELECT ${list} FORMAT TSV`);
    const expected = NASTY.map((text) => Buffer.from(text, 'utf8').toString('hex').toUpperCase());
    assert.deepEqual(answer.text.trimEnd().split('\t'), expected);
  });

  it('quoteIdentifier: the server sees the same name', async () => {
    const list = NASTY.map((text, index) => `${index} AS ${quoteIdentifier(text)}`).join(',\n');
    const answer = await ask(engine(), `SELECT ${list} FORMAT JSONCompact`);
    const { meta } = JSON.parse(answer.text) as { meta: { name: string }[] };
    assert.deepEqual(
      meta.map(({ name }) => name),
      NASTY,
    );
  });

  it('quoted text is one token, one statement, and reads back as itself', () => {
    for (const text of NASTY) {
      for (const quoted of [quoteLiteral(text), quoteIdentifier(text)]) {
        const [token, end] = tokenize(quoted);
        assert.equal(end?.kind, 'EndOfStream', quoted);
        assert.equal(token && unquote(quoted, token), text);
        assert.equal(splitStatements(`SELECT ${quoted}; SELECT 2`).length, 2);
      }
    }
  });

  it('unquote: reads what ClickHouse reads', async () => {
    const literals = [
      String.raw`'\a\b\e\f\n\r\t\v\0\\\'\"'`,
      String.raw`'\q\%\_\/\=\x4a'`,
      "'it''s'",
      "$$it's \\n$$",
      '$t$ $$ $t$',
      "‘it's \\n’",
    ];
    for (const literal of literals) {
      const answer = await ask(engine(), `SELECT hex(${literal}) FORMAT TSVRaw`);
      const [token] = tokenize(literal);
      assert.ok(token);
      const own = Buffer.from(unquote(literal, token), 'utf8').toString('hex').toUpperCase();
      assert.equal(own, answer.text.trimEnd(), literal);
    }
  });
});
