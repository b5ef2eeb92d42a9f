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
    assert.ok(choices.findIndex(({ label }) => label === 'Parquet') < 6);
    assert.equal(new Set(choices.map(({ label }) => label)).size, choices.length);
  });

  it('are those of the server: aliases once, unknown ones too, wire formats never', () => {
    const server = ['TSV', 'TabSeparated', 'JSONEachRow', 'NDJSON', 'FutureFormat', 'MySQLWire'];
    const formats = formatChoices(server, undefined).map(({ format }) => format);
    assert.deepEqual(formats, ['TabSeparated', 'JSONEachRow', 'FutureFormat']);
  });

  it('tell the suffix of their files, what they are like, and by which other names people know them', () => {
    const choices = formatChoices(['CSVWithNames', 'JSONEachRow', 'RowBinary', 'FutureFormat'], '');
    assert.deepEqual(
      choices.map(({ description }) => description),
      [
        '.csv · Comma-separated, first line with column names · CSVWithNames',
        '.jsonl · One JSON object per line · JSONEachRow, JSONLines, JSONL, NDJSON',
        '.bin · Rows in binary, without names',
        '.futureformat · Known to this server',
      ],
    );
    const all = formatChoices(undefined, undefined).map(({ description }) => description);
    for (const description of all) assert.match(description, /^\.[a-z]+ · [A-Z]/);
    assert.equal(new Set(all).size, all.length);
  });

  it('have the one chosen last at the top', () => {
    assert.equal(formatChoices(undefined, 'Parquet')[0]?.format, 'Parquet');
    assert.equal(formatChoices(['CSV'], 'Parquet')[0]?.format, 'CSV');
  });
});
