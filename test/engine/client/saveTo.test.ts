import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  createClient,
  isCancelledError,
  isClickHouseError,
  isFileError,
  isTruncatedResponseError,
  isUsageError,
} from '../../../src/core/client/index.ts';
import type { Client, SaveOptions } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { curl, useFolder } from './support.ts';

const ROWS = 'SELECT number, toString(number) AS s FROM numbers(200000)';
const NASTY = `SELECT number AS n, concat('a,"b"\\n\\t\\\\', toString(number)) AS \`na"me\`,
  [number, NULL] AS arr, toDateTime64(number, 3, 'UTC') AS at, if(number % 2, number, NULL) AS some FROM numbers(20000)`;
/** Fails after three million of five million rows. */
const FAILS = 'SELECT throwIf(number = 3000000), sipHash64(number) FROM numbers(5000000)';
const SMALL_BLOCKS = { max_block_size: 1_000 };

describe('saveTo', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  const path = (name: string): string => join(folder(), name);

  for (const format of [
    'CSVWithNames',
    'TSVWithNames',
    'Parquet',
    'JSONEachRow',
    'Arrow',
    'Native',
  ]) {
    it(`writes the bytes that curl gets as ${format}`, async () => {
      const receipt = await client.saveTo(NASTY, path(`same.${format}`), { format });
      const expected = await curl(engine(), NASTY, { default_format: format });
      assert.ok((await readFile(receipt.path)).equals(expected));
      assert.equal(receipt.bytes, expected.length);
      assert.match(receipt.serverVersion ?? '', /^\d+\.\d+/);
    });
  }

  for (const compression of ['gzip', 'zstd', 'br', 'xz', 'lz4'] as const) {
    it(`writes the server's compressed bytes with ${compression}`, async () => {
      const sql = 'SELECT number FROM numbers(100000)';
      const receipt = await client.saveTo(sql, path(`c.csv.${compression}`), {
        format: 'CSV',
        compression,
      });
      const expected = await curl(
        engine(),
        sql,
        { default_format: 'CSV', enable_http_compression: '1' },
        compression,
      );
      assert.ok((await readFile(receipt.path)).equals(expected));
    });
  }

  it('reports progress up to the size of the file', async () => {
    const seen: number[] = [];
    const receipt = await client.saveTo(ROWS, path('progress.csv'), {
      format: 'CSV',
      onProgress: ({ bytes }) => seen.push(bytes),
    });
    assert.equal(seen.at(-1), receipt.bytes);
    assert.equal((await stat(receipt.path)).size, receipt.bytes);
  });

  describe('failures leave the old file, and no new one', () => {
    /** Saves over an existing file, expects the failure, and looks at what is left. */
    async function fails(
      sql: string,
      options: Partial<SaveOptions>,
      expected: (error: unknown) => boolean,
    ): Promise<void> {
      const target = path(`old-${Math.random().toString(36).slice(2)}`);
      await writeFile(target, 'old');
      await assert.rejects(
        client.saveTo(sql, target, { format: 'CSV', overwrite: true, ...options }),
        expected,
      );
      assert.equal(await readFile(target, 'utf8'), 'old');
      assert.deepEqual(
        (await readdir(folder())).filter(
          (name) => name.startsWith('old-') && name.endsWith('.partial'),
        ),
        [],
      );
    }
    const isThrowIf = (error: unknown): boolean => isClickHouseError(error) && error.code === 395;

    it('for an error before the first row', () =>
      fails('SELECT nothing', {}, (error) => isClickHouseError(error) && error.code === 47));
    it('for an error in the middle', () => fails(FAILS, { settings: SMALL_BLOCKS }, isThrowIf));
    it('for an error in the last block', () =>
      fails(
        'SELECT throwIf(number = 2999999), number FROM numbers(3000000)',
        { settings: SMALL_BLOCKS },
        isThrowIf,
      ));
    for (const compression of ['gzip', 'zstd', 'br', 'deflate'] as const) {
      it(`for an error in the middle, compressed with ${compression}`, () =>
        fails(FAILS, { settings: SMALL_BLOCKS, compression }, isThrowIf));
    }
    for (const compression of ['xz', 'lz4', 'snappy'] as const) {
      it(`for an error in the middle, compressed with ${compression}`, () =>
        fails(
          FAILS.replaceAll('3000000', '300000'),
          { settings: SMALL_BLOCKS, compression },
          isTruncatedResponseError,
        ));
    }
    for (const afterMs of [0, 1, 5, 20, 50, 100, 200, 400]) {
      it(`for a cancel after ${afterMs} ms`, () =>
        fails(
          'SELECT number FROM system.numbers',
          { signal: AbortSignal.timeout(afterMs) },
          isCancelledError,
        ));
    }
    it('for a statement with another format of its own', () =>
      fails('SELECT 1 FORMAT TSV', {}, (error) => isFileError(error) && error.code === 'FORMAT'));
    it('for a statement that hides errors in a compression nobody can look into', async () => {
      const sql = `SELECT throwIf(number = 900000) AS n FROM numbers(1000000) SETTINGS http_write_exception_in_output_format = 1`;
      for (const compression of ['lz4', 'snappy', 'xz'] as const) {
        await fails(sql, { format: 'JSONEachRow', compression }, (error) => isUsageError(error));
      }
    });
    it('for a statement without a result, which is not run', async () => {
      await fails('CREATE TABLE never (a UInt8) ENGINE = Memory', {}, (error) => {
        return (error as { kind?: string }).kind === 'usage';
      });
      const tables = await client.rawQuery(
        "SELECT count() FROM system.tables WHERE name = 'never'",
      );
      assert.equal(tables.text().trim(), '0');
    });
  });

  it('says that the disk is full, or the file too large for it, and removes what it wrote', async function () {
    if (process.platform === 'win32') return;
    const target = path('limited.csv');
    await writeFile(target, 'old');
    const job = JSON.stringify({ ...engine(), path: target });
    const script = fileURLToPath(new URL('./saveLimited.ts', import.meta.url));
    // 2048 blocks of 512 or 1024 bytes: less than the result either way.
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      'ulimit -f 2048 && exec "$0" "$1" "$2"',
      process.execPath,
      script,
      job,
    ]);
    assert.deepEqual(JSON.parse(stdout), { kind: 'file', code: 'EFBIG', hint: true });
    assert.equal(await readFile(target, 'utf8'), 'old');
    await assert.rejects(stat(`${target}.partial`), { code: 'ENOENT' });
  });

  it('keeps the partial file when asked to', async () => {
    const target = path('kept.csv');
    await assert.rejects(
      client.saveTo(FAILS, target, { format: 'CSV', settings: SMALL_BLOCKS, keepPartial: true }),
    );
    assert.ok((await stat(`${target}.partial`)).size > 0);
    await assert.rejects(stat(target), { code: 'ENOENT' });
  });

  it('cuts the exception out of the partial file', async () => {
    const partial = await readFile(path('kept.csv.partial'));
    assert.equal(partial.includes('__exception__'), false);
    assert.equal(partial.includes('DB::Exception'), false);
  });

  it('does not overwrite without being asked to', async () => {
    await writeFile(path('there.csv'), 'old');
    await assert.rejects(
      client.saveTo('SELECT 1', path('there.csv'), { format: 'CSV' }),
      (error) => isFileError(error) && error.code === 'EXISTS',
    );
    assert.equal(await readFile(path('there.csv'), 'utf8'), 'old');
  });

  it('replaces the file behind a symbolic link, not the link', async () => {
    await writeFile(path('real.csv'), 'old');
    await symlink(path('real.csv'), path('link.csv'));
    await client.saveTo('SELECT 1', path('link.csv'), { format: 'CSV', overwrite: true });
    assert.equal(await readFile(path('real.csv'), 'utf8'), '1\n');
  });

  it('refuses a folder, a missing folder and a device', async () => {
    await mkdir(path('folder'));
    const codes: [string, string][] = [
      [path('folder'), 'EISDIR'],
      [path('missing/x.csv'), 'ENOENT'],
      [path('there.csv/x.csv'), 'ENOTDIR'],
      ['/dev/full', 'SPECIAL'],
    ];
    for (const [target, code] of codes) {
      await assert.rejects(
        client.saveTo('SELECT 1', target, { format: 'CSV', overwrite: true }),
        (error) => isFileError(error) && error.code === code && error.hint !== undefined,
      );
    }
  });

  it('saves from a session, where its temporary tables are', async () => {
    const session = client.session();
    await session.command('CREATE TEMPORARY TABLE t AS SELECT 42 AS a');
    const receipt = await session.saveTo('SELECT a FROM t', path('session.csv'), { format: 'CSV' });
    assert.equal(await readFile(receipt.path, 'utf8'), '42\n');
    await session.close();
  });

  it('takes another format of the statement when told to', async () => {
    const receipt = await client.saveTo("SELECT 'a,b' FORMAT TSV", path('own.csv'), {
      format: 'CSV',
      otherFormat: 'accept',
    });
    assert.equal(receipt.format, 'TSV');
    assert.equal(await readFile(receipt.path, 'utf8'), 'a,b\n');
  });
});
