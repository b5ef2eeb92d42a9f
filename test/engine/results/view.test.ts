import assert from 'node:assert/strict';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult, type LoadedResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { spoolQuery } from '../../../src/core/arrow/spool/spoolQuery.ts';
import { SpoolTable } from '../../../src/core/arrow/spool/spoolTable.ts';
import { findRows, type FoundRows } from '../../../src/core/arrow/spool/view/findRows.ts';
import { columnStatistics } from '../../../src/core/arrow/spool/view/statistics.ts';
import { viewClauses } from '../../../src/core/arrow/spool/view/viewClauses.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import type { ColumnStatistics } from '../../../src/shared/columnStatistics.ts';
import type { FilterOperator, ViewSpec } from '../../../src/shared/resultView.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { cellTexts, NULL } from './resultReader.ts';

/** A column of each nasty type: its values as SQL, and texts to filter by. */
const COLUMNS: Record<string, { sql: string; texts: string[] }> = {
  d256: {
    sql: `[toDecimal256('-123456789012345678901234567890123456789012345678901234567890.12', 2),
      toDecimal256('0', 2), toDecimal256('1.5', 2), toDecimal256('1.51', 2), toDecimal256('7e50', 2)]`,
    texts: [
      '1.5',
      '1.505',
      '-123456789012345678901234567890123456789012345678901234567890.12',
      '-0.001',
    ],
  },
  u8: { sql: '[0, 3, 44, 200, 255]::Array(UInt8)', texts: ['3', '3.5', '-1', '200'] },
  i256: {
    sql: "[toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819968'), -1, 0, 9007199254740993, 5]",
    texts: ['9007199254740993', '9007199254740992', '-0.5'],
  },
  dt64: {
    sql: `arrayMap(x -> toDateTime64(x, 3, 'Europe/Berlin'), [1603585800.25, 1603589400.25, 0, 1700000000, -5])`,
    texts: [
      '2020-10-25 02:30:00.250',
      '1970-01-01',
      '2023-11-14 23:13:20',
      '2023-11-14 23:13:19.9999',
    ],
  },
  dt: {
    sql: "arrayMap(x -> toDateTime(x, 'Asia/Tokyo'), [0, 1, 1700000000, 1700000001, 4294967295])",
    texts: ['1970-01-01 09:00:00', '2023-11-15 07:13:20', '1950-01-01', '2200-01-01'],
  },
  day: {
    sql: 'arrayMap(x -> toDate(x), [0, 1, 19000, 20000, 65535])',
    texts: ['2022-01-08', '2149-06-06'],
  },
  nullable: { sql: '[NULL, 1, NULL, 2, 3]::Array(Nullable(Int32))', texts: ['2', '1'] },
  enums: {
    sql: "['b', 'a', 'c', 'a', 'b']::Array(Enum8('c' = -1, 'a' = 1, 'b' = 2))",
    texts: ['a', 'b'],
  },
  uuid: {
    sql: `arrayMap(x -> toUUID(x), ['61f0c404-5cb3-11e7-907b-a6006ad3dba0', '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff', '61f0c404-5cb3-11e7-907b-a6006ad3dba1', '00000000-0000-0000-0000-000000000001'])`,
    texts: ['61f0c404-5cb3-11e7-907b-a6006ad3dba0'],
  },
  lc: {
    sql: "['x', NULL, 'it''s', 'X', '']::Array(LowCardinality(Nullable(String)))",
    texts: ['x', '', "it's"],
  },
  f: { sql: '[nan, inf, -inf, 0.1, 2]::Array(Float64)', texts: ['0.1', '1e0', 'inf'] },
  f32: { sql: '[0.1, 0.2, nan, 3, 3]::Array(Float32)', texts: ['0.1', '3'] },
  fixed: {
    sql: "arrayMap(x -> toFixedString(x, 4), ['ab', 'abcd', '', 'b', 'zz'])",
    texts: ['ab', 'abcd'],
  },
};

const SIGNS: [FilterOperator, string][] = [
  ['equal', '='],
  ['less', '<'],
  ['lessOrEqual', '<='],
  ['greater', '>'],
  ['greaterOrEqual', '>='],
];

describe('a sorted and filtered view of a result', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  let gridSettings: GridSettings;
  let nasty: SpoolTable;
  let count = 0;
  const open: AsyncDisposable[] = [];
  const names = Object.keys(COLUMNS);
  const list = Object.entries(COLUMNS).map(
    ([name, { sql }]) => `arrayElement(${sql}, i) AS ${name}`,
  );
  const source = `SELECT i AS id, ${list.join(', ')} FROM (SELECT arrayJoin([1, 2, 3, 4, 5]) AS i)`;

  before(async () => {
    client = createClient(engine());
    gridSettings = new GridSettings(client);
    nasty = await tableOf(await load(source));
  });
  after(async () => {
    for (const resource of open.splice(0)) await resource[Symbol.asyncDispose]();
    await client.close();
  });

  const place = (): string => join(folder(), `${count++}.arrows`);

  async function load(sql: string): Promise<LoadedResult> {
    const result = await loadResult({ source: client, sql, spoolPath: place(), gridSettings });
    open.push(result.spool);
    return result;
  }

  async function tableOf(result: LoadedResult): Promise<SpoolTable> {
    const table = await SpoolTable.open({ ...result, engine: client });
    open.push(table);
    return table;
  }

  async function rows(
    table: SpoolTable,
    view: Partial<ViewSpec>,
  ): Promise<(string | typeof NULL)[][]> {
    const clauses = viewClauses(table, { sort: [], filters: [], ...view });
    const result = await spoolQuery(table, clauses, {
      ...{ source: client, spoolPath: place(), gridSettings },
    });
    open.push(result.spool);
    return cellTexts(result);
  }

  const ids = async (view: Partial<ViewSpec>): Promise<string> =>
    (await rows(nasty, view)).map(([id]) => String(id)).join();

  async function expectedIds(more: string): Promise<string> {
    const reply = await client.rawQuery(`SELECT id FROM (${source}) ${more}`, { format: 'TSV' });
    return reply.text().trim().split('\n').join();
  }

  for (const [at, name] of names.entries()) {
    const column = at + 1;
    it(`${name}: sorts in both directions as ClickHouse does`, async () => {
      for (const [direction, order] of [
        ['ascending', 'ASC'],
        ['descending', 'DESC'],
      ] as const) {
        assert.equal(
          await ids({ sort: [{ column, direction }] }),
          await expectedIds(`ORDER BY ${name} ${order}, id`),
        );
      }
    });

    it(`${name}: compares as ClickHouse does, and by the text of the cell`, async () => {
      for (const text of COLUMNS[name]?.texts ?? []) {
        for (const [operator, sign] of SIGNS) {
          const wanted = await expectedIds(`WHERE ${exactly(name, sign, text)} ORDER BY id`);
          const found = await ids({ filters: [{ column, operator, values: [text] }] });
          assert.equal(found, wanted, `${name} ${sign} ${text}`);
        }
      }
      // Every value can be filtered by and excluded, as the menu of its cell offers.
      const all = await rows(nasty, {});
      for (const row of all) {
        const text = row[column] ?? NULL;
        const is = all.filter((other) => other[column] === text).map(([id]) => id);
        const not = all.filter((other) => other[column] !== text).map(([id]) => id);
        const [equal, notEqual] =
          text === NULL ? (['isNull', 'isNotNull'] as const) : (['equal', 'notEqual'] as const);
        const values = text === NULL ? [] : [text];
        assert.equal(await ids({ filters: [{ column, operator: equal, values }] }), is.join());
        assert.equal(await ids({ filters: [{ column, operator: notEqual, values }] }), not.join());
      }
    }).timeout(30_000);

    it(`${name}: has ClickHouse's own statistics`, async () => {
      const found = await columnStatistics(nasty, column, client, {});
      const text = (value: string): string => `formatRowNoNewline('TSVRaw', ${value})`;
      const reply = await client.rawQuery(
        `SELECT countIf(${name} IS NULL), uniqExact(${name}), ${text(`min(${name})`)}, ${text(`max(${name})`)} FROM (${source})`,
        { format: 'JSONCompact', settings: { output_format_json_quote_64bit_integers: 0 } },
      );
      const [[nulls, distinct, min, max] = []] = (JSON.parse(reply.text()) as { data: unknown[][] })
        .data;
      assert.deepEqual(
        [found.rows, found.nulls, found.distinct, found.min, found.max],
        [5, nulls, distinct, min, max],
      );
    });
  }

  it('sorts by several columns; equal rows keep their order', async () => {
    const sql =
      'SELECT number AS n, number % 3 AS a, intDiv(number, 5) % 2 AS b FROM numbers(1000)';
    const found = await rows(await tableOf(await load(sql)), {
      sort: [
        { column: 1, direction: 'descending' },
        { column: 2, direction: 'ascending' },
      ],
    });
    const reply = await client.rawQuery(`${sql} ORDER BY a DESC, b, n`, { format: 'TSV' });
    assert.equal(found.map((row) => `${row.join('\t')}\n`).join(''), reply.text());
  });

  it('filters by parts of texts, lists and all cells', async () => {
    const at = (name: string): number => names.indexOf(name) + 1;
    const one = (name: string, operator: FilterOperator, ...values: string[]) =>
      ids({ filters: [{ column: at(name), operator, values }] });
    assert.equal(await one('lc', 'contains', 'x'), '1,4');
    assert.equal(await one('lc', 'startsWith', 'IT'), '3');
    assert.equal(await one('uuid', 'startsWith', '61F0'), '1,4');
    assert.equal(await one('u8', 'in', '3', ' 255', '300', '4.5'), '2,5');
    assert.equal(await one('enums', 'in', 'a', 'c'), '2,3,4');
    assert.equal(await one('f', 'in', 'nan', '2'), '1,5');
    assert.equal(await ids({ search: { text: "it's", matchCase: false } }), '3');
    assert.equal(await ids({ search: { text: 'FFFFFFFF-', matchCase: false } }), '3');
    assert.equal(await ids({ search: { text: 'FFFFFFFF-', matchCase: true } }), '');
  });

  it('refuses what is no value of the column, and an order where there is none', async () => {
    const column = (name: string): number => names.indexOf(name) + 1;
    const less = (name: string, text: string) =>
      ids({ filters: [{ column: column(name), operator: 'less', values: [text] }] });
    await assert.rejects(less('u8', 'abc'), /"abc" is not a number/);
    await assert.rejects(less('day', '2021-02-30'), /"2021-02-30" is not a date/);
    await assert.rejects(less('dt', 'yesterday'), /is not a time like/);
    await assert.rejects(less('enums', 'nobody'), /Unknown element 'nobody'/);
    const arrays = await tableOf(await load('SELECT [1] AS a'));
    await assert.rejects(
      rows(arrays, { filters: [{ column: 0, operator: 'less', values: ['[2]'] }] }),
      /no order/,
    );
    assert.equal(
      (await rows(arrays, { filters: [{ column: 0, operator: 'equal', values: ['[1]'] }] })).length,
      1,
    );
  });

  it('finds the rows and columns that show a text, in order', async () => {
    const sql =
      "SELECT number AS n, if(number % 10 = 0, NULL, concat('row ', toString(number))) AS s FROM numbers(300000)";
    const table = await tableOf(await load(sql));
    const found = await findRows(table, { text: 'ROW 2999', matchCase: false }, client, {});
    const wanted = Array.from({ length: 100 }, (_, i) => 299_900 + i).filter((n) => n % 10 !== 0);
    assert.deepEqual(rowsOf(found), [
      2999,
      ...Array.from({ length: 10 }, (_, i) => 29_990 + i).filter((n) => n % 10 !== 0),
      ...wanted,
    ]);
    const numbers = await findRows(table, { text: '29999', matchCase: true }, client, {});
    assert.equal(numbers.matches, 13);
    assert.deepEqual([...new Set(new Int32Array(numbers.columns.buffer))], [0]);
    const many = await findRows(table, { text: '1', matchCase: true }, client, {});
    const reply = await client.rawQuery(
      "SELECT countIf(position(toString(number), '1') > 0) FROM numbers(300000)",
      { format: 'TSV' },
    );
    assert.equal(many.matches, Number(reply.text()));
    assert.equal(
      rowsOf(await findRows(table, { text: 'nowhere', matchCase: false }, client, {})).length,
      0,
    );
  }).timeout(20_000);

  it('tells the mean of numbers whose sum is beyond their type', async () => {
    const table = await tableOf(
      await load(`SELECT 18446744073709551614 + 0 * number AS u64,
        toInt64(-9223372036854775808) + 0 * number AS i64, toNullable(u64) AS nu64,
        toInt128('170141183460469231731687303715884105727') + 0 * number AS i128 FROM numbers(4)`),
    );
    const means: (string | undefined)[] = [];
    for (let column = 0; column < 4; column += 1) {
      means.push((await columnStatistics(table, column, client, {})).mean);
    }
    // 2^64 - 2, -2^63 and 2^127 - 1 as the nearest doubles.
    assert.deepEqual(means.map(Number), [2 ** 64, -(2 ** 63), 2 ** 64, 2 ** 127]);
  });

  it('tells mean, frequent values and distribution', async () => {
    const sql = `SELECT number AS n, if(number < 60, 'many', toString(number % 20)) AS s,
      toDate('2024-01-01') + number % 5 AS d, if(number = 0, nan, number / 4) AS f FROM numbers(100)`;
    const table = await tableOf(await load(sql));
    const of = (column: number): Promise<ColumnStatistics> =>
      columnStatistics(table, column, client, {});
    const n = await of(0);
    assert.deepEqual([n.mean, n.min, n.max, n.top], ['49.5', '0', '99', []]);
    assert.equal(n.histogram.length, 20);
    assert.equal(
      n.histogram.reduce((sum, { rows: some }) => sum + some, 0),
      100,
    );
    assert.deepEqual([n.histogram[0]?.from, n.histogram.at(-1)?.to], ['0', '99']);
    const s = await of(1);
    assert.deepEqual(s.top.slice(0, 2), [
      { text: 'many', rows: 60 },
      { text: '0', rows: 2 },
    ]);
    assert.deepEqual(s.histogram, []);
    const d = await of(2);
    assert.deepEqual(
      d.histogram,
      ['01', '02', '03', '04', '05'].map((day) => ({
        rows: 20,
        from: `2024-01-${day}`,
        to: `2024-01-${day}`,
      })),
    );
    const f = await of(3);
    assert.deepEqual([f.nans, f.min, f.max, f.distinct], [1, '0.25', '24.75', 100]);
    assert.equal(
      f.histogram.reduce((sum, { rows: some }) => sum + some, 0),
      99,
    );
    const empty = await columnStatistics(
      await tableOf(await load('SELECT 1::UInt8 AS a WHERE a = 2')),
      0,
      client,
      {},
    );
    assert.deepEqual(empty, {
      column: 0,
      rows: 0,
      nulls: 0,
      distinct: 0,
      exact: true,
      top: [],
      histogram: [],
    });
  });
});

function rowsOf({ rows }: FoundRows): number[] {
  return [...new Float64Array(rows.buffer)];
}

/** ClickHouse's own comparison with what was written, in a type that holds it. */
function exactly(name: string, sign: string, text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  const literals: Record<string, string> = {
    d256: `toDecimal256(${quoted}, 6)`,
    u8: `toDecimal64(${quoted}, 3)`,
    i256: text.includes('.') ? `toFloat64(${quoted})` : `toInt256(${quoted})`,
    dt64: `toDateTime64(${quoted}, 6, 'Europe/Berlin')`,
    dt: `toDateTime64(${quoted}, 0, 'Asia/Tokyo')`,
    day: `toDate(${quoted})`,
    nullable: `toInt32(${quoted})`,
    enums: `CAST(${quoted}, 'Enum8(\\'c\\' = -1, \\'a\\' = 1, \\'b\\' = 2)')`,
    uuid: `toUUID(${quoted})`,
    f: `toFloat64(${quoted})`,
    f32: `toFloat32(${quoted})`,
  };
  const literal = literals[name] ?? quoted;
  const is = `ifNull(${name} ${sign} ${literal}, 0)`;
  // An hour that comes twice: the cells show the same text.
  return name === 'dt64' && sign === '=' ? `(${is} OR toString(${name}) = ${quoted})` : is;
}
