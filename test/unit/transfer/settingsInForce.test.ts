import assert from 'node:assert/strict';
import { ownSettings } from '../../../src/core/transfer/cutSettings.ts';
import { formatOptions } from '../../../src/core/transfer/formatOptions.ts';
import { offeredOptions, unsettledChoices } from '../../../src/core/transfer/options/ownOutput.ts';
import { settingsInForce } from '../../../src/core/transfer/settingsInForce.ts';

const SERVER = new Map([
  ['format_csv_delimiter', ','],
  ['output_format_csv_crlf_end_of_line', '0'],
  ['date_time_output_format', 'simple'],
]);

describe('the settings that a save meets', () => {
  it("are the server's, then the session's, then the statement's", () => {
    const held = [
      { name: 'format_csv_delimiter', value: "'\\t'" },
      { name: 'output_format_csv_crlf_end_of_line', value: 'true' },
      { name: 'max_threads', value: '1' },
    ];
    const own = ownSettings("SELECT 1 SETTINGS date_time_output_format = 'iso' FORMAT CSV");
    assert.deepEqual(
      [...settingsInForce(SERVER, held, own)],
      [
        ['format_csv_delimiter', '\t'],
        ['output_format_csv_crlf_end_of_line', '1'],
        ['date_time_output_format', 'iso'],
      ],
    );
  });

  it('are left as they are by DEFAULT and by what is no text or number', () => {
    for (const value of ['DEFAULT', 'default', "'a' || 'b'", '']) {
      const held = [{ name: 'format_csv_delimiter', value }];
      assert.deepEqual(settingsInForce(SERVER, held, {}), SERVER, value);
    }
  });

  it('take the choices away that they settle', () => {
    const choices = { delimiter: ';', header: 'names', crlf: true, byteOrderMark: true };
    const options = formatOptions('CSV');
    const left = (hasFormat: boolean, ...settings: string[]): string[] =>
      Object.keys(unsettledChoices(choices, options, { hasFormat, settings: new Set(settings) }));
    assert.deepEqual(left(false), ['delimiter', 'header', 'crlf', 'byteOrderMark']);
    assert.deepEqual(left(true), ['delimiter', 'crlf', 'byteOrderMark']);
    assert.deepEqual(left(false, 'format_csv_delimiter'), ['header', 'crlf', 'byteOrderMark']);
  });

  it('leave no option about tuples where CSV has no quotes', () => {
    const options = formatOptions('CSV');
    const own = { hasFormat: false, settings: new Set<string>() };
    const isOffered = (quotes: string): boolean => {
      const offered = offeredOptions(options, own, { quotes });
      return offered.some(({ id }) => id === 'tuplesAsColumns');
    };
    assert.ok(isOffered('texts'));
    assert.ok(!isOffered('none'));
    const choices = { quotes: 'none', tuplesAsColumns: true };
    assert.deepEqual(unsettledChoices(choices, options, own), { quotes: 'none' });
  });
});
