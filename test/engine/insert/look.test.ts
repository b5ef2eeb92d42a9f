import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { ServerZones } from '../../../src/core/arrow/spool/serverZones.ts';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client, Settings } from '../../../src/core/client/surface.ts';
import { type LocalReader, planInsert } from '../../../src/core/transfer/insertPlan.ts';
import {
  insertColumns,
  sampleColumns,
  type Targets,
  usualTargets,
} from '../../../src/core/transfer/look/columnTargets.ts';
import { fileSample } from '../../../src/core/transfer/look/fileSample.ts';
import {
  checkSample,
  loadPreview,
  type SampleCheck,
} from '../../../src/core/transfer/look/readSample.ts';
import { MOST_SENT_BYTES } from '../../../src/core/transfer/look/sentFile.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { cellTexts, type NULL } from '../results/resultReader.ts';

describe('looking at a file before it is inserted', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  let number = 0;
  before(() => {
    client = createClient(engine());
  });
  beforeEach(async () => {
    await client.command('DROP TABLE IF EXISTS goods SYNC');
    await client.command(
      `CREATE TABLE goods (id UInt32, name String, at DateTime('UTC') DEFAULT 0, twice UInt64 MATERIALIZED id * 2) ENGINE = MergeTree ORDER BY id`,
    );
  });
  after(() => client.close());

  interface Look {
    format?: string;
    settings?: Settings;
    targets?: Targets;
    serverReadsFiles?: boolean;
    sendsFiles?: boolean;
    localReader?: LocalReader;
  }

  async function look(
    name: string,
    content: string | Uint8Array | undefined,
    { format, settings = {}, targets, serverReadsFiles = false, ...access }: Look = {},
  ): Promise<{ check: SampleCheck; names: string[]; rows: (string | typeof NULL)[][] }> {
    const path = join(folder(), name);
    if (content !== undefined) await writeFile(path, content);
    const query = client.rawQuery.bind(client);
    const plan = await planInsert(query, {
      path,
      table: 'goods',
      format,
      settings,
      serverReadsFiles,
      ...access,
    });
    const columns = sampleColumns(plan, targets ?? usualTargets(plan));
    const sample = await fileSample(plan, { serverReadsFiles, reads: 'head', ...access });
    assert.ok(columns && sample);
    const request = {
      sample,
      columns,
      settings: { ...plan.settings, ...settings },
      signal: new AbortController().signal,
    };
    const check = await checkSample(query, request);
    const loaded = await loadPreview({
      ...request,
      client,
      spoolPath: join(folder(), `preview-${String(number++)}`),
      gridSettings: new GridSettings(client),
      zones: new ServerZones(client),
    });
    const rows = await cellTexts(loaded);
    await loaded.spool.dispose();
    return { check, names: loaded.columns.map((column) => column.name), rows };
  }

  /** What the table has after the file was really inserted. */
  async function inserted(name: string, targets: Targets, settings: Settings): Promise<string> {
    const path = join(folder(), name);
    const plan = await planInsert(client.rawQuery.bind(client), { path, table: 'goods' });
    const columns = insertColumns(plan, targets);
    await client.insertFile({ table: 'goods', path, ...columns, settings });
    const answer = await client.rawQuery('SELECT id, name, at FROM goods ORDER BY id', {
      format: 'TabSeparated',
    });
    return answer.text();
  }

  it('reads the first rows as the table will have them', async () => {
    const { check, names, rows } = await look(
      'goods.csv',
      'name,id,at\n"a ""b"", c",4294967295,2026-01-02 03:04:05\nx,2,1767323045\n',
    );
    assert.deepEqual(check, { rows: 2, failing: [], hasMore: false });
    assert.deepEqual(names, ['name', 'id', 'at']);
    await inserted('goods.csv', ['name', 'id', 'at'], {});
    const real = await client.rawQuery('SELECT name, id, at FROM goods ORDER BY id DESC', {
      format: 'JSONCompactStringsEachRow',
    });
    const expected = real.text().trim().split('\n');
    assert.deepEqual(
      rows,
      expected.map((row) => JSON.parse(row) as string[]),
    );
  });

  it('leaves nothing of the file in the log of the server', async () => {
    const { rows } = await look('goods.csv', 'id,name\n1,unheardof\n');
    assert.equal(rows[0]?.[1], 'unheardof');
    await client.command('SYSTEM FLUSH LOGS');
    const logged = `SELECT count(), countIf(query LIKE concat('%unhear', 'dof%')) FROM system.query_log`;
    const [all, ofFile] = (await client.rawQuery(logged)).text().trim().split('\t');
    assert.ok(Number(all) > 0);
    assert.equal(ofFile, '0');
  });

  it('shows 100 rows of more, and looks at the beginning only', async () => {
    const lines = Array.from({ length: 50_000 }, (_, row) => `${row},"line\n${row}"`);
    const { check, rows } = await look('many.csv', `id,name\n${lines.join('\n')}\n`);
    assert.equal(rows.length, 100);
    assert.deepEqual(rows[99], ['99', 'line\n99']);
    assert.deepEqual(check.failing, [], 'the cut in a quoted value is no failing row');
    assert.ok(check.rows !== undefined && check.rows > 1_000 && check.rows < 10_000);
  });

  it('tells every row that fails with its number, column and reason', async () => {
    const text = 'id,name\n1,one\nbad,two\n3,three\nx,four\n5\n6,six,more\n7,seven\n';
    const { check, rows } = await look('bad.csv', text);
    assert.deepEqual(check, {
      rows: 7,
      hasMore: false,
      failing: [
        { row: 2, column: 'id', reason: 'text "bad,two⏎3," is not like UInt32' },
        { row: 4, column: 'id', reason: 'text "x,four⏎5⏎6" is not like UInt32' },
        {
          row: 5,
          column: undefined,
          reason: "Cannot parse input: expected ',' before: '\\n6,six,more\\n7,seven\\n'",
        },
        { row: 6, column: undefined, reason: 'Expected end of line' },
      ],
    });
    assert.deepEqual(rows, [
      ['1', 'one'],
      ['3', 'three'],
      ['7', 'seven'],
    ]);
    // The server agrees: with one error fewer than these the insert fails, with all of them it works.
    const insert = (allowed: number): Promise<string> =>
      inserted('bad.csv', ['id', 'name'], { input_format_allow_errors_num: allowed });
    await assert.rejects(insert(3));
    assert.match(await insert(4), /^1\tone\t.*\n3\tthree\t.*\n7\tseven\t/);
  });

  it('tells failing rows of JSON, of compressed files and of other delimiters', async () => {
    const json = '{"id":1,"name":"a"}\n{"id":"x","name":"b"}\n';
    const { check } = await look('bad.jsonl.gz', gzipSync(json));
    const reason = `Cannot parse input: expected '"' before: 'x","name":"b"}\\n'`;
    assert.deepEqual(check.failing, [{ row: 2, column: 'id', reason }]);
    const other = await look('other.csv', 'id;name\n1;"a;b"\nx;c\n');
    assert.deepEqual(other.rows, [['1', 'a;b']]);
    assert.deepEqual(
      other.check.failing.map(({ row, column }) => [row, column]),
      [[2, 'id']],
    );
  });

  it('says that columns of the file are unknown, or leaves them out, as the insert will', async () => {
    const text = 'id,extra,name\n1,e,one\n';
    const strict = { settings: { input_format_skip_unknown_fields: 0 } };
    await assert.rejects(look('extra.csv', text, strict), /Unknown field found in .* 'extra'/);
    const { check, rows } = await look('extra.csv', text, {
      settings: { input_format_skip_unknown_fields: 1 },
    });
    assert.deepEqual(check.failing, []);
    assert.deepEqual(rows, [['1', 'one']]);
  });

  it('reads with the chosen text for NULL, spelling of times and format', async () => {
    const settings: Settings = {
      format_csv_null_representation: 'nil',
      date_time_input_format: 'best_effort',
      input_format_null_as_default: 1,
    };
    const { rows } = await look('odd.csv', 'nil,x,"Jan 2, 2026 03:04:05"\n', {
      format: 'CSV',
      settings,
    });
    assert.deepEqual(rows, [['0', 'x', '2026-01-02 03:04:05']]);
  });

  describe('where its columns go', () => {
    for (const [file, text] of [
      ['named.csv', 'ident,left out,label\n7,z,seven\n'],
      ['named.jsonl', '{"ident":7,"left out":{"a":[1]},"label":"seven"}\n'],
      ['bare.csv', '7,"z, z",seven\n'],
    ] as const) {
      it(`can be chosen (${file}), and the insert does what the preview shows`, async () => {
        const targets = ['id', undefined, 'name'];
        const settings: Settings = { input_format_skip_unknown_fields: 1 };
        const { names, rows } = await look(file, text, { targets, settings });
        assert.deepEqual(names, ['id', 'name']);
        assert.deepEqual(rows, [['7', 'seven']]);
        assert.equal(await inserted(file, targets, settings), '7\tseven\t1970-01-01 00:00:00\n');
      });
    }

    it('by order: another order, and fewer columns than the table has', async () => {
      const targets = ['name', 'id'];
      const { names, rows } = await look('order.csv', 'seven,7\n', { targets });
      assert.deepEqual([names, rows], [targets, [['seven', '7']]]);
      assert.equal(await inserted('order.csv', targets, {}), '7\tseven\t1970-01-01 00:00:00\n');
    });
  });

  for (const format of [
    ...['Parquet', 'ORC', 'Arrow', 'ArrowStream', 'Avro', 'Native', 'BSONEachRow'],
    ...['RowBinaryWithNamesAndTypes', 'JSON', 'Values'],
  ]) {
    it(`shows a server that opens no files a small one whole: ${format}`, async () => {
      const sql = `SELECT toUInt32(number) AS id, repeat('é', 99) AS name FROM numbers(2000)`;
      for (const [name, compression] of [
        ['x', 'none'],
        ['x.gz', 'gzip'],
      ] as const) {
        await client.saveTo(sql, join(folder(), name), { format, compression, overwrite: true });
        const { names, rows } = await look(name, undefined, { format, sendsFiles: true });
        assert.deepEqual([names.slice(0, 2), rows.length], [['id', 'name'], 100]);
        assert.deepEqual(rows[99]?.slice(0, 2), ['99', 'é'.repeat(99)]);
      }
    });
  }

  it('has the local engine look into what is too large to be shown to a server', async () => {
    const path = join(folder(), 'large.parquet');
    const sql = `SELECT toUInt32(number) AS id, randomString(100) AS name FROM numbers(50000)`;
    const { bytes } = await client.saveTo(sql, path, { format: 'Parquet' });
    assert.ok(bytes > MOST_SENT_BYTES);
    const plan = { path, format: 'Parquet', coding: undefined };
    const access = { serverReadsFiles: false, sendsFiles: true, reads: 'head' } as const;
    assert.equal(await fileSample(plan, access), undefined);
    const localReader: LocalReader = () => Promise.resolve(client);
    assert.equal((await fileSample(plan, { ...access, localReader }))?.isLocal, true);
    const { names, rows } = await look('large.parquet', undefined, { ...access, localReader });
    assert.deepEqual([names, rows.length], [['id', 'name'], 100]);
  });

  it('shows binary files that the local engine opens, and has nothing to show of others', async () => {
    const path = join(folder(), 'goods.parquet');
    await client.command(
      `INSERT INTO FUNCTION file('${path}', Parquet) SELECT 5 AS id, 'five' AS name`,
    );
    const { check, rows } = await look('goods.parquet', undefined, { serverReadsFiles: true });
    assert.deepEqual(rows, [['5', 'five']]);
    assert.equal(check.rows, undefined);
    const plan = { path, format: 'Parquet', coding: undefined };
    assert.equal(await fileSample(plan, { serverReadsFiles: false, reads: 'head' }), undefined);
  });
});
