import assert from 'node:assert/strict';
import { formatPresets, type ServerSettings } from '../../../../src/core/transfer/formatOptions.ts';
import type { FormatChoices } from '../../../../src/core/transfer/options/formatOption.ts';
import {
  choicesText as textOf,
  presetNote,
} from '../../../../src/host/transfer/save/optionTexts.ts';
import type { SaveCompression } from '../../../../src/host/transfer/save/saveArguments.ts';

const choicesText = (
  format: string,
  values: FormatChoices,
  compression?: SaveCompression,
  server?: ServerSettings,
): string => textOf({ format, values, compression }, server);

describe('the options of a format in a few words', () => {
  it('are what differs from the defaults', () => {
    const values = { delimiter: ';', crlf: true, header: 'names', dateTime: 'simple' };
    assert.equal(choicesText('CSVWithNames', values, 'gzip'), 'semicolon, Windows line ends, gzip');
    assert.equal(choicesText('CSVWithNames', { header: 'none' }, undefined), 'no header');
    assert.equal(choicesText('Parquet', { rowGroupRows: 50_000 }), 'rows per row group 50,000');
    assert.equal(choicesText('CSV', { quotes: 'none' }, undefined), 'no quotes');
    assert.equal(choicesText('Parquet', { bloomFilters: false }, 'none'), 'no bloom filters');
    assert.equal(
      choicesText('CSV', { delimiter: '#', nullText: '' }, undefined),
      'delimiter #, text for NULL (empty)',
    );
  });

  it('are what differs from the defaults of the server', () => {
    const server = new Map([['format_csv_delimiter', ';']]);
    assert.equal(choicesText('CSV', { delimiter: ',' }, undefined, server), 'comma');
    assert.equal(choicesText('CSV', { delimiter: ';' }, undefined, server), '');
  });

  it('are empty for defaults', () => {
    assert.equal(choicesText('CSV', {}, undefined), '');
    assert.equal(choicesText('FutureFormat', {}, undefined), '');
  });

  it('go with what Excel leaves out of a large file saved for it', () => {
    const [excel] = formatPresets('CSVWithNames');
    assert.ok(excel);
    const chosen = { format: 'CSVWithNames', values: excel.choices, compression: undefined };
    assert.equal(presetNote(chosen, 1_048_575), undefined);
    assert.match(presetNote(chosen, 1_048_576) ?? '', /only the first 1,048,576 lines/);
    assert.equal(presetNote(chosen, undefined), undefined);
    assert.equal(presetNote({ ...chosen, values: {} }, 2_000_000), undefined);
  });

  it('are the name of a preset', () => {
    for (const { label, choices } of formatPresets('CSVWithNames')) {
      assert.equal(choicesText('CSVWithNames', choices, 'zstd'), `${label}, Zstandard`);
    }
  });
});
