import assert from 'node:assert/strict';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult, type LoadedResult } from '../../../src/core/arrow/spool/loadResult.ts';
import {
  sortedBy,
  spoolQuery,
  type SpoolClauses,
} from '../../../src/core/arrow/spool/spoolQuery.ts';
import { SpoolTable } from '../../../src/core/arrow/spool/spoolTable.ts';
import type { TableColumn } from '../../../src/core/arrow/spool/tableColumn.ts';
import { createClient } from '../../../src/core/client/client.ts';
import { isCancelledError } from '../../../src/core/client/errors.ts';
import type { Client, Settings } from '../../../src/core/client/surface.ts';
import { quoteLiteral } from '../../../src/core/sql/quote.ts';
import { ENDLESS_SETTINGS, useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { cellTexts, NULL } from './resultReader.ts';

/** Rows whose cell in the column shows this text; null stands for NULL. */
function showsText({ text: shown }: TableColumn, text: string | null): string {
  return text === null ? `isNull(${shown})` : `ifNull(${shown} = ${quoteLiteral(text)}, 0)`;
}

describe('SQL over a result', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  let gridSettings: GridSettings;
  let count = 0;
  const open: AsyncDisposable[] = [];

  before(() => {
    client = createClient(engine());
    gridSettings = new GridSettings(client);
  });
  afterEach(async () => {
    for (const resource of open.splice(0)) await resource[Symbol.asyncDispose]();
    assert.deepEqual(await readdir(folder()), [], 'files left behind');
  });
  after(() => client.close());

  const place = (): string => join(folder(), `${count++}.arrows`);

  async function load(
    sql: string,
    more: { settings?: Settings; signal?: AbortSignal; spoolPath?: string } = {},
  ): Promise<LoadedResult> {
    const { settings = {}, signal, spoolPath = place() } = more;
    const request = { settings };
    const source = client;
    const result = await loadResult({
      ...{ source, sql, spoolPath, gridSettings, request },
      ...(signal && { signal }),
    });
    open.push(result.spool);
    return result;
  }

  async function tableOf(result: LoadedResult): Promise<SpoolTable> {
    const table = await SpoolTable.open({ ...result, engine: client });
    open.push(table);
    return table;
  }

  async function query(
    table: SpoolTable,
    clauses: SpoolClauses,
    signal?: AbortSignal,
    settings: Settings = {},
  ): Promise<LoadedResult> {
    const result = await spoolQuery(table, clauses, {
      ...{ source: client, spoolPath: place(), gridSettings },
      request: { settings: { function_sleep_max_microseconds_per_block: 0, ...settings } },
      ...(signal && { signal }),
    });
    open.push(result.spool);
    return result;
  }

  function columnOf(table: SpoolTable, index: number): TableColumn {
    const column = table.columns[index];
    assert.ok(column);
    return column;
  }

  /** The engine's own answer to a statement, as texts. */
  async function expected(sql: string): Promise<string[][]> {
    const reply = await client.rawQuery(sql, { format: 'TSVRaw' });
    const lines = reply.text().split('\n').slice(0, -1);
    return lines.map((line) => line.split('\t'));
  }

  it('sorts the whole result; equal rows keep their order, in both directions', async () => {
    const sql = 'SELECT number AS id, cityHash64(number) % 7 AS k FROM numbers(300000)';
    const table = await tableOf(await load(sql));
    const key = columnOf(table, 1);
    for (const direction of ['ascending', 'descending'] as const) {
      const sorted = await query(table, { orderBy: sortedBy(key, direction) });
      const order = direction === 'ascending' ? 'ASC' : 'DESC';
      assert.deepEqual(
        await cellTexts(sorted, 300_000),
        await expected(`${sql} ORDER BY k ${order}, id ASC`),
      );
      assert.deepEqual(
        sorted.columns.map(({ name, type }) => [name, type]),
        [
          ['id', 'UInt64'],
          ['k', 'UInt8'],
        ],
      );
    }
  }).timeout(30_000);

  it('sorts what does not fit into its memory', async () => {
    const sql = 'SELECT number AS id, cityHash64(number) AS h FROM numbers(6000000)';
    const table = await tableOf(await load(sql));
    const memory = { max_memory_usage: 110_000_000, max_bytes_before_external_sort: 40_000_000 };
    const orderBy = sortedBy(columnOf(table, 1), 'ascending');
    const sorted = await query(table, { orderBy }, undefined, memory);
    assert.equal(sorted.error, undefined);
    assert.equal(sorted.spool.rows, 6_000_000);
    const first = await expected(`SELECT * FROM (${sql}) ORDER BY h LIMIT 5`);
    assert.deepEqual(await cellTexts(sorted, 5), first);
  }).timeout(30_000);

  it('sorts numbers kept as text as numbers, and shows the texts as before', async () => {
    const result = await load(
      `SELECT number AS n, sumState(number) AS s, toDateTime('2020-01-01 00:00:00') - n AS t
       FROM numbers(12) GROUP BY number ORDER BY toString(n)`,
    );
    assert.ok(result.columns.every(({ encoding }) => encoding === 'text'));
    const table = await tableOf(result);
    const before = await cellTexts(result);
    const sorted = await query(table, { orderBy: sortedBy(columnOf(table, 0), 'descending') });
    const wanted = [...before].sort((a, b) => Number(b[0]) - Number(a[0]));
    assert.deepEqual(await cellTexts(sorted), wanted);
    assert.deepEqual(sorted.columns, result.columns);
    const latest = await query(table, { orderBy: sortedBy(columnOf(table, 2), 'ascending') });
    assert.deepEqual(await cellTexts(latest), wanted);
  });

  it('keeps the order of the result where nothing sorts, whatever the size of its blocks', async () => {
    const sql = 'SELECT number AS id, toString(number) AS s FROM numbers(500000)';
    const table = await tableOf(await load(sql, { settings: { max_block_size: 1000 } }));
    const same = await query(table, {});
    const reply = await client.rawQuery(
      `SELECT count(), sum(${table.rowNumber} != ${columnOf(table, 0).id}) FROM ${table.from}`,
      { settings: table.settings, format: 'TSV' },
    );
    assert.equal(reply.text(), '500000\t0\n');
    assert.equal(same.spool.rows, 500_000);
    const texts = await cellTexts(same, 500_000);
    assert.equal(
      texts.findIndex(([id], row) => id !== String(row)),
      -1,
    );
  }).timeout(30_000);

  it('finds rows by the text that a cell shows', async () => {
    const list = `number AS id, [toDate('2020-01-01') + number % 3] AS d,
      if(number % 4 = 0, NULL, toFixedString('it''s', 6)) AS f`;
    const dynamic = "CAST(if(number % 2 = 0, 'null', NULL), 'Dynamic') AS y";
    for (const columns of [list, `${list}, ${dynamic}`]) {
      const result = await load(`SELECT ${columns} FROM numbers(12)`);
      const table = await tableOf(result);
      const cells = await cellTexts(result);
      for (const column of table.columns.keys()) {
        for (const text of new Set(cells.map((row) => row[column] ?? ''))) {
          const where = showsText(columnOf(table, column), text === NULL ? null : text);
          const found = await query(table, { where });
          const wanted = cells.filter((row) => row[column] === text);
          assert.deepEqual(await cellTexts(found), wanted, `${column}: ${String(text)}`);
        }
      }
    }
  });

  it('counts, groups and finds extremes', async () => {
    const sql = 'SELECT number % 1000 AS k, toDecimal64(number, 2) AS d FROM numbers(50000)';
    const table = await tableOf(await load(sql));
    const [k, d] = [columnOf(table, 0).value, columnOf(table, 1).value];
    const counted = await query(table, { select: `uniqExact(${k}) AS n, max(${d}) AS m` });
    assert.deepEqual(await cellTexts(counted), [['1000', '49999']]);
    assert.deepEqual(
      counted.columns.map(({ name, type }) => [name, type]),
      [
        ['n', 'UInt64'],
        ['m', 'Decimal(18, 2)'],
      ],
    );
    const top = await query(table, {
      select: `${k} AS value, count() AS rows`,
      where: `${d} >= 49000.5`,
      groupBy: k,
      orderBy: 'rows DESC, value DESC',
      limit: 2,
    });
    assert.deepEqual(await cellTexts(top), [
      ['999', '1'],
      ['998', '1'],
    ]);
  });

  it('prints times in the zone of the result', async () => {
    const sql =
      'SELECT toDateTime(1604210400 + number) AS t, toDateTime64(number, 3) AS u FROM numbers(2)';
    const result = await load(sql, { settings: { session_timezone: 'America/New_York' } });
    assert.equal(result.timeZone, 'America/New_York');
    const table = await tableOf(result);
    const sorted = await query(table, { orderBy: sortedBy(columnOf(table, 0), 'descending') });
    assert.deepEqual(await cellTexts(sorted), (await cellTexts(result)).reverse());
    const where = showsText(columnOf(table, 1), '1969-12-31 19:00:01.000');
    assert.equal((await query(table, { where })).spool.rows, 1);
  });

  it('takes two columns of one name, odd names, no rows and 1,000 columns', async () => {
    const twice = await tableOf(await load('SELECT number, number FROM numbers(3)'));
    const reversed = await query(twice, { orderBy: sortedBy(columnOf(twice, 1), 'descending') });
    assert.deepEqual(await cellTexts(reversed), [
      ['2', '2'],
      ['1', '1'],
      ['0', '0'],
    ]);
    assert.deepEqual(
      reversed.columns.map(({ name }) => name),
      ['number', 'number'],
    );

    const names = ['c0', 'c_', 'a.b', 'a.c', 'A', 'a', "it's `q`\n\\", '_path', 'row', '日本'];
    const list = names.map((name, i) => `${i} AS \`${name.replace(/[`\\]/g, '\\$&')}\``);
    const odd = await tableOf(await load(`SELECT ${list.join(', ')}`));
    const again = await query(odd, {});
    assert.deepEqual(await cellTexts(again), [names.map((_, i) => String(i))]);
    assert.deepEqual(
      again.columns.map(({ name }) => name),
      names,
    );

    const empty = await tableOf(await load('SELECT 1 AS a, [2] AS b WHERE a = 0'));
    assert.deepEqual(await cellTexts(await query(empty, {})), []);

    const many = Array.from({ length: 1000 }, (_, i) => `number + ${i} AS c${i}`).join(', ');
    const wide = await tableOf(await load(`SELECT ${many} FROM numbers(2000)`));
    const last = columnOf(wide, 999);
    const sorted = await query(wide, { orderBy: sortedBy(last, 'descending'), limit: 1 });
    const [row = []] = await cellTexts(sorted);
    assert.deepEqual([row[0], row[999]], ['1999', '2998']);
  }).timeout(30_000);

  it('refuses a result whose rows still come, and reads what a cancelled one has', async () => {
    const abort = new AbortController();
    let early: Promise<SpoolTable> | undefined;
    const result = await loadResult({
      source: client,
      sql: 'SELECT number AS id, sleepEachRow(0.0001) AS s FROM numbers(10000000)',
      spoolPath: place(),
      gridSettings,
      request: { settings: { ...ENDLESS_SETTINGS, max_block_size: 500 } },
      signal: abort.signal,
      onColumns: (columns, { timeZone, textSettings }, spool) => {
        early = SpoolTable.open({ spool, columns, timeZone, textSettings, engine: client });
        early.catch(() => undefined);
      },
      onGrow: (rows) => {
        if (rows > 1000) abort.abort();
      },
    });
    open.push(result.spool);
    assert.ok(early);
    await assert.rejects(early, /still coming/);
    assert.ok(isCancelledError(result.error));
    assert.equal(result.complete, false);
    const table = await tableOf(result);
    const { rows } = result.spool;
    assert.ok(rows > 1000);
    const summary = await query(table, { select: 'count() AS n, max(c0) AS last' });
    assert.deepEqual(await cellTexts(summary), [[String(rows), String(rows - 1)]]);
  });

  it('reads on when the result is closed meanwhile, many at once, from any folder', async () => {
    const odd = join(folder(), 'a {1,2} :: *?');
    await mkdir(odd);
    const sql = 'SELECT number AS id FROM numbers(100000)';
    const result = await load(sql, { spoolPath: join(odd, 'x.arrows') });
    const table = await tableOf(result);
    await result.spool.dispose();
    const sums = await Promise.all(
      Array.from({ length: 8 }, () => query(table, { select: 'sum(c0) AS s' })),
    );
    for (const sum of sums) assert.deepEqual(await cellTexts(sum), [['4999950000']]);
    await table.dispose();
    assert.deepEqual(await readdir(odd), []);
    await rmdir(odd);
  });

  it('stops on the engine when it is cancelled', async () => {
    const sql = 'SELECT number AS id FROM numbers(10000)';
    const table = await tableOf(await load(sql, { settings: ENDLESS_SETTINGS }));
    const abort = new AbortController();
    const running = query(table, { select: 'sleepEachRow(0.01) AS s' }, abort.signal);
    setTimeout(() => {
      abort.abort();
    }, 200);
    const error: unknown = await running.catch((reason: unknown) => reason);
    const cancelled = isCancelledError(error) ? error : (error as LoadedResult).error;
    assert.ok(isCancelledError(cancelled));
    assert.equal((await cancelled.outcome).outcome, 'stopped');
  });
});
