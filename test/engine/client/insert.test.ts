import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createClient,
  isCancelledError,
  isClickHouseError,
} from '../../../src/core/client/index.ts';
import type { Client, ContentCoding, TableName } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { useFolder } from './support.ts';

/** All but bz2, which this build of the engine lacks. */
const CODINGS: readonly ContentCoding[] = ['gzip', 'zstd', 'br', 'deflate', 'lz4', 'xz', 'snappy'];

describe('rawInsert in depth', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(async () => {
    client = createClient(engine());
    await client.command('CREATE TABLE sink (a UInt32, b String) ENGINE = MergeTree ORDER BY a');
  });
  beforeEach(() => client.command('TRUNCATE TABLE sink'));
  after(() => client.close());

  async function count(table = 'sink'): Promise<number> {
    return Number((await client.rawQuery(`SELECT count() FROM ${table}`)).text());
  }

  it('asks for the table before a large upload, so that nothing is sent to one that does not exist', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<string> {
      for (;;) {
        sent += 1;
        await delay(0);
        yield '1,one\n';
      }
    }
    const large = Buffer.alloc(9 * 1024 * 1024, '1,one\n');
    for (const source of [endless(), large]) {
      const insert = client.rawInsert({ table: 'no_such_table', format: 'CSV', source });
      await assert.rejects(insert, (error) => isClickHouseError(error) && error.code === 60);
    }
    assert.equal(sent, 0);
  });

  it('finds a temporary table of its session before a large upload', async () => {
    const session = client.session();
    await session.command('CREATE TEMPORARY TABLE mine (a UInt32, b String)');
    const source = (function* () {
      yield '1,one\n';
    })();
    await session.rawInsert({ table: 'mine', format: 'CSV', source });
    assert.equal((await session.rawQuery('SELECT count() FROM mine')).text(), '1\n');
    await session.close();
  });

  for (const coding of CODINGS) {
    it(`lets the server unpack ${coding}`, async () => {
      // The server's own compression is the reference.
      const packed = await client.rawQuery(
        'SELECT toUInt32(number), toString(number) FROM numbers(1000)',
        { format: 'CSV', compression: `passthrough:${coding}` },
      );
      assert.equal(packed.meta.contentEncoding, coding);
      await client.rawInsert({
        table: 'sink',
        format: 'CSV',
        source: packed.bytes,
        contentEncoding: coding,
      });
      const sums = await client.rawQuery('SELECT count(), sum(a), sum(toUInt64(b)) FROM sink');
      assert.equal(sums.text(), '1000\t499500\t499500\n');
    });
  }

  it('fails when the data is not compressed as said', async () => {
    await assert.rejects(
      client.rawInsert({ table: 'sink', format: 'CSV', source: '1,x\n', contentEncoding: 'gzip' }),
      isClickHouseError,
    );
    assert.equal(await count(), 0);
  });

  it('adds nothing when an insert with the same token is repeated', async () => {
    await client.command(`CREATE TABLE once (a UInt32) ENGINE = MergeTree ORDER BY a
      SETTINGS non_replicated_deduplication_window = 100`);
    const insert = (dedupToken: string): Promise<unknown> =>
      client.rawInsert({ table: 'once', format: 'CSV', source: '1\n2\n', dedupToken });
    await insert('first');
    await insert('first');
    assert.equal(await count('once'), 2);
    await insert('second');
    assert.equal(await count('once'), 4);
  });

  it('sends a file that is read while it is sent', async () => {
    const path = join(folder(), 'rows.csv');
    await writeFile(path, '1,x\n'.repeat(200_000));
    const summary = await client.rawInsert({
      table: 'sink',
      format: 'CSV',
      source: createReadStream(path),
    });
    assert.deepEqual([summary.writtenRows, summary.bytes], [200_000, 800_000]);
  });

  it('sends a File of the web platform', async () => {
    const file = new File(['1,x\n', '2,y\n'], 'rows.csv');
    const summary = await client.rawInsert({ table: 'sink', format: 'CSV', source: file });
    assert.deepEqual([summary.writtenRows, summary.bytes], [2, 8]);
  });

  it('waits for a slow source', async () => {
    async function* slowly(): AsyncGenerator<string> {
      for (let row = 0; row < 10; row += 1) {
        await delay(60);
        yield `${row},x\n`;
      }
    }
    const seen: number[] = [];
    const summary = await client.rawInsert({
      table: 'sink',
      format: 'CSV',
      source: slowly(),
      onProgress: ({ bytes }) => seen.push(bytes),
    });
    assert.equal(summary.writtenRows, 10);
    assert.deepEqual(seen, [4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
  });

  it('gives the error of a source that throws, and says that rows may be there', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield '1,x\n';
      await delay(50);
      throw new Error('the disk is gone');
    }
    await assert.rejects(
      client.rawInsert({ table: 'sink', format: 'CSV', source: broken() }),
      (error: Error & { ambiguous?: boolean }) => {
        assert.match(`${error.message} ${String(error.cause)}`, /the disk is gone/);
        assert.equal(error.ambiguous, true);
        return true;
      },
    );
    assert.equal((await client.rawQuery('SELECT 1')).text(), '1\n');
  });

  it('refuses a source of something else', async () => {
    const source = [{ a: 1 }] as unknown as string[];
    await assert.rejects(client.rawInsert({ table: 'sink', format: 'CSV', source }));
    assert.equal(await count(), 0);
  });

  it('can be aborted while it sends, and says that rows may be there', async () => {
    const abort = new AbortController();
    const sent = { bytes: 0 };
    async function* endless(): AsyncGenerator<string> {
      for (let row = 0; ; row += 1) {
        if (row === 20) abort.abort();
        yield `${row},x\n`;
        await delay(5);
      }
    }
    const error = await client
      .rawInsert({
        table: 'sink',
        format: 'CSV',
        source: endless(),
        signal: abort.signal,
        onProgress: ({ bytes }) => (sent.bytes = bytes),
      })
      .then(
        () => undefined,
        (cause: unknown) => cause,
      );
    assert.ok(isCancelledError(error), String(error));
    assert.equal(error.ambiguous, true);
    await error.outcome;
    const bytes = sent.bytes;
    await delay(100);
    assert.ok(sent.bytes - bytes <= 10, 'the source is still read');
  });

  describe('names', () => {
    before(async () => {
      await client.command('CREATE DATABASE `my db`');
      await client.command(
        'CREATE TABLE `my db`.`a``b.c` (`x y` UInt8, `q``` String) ENGINE = Memory',
      );
    });
    const tables: TableName[] = [
      { database: 'my db', table: 'a`b.c' },
      '`my db`.`a``b.c`',
      '"my db"."a`b.c"',
      ' `my db` . `a\\`b.c` ',
    ];
    for (const table of tables) {
      it(`finds the table ${JSON.stringify(table)} and quotes columns`, async () => {
        const summary = await client.rawInsert({
          table,
          columns: ['q`', 'x y'],
          format: 'CSV',
          source: 'text,7\n',
          settings: { async_insert: 0 },
        });
        assert.equal(summary.writtenRows, 1);
        const rows = await client.rawQuery('SELECT `x y`, `q``` FROM `my db`.`a``b.c` LIMIT 1');
        assert.equal(rows.text(), '7\ttext\n');
      });
    }
    for (const table of ['', 'a.b.c', 'a b', 'a; DROP TABLE x', '`a', 'a.', '.a']) {
      it(`refuses ${JSON.stringify(table)}`, async () => {
        await assert.rejects(client.rawInsert({ table, format: 'CSV', source: '' }), {
          kind: 'usage',
        });
      });
    }
  });

  it('counts the rows of materialized views too', async () => {
    await client.command('CREATE TABLE copy (a UInt32) ENGINE = MergeTree ORDER BY a');
    await client.command('CREATE MATERIALIZED VIEW mv TO copy AS SELECT a FROM sink');
    const settings = { async_insert: 0 };
    const summary = await client.rawInsert({
      table: 'sink',
      format: 'CSV',
      source: '1,x\n',
      settings,
    });
    await client.command('DROP VIEW mv');
    assert.equal(summary.writtenRows, 2);
  });

  it('counts the rows when the server collects small inserts', async () => {
    const settings = { async_insert: 1 };
    const summary = await client.rawInsert({
      table: 'sink',
      format: 'CSV',
      source: '1,x\n',
      settings,
    });
    assert.equal(summary.writtenRows, 1);
    assert.equal(await count(), 1);
  });
});
