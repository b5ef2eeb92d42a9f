import assert from 'node:assert/strict';
import {
  illegalName,
  otherFormatOfName,
  renamedTo,
  suffixOf,
} from '../../../../src/host/transfer/save/fileNameProblems.ts';

describe('the name of a file to save', () => {
  it('may not be one that the system takes for no file', () => {
    const onWindows = ['a:b.csv', 'what?.csv', 'nul', 'COM1.csv', 'x.csv.', 'x ', 'a\nb.csv'];
    for (const name of onWindows) {
      assert.notEqual(illegalName(name, 'win32'), undefined, name);
      assert.equal(illegalName(name, 'linux'), undefined, name);
    }
    for (const name of ['x.csv', 'nulls.csv', 'a b.csv', 'größe.csv']) {
      assert.equal(illegalName(name, 'win32'), undefined, name);
    }
    for (const name of ['', '.', '..', 'a\0b']) {
      assert.notEqual(illegalName(name, 'linux'), undefined, name);
    }
  });

  it('is another format’s when its suffix says another kind of file', () => {
    const others: [string, string, string][] = [
      ['x.parquet', 'CSVWithNames', 'Parquet'],
      ['x.PARQUET.gz', 'CSV', 'Parquet'],
      ['x.csv', 'Parquet', 'CSVWithNames'],
      ['x.csv', 'TabSeparated', 'CSVWithNames'],
      ['x.json', 'CSV', 'JSON'],
      ['x.arrow', 'Native', 'Arrow'],
    ];
    for (const [name, format, other] of others) {
      assert.equal(otherFormatOfName(name, format)?.name, other, `${name} as ${format}`);
    }
  });

  it('fits when the suffix is of the same kind, says nothing, or the format has no form of its own', () => {
    const fitting: [string, string][] = [
      ['x.csv', 'CSV'],
      ['x.csv.zst', 'csvwithnames'],
      ['x.json', 'JSONEachRow'],
      ['x.jsonl', 'JSONCompactEachRow'],
      ['x.tsv', 'TSKV'],
      ['x.arrow', 'ArrowStream'],
      ['x.sql', 'Values'],
      ['x.txt', 'Vertical'],
      ['x.dat', 'Parquet'],
      ['x', 'Parquet'],
      ['2026.11', 'CSV'],
      ['x.csv', 'CustomSeparated'],
      ['x.txt', 'PrettyCompact'],
      ['x.xml', 'Template'],
      ['x.parquet', 'FutureFormat'],
    ];
    for (const [name, format] of fitting) {
      assert.equal(otherFormatOfName(name, format), undefined, `${name} as ${format}`);
    }
  });

  it('gets the suffixes of format and compression', () => {
    assert.equal(suffixOf('CSVWithNames', 'gzip'), 'csv.gz');
    assert.equal(suffixOf('TSV', 'none'), 'tsv');
    assert.equal(suffixOf('JSONCompact', 'none'), 'json');
    assert.equal(suffixOf('FutureFormat', 'zstd'), 'futureformat.zst');
    assert.equal(renamedTo('x.parquet', 'CSV'), 'x.csv');
    assert.equal(renamedTo('x.parquet.gz', 'CSV'), 'x.csv.gz');
    assert.equal(renamedTo('a.b.json', 'Parquet'), 'a.b.parquet');
  });
});
