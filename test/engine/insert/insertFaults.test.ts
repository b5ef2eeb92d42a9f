import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { createClient, isClickHouseError } from '../../../src/core/client/index.ts';
import type { Client, InsertFileOptions } from '../../../src/core/client/surface.ts';
import { type Engine, startEngine } from '../../../src/core/engine/engine.ts';
import { type FileReport, insertMany } from '../../../src/core/transfer/insertMany.ts';
import { planInsert } from '../../../src/core/transfer/insertPlan.ts';
import type { InsertRunner } from '../../../src/core/transfer/insert/sendFile.ts';
import { useFolder } from '../client/support.ts';
import { childScript, testProgram, useEngine } from '../fixture.ts';
import { CuttingProxy } from '../transfer/cuttingProxy.ts';
import { GOOD, ROWS, SMALL_BLOCKS } from './faultInput.ts';

describe('whatever goes wrong with an insert, the report holds the real count', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient({ ...engine(), settings: SMALL_BLOCKS });
  });
  after(() => client.close());
  beforeEach(async () => {
    await client.command('DROP TABLE IF EXISTS target SYNC');
    await client.command('CREATE TABLE target (a UInt32, b String) ENGINE = MergeTree ORDER BY a');
  });

  async function insert(
    runner: InsertRunner,
    name: string,
    content: string | Uint8Array,
    onProgress?: () => void,
  ): Promise<FileReport> {
    const path = join(folder(), name);
    await writeFile(path, content);
    const [report] = await insertMany(runner, {
      table: 'target',
      files: [{ path, bytes: Buffer.byteLength(content) }],
      onError: 'stop',
      ...(onProgress && { onProgress }),
    });
    assert.ok(report);
    return report;
  }
  async function check({ state, rows, error }: FileReport): Promise<number> {
    assert.equal(state, 'failed');
    assert.ok(error !== undefined);
    const real = Number((await client.rawQuery('SELECT count() FROM target')).text());
    const { atLeast, atMost = Infinity } = rows;
    assert.ok(atLeast <= real && real <= atMost, `${String(real)}: ${JSON.stringify(rows)}`);
    return real;
  }

  const packed = gzipSync(GOOD);
  const contents: [what: string, name: string, content: string | Uint8Array][] = [
    ['a compressed file breaks off', 'x.csv.gz', packed.subarray(0, packed.length - 100)],
    ['compressed data is damaged', 'x.csv.gz', Buffer.concat([packed.subarray(0, 30_000), packed])],
    ['the coding is another one than the name says', 'x.csv.zst', packed],
    ['the name hides the coding', 'x.csv', packed],
    ['the text is UTF-16', 'x.csv', Buffer.from(`\ufeff${GOOD}`, 'utf16le')],
    ['the delimiter is one that nobody would guess', 'x.csv', GOOD.replaceAll(',', '~')],
    ['the last line breaks off', 'x.csv', GOOD.slice(0, -4)],
    ['a row of the first block is bad', 'x.csv', GOOD.replace('\n10,', '\nbad,')],
    ['a row of a middle block is bad', 'x.csv', GOOD.replace('\n10000,', '\nbad,')],
    ['a row of the last block is bad', 'x.csv', GOOD.replace('\n19990,', '\nbad,')],
  ];
  for (const [what, name, content] of contents) {
    it(`when ${what}`, async () => {
      await check(await insert(client, name, content));
    });
  }

  it('when compressed data fails before the insert began, and says that nothing was inserted', async () => {
    // The server writes such an insert into no log of queries.
    for (const end of [packed.length - 100, 2_000]) {
      const report = await insert(client, 'x.csv.gz', packed.subarray(0, end));
      assert.ok(isClickHouseError(report.error), String(report.error));
      assert.equal(await check(report), 0);
      assert.deepEqual(report.rows, { atLeast: 0, atMost: 0, by: 'reply' }, String(end));
    }
  });

  it('when nothing of compressed data can be unpacked: nothing is sent', async () => {
    for (const [name, bytes] of [
      ['x.csv.gz', packed.subarray(0, 15)],
      ['x.csv.zst', zstdCompressSync(GOOD).subarray(0, 1_000)],
    ] as const) {
      const report = await insert(client, name, bytes);
      assert.match(String(report.error), /cut off: it ends before anything of it can be/);
      assert.deepEqual(report.rows, { atLeast: 0, atMost: 0, by: 'notSent' });
    }
  });

  for (const compression of ['none', 'zstd'] as const) {
    for (const how of ['fin', 'reset'] as const) {
      it(`when the connection is cut (${how}), compression on the way ${compression}`, async () => {
        const proxy = new CuttingProxy(Number(new URL(engine().url).port));
        const through = createClient({
          ...engine(),
          url: await proxy.listen(),
          settings: SMALL_BLOCKS,
        });
        const runner: InsertRunner = {
          rawInsert: through.rawInsert.bind(through),
          rawQuery: through.rawQuery.bind(through),
          command: through.command.bind(through),
          insertFile: (options: InsertFileOptions) => {
            const queryId = options.queryId ?? randomUUID();
            proxy.cut = { queryId, at: { sent: compression === 'none' ? 100_000 : 40_000 }, how };
            return through.insertFile({ ...options, queryId, compression });
          },
        };
        try {
          await check(await insert(runner, 'x.csv', GOOD));
        } finally {
          await through.close();
          await proxy.close();
        }
      });
    }
  }

  it('when the file cannot be read', async () => {
    const [report] = await insertMany(client, {
      table: 'target',
      files: [{ path: join(folder(), 'gone.csv'), bytes: 10 }],
      onError: 'stop',
    });
    assert.ok(report);
    assert.equal(await check(report), 0);
    assert.deepEqual([report.rows.atLeast, report.rows.atMost], [0, 0]);
  });

  it('when the table is dropped meanwhile', async () => {
    let dropped: Promise<unknown> | undefined;
    const report = await insert(client, 'x.csv', GOOD + GOOD.slice(4).repeat(9), () => {
      dropped ??= client.command('DROP TABLE target');
    });
    await dropped;
    assert.equal((await client.rawQuery('EXISTS TABLE target')).text(), '0\n');
    // The insert may have held the table until its end, before the other could drop it.
    if (report.state === 'inserted') {
      assert.equal(report.rows.atLeast, 10 * ROWS);
      return;
    }
    assert.ok(isClickHouseError(report.error), String(report.error));
    assert.equal(report.state, 'failed');
    const { atLeast, atMost = Infinity } = report.rows;
    assert.ok(atLeast <= 10 * ROWS && atMost >= atLeast, JSON.stringify(report.rows));
  });

  it('when the table is dropped between the look and the insert', async () => {
    const path = join(folder(), 'x.csv');
    await writeFile(path, GOOD);
    const plan = await planInsert(client.rawQuery.bind(client), { path, table: 'target' });
    await client.command('DROP TABLE target SYNC');
    const file = { path, bytes: plan.bytes, plan };
    const [report] = await insertMany(client, { table: 'target', files: [file], onError: 'stop' });
    assert.ok(isClickHouseError(report?.error) && report.error.code === 60);
    assert.deepEqual([report.rows.atLeast, report.rows.atMost], [0, 0]);
  });

  it('when the user may only read', async () => {
    const reader = createClient({ ...engine(), settings: { readonly: 2 } });
    assert.equal(await check(await insert(reader, 'x.csv', GOOD)), 0);
    await reader.close();
  });

  it('when a limit of the user is reached on the way', async () => {
    const limited = createClient({
      ...engine(),
      settings: { ...SMALL_BLOCKS, max_rows_to_read: 5_000, max_partitions_per_insert_block: 1 },
    });
    await client.command('DROP TABLE target SYNC');
    await client.command(
      'CREATE TABLE target (a UInt32, b String) ENGINE = MergeTree PARTITION BY intDiv(a, 5500) ORDER BY a',
    );
    await check(await insert(limited, 'x.csv', GOOD));
    await limited.close();
  });

  it('when the server is killed: it says that nobody can tell, and does not hang', async () => {
    const own: Engine = await startEngine({ program: await testProgram(), childScript });
    const lost = createClient({ ...own.endpoint, settings: SMALL_BLOCKS });
    await lost.command('CREATE TABLE target (a UInt32, b String) ENGINE = MergeTree ORDER BY a');
    let killed: Promise<unknown> | undefined;
    const report = await insert(lost, 'x.csv', GOOD + GOOD.slice(4).repeat(50), () => {
      if (killed) return;
      killed = own.exited;
      process.kill(own.pid, 'SIGKILL');
    });
    assert.ok(killed);
    await killed;
    assert.equal(report.state, 'failed');
    assert.deepEqual([report.rows.atLeast, report.rows.atMost], [0, undefined]);
    await lost.close();
    await own.stop();
  });
});
