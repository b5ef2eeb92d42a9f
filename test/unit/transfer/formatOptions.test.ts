import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { isUsageError } from '../../../src/core/client/errors.ts';
import {
  formatOptions,
  formatOutput,
  formatPresets,
  optionProblem,
  optionSettingNames,
  validChoices,
} from '../../../src/core/transfer/formatOptions.ts';
import { FORMATS } from '../../../src/core/transfer/formats.ts';
import type { FormatOption } from '../../../src/core/transfer/options/formatOption.ts';
import { byteOrderMark } from '../../../src/core/transfer/options/byteOrderMark.ts';

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

function option(format: string, id: string): FormatOption {
  const found = formatOptions(format).find((candidate) => candidate.id === id);
  assert.ok(found, `${format} has no option ${id}`);
  return found;
}

describe('format options', () => {
  it('have ids of their own, labels in sentence case and one-line descriptions', () => {
    for (const { name } of FORMATS) {
      const options = formatOptions(name);
      assert.equal(new Set(options.map(({ id }) => id)).size, options.length, name);
      for (const { id, label, description } of options) {
        assert.match(label, /^[A-Z]/, id);
        assert.ok(description.length < 90 && !description.includes('\n'), description);
        assert.doesNotMatch(`${label}${description}`, /\.$/);
      }
    }
  });

  it('are in the documentation, all of them', () => {
    const text = readFileSync(new URL('../../../docs/saving.md', import.meta.url), 'utf8');
    const ids = new Set(FORMATS.flatMap(({ name }) => formatOptions(name).map(({ id }) => id)));
    for (const id of ids) assert.ok(text.includes(`\`${id}\``), id);
  });

  it('have defaults that are valid and change nothing', () => {
    for (const { name } of FORMATS) {
      for (const each of formatOptions(name)) {
        assert.equal(optionProblem(each, each.default), undefined, `${name} ${each.id}`);
      }
      const { format, leading } = formatOutput(name, {});
      assert.equal(format, name);
      assert.equal(leading, undefined);
    }
  });

  it('send nothing that was not chosen', () => {
    assert.deepEqual(formatOutput('CSV', {}), { format: 'CSV', settings: {} });
    assert.deepEqual(formatOutput('Parquet', { compression: 'none' }), {
      format: 'Parquet',
      settings: { output_format_parquet_compression_method: 'none' },
    });
  });

  for (const [format, header, expected] of [
    ['CSV', 'names', 'CSVWithNames'],
    ['CSVWithNames', 'none', 'CSV'],
    ['CSVWithNames', 'names', 'CSVWithNames'],
    ['TSV', 'namesAndTypes', 'TabSeparatedWithNamesAndTypes'],
    ['TSVWithNames', 'names', 'TSVWithNames'],
    ['RawWithNamesAndTypes', 'none', 'TabSeparatedRaw'],
    ['RowBinaryWithNames', 'namesAndTypes', 'RowBinaryWithNamesAndTypes'],
    ['JSONCompactEachRow', 'names', 'JSONCompactEachRowWithNames'],
  ] as const) {
    it(`makes ${expected} of ${format} with header ${header}`, () => {
      assert.equal(formatOutput(format, { header }).format, expected);
    });
  }

  it('write CSV without quotes as CustomSeparated, with what holds for CSV', () => {
    const server = new Map([
      ['format_csv_delimiter', '|'],
      ['format_csv_null_representation', 'none'],
      ['output_format_csv_crlf_end_of_line', '1'],
    ]);
    const { format, settings } = formatOutput('CSVWithNames', { quotes: 'none' }, { server });
    assert.equal(format, 'CustomSeparatedWithNames');
    assert.equal(settings['format_custom_field_delimiter'], '|');
    assert.equal(settings['format_tsv_null_representation'], 'none');
    assert.equal(settings['format_custom_row_after_delimiter'], '\r\n');
    const chosen = { quotes: 'none', header: 'none', delimiter: '\\t', nullText: '', crlf: false };
    const other = formatOutput('CSVWithNames', chosen, { server });
    assert.equal(other.format, 'CustomSeparated');
    assert.equal(other.settings['format_custom_field_delimiter'], '\t');
    assert.equal(other.settings['format_tsv_null_representation'], '');
    assert.equal(other.settings['format_custom_row_after_delimiter'], '\n');
    assert.equal(formatOutput('CSV', { quotes: 'texts' }).format, 'CSV');
  });

  it('write the delimiter as people type it', () => {
    const settings = formatOutput('CSV', { delimiter: '\\t' }).settings;
    assert.equal(settings['format_csv_delimiter'], '\t');
    const server = new Map([['format_csv_delimiter', '\t']]);
    const [delimiter] = formatOptions('CSV', server).filter(({ id }) => id === 'delimiter');
    assert.equal(delimiter?.default, '\\t');
  });

  for (const bad of [
    '',
    ',,',
    '"',
    "'",
    ' ',
    '\\n',
    '\\r',
    '.',
    '-',
    'a',
    '7',
    '\\\\',
    'é',
    '\u0001',
  ]) {
    it(`refuse ${JSON.stringify(bad)} as a delimiter`, () => {
      assert.match(optionProblem(option('CSV', 'delimiter'), bad) ?? '', /\.$/);
      assert.throws(() => formatOutput('CSV', { delimiter: bad }), isUsageError);
    });
  }

  it('refuse texts for NULL that make the columns unknown', () => {
    for (const nullText of ['"', 'a\nb']) {
      assert.throws(() => formatOutput('CSV', { nullText }), isUsageError);
    }
    assert.throws(() => formatOutput('CSV', { nullText: 'a,b' }), /delimiter/);
    assert.throws(() => formatOutput('CSV', { nullText: ';', delimiter: ';' }), /delimiter/);
    assert.doesNotThrow(() => formatOutput('CSV', { nullText: 'a,b', delimiter: ';' }));
    assert.throws(() => formatOutput('TSV', { nullText: '\t' }), isUsageError);
  });

  it('refuse values of another sort and options of other formats', () => {
    const wrong = [
      ['Parquet', { compression: 'rar' }],
      ['Parquet', { rowGroupRows: 0 }],
      ['Parquet', { rowGroupRows: 1.5 }],
      ['Parquet', { strings: 'yes' }],
      ['Parquet', { delimiter: ',' }],
      ['CSV', { nullText: 1 }],
      ['SQLInsert', { table: ' ' }],
    ] as const;
    for (const [format, choices] of wrong) {
      assert.throws(() => formatOutput(format, choices), isUsageError, JSON.stringify(choices));
    }
  });

  it('keep of remembered choices those that hold', () => {
    assert.deepEqual(
      validChoices('CSV', { delimiter: ';', crlf: 'yes', nullText: '', old: 1, header: null }),
      { delimiter: ';', nullText: '' },
    );
    assert.deepEqual(validChoices('CSV', { crlf: true, delimiter: ';' }, new Map([])), {});
    for (const nothing of [undefined, null, 5, 'x', []]) {
      assert.deepEqual(validChoices('CSV', nothing), {});
    }
  });

  it('take over what the server has and says', () => {
    const server = new Map([
      ['output_format_json_quote_64bit_integers', '1'],
      ['date_time_output_format', 'iso'],
    ]);
    assert.deepEqual(
      formatOptions('JSONEachRow', server).map(({ id, default: value }) => [id, value]),
      [
        ['quoteIntegers', true],
        ['dateTime', 'iso'],
      ],
    );
    assert.throws(
      () => formatOutput('JSONEachRow', { arrayOfRows: true }, { server }),
      isUsageError,
    );
  });

  it('name the settings to ask the server for', () => {
    assert.deepEqual(optionSettingNames('ORC'), [
      'output_format_orc_compression_method',
      'output_format_orc_string_as_string',
    ]);
    assert.ok(optionSettingNames('CSV').includes('extremes'));
    assert.ok(optionSettingNames('Pretty').includes('output_format_pretty_max_rows'));
  });

  it('offer what Excel needs for CSV only', () => {
    const [excel] = formatPresets('CSVWithNames');
    assert.ok(excel);
    const output = formatOutput('CSV', excel.choices);
    assert.equal(output.format, 'CSVWithNames');
    assert.deepEqual(Buffer.from(output.leading ?? []), MARK);
    assert.deepEqual(formatPresets('TSV'), []);
    for (const preset of formatPresets('CSV')) {
      assert.deepEqual(validChoices('CSV', preset.choices), preset.choices);
    }
  });

  it('lift the limits of Pretty and Vertical, and only those that the server has', () => {
    for (const format of ['Pretty', 'PrettySpaceNoEscapes', 'Vertical', 'vertical']) {
      assert.deepEqual(Object.keys(formatOutput(format, {}).settings), [
        'output_format_pretty_max_rows',
        'output_format_pretty_max_value_width',
      ]);
    }
    const server = new Map([['output_format_pretty_max_column_name_width_cut_to', '24']]);
    assert.deepEqual(formatOutput('Pretty', {}, { server }).settings, {
      output_format_pretty_max_column_name_width_cut_to: 0,
    });
    assert.deepEqual(formatOutput('PrettyJSONEachRow', {}).settings, {});
  });
});

describe('byteOrderMark', () => {
  it('is the three bytes, compressed as a member of its own', () => {
    assert.deepEqual(byteOrderMark('none'), MARK);
    assert.deepEqual(gunzipSync(byteOrderMark('gzip')), MARK);
    assert.deepEqual(zstdDecompressSync(byteOrderMark('zstd')), MARK);
  });

  for (const coding of ['br', 'deflate', 'bz2', 'snappy'] as const) {
    it(`is refused for ${coding}, before anything runs`, () => {
      assert.throws(
        () => formatOutput('CSV', { byteOrderMark: true }, { compression: coding }),
        isUsageError,
      );
    });
  }
});
