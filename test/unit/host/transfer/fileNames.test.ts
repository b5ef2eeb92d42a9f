import assert from 'node:assert/strict';
import path from 'node:path';
import { resultFileName, safeFileName } from '../../../../src/host/transfer/fileNames.ts';

describe('names of result files', () => {
  it('come from the document', () => {
    assert.equal(resultFileName('/a/b/tour.sql', 'csv'), 'tour.csv');
    assert.equal(resultFileName('/a/report.ch.sql', 'parquet'), 'report.parquet');
    assert.equal(resultFileName('Untitled-1', 'csv.gz'), 'Untitled-1.csv.gz');
    assert.equal(resultFileName('/a/v1.2 draft.sql', undefined), 'v1.2 draft');
  });

  it('are there without a document, and safe on every file system', () => {
    assert.equal(resultFileName(undefined, 'csv'), 'result.csv');
    assert.equal(resultFileName('/.sql', 'csv'), 'result.csv');
    assert.equal(resultFileName('a:b?.sql', 'csv'), 'a_b_.csv');
  });
});

describe('names of dropped files', () => {
  it('never leave the folder they are put into', () => {
    for (const name of ['../../etc/passwd', '..\\x', '..', '.', '', '/', 'a/b.csv', 'C:\\b.csv']) {
      const safe = safeFileName(name);
      assert.equal(path.dirname(path.resolve('/tmp/drop', safe)), path.resolve('/tmp/drop'));
      assert.notEqual(safe, '');
    }
    assert.equal(safeFileName('a/weather.csv.gz'), 'weather.csv.gz');
  });
});
