import assert from 'node:assert/strict';
import {
  parseValue,
  ValueParseError,
  type ValueNode,
} from '../../../src/core/types/value/parseValue.ts';

/** The tree as plain data: texts in quotes, everything else by its own brackets. */
function plain(node: ValueNode): unknown {
  switch (node.kind) {
    case 'plain':
      return node.text;
    case 'text':
      return { text: node.text };
    case 'map':
      return new Map(node.entries.map(([key, value]) => [plain(key), plain(value)]));
    default:
      return [node.kind, ...node.items.map(plain)];
  }
}

describe('parsing the text of a value', () => {
  it('reads arrays, tuples and maps as ClickHouse prints them', () => {
    assert.deepEqual(plain(parseValue(`[1,NULL,-2.5e3]`)), ['list', '1', 'NULL', '-2.5e3']);
    assert.deepEqual(plain(parseValue(`('a\\'b\\\\\\n',[])`)), [
      'tuple',
      { text: "a'b\\\n" },
      ['list'],
    ]);
    const [entry] = [...(plain(parseValue(`{'k':[1]}`)) as Map<unknown, unknown>)];
    assert.deepEqual(entry, [{ text: 'k' }, ['list', '1']]);
    assert.deepEqual(plain(parseValue('[(1,2),(3,4)]')), [
      'list',
      ['tuple', '1', '2'],
      ['tuple', '3', '4'],
    ]);
  });

  it('reads JSON with all digits of its numbers', () => {
    const read = parseValue('{ "a": 12345678901234567890.10, "b" : "x\\u00e9\\"" }');
    assert.ok(read.kind === 'map');
    assert.deepEqual(
      read.entries.map(([, value]) => plain(value)),
      ['12345678901234567890.10', { text: 'xé"' }],
    );
  });

  it('keeps a byte that is no character as it is written', () => {
    assert.deepEqual(plain(parseValue("['a\\xFFb']")), ['list', { text: 'a\\xFFb' }]);
  });

  it('refuses what is neither, and what is too deep', () => {
    for (const text of ['[1', '{1}', '[1]x', '', "['a]", '[,]']) {
      assert.throws(() => parseValue(text), ValueParseError, text);
    }
    assert.throws(() => parseValue('['.repeat(100_000)), ValueParseError);
  });
});
