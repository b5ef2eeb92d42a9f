import assert from 'node:assert/strict';
import type { OwnOutput } from '../../../../src/core/transfer/options/ownOutput.ts';
import { type FormatPreset, formatPresets } from '../../../../src/core/transfer/formatOptions.ts';
import { LastChoices } from '../../../../src/host/transfer/save/lastChoices.ts';
import { presetChosen } from '../../../../src/host/transfer/save/presets.ts';

function lastChoices(stored = new Map<string, unknown>()): LastChoices {
  const get = <T>(key: string, byDefault?: T): T | undefined =>
    (stored.get(key) as T | undefined) ?? byDefault;
  return new LastChoices({
    keys: () => [...stored.keys()],
    get,
    update(key, value) {
      stored.set(key, value);
      return Promise.resolve();
    },
  });
}

const FORMAT = 'CSVWithNames';
const NOTHING: OwnOutput = { hasFormat: false, settings: new Set() };
const ANY = { server: undefined, own: NOTHING };

function excelPreset(): FormatPreset {
  const [excel] = formatPresets(FORMAT);
  assert.equal(excel?.id, 'excel');
  return excel;
}

describe('the choices of the last saves', () => {
  it('outlive a save of a statement that settles some of them itself', async () => {
    const choices = lastChoices();
    const values = { delimiter: ';', header: 'none', crlf: true };
    await choices.remember({ format: FORMAT, values, compression: undefined }, 'none', ANY);
    const where = {
      server: undefined,
      own: { hasFormat: true, settings: new Set(['format_csv_delimiter']) },
    };
    const of = choices.of(FORMAT, where);
    assert.deepEqual(of.values, { crlf: true });
    await choices.remember({ ...of, values: { nullText: '' } }, 'none', where);
    const { values: now } = choices.of(FORMAT, ANY);
    assert.deepEqual(now, { delimiter: ';', header: 'none', nullText: '' });
  });

  it('outlive a save from a server that lacks some of them', async () => {
    const choices = lastChoices();
    const values = { delimiter: ';', tuplesAsColumns: false };
    await choices.remember({ format: FORMAT, values, compression: undefined }, 'none', ANY);
    const where = { server: new Map([['format_csv_delimiter', ',']]), own: NOTHING };
    await choices.remember(choices.of(FORMAT, where), 'none', where);
    assert.deepEqual(choices.of(FORMAT, ANY).values, values);
  });

  it('are undone by a save without them', async () => {
    const choices = lastChoices();
    const saved = { format: FORMAT, values: { delimiter: ';' }, compression: undefined };
    await choices.remember(saved, 'none', ANY);
    await choices.remember({ ...saved, values: {} }, 'none', ANY);
    assert.deepEqual(choices.of(FORMAT, ANY).values, {});
  });

  it('are those of a preset with its own compression, and the format keeps its own', async () => {
    const choices = lastChoices();
    const values = { delimiter: ';' };
    await choices.remember({ format: FORMAT, values, compression: undefined }, 'zstd', ANY);
    const excel = presetChosen(FORMAT, excelPreset(), ANY);
    assert.equal(excel.compression, undefined);
    await choices.remember(excel, 'gzip', ANY);
    const settled = { server: undefined, own: { hasFormat: true, settings: new Set<string>() } };
    const { preset, compression } = choices.of(FORMAT, settled);
    assert.deepEqual({ preset, compression }, { preset: 'excel', compression: 'gzip' });
    const plain = choices.besidesPresets(FORMAT, ANY);
    assert.deepEqual(plain, { format: FORMAT, values, compression: 'zstd' });
    await choices.remember(plain, 'zstd', ANY);
    assert.deepEqual(choices.of(FORMAT, ANY), plain);
  });

  it('of earlier versions, which had a preset in the place of the others, are read', () => {
    const record = { values: excelPreset().choices, compression: 'gzip' };
    const choices = lastChoices(new Map([['rowhouse.saveChoices', { [FORMAT]: record }]]));
    const { preset, values, compression } = choices.of(FORMAT, ANY);
    assert.deepEqual({ values, compression }, record);
    assert.equal(preset, 'excel');
    assert.deepEqual(choices.besidesPresets(FORMAT, ANY).values, {});
  });
});
