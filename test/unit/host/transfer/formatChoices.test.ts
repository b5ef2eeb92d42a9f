import assert from 'node:assert/strict';
import { formatChoices } from '../../../../src/host/transfer/formatChoices.ts';

describe('the formats to save as', () => {
  it('begin with CSV, TSV and Parquet; CSV and TSV mean those with names', () => {
    const choices = formatChoices(undefined, undefined);
    const byLabel = new Map(choices.map((choice) => [choice.label, choice]));
    assert.equal(choices[0]?.label, 'CSV');
    assert.equal(byLabel.get('CSV')?.format, 'CSVWithNames');
    assert.equal(byLabel.get('CSV without names')?.format, 'CSV');
    assert.equal(byLabel.get('TSV')?.format, 'TabSeparatedWithNames');
    assert.equal(byLabel.get('TSV')?.suffix, 'tsv');
    assert.equal(byLabel.get('Parquet')?.suffix, 'parquet');
    assert.ok(choices.findIndex(({ label }) => label === 'Parquet') < 6);
    assert.equal(new Set(choices.map(({ label }) => label)).size, choices.length);
  });

  it('are those of the server: aliases once, unknown ones too, wire formats never', () => {
    const server = ['TSV', 'TabSeparated', 'JSONEachRow', 'NDJSON', 'FutureFormat', 'MySQLWire'];
    const formats = formatChoices(server, undefined).map(({ format }) => format);
    assert.deepEqual(formats, ['TabSeparated', 'JSONEachRow', 'FutureFormat']);
  });

  it('have the one chosen last at the top', () => {
    assert.equal(formatChoices(undefined, 'Parquet')[0]?.format, 'Parquet');
    assert.equal(formatChoices(['CSV'], 'Parquet')[0]?.format, 'CSV');
  });
});
