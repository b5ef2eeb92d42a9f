import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client, RequestOptions } from '../../../src/core/client/surface.ts';
import { type FileReport, insertMany } from '../../../src/core/transfer/insertMany.ts';
import type { InsertRunner } from '../../../src/core/transfer/insert/sendFile.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';

const COLUMNS = '(a UInt32, b String, twice UInt32 MATERIALIZED a * 2, d UInt32 DEFAULT a + 1)';
/** Behind several blocks. */
const BAD_ROW = 5_000;

describe('an insert that is all or nothing', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    // Small blocks: those before a bad row are written.
    const settings = {
      max_insert_block_size: 1_000,
      min_insert_block_size_rows: 1_000,
      min_insert_block_size_bytes: 0,
    };
    client = createClient({ ...engine(), settings });
  });
  after(() => client.close());

  async function make(engineClause: string, more: readonly string[] = []): Promise<void> {
    for (const sql of [
      'DROP TABLE IF EXISTS view SYNC',
      'DROP TABLE IF EXISTS copy SYNC',
      'DROP TABLE IF EXISTS target SYNC',
      `CREATE TABLE target ${COLUMNS} ENGINE = ${engineClause}`,
      ...more,
    ]) {
      await client.command(sql);
    }
  }
  async function file(name: string, text: string): Promise<{ path: string; bytes: number }> {
    const path = join(folder(), name);
    await writeFile(path, text);
    return { path, bytes: Buffer.byteLength(text) };
  }
  const rows = (first: number, count: number): string =>
    `a,b\n${Array.from({ length: count }, (_, row) => `${String(first + row)},x\n`).join('')}`;
  async function text(sql: string): Promise<string> {
    return (await client.rawQuery(sql)).text().trim();
  }
  async function leftOver(): Promise<string> {
    return text("SELECT count() FROM system.tables WHERE startsWith(name, '_rowhouse_staging_')");
  }
  const states = (reports: readonly FileReport[]): string[] => reports.map(({ state }) => state);
  const ranges = (reports: readonly FileReport[]): unknown[] =>
    reports.map(({ rows: { atLeast, atMost } }) => [atLeast, atMost]);

  const engines: [string, string, readonly string[]][] = [
    ['a MergeTree table', 'MergeTree PARTITION BY a % 3 ORDER BY a', []],
    [
      'keys, sampling and expiry',
      'ReplacingMergeTree PARTITION BY a % 3 PRIMARY KEY a ORDER BY (a, b) SAMPLE BY a TTL toDate(a) + INTERVAL 100 YEAR',
      [],
    ],
    ['a table without parts', 'Memory', []],
    [
      'a table with a materialized view',
      'MergeTree PARTITION BY a % 3 ORDER BY a',
      [
        'CREATE TABLE copy (a UInt32) ENGINE = MergeTree ORDER BY a',
        'CREATE MATERIALIZED VIEW view TO copy AS SELECT a FROM target',
      ],
    ],
  ];
  for (const [what, clause, more] of engines) {
    describe(`into ${what}`, () => {
      beforeEach(() => make(clause, more));

      it('puts all rows of all files into it, with defaults and materialized columns', async () => {
        const files = [
          await file('one.csv', rows(0, 3_000)),
          await file('two.csv', rows(3_000, 7)),
        ];
        const reports = await insertMany(client, {
          table: 'target',
          files,
          onError: 'stop',
          mode: 'staged',
        });
        assert.deepEqual(states(reports), ['inserted', 'inserted'], String(reports[0]?.error));
        assert.deepEqual(ranges(reports), [
          [3_000, 3_000],
          [7, 7],
        ]);
        assert.equal(
          await text('SELECT count(), sum(a), sum(twice), sum(d) FROM target'),
          '3007\t4519521\t9039042\t4522528',
        );
        if (more.length > 0) assert.equal(await text('SELECT count() FROM copy'), '3007');
        assert.equal(await leftOver(), '0');
      });

      it('leaves it as it was when a row of the last file is bad', async () => {
        const files = [
          await file('one.csv', rows(0, 3_000)),
          await file('bad.csv', `${rows(0, BAD_ROW)}bad,x\n`),
          await file('two.csv', rows(0, 1)),
        ];
        const options = { table: 'target', files, mode: 'staged' } as const;
        const stopped = await insertMany(client, { ...options, onError: 'stop' });
        assert.deepEqual(states(stopped), ['discarded', 'failed', 'notSent']);
        assert.deepEqual(ranges(stopped), Array(3).fill([0, 0]));
        assert.equal(await text('SELECT count() FROM target'), '0');

        const gone = await insertMany(client, { ...options, onError: 'continue' });
        assert.deepEqual(states(gone), ['inserted', 'failed', 'inserted']);
        assert.equal(await text('SELECT count() FROM target'), '3001');
        assert.equal(await leftOver(), '0');
      });
    });
  }

  it('leaves the table as it was when it is cancelled', async () => {
    await make('MergeTree ORDER BY a');
    const abort = new AbortController();
    const files = [await file('one.csv', rows(0, 10)), await file('big.csv', rows(0, 600_000))];
    const reports = await insertMany(client, {
      table: 'target',
      files,
      onError: 'stop',
      mode: 'staged',
      signal: abort.signal,
      onProgress: (_, index) => {
        if (index === 1) abort.abort();
      },
    });
    assert.deepEqual(states(reports), ['discarded', 'cancelled']);
    assert.equal(await text('SELECT count() FROM target'), '0');
    assert.equal(await leftOver(), '0');
  });

  it('says how many rows are there when putting them into the table fails', async () => {
    await make('MergeTree ORDER BY a', [
      'CREATE TABLE copy (a UInt32) ENGINE = MergeTree ORDER BY a',
      'CREATE MATERIALIZED VIEW view TO copy AS SELECT throwIf(a = 1500) + a AS a FROM target',
    ]);
    const files = [await file('one.csv', rows(0, 3_000))];
    const options = { table: 'target', files, mode: 'staged', onError: 'stop' } as const;
    const [report] = await insertMany(client, options);
    assert.equal(report?.state, 'failed');
    const real = Number(await text('SELECT count() FROM target'));
    assert.ok(report.rows.atLeast <= real && real <= (report.rows.atMost ?? -1));
    assert.equal(await leftOver(), '0');
  });

  it('tells of a staging table that it could not remove, and whose it is', async () => {
    await make('MergeTree ORDER BY a');
    const files = [await file('one.csv', rows(0, 3_000))];
    const stubborn: InsertRunner = {
      insertFile: client.insertFile.bind(client),
      rawInsert: client.rawInsert.bind(client),
      rawQuery: client.rawQuery.bind(client),
      command: (sql: string, options?: RequestOptions) =>
        sql.startsWith('DROP') ? Promise.reject(new Error('no')) : client.command(sql, options),
    };
    const options = { table: 'target', files, mode: 'staged', onError: 'stop' } as const;
    const [report] = await insertMany(stubborn, options);
    assert.equal(report?.state, 'inserted');
    const name = /default\.(_rowhouse_staging_target_\w+) may be left/.exec(report.note ?? '')?.[1];
    assert.equal(await leftOver(), '1');
    await client.command(`DROP TABLE ${name ?? ''} SYNC`);
    assert.equal(await leftOver(), '0');
  });

  const refused: [string, string[], RegExp][] = [
    ['a view', ['DROP TABLE target', 'CREATE VIEW target AS SELECT 1 AS a'], /engine is View/],
    ['what is no table', ['DROP TABLE target'], /does not show the table/],
    [
      'columns computed from what is not kept',
      [
        'DROP TABLE target',
        'CREATE TABLE target (a UInt32, e UInt32 EPHEMERAL, m UInt32 MATERIALIZED e) ENGINE = Memory',
      ],
      /EPHEMERAL/,
    ],
  ];
  for (const [what, statements, reason] of refused) {
    it(`is refused for ${what}, and nothing is sent`, async () => {
      await make('Memory', statements);
      const files = [await file('one.csv', rows(0, 1))];
      const options = { table: 'target', files, mode: 'staged', onError: 'stop' } as const;
      const [report] = await insertMany(client, options);
      assert.equal(report?.state, 'failed');
      assert.match(String(report.error), reason);
      assert.equal(await leftOver(), '0');
    });
  }
});
