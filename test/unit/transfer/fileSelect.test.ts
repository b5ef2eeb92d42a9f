import assert from 'node:assert/strict';
import { readBackSettings, selectFromFile } from '../../../src/core/transfer/fileSelect.ts';

describe('readBackSettings', () => {
  const read = (format: string, session: Record<string, string>, sql = 'SELECT 1'): unknown =>
    readBackSettings(sql, format, session);

  it('keeps what means the same for reading', () => {
    const session = { format_csv_delimiter: '|', session_timezone: 'Asia/Tokyo' };
    assert.deepEqual(read('CSV', session), session);
    const times = { date_time_output_format: 'iso' };
    assert.deepEqual(read('TSV', times), { date_time_input_format: 'best_effort' });
  });

  it('leaves out what is about other formats, and everything about formats that describe themselves', () => {
    assert.deepEqual(read('CSV', { output_format_arrow_use_native_writer: '0' }), {});
    assert.deepEqual(read('Parquet', { output_format_parquet_string_as_string: '0' }), {});
  });

  it('is undefined where the file would not be read as it was written', () => {
    assert.equal(read('TSV', { date_time_output_format: 'unix_timestamp' }), undefined);
    assert.equal(read('CSV', { bool_true_representation: 'yes' }), undefined);
    assert.equal(read('JSONEachRow', {}), undefined);
    assert.equal(read('Pretty', {}), undefined);
    assert.equal(read('CSV', {}, "SELECT 1 SETTINGS format_csv_delimiter = '|'"), undefined);
    assert.equal(read('CSV', {}, 'SELECT 1 AS x GROUP BY x WITH TOTALS'), undefined);
  });
});

describe('selectFromFile', () => {
  it('quotes names and places', () => {
    const columns = [{ name: 'a`b', type: 'Nullable(String)' }];
    assert.equal(
      selectFromFile("/x'y.csv.gz", { format: 'CSV', compression: 'gzip', columns }),
      "SELECT * FROM file('/x\\'y.csv.gz', 'CSV', '`a\\\\`b` Nullable(String)', 'gzip')",
    );
  });
});
