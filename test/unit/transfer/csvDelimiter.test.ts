import assert from 'node:assert/strict';
import { findDelimiter } from '../../../src/core/transfer/csvDelimiter.ts';

describe('findDelimiter', () => {
  const cases: [string, string | undefined][] = [
    ['a;b\n1;2\n', ';'],
    ['a\tb\r\n1\t2\r\n', '\t'],
    ['a|b|c\n1|2|3\n', '|'],
    ['"x;y";b\n"1";"2;3"\n', ';'],
    ['name\n"one; two"\n', undefined],
    ['a;b\n1\n', undefined],
    ['a\n1\n', undefined],
    ['', undefined],
  ];
  for (const [text, delimiter] of cases) {
    it(`of ${JSON.stringify(text)} is ${JSON.stringify(delimiter)}`, () => {
      assert.equal(findDelimiter(text), delimiter);
    });
  }
});
