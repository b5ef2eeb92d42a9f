import assert from 'node:assert/strict';
import { codingOfBytes, codingOfName, fitsCoding } from '../../../src/core/transfer/codings.ts';
import {
  findFormat,
  FORMATS,
  guessInputFormat,
  isSameFormat,
  suffixOfFormat,
} from '../../../src/core/transfer/formats.ts';

describe('format catalogue', () => {
  const guesses: [string, string | undefined][] = [
    ['a.csv', 'CSVWithNames'],
    ['A.CSV.GZ', 'CSVWithNames'],
    ['dir.v1/a.tsv', 'TabSeparatedWithNames'],
    ['a.parquet', 'Parquet'],
    ['a.jsonl.zst', 'JSONEachRow'],
    ['a.json', 'JSON'],
    ['a.arrow', 'Arrow'],
    ['a.arrows', 'ArrowStream'],
    ['a.txt', 'LineAsString'],
    ['a.bin', 'RowBinary'],
    ['a.md', undefined],
    ['a.sql', undefined],
    ['a.jsoncompacteachrow', 'JSONCompactEachRow'],
    ['a', undefined],
    ['a.gz', undefined],
    ['a.exe', undefined],
  ];
  for (const [name, input] of guesses) {
    it(`guesses ${name}`, () => {
      assert.equal(guessInputFormat(name)?.name, input);
    });
  }

  it('has a suffix of its own kind for every file to save', () => {
    for (const [format, suffix] of [
      ['CSVWithNamesAndTypes', 'csv'],
      ['JSONColumns', 'json'],
      ['JSONCompactEachRow', 'jsonl'],
      ['PrettySpaceMonoBlock', 'txt'],
      ['Buffers', 'buffers'],
      ['FutureFormat', 'futureformat'],
    ] as const) {
      assert.equal(suffixOfFormat(format), suffix);
    }
  });

  it('has every name once', () => {
    const names = FORMATS.flatMap((format) => [format.name, ...format.aliases]);
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
  });

  it('knows aliases in any case', () => {
    assert.equal(findFormat('tsv')?.name, 'TabSeparated');
    assert.ok(isSameFormat('TSVWithNames', 'TabSeparatedWithNames'));
    assert.ok(!isSameFormat('CSV', 'CSVWithNames'));
  });
});

describe('codings', () => {
  it('reads names and first bytes', () => {
    assert.equal(codingOfName('a.csv.ZST'), 'zstd');
    assert.equal(codingOfName('a.csv'), undefined);
    assert.equal(codingOfBytes(Buffer.from([0x1f, 0x8b, 8])), 'gzip');
    assert.equal(codingOfBytes(Buffer.from('a,b')), undefined);
    assert.ok(fitsCoding(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'zstd'));
    assert.ok(!fitsCoding(Buffer.from('a,b'), 'lz4'));
    assert.ok(fitsCoding(Buffer.from('anything'), 'br'));
  });
});
