import assert from 'node:assert/strict';
import {
  fractionRead,
  insertedText,
  savedText,
  savingText,
} from '../../../../src/host/transfer/transferTexts.ts';

const query = {
  queryId: 'q',
  readRows: 3_000_000,
  readBytes: 1,
  totalRows: 4_000_000,
  writtenRows: 0,
  memoryBytes: 0,
  elapsedMs: 1,
};

describe('texts of a save', () => {
  it('say bytes, speed and rows while it runs', () => {
    assert.equal(
      savingText({ bytes: 90_000_000, ms: 2_000 }, query),
      '90 MB, 45 MB/s, 3,000,000 rows read',
    );
    assert.equal(savingText(undefined, undefined), 'Waiting for the first rows');
  });

  it('give a part only when the server knows the whole', () => {
    assert.equal(fractionRead(query), 0.75);
    assert.equal(fractionRead({ ...query, totalRows: 0 }), undefined);
    assert.equal(fractionRead({ ...query, readRows: 9e9 }), 1);
    assert.equal(fractionRead(undefined), undefined);
  });

  it('say at the end what is there', () => {
    const receipt = {
      path: '/a/x.csv',
      bytes: 123_000_000,
      sha256: '',
      rows: undefined,
      ms: 1,
      queryId: 'q',
      format: 'CSV',
      compression: 'none' as const,
      serverVersion: undefined,
    };
    assert.equal(savedText(receipt), 'Saved 123 MB to x.csv');
    assert.equal(
      savedText({ ...receipt, rows: 3_000_000 }),
      'Saved 3,000,000 rows, 123 MB to x.csv',
    );
  });
});

describe('texts of an insert', () => {
  const inserted = { rows: 1461, bytes: 48_000, views: false, files: 'w.csv', table: 'd.weather' };

  it('count the rows', () => {
    assert.equal(insertedText(inserted), 'Inserted 1,461 rows into d.weather from w.csv.');
  });

  it("never take rows of other tables for the table's own", () => {
    assert.equal(
      insertedText({ ...inserted, views: true }),
      'Inserted w.csv: 1,461 rows written to d.weather and its materialized views.',
    );
    assert.match(insertedText({ ...inserted, views: undefined }), /all targets/);
  });

  it('give the size when the server does not count', () => {
    assert.equal(
      insertedText({ ...inserted, rows: undefined }),
      'Inserted 48 kB into d.weather from w.csv.',
    );
  });
});
