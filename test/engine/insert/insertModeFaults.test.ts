import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createClient, isClickHouseError } from '../../../src/core/client/index.ts';
import type {
  Client,
  InsertFileOptions,
  RawInsertOptions,
} from '../../../src/core/client/surface.ts';
import { type Engine, startEngine } from '../../../src/core/engine/engine.ts';
import { type FileReport, insertMany } from '../../../src/core/transfer/insertMany.ts';
import type { InsertRunner } from '../../../src/core/transfer/insert/sendFile.ts';
import { useFolder } from '../client/support.ts';
import { childScript, testProgram, useEngine } from '../fixture.ts';
import { CuttingProxy } from '../transfer/cuttingProxy.ts';
import { GOOD, ROWS, SMALL_BLOCKS } from './faultInput.ts';

/** Ten pieces. */
const CHUNKS = { bytes: 1_000_000, rows: 2_000 };
/** The piece that something happens to. */
const THIRD = 3;
const TABLE =
  'CREATE TABLE target (a UInt32, b String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 1000';

type Mode = 'staged' | 'chunked';

describe('whatever goes wrong with an insert that is all or nothing, or resumable', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient({ ...engine(), settings: SMALL_BLOCKS });
  });
  after(() => client.close());
  beforeEach(async () => {
    await client.command('DROP TABLE IF EXISTS target SYNC');
    await client.command(TABLE);
  });

  async function insert(
    runner: InsertRunner,
    mode: Mode,
    name: string,
    content: string | Uint8Array,
  ): Promise<FileReport> {
    const path = join(folder(), name);
    await writeFile(path, content);
    const [report] = await insertMany(runner, {
      table: 'target',
      files: [{ path, bytes: Buffer.byteLength(content) }],
      onError: 'stop',
      mode,
      chunkLimits: CHUNKS,
    });
    assert.ok(report);
    return report;
  }
  const text = async (sql: string): Promise<string> => (await client.rawQuery(sql)).text().trim();
  const leftOver = (): Promise<string> =>
    text("SELECT count() FROM system.tables WHERE name LIKE '_rowhouse_staging%'");

  /** What is really there is what the report says, and a repeat makes it whole. */
  async function check(report: FileReport, mode: Mode): Promise<void> {
    const { state, rows, error } = report;
    assert.equal(state, 'failed');
    assert.ok(error !== undefined);
    const real = Number(await text('SELECT count() FROM target'));
    const { atLeast, atMost = Infinity } = rows;
    assert.ok(atLeast <= real && real <= atMost, `${String(real)}: ${JSON.stringify(rows)}`);
    if (mode === 'staged') assert.deepEqual([real, atLeast, atMost], [0, 0, 0]);
    assert.equal(await leftOver(), '0');
    const repeated = await insert(client, mode, 'x.csv', GOOD);
    assert.equal(repeated.state, 'inserted', String(repeated.error));
  }

  /** Does something before the third piece, or before the file that goes into the staging table. */
  function meddled(
    runner: Client,
    meddle: (queryId: string) => Promise<unknown>,
    after?: () => Promise<unknown>,
  ): InsertRunner {
    let pieces = 0;
    return {
      rawQuery: runner.rawQuery.bind(runner),
      command: runner.command.bind(runner),
      rawInsert: async (options: RawInsertOptions) => {
        const queryId = options.queryId ?? randomUUID();
        pieces += 1;
        if (pieces === THIRD) await meddle(queryId);
        return runner.rawInsert({ ...options, queryId });
      },
      insertFile: async (options: InsertFileOptions) => {
        const queryId = options.queryId ?? randomUUID();
        await meddle(queryId);
        const summary = await runner.insertFile({ ...options, queryId });
        await after?.();
        return summary;
      },
    };
  }

  const packed = gzipSync(GOOD);
  const contents: [what: string, name: string, content: string | Uint8Array][] = [
    ['a compressed file breaks off', 'x.csv.gz', packed.subarray(0, packed.length - 100)],
    ['the last line breaks off', 'x.csv', GOOD.slice(0, -4)],
    ['a row of a middle block is bad', 'x.csv', GOOD.replace('\n10000,', '\nbad,')],
    ['a row of the last block is bad', 'x.csv', GOOD.replace('\n19990,', '\nbad,')],
  ];
  for (const mode of ['staged', 'chunked'] as const) {
    describe(mode, () => {
      for (const [what, name, content] of contents) {
        it(`when ${what}`, async () => {
          await check(await insert(client, mode, name, content), mode);
        });
      }

      it('when the connection is cut', async () => {
        const proxy = new CuttingProxy(Number(new URL(engine().url).port));
        const through = createClient({
          ...engine(),
          url: await proxy.listen(),
          settings: SMALL_BLOCKS,
        });
        const runner = meddled(through, (queryId) => {
          proxy.cut = { queryId, at: { sent: 10_000 }, how: 'reset' };
          return Promise.resolve();
        });
        try {
          const report = await insert(runner, mode, 'x.csv', GOOD);
          if (mode === 'staged') await check(report, mode);
          // A piece with a token is sent again by the client, and adds nothing twice.
          else assert.equal(report.state, 'inserted', String(report.error));
          const whole = 'SELECT count(), uniqExact(a) FROM target';
          assert.equal(await text(whole), `${String(ROWS)}\t${String(ROWS)}`);
        } finally {
          await through.close();
          await proxy.close();
        }
      });

      it('when the table is dropped meanwhile', async () => {
        const drop = (): Promise<unknown> => client.command('DROP TABLE target SYNC');
        const runner =
          mode === 'staged'
            ? meddled(client, () => Promise.resolve(), drop)
            : meddled(client, drop);
        const report = await insert(runner, mode, 'x.csv', GOOD);
        assert.equal(report.state, 'failed');
        assert.ok(isClickHouseError(report.error) && report.error.code === 60);
        assert.equal(await leftOver(), '0');
        if (mode === 'staged') assert.deepEqual([report.rows.atLeast, report.rows.atMost], [0, 0]);
      });

      it('when the server is killed', async () => {
        const own: Engine = await startEngine({ program: await testProgram(), childScript });
        const lost = createClient({ ...own.endpoint, settings: SMALL_BLOCKS });
        try {
          await lost.command(TABLE);
          const runner = meddled(lost, () => {
            process.kill(own.pid, 'SIGKILL');
            return own.exited;
          });
          const { state, rows } = await insert(runner, mode, 'x.csv', GOOD);
          assert.equal(state, 'failed');
          if (mode === 'staged') assert.deepEqual([rows.atLeast, rows.atMost], [0, 0]);
          // Two pieces were there, of the third nobody can tell.
          else assert.deepEqual([rows.atLeast, rows.atMost], [4_000, 6_000]);
        } finally {
          await lost.close();
          await own.stop();
        }
      });
    });
  }
});
