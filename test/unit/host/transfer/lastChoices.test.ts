import assert from 'node:assert/strict';
import type { OwnOutput } from '../../../../src/core/transfer/options/ownOutput.ts';
import { LastChoices } from '../../../../src/host/transfer/save/lastChoices.ts';

function lastChoices(): LastChoices {
  const stored = new Map<string, unknown>();
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
});
