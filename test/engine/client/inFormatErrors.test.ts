import assert from 'node:assert/strict';
import { createClient, isClickHouseError } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';

/** Fails at the fourth row, after three were sent. */
const FAILS = `SELECT number AS n, throwIf(number = 3, 'a "b" <c> \\n d (FAKE_NAME)') AS exception FROM numbers(5)`;
const SETTINGS = {
  max_block_size: 1,
  max_threads: 1,
  output_format_parallel_formatting: 0,
  http_write_exception_in_output_format: 1,
};

describe('exceptions inside results', () => {
  const endpoint = useEngine();
  let client: Client;
  before(() => {
    client = createClient(endpoint());
  });
  after(() => client.close());

  for (const format of [
    'JSON',
    'JSONCompact',
    'JSONStrings',
    'JSONColumns',
    'JSONColumnsWithMetadata',
    'JSONObjectEachRow',
    'JSONEachRow',
    'JSONStringsEachRow',
    'PrettyJSONEachRow',
    'JSONCompactEachRow',
    'JSONCompactEachRowWithNames',
    'JSONCompactStringsEachRow',
    'JSONEachRowWithProgress',
    'XML',
    'CSV',
  ]) {
    for (const compression of ['none', 'gzip', 'zstd'] as const) {
      it(`${format} with ${compression} is no success`, async () => {
        const read = async (): Promise<void> => {
          const options = { format, settings: SETTINGS, compression };
          await (
            await client.rawStream(FAILS, options)
          ).done;
        };
        await assert.rejects(read, (error) => {
          assert.ok(isClickHouseError(error), String(error));
          assert.equal(error.code, 395);
          return error.errorName === 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO';
        });
        await assert.rejects(
          client.rawQuery(FAILS, { format, settings: SETTINGS, compression }),
          (error) =>
            isClickHouseError(error) && error.code === 395 && error.message.includes('a "b" <c>'),
        );
      });
    }
  }

  for (const format of [
    'JSON',
    'JSONEachRow',
    'JSONCompactEachRow',
    'XML',
    'PrettyJSONEachRow',
    'TSV',
  ]) {
    it(`${format} may hold the text of an exception`, async () => {
      const text = 'Code: 60. DB::Exception: x. (UNKNOWN_TABLE) (version 26.7.2.1)';
      const stream = await client.rawStream('SELECT {text:String} AS exception', {
        format,
        params: { text },
      });
      let data = '';
      for await (const bytes of stream) data += Buffer.from(bytes).toString();
      assert.ok(data.includes(text));
    });
  }
});
