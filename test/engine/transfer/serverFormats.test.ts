import assert from 'node:assert/strict';
import { createClient } from '../../../src/core/client/index.ts';
import { optionSettingNames } from '../../../src/core/transfer/formatOptions.ts';
import { outputFormats, serverSettings } from '../../../src/host/transfer/serverFormats.ts';
import { useEngine } from '../fixture.ts';

describe('what a server offers to save as', () => {
  const engine = useEngine();

  it('is known in full, whatever limits the user has', async () => {
    const free = createClient(engine());
    const limited = createClient({
      ...engine(),
      settings: { limit: 3, enable_named_columns_in_function_tuple: 1 },
    });
    try {
      const all = (await free.rawQuery('SELECT name FROM system.formats WHERE is_output')).text();
      const formats = await outputFormats(limited);
      assert.deepEqual(formats?.toSorted(), all.trim().split('\n').sort());
      const settings = await serverSettings(limited);
      for (const name of optionSettingNames('CSV')) assert.ok(settings?.has(name), name);
      assert.equal(settings?.get('format_csv_null_representation'), '\\N');
    } finally {
      await Promise.all([free.close(), limited.close()]);
    }
  });
});
