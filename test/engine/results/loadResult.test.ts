import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordBatchReader } from 'apache-arrow';
import { ServerZones } from '../../../src/core/arrow/spool/serverZones.ts';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import {
  loadResult,
  type LoadedResult,
  type LoadOptions,
} from '../../../src/core/arrow/spool/loadResult.ts';
import { openWindow } from '../../unit/arrow/windowCells.ts';
import { createClient } from '../../../src/core/client/client.ts';
import { createPool } from '../../../src/core/client/pool.ts';
import { isCancelledError, isClickHouseError } from '../../../src/core/client/errors.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';

describe('loadResult', () => {
  const engine = useEngine();
  let client: Client;
  let gridSettings: GridSettings;
  let folder: string;
  const loaded: LoadedResult[] = [];

  before(async () => {
    client = createClient(engine());
    gridSettings = new GridSettings(client);
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-load-'));
  });
  afterEach(async () => {
    for (const result of loaded.splice(0)) await result.spool.dispose();
    assert.deepEqual(await readdir(folder), [], 'files left behind');
  });
  after(async () => {
    await client.close();
    await rm(folder, { recursive: true });
  });

  async function load(sql: string, more: Partial<LoadOptions> = {}): Promise<LoadedResult> {
    const result = await loadResult({
      source: client,
      sql,
      spoolPath: join(folder, `${loaded.length}.arrow`),
      gridSettings,
      ...more,
    });
    loaded.push(result);
    return result;
  }

  async function texts(
    result: LoadedResult,
    firstRow = 0,
    rows = 100_000,
    columns = result.columns.map((_, i) => i),
  ): Promise<string[][]> {
    const ipc = await result.spool.readWindow({ firstRow, rows, columns });
    const shown = columns.flatMap((column) => result.columns[column] ?? []);
    const cells = openWindow(ipc, shown, { timeZone: result.timeZone });
    return Array.from({ length: cells.rows }, (_, row) =>
      shown.map((_column, i) => cells.cell(row, i).text),
    );
  }

  it('tells columns, growth and the end', async () => {
    const seen: string[] = [];
    let grown = 0;
    const result = await load('SELECT number AS n, toString(number) AS s FROM numbers(300000)', {
      onMeta: (meta) => seen.push(meta.format ?? ''),
      onColumns: (columns, { timeZone }) => seen.push(columns.map((c) => c.type).join(), timeZone),
      onGrow: (rows) => (grown = rows),
    });
    assert.deepEqual(seen, ['ArrowStream', 'UInt64,String', 'Etc/UTC']);
    assert.equal(grown, 300_000);
    assert.equal(result.complete, true);
    assert.equal(result.error, undefined);
    assert.deepEqual(await texts(result, 299_999, 10), [['299999', '299999']]);
  });

  it('cuts the same cells out of any window as out of the whole result', async () => {
    const structure =
      'a UInt64, b Nullable(String), c Array(Nullable(String)), d Map(String, Array(UInt8)), ' +
      'e Tuple(Bool, Nullable(Float64)), f Array(Array(Tuple(x Nullable(Bool), y FixedString(3)))), ' +
      'g Nullable(Bool), h Nullable(Decimal(20, 3))';
    const variant = (name: string): string =>
      `multiIf(a % 3 = 0, CAST(concat('s', toString(${name})), 'Variant(Array(UInt64), String)'),
         a % 3 = 1, CAST([a, ${name}], 'Variant(Array(UInt64), String)'), NULL)`;
    const result = await load(
      `SELECT *, ${variant('a')} AS i, [i, ${variant('a + 1')}] AS j FROM generateRandom('${structure}', 7, 12, 5) LIMIT 400 SETTINGS max_block_size = 150`,
    );
    assert.equal(result.columns.filter((column) => column.encoding === 'text').length, 0);
    const whole = await texts(result);
    assert.equal(whole.length, 400);
    for (let firstRow = 0; firstRow < 400; firstRow += 11) {
      const rows = 1 + (firstRow % 37);
      const part = await texts(result, firstRow, rows);
      assert.deepEqual(part, whole.slice(firstRow, firstRow + rows), `rows ${firstRow} + ${rows}`);
    }
  });

  it('prints random floats, dates and decimals as the engine does', async () => {
    const random = (bits: number): string =>
      `toUInt${bits}(cityHash64(number, ${bits}) % pow(2, ${bits}))`;
    const sql = `SELECT
        if(number < 256, pow(2, number - 128)::Float32, reinterpretAsFloat32(${random(32)})) AS f32,
        reinterpretAsFloat64(cityHash64(number)) AS f64,
        toDateTime(${random(32)}, 'America/New_York') AS dt,
        fromUnixTimestamp64Micro(toInt64(cityHash64(number) % 5000000000000000) - 2000000000000000, 'Europe/London') AS dt64,
        toDecimal128(toInt64(cityHash64(number)), 7) / 1000 AS d,
        toDate32(toInt32(number % 146000) - 25000) AS day,
        reinterpretAsInt256(sipHash128(number)) AS i256
      FROM numbers(20000)`;
    const reply = await client.rawQuery(sql, { format: 'TSVRaw' });
    const expected = reply
      .text()
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    const shown = await texts(await load(sql));
    for (const [row, line] of expected.entries()) assert.deepEqual(shown[row], line);
    assert.equal(shown.length, expected.length);
  });

  it('reads kilobytes for a screen of a batch with 1,000 columns', async () => {
    const list = Array.from({ length: 1000 }, (_, i) => `number + ${i} AS c${i}`).join(', ');
    const result = await load(`SELECT ${list} FROM numbers(20000)`);
    assert.ok(result.spool.bytes > 100_000_000);
    const columns = [3, 999, 500];
    const ipc = await result.spool.readWindow({ firstRow: 19_990, rows: 60, columns });
    assert.ok(ipc.length < 2_000, `${ipc.length} bytes`);
    const cells = await texts(result, 19_990, 60, columns);
    assert.deepEqual(cells[9], ['20002', '20998', '20499']);
  });

  it('asks for text where Arrow cannot carry a type', async () => {
    const result = await load(
      "SELECT sumState(number) AS s, 1 AS one, 'it''s' AS t FROM numbers(3)",
    );
    assert.deepEqual(
      result.columns.map(({ type, encoding }) => [type, encoding]),
      [
        ['AggregateFunction(sum, UInt64)', 'text'],
        ['UInt8', 'text'],
        ['String', 'text'],
      ],
    );
    assert.deepEqual(
      (await texts(result)).map((row) => row.slice(1)),
      [['1', "it's"]],
    );
  });

  it('shows statements that cannot be described, and duplicate names', async () => {
    const databases = await load("SHOW DATABASES LIKE 'system'");
    assert.deepEqual(await texts(databases), [['system']]);
    const twice = await load(
      'SELECT a.number, b.number FROM numbers(2) AS a, numbers(1) AS b ORDER BY 1',
    );
    assert.deepEqual(await texts(twice), [
      ['0', '0'],
      ['1', '0'],
    ]);
    const same = await load('SELECT 1 AS `x`, * FROM (SELECT 2 AS `y`, 3 AS `x`)');
    assert.deepEqual(await texts(same), [['1', '2', '3']]);
  });

  it('takes scale and zone from Arrow where describing cannot know them', async () => {
    const result = await load(
      "SELECT toDecimal64(1.5, (SELECT 3)) AS d, toDateTime64(0, (SELECT 6), (SELECT 'Asia/Tokyo')) AS t",
    );
    assert.deepEqual(await texts(result), [['1.5', '1970-01-01 09:00:00.000000']]);
  });

  it('does not run a scalar subquery to learn the types', async () => {
    const started = performance.now();
    const result = await load('SELECT (SELECT sleep(0.5)) AS c, 1 AS one');
    const elapsed = performance.now() - started;
    assert.deepEqual(
      (await texts(result)).map((row) => row[1]),
      [['1']].flat(),
    );
    assert.ok(elapsed < 950, `ran twice: ${elapsed} ms`);
  });

  it("follows the statement's own FORMAT", async () => {
    const json = await load('SELECT number AS n FROM numbers(2) FORMAT JSONEachRow');
    assert.deepEqual(json.columns, [{ name: 'JSONEachRow', type: 'String', encoding: 'text' }]);
    assert.deepEqual(await texts(json), [['{"n":0}'], ['{"n":1}']]);
    const arrow = await load("SELECT toIPv4('1.2.3.4') AS ip FORMAT ArrowStream");
    assert.deepEqual(await texts(arrow), [['1.2.3.4']]);
    const undescribed = await load(
      'SELECT 1 AS x, * FROM (SELECT 2 AS y, toUInt8(3) AS x) FORMAT ArrowStream',
    );
    assert.deepEqual(await texts(undescribed), [['1', '2', '3']]);
  });

  for (const method of ['lz4_frame', 'zstd']) {
    it(`reads batches that are compressed with ${method}, also their dictionaries`, async () => {
      const result = await load(
        `SELECT number, toLowCardinality(toString(number % 100)) AS l, repeat('x', number % 9) AS s,
           if(number % 2 = 0, NULL, number) AS n
         FROM numbers(200000) SETTINGS output_format_arrow_compression_method = '${method}',
           output_format_arrow_low_cardinality_as_dictionary = 1`,
      );
      assert.ok(result.spool.bytes < 3_000_000);
      assert.deepEqual(await texts(result, 130_999, 3), [
        ['130999', '99', 'xxxx', '130999'],
        ['131000', '0', 'xxxxx', 'NULL'],
        ['131001', '1', 'xxxxxx', '131001'],
      ]);
    });
  }

  it('carries the dictionaries of every batch of a window', async () => {
    const result = await load(
      `SELECT toLowCardinality(concat('v', toString(intDiv(number, 10)))) AS l FROM numbers(100)
       SETTINGS output_format_arrow_low_cardinality_as_dictionary = 1, max_block_size = 10`,
    );
    const ipc = await result.spool.readWindow({ firstRow: 25, rows: 20, columns: [0] });
    assert.ok([...RecordBatchReader.from(ipc)].length > 1);
    const expected = Array.from({ length: 20 }, (_, i) => [`v${Math.floor((25 + i) / 10)}`]);
    assert.deepEqual(await texts(result, 25, 20), expected);
  });

  it('keeps the rows of a statement that fails halfway', async () => {
    const result = await load(
      'SELECT number, throwIf(number = 1500000) AS t FROM numbers(3000000) SETTINGS max_block_size = 65536',
    );
    assert.equal(result.complete, false);
    assert.ok(isClickHouseError(result.error) && result.error.code === 395);
    const { rows } = result.spool;
    assert.ok(rows > 0 && rows <= 1_500_000, `${rows} rows`);
    assert.deepEqual(await texts(result, rows - 1, 5), [[String(rows - 1), '0']]);
  });

  it('keeps the whole rows of a text result that fails halfway', async () => {
    const result = await load(
      'SELECT number, throwIf(number = 1500000) AS t FROM numbers(3000000) SETTINGS max_block_size = 65536 FORMAT TSVWithNamesAndTypes',
    );
    assert.equal(result.complete, false);
    assert.ok(isClickHouseError(result.error));
    const { rows } = result.spool;
    assert.deepEqual(await texts(result, rows - 1, 5), [[String(rows - 1), '0']]);
  });

  it('rejects with the error of a statement that gave nothing', async () => {
    await assert.rejects(
      load('SELECT * FROM no_such_table'),
      (error: unknown) => isClickHouseError(error) && error.code === 60,
    );
  });

  it('hears a cancel while all connections are busy, before and after the statement was sent', async () => {
    const pool = createPool({ connections: 1 });
    const busy = createClient({ ...engine(), pool });
    const sleeps = 'SELECT sleepEachRow(0.1) FROM numbers(100000)';
    const settings = { max_block_size: 1, function_sleep_max_microseconds_per_block: 0 };
    const other = new AbortController();
    const running = busy.command(sleeps, { settings, signal: other.signal });
    const controller = new AbortController();
    const { signal } = controller;
    const asked = load('SELECT 1', {
      source: client,
      gridSettings: new GridSettings(busy),
      signal,
    });
    controller.abort();
    await assert.rejects(asked, (error) => isCancelledError(error) && !error.wasSent);

    const zoned = new AbortController();
    const queryId = randomUUID();
    const result = load(`SELECT toDateTime(number, 'Europe/Vienna') AS t FROM numbers(10)`, {
      zones: new ServerZones(busy),
      request: { queryId },
      onMeta: () => {
        setTimeout(() => {
          zoned.abort();
        }, 50);
      },
      signal: zoned.signal,
    });
    await assert.rejects(result, (error) => isCancelledError(error) && error.wasSent);
    other.abort();
    await assert.rejects(running, isCancelledError);
    await busy.close();
    await pool.close();
  });

  it('keeps the rows so far of a cancelled statement', async () => {
    const controller = new AbortController();
    const result = await load(
      'SELECT number, sleepEachRow(0.05) AS s FROM numbers(200) SETTINGS max_block_size = 1',
      {
        signal: controller.signal,
        onGrow: (rows) => {
          if (rows >= 3) controller.abort();
        },
      },
    );
    assert.ok(isCancelledError(result.error));
    assert.equal(result.complete, false);
    assert.ok(result.spool.rows >= 3 && result.spool.rows < 200);
  });

  it('shows rows of a slow statement while it runs', async () => {
    const seen = new Set<number>();
    await load(
      'SELECT number, sleepEachRow(0.15) AS s FROM numbers(6) SETTINGS max_block_size = 1',
      {
        onGrow: (rows) => seen.add(rows),
      },
    );
    assert.ok(seen.size >= 4, [...seen].join());
  });

  it('shows all rows that came before a pause', async () => {
    const grown: { rows: number; at: number }[] = [];
    // A row at once, one 50 ms later, the last after a second.
    await load(
      'SELECT number, multiIf(number = 1, sleepEachRow(0.05), number = 2, sleepEachRow(1), 0) AS s FROM numbers(3) SETTINGS max_block_size = 1, max_threads = 1',
      { onGrow: (rows) => grown.push({ rows, at: performance.now() }) },
    );
    const two = grown.find(({ rows }) => rows === 2);
    const three = grown.find(({ rows }) => rows === 3);
    assert.ok(two && three && three.at - two.at > 500, JSON.stringify(grown));
  });

  for (const [name, tail] of [
    ['typed', ''],
    ['compressed', " SETTINGS output_format_arrow_compression_method = 'zstd'"],
    ['text', ' FORMAT TSVWithNamesAndTypes'],
  ] as const) {
    it(`stops at the limit of rows, exactly, and kills the query: ${name}`, async () => {
      const queryId = randomUUID();
      const seen: number[] = [];
      const result = await load(
        `SELECT number AS n, toString(number) AS s, range(number % 4) AS a FROM system.numbers${tail}`,
        {
          limits: { rows: 100_001, bytes: Infinity },
          request: { queryId },
          onGrow: (rows) => seen.push(rows),
        },
      );
      assert.equal(result.complete, false);
      assert.equal(result.error, undefined);
      assert.equal(result.limited?.by, 'rows');
      assert.equal(result.spool.rows, 100_001);
      assert.ok(Math.max(...seen) <= 100_001, 'rows beyond the limit were told');
      assert.deepEqual(await texts(result, 99_999, 10), [
        ['99999', '99999', '[0,1,2]'],
        ['100000', '100000', '[]'],
      ]);
      // Any other reader of the file sees these rows, and a whole stream.
      let rows = 0;
      if (name !== 'compressed') {
        for (const batch of RecordBatchReader.from(await readFile(result.spool.path))) {
          rows += batch.numRows;
        }
        assert.equal(rows, 100_001);
      }
      assert.equal((await result.limited.outcome)?.outcome, 'stopped');
      const running = `SELECT count() FROM system.processes WHERE query_id = '${queryId}'`;
      assert.equal((await client.rawQuery(running, { format: 'TSV' })).text(), '0\n');
    });
  }

  it('is complete when there are just as many rows as the limit', async () => {
    const limits = { rows: 100_000, bytes: Infinity };
    const result = await load('SELECT number FROM numbers(100000)', { limits });
    assert.deepEqual(
      [result.complete, result.limited, result.spool.rows],
      [true, undefined, 100_000],
    );
    const more = await load('SELECT number FROM numbers(100001)', { limits });
    assert.deepEqual([more.complete, more.limited?.by, more.spool.rows], [false, 'rows', 100_000]);
  });

  it('is not complete when the rows beyond the limit come with the end of a text', async () => {
    const result = await load('SELECT number FROM numbers(400500) FORMAT TSVWithNamesAndTypes', {
      limits: { rows: 400_499, bytes: Infinity },
    });
    assert.deepEqual(
      [result.complete, result.limited, result.spool.rows],
      [false, { by: 'rows', outcome: undefined }, 400_499],
    );
    let rows = 0;
    for (const batch of RecordBatchReader.from(await readFile(result.spool.path))) {
      rows += batch.numRows;
    }
    assert.equal(rows, 400_499);
  });

  it('stops at the limit of bytes, one batch later at most', async () => {
    const result = await load("SELECT number, repeat('x', 1000) AS s FROM system.numbers", {
      limits: { rows: Infinity, bytes: 100_000_000 },
    });
    assert.equal(result.limited?.by, 'bytes');
    const { bytes, rows } = result.spool;
    assert.ok(bytes >= 100_000_000 && bytes < 170_000_000, `${bytes} bytes`);
    assert.deepEqual(
      (await texts(result, rows - 1, 5, [0])).map(([n]) => n),
      [String(rows - 1)],
    );
  });

  it('tells of the first rows when they come', async () => {
    const grown: { rows: number; at: number }[] = [];
    const started = performance.now();
    await load(
      'SELECT number, sleepEachRow(0.03) AS s FROM numbers(3) SETTINGS max_block_size = 1',
      { onGrow: (rows) => grown.push({ rows, at: performance.now() - started }) },
    );
    assert.equal(grown.find(({ rows }) => rows > 0)?.rows, 1, JSON.stringify(grown));
  });

  it('does not break on statements without rows', async () => {
    const result = await load('CREATE TEMPORARY TABLE IF NOT EXISTS t (x UInt8)', {
      source: client.session(),
    });
    assert.deepEqual(result.columns, []);
    assert.equal(result.complete, true);
    const empty = await load('SELECT number FROM numbers(0)');
    assert.equal(empty.columns.length, 1);
    assert.deepEqual(await texts(empty), []);
  });

  it("uses the session's state and zone", async () => {
    const session = client.session();
    await session.command("SET session_timezone = 'Asia/Tokyo'");
    await session.command('CREATE TEMPORARY TABLE mine (t DateTime) ENGINE = Memory');
    await session.command('INSERT INTO mine VALUES (0)');
    const result = await load('SELECT t FROM mine', { source: session });
    assert.equal(result.columns[0]?.encoding, 'arrow');
    assert.deepEqual(await texts(result), [['1970-01-01 09:00:00']]);
    await session.close();
  });

  it('works for a user who may not change settings', async () => {
    const reader = createClient({ ...engine(), settings: { readonly: 1 } });
    try {
      const result = await load('SELECT number, toString(number) AS s FROM numbers(5000)', {
        source: reader,
        gridSettings: new GridSettings(reader),
      });
      assert.equal(result.columns[0]?.encoding, 'arrow');
      // The server's own default: its compression was not switched off.
      assert.ok(result.spool.bytes < 70_000, `${result.spool.bytes} bytes`);
      assert.deepEqual(await texts(result, 4_999, 1), [['4999', '4999']]);
    } finally {
      await reader.close();
    }
  });

  it('works in a session that was made read-only after the settings were asked for', async () => {
    const session = client.session();
    await session.command('SET readonly = 1');
    const result = await load('SELECT number FROM numbers(3)', { source: session });
    assert.deepEqual(await texts(result, 2, 1), [['2']]);
    await session.close();
  });

  it('shows bytes that are not UTF-8 one by one', async () => {
    const sql =
      "SELECT unhex('61FFC3A9EFBBBF') AS s, [unhex('FF27')] AS a, toFixedString(unhex('80'), 2) AS f";
    for (const format of ['', ' FORMAT TSVWithNamesAndTypes']) {
      const result = await load(sql + format);
      // Inside text from the server the bad bytes are the only ones that are replaced.
      assert.deepEqual(await texts(result), [['a\\xFFé\uFEFF', "['\\xFF\\'']", '\\x80\0']]);
    }
  });

  it('asks for text where the zone is not known here', async () => {
    const result = await load(
      "SELECT toDateTime(0, 'Africa/Asmera') AS known, toDateTime(0, 'Factory') AS t",
    );
    assert.deepEqual(await texts(result), [['1970-01-01 03:00:00', '1970-01-01 00:00:00']]);
    assert.equal(result.columns[1]?.encoding, 'text');
  });

  it('binds parameters for describing and running', async () => {
    const result = await load('SELECT {id:UInt64} AS id, {name:String} AS name', {
      request: { params: { id: 18446744073709551615n, name: "it's" } },
    });
    assert.deepEqual(await texts(result), [['18446744073709551615', "it's"]]);
  });
});
