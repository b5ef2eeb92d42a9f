import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient, isClickHouseError } from '../../../src/core/client/index.ts';
import type { Client, PartialSave } from '../../../src/core/client/surface.ts';
import { rowsInFile } from '../../../src/core/transfer/rows/rowsInFile.ts';
import { countWholeRows } from '../../../src/core/transfer/rows/wholeRows.ts';
import { seededRandom, useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';

const NASTY = `SELECT number AS n, arrayElement(['a"b', 'line\\nline', '\\r\\n"",\\n', 'x\\ty\\\\', ''], number % 5 + 1) AS s,
  if(number % 3, NULL, [toString(number), '"\\n']) AS arr FROM numbers(3000) ORDER BY n`;

describe('rows of files of a server', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  const value = async (sql: string): Promise<string> =>
    (await client.rawQuery(sql, { format: 'TSV' })).text().trim();

  for (const [format, settings] of [
    ['CSV', {}],
    ['CSV', { output_format_csv_crlf_end_of_line: 1 }],
    ['CSVWithNames', {}],
    ['CSVWithNamesAndTypes', {}],
    ['TSV', {}],
    ['TSVWithNamesAndTypes', {}],
    ['TSKV', {}],
    ['JSONEachRow', {}],
    ['JSONCompactEachRowWithNames', {}],
    ['JSONStringsEachRow', {}],
  ] as const) {
    it(`are counted as the server ends them, wherever ${format} ${JSON.stringify(settings)} breaks off`, async () => {
      const path = join(folder(), 'rows');
      const save = { format, settings, overwrite: true };
      const { bytes } = await client.saveTo(NASTY, path, save);
      const file = await readFile(path);
      const plain = format.replace(/WithNames.*/, '');
      const select = `SELECT n, sum(length(formatRow('${plain}', n, s, arr))) OVER (ORDER BY n) AS ends FROM (${NASTY})`;
      const set = Object.keys(settings).map((name) => ` SETTINGS ${name} = 1`);
      // The header is what remains when all rows are taken away.
      const header =
        bytes - Number(await value(`SELECT max(ends) FROM (${select})${set.join('')}`));
      const random = seededRandom(4);
      const offsets = Array.from({ length: 12 }, () => Math.floor(random() * bytes));
      for (const offset of [0, 1, header, bytes - 1, bytes, ...offsets]) {
        await writeFile(path, file.subarray(0, offset));
        const expected = await value(
          `SELECT countIf(ends + ${header} <= ${offset}) FROM (${select})${set.join('')}`,
        );
        const { rows } = await countWholeRows(path, { format });
        assert.equal(String(rows), expected, `cut at ${offset} of ${bytes}`);
      }
    });
  }

  for (const compression of ['none', 'gzip', 'zstd', 'br'] as const) {
    it(`are counted in what a failed save leaves with compression ${compression}`, async () => {
      const path = join(folder(), `failed.${compression}`);
      let partial: PartialSave | undefined;
      const sql =
        'SELECT sipHash64(number) AS n, throwIf(number = 1500000) AS t FROM numbers(5000000)';
      await assert.rejects(
        client.saveTo(sql, path, {
          format: 'CSVWithNames',
          compression,
          settings: { max_block_size: 1000, max_threads: 1 },
          keepPartial: true,
          onPartial: (left) => (partial = left),
        }),
        isClickHouseError,
      );
      assert.ok(partial);
      const { rows = -1 } = await countWholeRows(partial.path, partial);
      assert.ok(rows > 0 && rows <= 1_500_000, String(rows));
      if (compression !== 'gzip' && compression !== 'none') return;
      // gzip prints what it can of a file that breaks off.
      const print = compression === 'gzip' ? 'gzip -dc' : 'cat';
      const lines = `${print} "$1" 2>/dev/null | grep -a -c '^[0-9]*,0$'`;
      const { stdout } = await promisify(execFile)('sh', ['-c', lines, 'sh', partial.path]);
      assert.equal(String(rows), stdout.trim());
    });
  }

  it('are told by Parquet files', async () => {
    for (const [name, sql, settings] of [
      ['none', 'SELECT number FROM numbers(0)', {}],
      [
        'few',
        'SELECT number, toString(number) AS s FROM numbers(3000)',
        { output_format_parquet_row_group_size: 100 },
      ],
      [
        'wide',
        `SELECT ${Array.from({ length: 500 }, (_, i) => `number + ${i}`).join()} FROM numbers(7)`,
        {},
      ],
      [
        'nested',
        "SELECT map('a', [(1, 'x')]) AS m, toDecimal128(number, 3) AS d, toLowCardinality('x') AS l FROM numbers(12345)",
        {},
      ],
    ] as const) {
      const path = join(folder(), `${name}.parquet`);
      await client.saveTo(sql, path, { format: 'Parquet', settings });
      const expected = await value(`SELECT num_rows FROM file('${path}', ParquetMetadata)`);
      assert.equal(String(await rowsInFile(path, { format: 'Parquet' })), expected);
      const file = await readFile(path);
      await writeFile(path, file.subarray(0, file.length - 1));
      assert.equal(await rowsInFile(path, { format: 'Parquet' }), undefined);
    }
  });
});
