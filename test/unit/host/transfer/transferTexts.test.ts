import assert from 'node:assert/strict';
import {
  fractionRead,
  insertedText,
  partialText,
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
  peakMemoryBytes: 0,
  threads: 1,
  elapsedMs: 1,
};

describe('texts of a save', () => {
  it('say bytes, speed and rows while it runs', () => {
    assert.equal(
      savingText({ bytes: 90_000_000, ms: 2_000 }, { ...query, totalRows: 0 }),
      '90 MB, 45 MB/s, 3,000,000 rows read',
    );
    assert.equal(savingText(undefined, undefined), 'Waiting for the first rows');
  });

  it('say percent and time left when the server knows the whole', () => {
    const saved = { bytes: 90_000_000, ms: 2_000 };
    assert.match(savingText(saved, query), /3,000,000 rows read, 75 %$/);
    assert.match(savingText(saved, { ...query, elapsedMs: 30_000 }), /, 75 %, 10\.0 s left$/);
    assert.match(savingText(saved, { ...query, elapsedMs: 30_000, readRows: 4_000_000 }), /100 %$/);
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
      ms: 4_200,
      queryId: 'q',
      format: 'CSV',
      compression: 'none' as const,
      serverVersion: undefined,
    };
    assert.equal(savedText(receipt), 'Saved 123 MB, in 4.2 s to x.csv');
    assert.equal(
      savedText({ ...receipt, rows: 3_000_000 }),
      'Saved 3,000,000 rows, 123 MB, in 4.2 s to x.csv',
    );
  });
});

describe('what a failed save left', () => {
  const partial = {
    path: '/a/x.csv.partial',
    bytes: 1_500,
    modifiedMs: 0,
    startBytes: 0,
    format: 'CSV',
  };

  it('is told in bytes and, where they can be counted, whole rows', () => {
    const left = { ...partial, compression: 'none' as const };
    assert.equal(
      partialText(left, 120),
      'What came by then is in x.csv.partial: 1.5 kB, 120 whole rows.',
    );
    assert.equal(partialText(left, undefined), 'What came by then is in x.csv.partial: 1.5 kB.');
    assert.equal(
      partialText({ ...left, startBytes: 500 }, 120),
      'What came by then is in x.csv.partial: 1.5 kB, 120 whole rows, with what was in the file before.',
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
