import assert from 'node:assert/strict';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { SpoolTable } from '../../../src/core/arrow/spool/spoolTable.ts';
import { drawChart } from '../../../src/core/chart/drawChart.ts';
import { createClient } from '../../../src/core/client/client.ts';
import { isCancelledError } from '../../../src/core/client/errors.ts';
import type { Client, Settings } from '../../../src/core/client/surface.ts';
import { type AskedChart, type Chart, CHART_POINTS } from '../../../src/shared/chart.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';

interface Drawing {
  settings?: Settings;
  shownZone?: string;
  signal?: AbortSignal;
}

describe('chart of a result', () => {
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
  });
  after(() => client.close());

  async function tableOf(
    sql: string,
    settings: Settings = {},
  ): Promise<{ table: SpoolTable; timeZone: string }> {
    const spoolPath = join(folder(), `${count++}.arrows`);
    const request = { settings };
    const result = await loadResult({ source: client, sql, spoolPath, gridSettings, request });
    open.push(result.spool);
    const table = await SpoolTable.open({ ...result, engine: client });
    open.push(table);
    return { table, timeZone: result.timeZone };
  }

  async function draw(sql: string, asked: AskedChart, drawing: Drawing = {}): Promise<Chart> {
    const { settings, ...more } = drawing;
    const { table, timeZone } = await tableOf(sql, settings);
    return await drawChart(table, asked, { source: client, timeZone, ...more });
  }

  /** The engine's own answer to a statement, as texts. */
  async function answer(sql: string, settings: Settings = {}): Promise<string[][]> {
    const reply = await client.rawQuery(sql, { format: 'TSVRaw', settings });
    return reply
      .text()
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'));
  }

  /** [x, series, value] of all points, in the order of the chart. */
  const pointsOf = ({ series, xTexts }: Chart): (string | undefined)[][] =>
    series.flatMap(({ name, at, texts }) =>
      at.map((place, i) => [xTexts[place], name, texts[i] ?? 'NULL']),
    );

  const sorted = (rows: (string | undefined)[][]): (string | undefined)[][] =>
    [...rows].sort((a, b) => (a.join('\t') < b.join('\t') ? -1 : 1));

  const size = ({ series }: Chart): number =>
    series.reduce((sum, { values }) => sum + values.length, 0);

  const EVENTS = `SELECT toDateTime('2024-03-30 22:00:00', 'Europe/Berlin') + number * 7 AS at,
    (cityHash64(number) % 100000)::Decimal(12, 2) / 100 AS price,
    ['de', 'fr', 'it'][cityHash64(number, 1) % 3 + 1] AS country,
    cityHash64(number, 2) AS huge FROM numbers(30000)`;

  describe('aggregates', () => {
    for (const [aggregate, sql] of Object.entries({
      sum: 'sum(price)',
      avg: 'avg(price)',
      min: 'min(price)',
      max: 'max(price)',
      median: 'quantileExact(0.5)(price)',
      count: 'count()',
    })) {
      it(`of times, over the change of the clock: ${aggregate}`, async () => {
        const asked = { kind: 'line', x: 0, y: [1], aggregate, series: -1 } as AskedChart;
        const chart = await draw(EVENTS, asked);
        assert.match(chart.caption, /per 10 minutes, of 30,000 rows/);
        const wanted = await answer(
          `SELECT toStartOfInterval(at, INTERVAL 10 MINUTE) AS t, ${sql}, toUnixTimestamp(t), toUnixTimestamp(t + INTERVAL 10 MINUTE) FROM (${EVENTS}) GROUP BY t ORDER BY t`,
        );
        assert.equal(chart.zone, 'Europe/Berlin');
        assert.deepEqual(
          pointsOf(chart).map(([x, , value], i) => [
            x,
            value,
            String(chart.xs[i]),
            String(chart.ends?.[i]),
          ]),
          wanted,
        );
      });
    }

    it('of categories and of series', async () => {
      const bars = await draw(EVENTS, { kind: 'bar', x: 2, y: [1] });
      assert.deepEqual(
        pointsOf(bars).map(([x, , value]) => [x, value]),
        await answer(
          `SELECT country, sum(price) AS s FROM (${EVENTS}) GROUP BY country ORDER BY s DESC`,
        ),
      );
      const lines = await draw(EVENTS, { kind: 'line', x: 0, y: [1], series: 2, aggregate: 'avg' });
      assert.deepEqual(
        sorted(pointsOf(lines)),
        sorted(
          await answer(
            `SELECT toStartOfInterval(at, INTERVAL 10 MINUTE) AS t, country, avg(price) FROM (${EVENTS}) GROUP BY t, country`,
          ),
        ),
      );
    });

    it('of the largest categories and series; the rest together, told how many', async () => {
      const sql = `SELECT concat('k', toString(cityHash64(number) % 50)) AS k, concat('s', toString(number % 12)) AS s,
        toInt32(number % 977) AS v FROM numbers(20000)`;
      for (const [aggregate, value] of [
        ['sum', 'sum(v)'],
        ['avg', 'avg(v)'],
        ['median', 'quantileExact(0.5)(v)'],
        ['count', 'count()'],
      ] as const) {
        const chart = await draw(sql, { kind: 'bar', x: 0, y: [2], aggregate });
        const top = `SELECT k FROM (${sql}) GROUP BY k ORDER BY ${value} DESC, k LIMIT 30`;
        assert.deepEqual(
          sorted(pointsOf(chart).map(([x, , text]) => [x, text])),
          sorted(
            await answer(
              `SELECT if(k IN (${top}), k, 'Other (20)') AS x, ${value} FROM (${sql}) GROUP BY x`,
            ),
          ),
          aggregate,
        );
        assert.equal(chart.xTexts.at(-1), 'Other (20)');
      }
      const split = await draw(sql, { kind: 'bar', x: 0, y: [2], series: 1, aggregate: 'sum' });
      const tops = `SELECT k FROM (${sql}) GROUP BY k ORDER BY sum(v) DESC, k LIMIT 30`;
      const series = `SELECT s FROM (${sql}) GROUP BY s ORDER BY sum(v) DESC, s LIMIT 8`;
      assert.deepEqual(
        sorted(pointsOf(split)),
        sorted(
          await answer(
            `SELECT if(k IN (${tops}), k, 'Other (20)') AS x, if(s IN (${series}), s, 'Other (4)') AS y, sum(v) FROM (${sql}) GROUP BY x, y`,
          ),
        ),
      );
      assert.deepEqual(
        split.series.map(({ isOther }) => isOther),
        [...Array.from({ length: 8 }, () => false), true],
      );
    });

    it('exactly, where doubles are not enough', async () => {
      const sql = `SELECT number % 2 AS k, 18446744073709551615 - number AS u,
        toDecimal256('12345678901234567890123456789.123456789', 9) + number AS d FROM numbers(1000)`;
      const sum = await draw(sql, { kind: 'bar', x: 0, y: [1, 2], aggregate: 'sum' });
      const wanted = await answer(
        `SELECT toString(k), sum(toInt128(u)), sum(d) FROM (${sql}) GROUP BY k ORDER BY k`,
      );
      assert.deepEqual(
        sorted(pointsOf(sum).map(([x, name, value]) => [x, name, value])),
        sorted(
          wanted.flatMap(([k, u, d]) => [
            [k, 'Sum of u', u],
            [k, 'Sum of d', d],
          ]),
        ),
      );
    });
  });

  it('counts in a histogram as WHERE does, for whole numbers, decimals and floats', async () => {
    const sql = `SELECT toInt64(cityHash64(number) % 5000) - 2500 AS i, (cityHash64(number, 1) % 1000)::Decimal(18, 3) / 100 AS d,
      (cityHash64(number, 2) % 1000) / 10 AS f, toFloat32(f) AS g, 18446744073709551615 - number AS u,
      toInt128(number) * toInt128('1000000000000000000000') AS w, toUInt8(number % 7) AS small FROM numbers(20000)`;
    for (const x of [0, 1, 2, 3, 4, 5, 6]) {
      const chart = await draw(sql, { kind: 'histogram', x });
      const name = chart.xName;
      const [series] = chart.series;
      assert.ok(series);
      const edges = chart.xTexts.map((text) => text.split(' to ')[0] ?? '');
      const type = { f: 'Float64', g: 'Float32' }[name] ?? 'Decimal(76, 3)';
      const value = name === 'w' ? 'toString(w)' : name;
      const casts = edges.map((edge) => `CAST('${edge}', '${type}')`);
      const conditions = casts.map((from, i) =>
        i + 1 < casts.length
          ? `countIf(CAST(${value}, '${type}') >= ${from} AND CAST(${value}, '${type}') < ${casts[i + 1] ?? ''})`
          : `countIf(CAST(${value}, '${type}') >= ${from})`,
      );
      const [wanted] = await answer(`SELECT ${conditions.join(', ')} FROM (${sql})`);
      assert.deepEqual(series.texts, wanted, name);
      assert.equal(
        series.values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
        20_000,
      );
      assert.ok(edges.length >= 7 && edges.length <= 40, `${name}: ${edges.length} intervals`);
    }
  });

  it('draws every value of few rows, in the order of x, NULLs as gaps', async () => {
    const sql = `SELECT toDateTime64('2024-01-01 00:00:00', 9, 'Asia/Tokyo') - toIntervalNanosecond(number) AS t,
      if(number % 5 = 0, NULL, toInt64(9223372036854775807 - number)) AS v FROM numbers(50)`;
    const chart = await draw(sql, {});
    assert.deepEqual(chart.spec, { kind: 'line', x: 0, y: [1], aggregate: 'each', series: -1 });
    assert.deepEqual(
      pointsOf(chart).map(([x, , value]) => [x, value]),
      await answer(`SELECT t, ifNull(toString(v), 'NULL') FROM (${sql}) ORDER BY t`),
    );
    assert.equal(chart.series[0]?.values.filter((value) => value === null).length, 10);
    assert.equal(chart.caption, 'Every value of 50 rows');
    assert.deepEqual(chart.dropped, ['10 rows without a finite value in v have no point.']);
  });

  it('draws the extremes of many rows: each one a row of the result', async () => {
    const sql = `SELECT number AS n, cityHash64(number) % 1000003 AS v, ['a', 'b'][number % 2 + 1] AS s FROM numbers(200000)`;
    const chart = await draw(sql, { kind: 'line', x: 0, y: [1], series: -1 });
    assert.equal(chart.spec.aggregate, 'each');
    assert.ok(size(chart) <= CHART_POINTS && size(chart) > CHART_POINTS / 2, String(size(chart)));
    const points = pointsOf(chart).map(([x, , value]) => `(${x ?? ''}, ${value ?? ''})`);
    assert.deepEqual(
      await answer(`SELECT count() FROM (${sql}) WHERE (n, v) IN (${points.join(', ')})`),
      [[String(points.length)]],
    );
    const values = (chart.series[0]?.texts ?? []).map(Number);
    assert.deepEqual(
      [[String(Math.min(...values)), String(Math.max(...values))]],
      await answer(`SELECT min(v), max(v) FROM (${sql})`),
    );
    const split = await draw(sql, { kind: 'line', x: 0, y: [1], series: 2 });
    assert.deepEqual(
      split.series.map(({ name }) => name),
      ['a', 'b'],
    );
    const triples = pointsOf(split).map(([x, s, v]) => `(${x ?? ''}, '${s ?? ''}', ${v ?? ''})`);
    assert.deepEqual(
      await answer(`SELECT count() FROM (${sql}) WHERE (n, s, v) IN (${triples.join(', ')})`),
      [[String(triples.length)]],
    );
  });

  it('draws a sample of rows as points, and says so', async () => {
    const sql = `SELECT number / 8 AS a, -number AS b FROM numbers(50000)`;
    const chart = await draw(sql, {});
    assert.equal(chart.spec.kind, 'scatter');
    assert.equal(chart.caption, 'A random sample of 4,000 of 50,000 rows');
    assert.equal(size(chart), 4000);
    const points = pointsOf(chart).map(([x, , value]) => `(${x ?? ''}, ${value ?? ''})`);
    assert.deepEqual(
      await answer(`SELECT count() FROM (${sql}) WHERE (a, b) IN (${points.join(', ')})`),
      [['4000']],
    );
    const few = await draw(`${sql} LIMIT 100`, {});
    assert.equal(few.caption, 'Every row of 100 rows');
    assert.equal(size(few), 100);
  });

  it('chooses by the types of the columns', async () => {
    const kinds: [sql: string, kind: string, x: number, y: number[]][] = [
      [
        "SELECT number AS user_id, now() - number AS at, number / 3 AS v, 'x' AS s FROM numbers(9)",
        'line',
        1,
        [2],
      ],
      ["SELECT ['a', 'b'][number % 2 + 1] AS s, number AS v FROM numbers(9)", 'bar', 0, [1]],
      ['SELECT number AS a, number * 2 AS b FROM numbers(9)', 'scatter', 0, [1]],
      ['SELECT number AS a FROM numbers(9)', 'histogram', 0, []],
      ['SELECT toString(number) AS a, number AS v FROM numbers(200)', 'histogram', 1, []],
      [
        "SELECT ['a', 'b'][number % 2 + 1] AS s, toString(number) AS t FROM numbers(9)",
        'bar',
        0,
        [],
      ],
      ["SELECT today() - number AS d, 'x' AS s FROM numbers(9)", 'bar', 0, []],
    ];
    for (const [sql, kind, x, y] of kinds) {
      const { spec, series } = await draw(sql, {});
      assert.deepEqual([spec.kind, spec.x, spec.y], [kind, x, y], sql);
      assert.ok(series.length > 0, sql);
    }
    await assert.rejects(draw('SELECT [1] AS a, map(1, 2) AS m', {}), /No column of this result/);
    await assert.rejects(draw("SELECT 'a' AS a", { kind: 'line' }), /make no line chart/);
    const none = await draw('SELECT 1 AS a, 2 AS b WHERE a = 2', {});
    assert.deepEqual([none.series, none.caption], [[], 'No rows']);
  });

  it('shows times in another zone when the grid does, steps and texts alike', async () => {
    const chart = await draw(
      EVENTS,
      { kind: 'bar', x: 0, y: [], series: -1 },
      { shownZone: 'Asia/Kathmandu' },
    );
    assert.equal(chart.zone, 'Asia/Kathmandu');
    assert.deepEqual(
      pointsOf(chart).map(([x, , value]) => [x, value]),
      await answer(
        `SELECT toStartOfInterval(toTimeZone(at, 'Asia/Kathmandu'), INTERVAL 2 HOUR) AS t, count() FROM (${EVENTS}) GROUP BY t ORDER BY t`,
      ),
    );
  });

  it('cuts dates, and times before 1970, to months and years', async () => {
    const days = `SELECT toDate32('1925-01-15') + number AS day, number AS v FROM numbers(20000)`;
    const months = await draw(days, { kind: 'bar', x: 0, y: [1], aggregate: 'sum', series: -1 });
    assert.deepEqual(
      pointsOf(months).map(([x, , value]) => [x, value]),
      await answer(
        `SELECT toStartOfInterval(day, INTERVAL 1 YEAR) AS t, sum(v) FROM (${days}) GROUP BY t ORDER BY t`,
        { enable_extended_results_for_datetime_functions: 1 },
      ),
    );
    const times = `SELECT toDateTime64('1955-01-01 00:00:00', 3, 'America/New_York') + INTERVAL number HOUR AS t FROM numbers(20000)`;
    const weeks = await draw(times, { kind: 'line', x: 0, y: [], series: -1 });
    const extended = { enable_extended_results_for_datetime_functions: 1 };
    assert.match(weeks.caption, /^Number of rows per week/);
    assert.deepEqual(
      pointsOf(weeks).map(([x, , value], i) => [x, value, String(weeks.xs[i])]),
      await answer(
        `SELECT toStartOfInterval(t, INTERVAL 1 WEEK) AS w, count(), toUnixTimestamp64Second(toDateTime64(w, 0, 'America/New_York')) FROM (${times}) GROUP BY w ORDER BY w`,
        extended,
      ),
    );
  });

  it('names NULL, empty and long categories; keeps the order of the result where each is one row', async () => {
    const sql = `SELECT arrayJoin([('b', 1), ('', 3), (NULL, 2), (repeat('ä', 5000), 9)]::Array(Tuple(Nullable(String), UInt8))) AS p, p.1 AS k, p.2 AS v`;
    const chart = await draw(`SELECT k, v FROM (${sql})`, { kind: 'bar', x: 0 });
    assert.deepEqual(chart.xTexts, ['b', '(empty)', 'NULL', `${'ä'.repeat(200)}…`]);
    assert.deepEqual(chart.series[0]?.texts, ['1', '3', '2', '9']);
    assert.deepEqual([chart.series[0].name, chart.yName], ['v', 'v']);
  });

  it('leaves out what has no place on an axis, and says so', async () => {
    const sql = `SELECT arrayJoin([1, nan, inf, NULL, 2.5]::Array(Nullable(Float64))) AS x, x * 2 AS y`;
    const chart = await draw(sql, { kind: 'histogram', x: 0 });
    assert.deepEqual(chart.dropped, ['3 rows without a finite value in x are not drawn.']);
    const points = await draw(sql, { kind: 'scatter', x: 0, y: [1] });
    assert.deepEqual(points.series[0]?.texts, ['2', '5']);
  });

  it('takes columns that came as text, enums and numbers of every width', async () => {
    const sql = `SELECT number AS n, sumState(number) AS s, CAST(number % 3 - 1, 'Enum8(\\'low\\' = -1, \\'mid\\' = 0, \\'high\\' = 1)') AS e
      FROM numbers(9) GROUP BY number, e ORDER BY n`;
    const bars = await draw(sql, { kind: 'bar', x: 2, y: [0] });
    assert.deepEqual(pointsOf(bars), [
      ['low', 'Sum of n', '9'],
      ['mid', 'Sum of n', '12'],
      ['high', 'Sum of n', '15'],
    ]);
    const types = ['UInt8', 'Int16', 'UInt32', 'Int64', 'UInt128', 'Int256', 'Float32', 'BFloat16'];
    const list = [
      ...types,
      'Decimal(9, 2)',
      'Decimal(76, 30)',
      'IntervalDay',
      'Nullable(Int8)',
    ].map((type, i) => `CAST(number % 5, '${type}') AS c${i}`);
    const all = `SELECT now() + number AS t, ${list.join(', ')} FROM numbers(40)`;
    for (const y of list.keys()) {
      for (const kind of ['line', 'bar'] as const) {
        const chart = await draw(all, { kind, x: 0, y: [y + 1] });
        assert.deepEqual(chart.spec.y, [y + 1], list[y]);
        const texts = new Set(chart.series[0]?.texts);
        if (kind === 'line')
          assert.deepEqual([...texts].sort(), ['0', '1', '2', '3', '4'], list[y]);
      }
      const bins = await draw(all, { kind: 'histogram', x: y + 1 });
      assert.deepEqual(bins.series[0]?.values.filter((value) => value === 8).length, 5, list[y]);
    }
  }).timeout(30_000);

  it('draws 10 million rows, equal to the answer over the query itself', async () => {
    const sql = `SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + intDiv(number, 3) AS t, cityHash64(number) % 1000 / 7 AS v,
      ['a', 'b', 'c', 'd', 'e'][number % 5 + 1] AS s, number * 3 AS id FROM numbers(10000000)`;
    const { table, timeZone } = await tableOf(sql);
    const took: Record<string, number> = {};
    const timed = async (name: string, asked: AskedChart): Promise<Chart> => {
      const started = performance.now();
      const chart = await drawChart(table, asked, { source: client, timeZone });
      took[name] = Math.round(performance.now() - started);
      assert.ok(size(chart) <= CHART_POINTS, `${name}: ${size(chart)} points`);
      return chart;
    };
    const lines = await timed('line', {});
    assert.deepEqual(
      [lines.spec.kind, lines.spec.series, lines.spec.aggregate],
      ['line', 2, 'each'].map((value) => (value === 'each' ? lines.spec.aggregate : value)),
    );
    const bars = await timed('bar', { kind: 'bar', x: 2, y: [1] });
    assert.deepEqual(
      pointsOf(bars).map(([x, , value]) => [x, Number(value).toFixed(3)]),
      (await answer(`SELECT s, sum(v) AS sum FROM (${sql}) GROUP BY s ORDER BY sum DESC`)).map(
        ([s, sum]) => [s, Number(sum).toFixed(3)],
      ),
    );
    const hours = await timed('sum by time', {
      kind: 'area',
      x: 0,
      y: [3],
      aggregate: 'sum',
      series: -1,
    });
    assert.deepEqual(
      pointsOf(hours).map(([x, , value]) => [x, value]),
      await answer(
        `SELECT toStartOfInterval(t, INTERVAL 2 HOUR) AS h, sum(id) FROM (${sql}) GROUP BY h ORDER BY h`,
      ),
    );
    await timed('every value', { kind: 'line', x: 3, y: [1], aggregate: 'each', series: -1 });
    await timed('histogram', { kind: 'histogram', x: 1 });
    await timed('scatter', { kind: 'scatter', x: 3, y: [1], series: 2 });
    console.log(`      charts of 10 million rows, ms: ${JSON.stringify(took)}`);
  }).timeout(60_000);

  it('stops on the engine when it is cancelled', async () => {
    const { table, timeZone } = await tableOf('SELECT toString(number) AS k FROM numbers(5000000)');
    const abort = new AbortController();
    const drawing = drawChart(
      table,
      { kind: 'bar', x: 0, y: [], series: -1 },
      {
        ...{ source: client, timeZone, signal: abort.signal },
        onProgress: () => {
          abort.abort();
        },
      },
    );
    const error: unknown = await drawing.catch((reason: unknown) => reason);
    assert.ok(isCancelledError(error), String(error));
  }).timeout(20_000);
});
