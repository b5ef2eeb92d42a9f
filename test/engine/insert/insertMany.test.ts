import assert from 'node:assert/strict';
import { appendFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, isFileError } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { type FileReport, insertMany } from '../../../src/core/transfer/insertMany.ts';
import { planInsert } from '../../../src/core/transfer/insertPlan.ts';
import { insertSources } from '../../../src/core/transfer/insertSources.ts';
import { useEngine } from '../fixture.ts';
import { useFolder } from '../client/support.ts';

/** What a block holds at most by default; blocks before a bad row stay. */
const BLOCK_ROWS = 1_048_449;

describe('inserting many files', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  beforeEach(async () => {
    await client.command('DROP TABLE IF EXISTS target SYNC');
    await client.command('CREATE TABLE target (a UInt32, b String) ENGINE = MergeTree ORDER BY a');
  });
  after(() => client.close());

  const path = (name: string): string => join(folder(), name);
  const file = async (name: string, text: string): Promise<{ path: string; bytes: number }> => {
    await writeFile(path(name), text);
    return { path: path(name), bytes: Buffer.byteLength(text) };
  };
  async function count(): Promise<number> {
    const answer = await client.rawQuery('SELECT count() FROM target', { format: 'CSV' });
    return Number(answer.text());
  }
  const states = (reports: readonly FileReport[]): string[] => reports.map(({ state }) => state);

  it('stops at the first failure, or goes on, as chosen, and tells the rows of each', async () => {
    const files = [
      await file('one.csv', 'a,b\n1,x\n2,y\n'),
      await file('bad.csv', 'a,b\n3,x\nno number,y\n'),
      { path: path('gone.csv'), bytes: 0 },
      await file('two.csv', 'a,b\n4,x\n'),
    ];
    const stopped = await insertMany(client, { table: 'target', files, onError: 'stop' });
    assert.deepEqual(states(stopped), ['inserted', 'failed', 'notSent', 'notSent']);
    assert.equal(await count(), 2);

    const all = await insertMany(client, { table: 'target', files, onError: 'continue' });
    assert.deepEqual(states(all), ['inserted', 'failed', 'failed', 'inserted']);
    assert.deepEqual(
      all.map(({ rows }) => [rows.atLeast, rows.atMost]),
      [
        [2, 2],
        [0, 0],
        [0, 0],
        [1, 1],
      ],
    );
    assert.equal(await count(), 5);

    const failed = all.flatMap(({ state }, index) => files[state === 'failed' ? index : -1] ?? []);
    await file('bad.csv', 'a,b\n3,x\n5,y\n');
    await file('gone.csv', 'a,b\n6,x\n');
    const repeated = await insertMany(client, { table: 'target', files: failed, onError: 'stop' });
    assert.deepEqual(states(repeated), ['inserted', 'inserted']);
    assert.equal(await count(), 8);
  });

  const places = { first: 10, middle: BLOCK_ROWS + 10, last: 3 * BLOCK_ROWS + 10 };
  for (const [block, at] of Object.entries(places)) {
    it(`counts what stays when a row of the ${block} block is bad`, async () => {
      const one = await file('blocks.csv', `${'7,x\n'.repeat(at)}bad,x\n`);
      // Several threads may find the bad row before the first block is written.
      const settings = { input_format_parallel_parsing: block === 'last' ? 0 : 1 };
      const files = [{ ...one, format: 'CSV', choices: { settings } }];
      const [report] = await insertMany(client, { table: 'target', files, onError: 'stop' });
      const real = await count();
      assert.equal(report?.state, 'failed');
      // Of an insert that took in no block the reply tells all; which blocks it had is not always the same.
      assert.ok(report.rows.by === 'partLog' || (real === 0 && report.rows.by === 'reply'));
      assert.ok(real > 0 || block !== 'last');
      assert.deepEqual([report.rows.atLeast, report.rows.atMost], [real, real]);
      assert.equal(report.tableGrew, real);
    });
  }

  it('counts its own rows only while others write into the table', async () => {
    const one = await file('own.csv', `${'7,x\n'.repeat(2 * BLOCK_ROWS)}bad,x\n`);
    let others: Promise<unknown> | undefined;
    const [report] = await insertMany(client, {
      table: 'target',
      files: [{ ...one, format: 'CSV' }],
      onError: 'stop',
      onProgress: () => {
        others ??= client.command('INSERT INTO target SELECT 8, toString(number) FROM numbers(77)');
      },
    });
    await others;
    const answer = await client.rawQuery('SELECT countIf(a = 7) FROM target', { format: 'CSV' });
    assert.equal(report?.rows.atLeast, Number(answer.text()));
    assert.equal(report.rows.atMost, report.rows.atLeast);
    assert.equal(await count(), report.rows.atLeast + 77);
  });

  it("gives a range that holds the count where only the query's log tells", async () => {
    await client.command('DROP TABLE target SYNC');
    await client.command('CREATE TABLE target (a UInt32, b String) ENGINE = Memory');
    const one = await file('memory.csv', `${'7,x\n'.repeat(2 * BLOCK_ROWS)}bad,x\n`);
    const files = [{ ...one, format: 'CSV' }];
    const [report] = await insertMany(client, { table: 'target', files, onError: 'stop' });
    const real = await count();
    assert.equal(report?.rows.by, 'queryLog');
    assert.ok(report.rows.atLeast <= real && real <= (report.rows.atMost ?? -1));
  });

  it('counts what a cancelled insert left, and sends nothing after it', async () => {
    const big = await file('big.csv', `a,b\n${'7,x\n'.repeat(8_000_000)}`);
    const abort = new AbortController();
    const reports = await insertMany(client, {
      table: 'target',
      files: [big, await file('one.csv', 'a,b\n1,x\n')],
      onError: 'continue',
      signal: abort.signal,
      onProgress: (_, __, { bytes }) => {
        if (bytes > 20_000_000) abort.abort();
      },
    });
    assert.deepEqual(states(reports), ['cancelled', 'notSent']);
    const [report] = reports;
    const real = await count();
    assert.ok(report && report.rows.atLeast <= real && real <= (report.rows.atMost ?? Infinity));
  });

  for (const [what, change] of [
    ['grows', (name: string) => appendFile(name, '9,x\n')],
    ['shrinks', (name: string) => truncate(name, 1_000_000)],
  ] as const) {
    it(`notices that a file ${what} while it is read`, async () => {
      const one = await file('moving.csv', `a,b\n${'7,x\n'.repeat(20_000_000)}`);
      let changing: Promise<void> | undefined;
      const [report] = await insertMany(client, {
        table: 'target',
        files: [one],
        onError: 'stop',
        onProgress: () => {
          changing ??= change(one.path);
        },
      });
      await changing;
      assert.equal(report?.state, 'failed');
      assert.ok(isFileError(report.error) && report.error.code === 'CHANGED', String(report.error));
      const real = await count();
      assert.ok(report.rows.atLeast <= real && real <= (report.rows.atMost ?? Infinity));
    });
  }

  it('takes the files of a folder whose names tell a format, sorted, and names the others', async () => {
    await mkdir(path('data/2026'), { recursive: true });
    for (const name of [
      'b.csv',
      'a.csv',
      '2026/c.jsonl.gz',
      'notes.docx',
      '_SUCCESS',
      '.hidden.csv',
    ]) {
      await writeFile(path(`data/${name}`), '');
    }
    await writeFile(path('alone.dat'), '');
    const found = await insertSources([path('data'), path('alone.dat')]);
    assert.deepEqual(found, {
      files: ['data/2026/c.jsonl.gz', 'data/a.csv', 'data/b.csv', 'alone.dat'].map(path),
      others: [path('data/notes.docx')],
    });
  });

  describe('the plan', () => {
    const plan = (name: string, serverReadsFiles = true) =>
      planInsert(client.rawQuery.bind(client), {
        path: path(name),
        table: 'target',
        serverReadsFiles,
      });

    for (const serverReadsFiles of [true, false]) {
      const reader = serverReadsFiles ? 'the engine' : 'a server';
      it(`of a CSV file of 10 GB is there within a second (${reader} looks)`, async () => {
        const rows = Array.from(
          { length: 100_000 },
          (_, row) => `${String(row)},text ${String(row)}`,
        );
        await writeFile(path('large.csv'), `a,b\n${rows.join('\n')}\n`);
        await truncate(path('large.csv'), 10 * 1024 ** 3);
        const started = performance.now();
        const { fileColumns, bytes, format } = await plan('large.csv', serverReadsFiles);
        const ms = performance.now() - started;
        assert.ok(ms < 1000, `${String(ms)} ms`);
        assert.deepEqual(
          fileColumns?.map(({ name }) => name),
          ['a', 'b'],
        );
        assert.deepEqual([bytes, format], [10 * 1024 ** 3, 'CSVWithNames']);
      });
    }

    it('finds another delimiter than the comma, and the insert uses it', async () => {
      const one = await file('semicolons.csv', 'a;b\n1;"x;1"\n2;y\n');
      const { fileColumns, settings } = await plan('semicolons.csv');
      assert.deepEqual(settings, { format_csv_delimiter: ';' });
      assert.deepEqual(
        fileColumns?.map(({ name }) => name),
        ['a', 'b'],
      );
      await client.insertFile({ table: 'target', path: one.path });
      const answer = await client.rawQuery('SELECT * FROM target ORDER BY a', { format: 'TSV' });
      assert.equal(answer.text(), '1\tx;1\n2\ty\n');
    });

    it('leaves a comma alone, and the text of a table of one column', async () => {
      await file('commas.csv', 'a,b\n1,x;y\n2,y;z\n');
      assert.deepEqual((await plan('commas.csv')).settings, {});
      await client.command('DROP TABLE target SYNC');
      await client.command('CREATE TABLE target (line String) ORDER BY line');
      await file('lines.csv', 'line\none;two\nthree;four\n');
      assert.deepEqual((await plan('lines.csv')).settings, {});
    });

    for (const [name, bytes] of [
      ['little-endian', Buffer.from('\ufeffa,b\n1,x\n', 'utf16le')],
      ['big-endian', Buffer.from('\ufeffa,b\n1,x\n', 'utf16le').swap16()],
    ] as const) {
      it(`refuses ${name} UTF-16 and says what to do`, async () => {
        await writeFile(path('wide.csv'), bytes);
        await assert.rejects(
          plan('wide.csv'),
          (error) =>
            isFileError(error) && error.code === 'ENCODING' && (error.hint ?? '').includes('iconv'),
        );
      });
    }
  });
});
