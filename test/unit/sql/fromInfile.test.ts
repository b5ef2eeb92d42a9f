import assert from 'node:assert/strict';
import { fromInfile } from '../../../src/core/sql/fromInfile.ts';

describe('fromInfile', () => {
  it('reads all parts, as ClickHouse takes them', () => {
    assert.deepEqual(
      fromInfile(
        "-- load\ninsert into TABLE db.`my t` (a, `b c`) FROM INFILE 'x*.csv' COMPRESSION 'gzip' SETTINGS max_threads = 1, format_csv_delimiter = ';' FORMAT CSV",
      ),
      {
        table: 'db.`my t`',
        columns: ['a', 'b c'],
        file: 'x*.csv',
        compression: 'gzip',
        settings: { max_threads: '1', format_csv_delimiter: ';' },
        format: 'CSV',
      },
    );
  });

  it('needs no more than table and file', () => {
    assert.deepEqual(fromInfile("INSERT INTO t FROM INFILE 'x.parquet'"), {
      table: 't',
      file: 'x.parquet',
      settings: {},
    });
  });

  for (const sql of [
    "SELECT 'INSERT INTO t FROM INFILE'",
    'INSERT INTO t FORMAT CSV 1,2',
    'INSERT INTO t VALUES (1)',
    'INSERT INTO t SELECT * FROM infile',
    "INSERT INTO FUNCTION file('y') FROM INFILE 'x.csv'",
    "INSERT INTO t FROM INFILE 'x.csv' FORMAT CSV SELECT 1",
    'INSERT INTO t FROM INFILE x',
  ]) {
    it(`leaves ${sql} to the server`, () => {
      assert.equal(fromInfile(sql), undefined);
    });
  }
});
