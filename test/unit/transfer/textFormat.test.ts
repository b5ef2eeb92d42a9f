import assert from 'node:assert/strict';
import { textFormatOf } from '../../../src/core/transfer/detect/textFormat.ts';

describe('what the first lines of a file look like', () => {
  const cases: [text: string, format: string | undefined][] = [
    ['{"a":1}\n{"a":2}\n', 'JSONEachRow'],
    ['\ufeff{"a":1}\n', 'JSONEachRow'],
    ['[{"a":1},\n {"a":2}]\n', 'JSONEachRow'],
    ['{\n  "a": 1,\n  "b": [1]\n}\n', 'JSONEachRow'],
    ['[1,"x"]\n[2,"y"]\n', 'JSONCompactEachRow'],
    ['["a","b"]\n[1,"y"]\n', 'JSONCompactEachRowWithNames'],
    ['["a","b"]\n["UInt8","Array(String)"]\n', 'JSONCompactEachRowWithNamesAndTypes'],
    ['[INFO] starting\n[INFO] done\n', undefined],
    ['{a, b}\n', undefined],
    ['a\tb\n1\t2\n', 'TabSeparatedWithNames'],
    ['a\tb\nUInt8\tDecimal(9, 2)\n1\t2\n', 'TabSeparatedWithNamesAndTypes'],
    ['a\tb\n1\n', undefined],
    ['a=1\tb=x\na=2\tb=y\n', 'TSKV'],
    ['a,b\n1,"x, y"\n', 'CSVWithNames'],
    ['a;b\r\n1;2\r\n', 'CSVWithNames'],
    ['"a","b"\n"UInt8","Decimal(9, 2)"\n1,2\n', 'CSVWithNamesAndTypes'],
    ["(1,'x'),\n(2,'y')\n", 'Values'],
    ['-- MySQL dump 10.13\n\nCREATE TABLE t (a int);\n', 'MySQLDump'],
    ['Hello, world\n', undefined],
    ['2026-01-01 12:00:00,001 one\n2026-01-01 12:00:01,002 two\n', undefined],
    ['12:00:00,001\n12:00:01,002\n', 'CSVWithNames'],
    ['one line\nand another\n', undefined],
    ['', undefined],
  ];
  for (const [text, format] of cases) {
    it(`${JSON.stringify(text)} is ${format ?? 'nothing in particular'}`, () => {
      assert.equal(textFormatOf(text), format);
    });
  }
});
