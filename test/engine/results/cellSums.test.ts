import assert from 'node:assert/strict';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult, type LoadedResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { SpoolTable } from '../../../src/core/arrow/spool/spoolTable.ts';
import { cellSums } from '../../../src/core/arrow/spool/view/cellSums.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import type { SumBlock, TallyKind } from '../../../src/shared/cellSums.ts';
import { Tally } from '../../../webview/footer/tally.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { cellTexts, NULL } from './resultReader.ts';

/** By kind, of each row `n` a value of each type that adds up in its own way. */
const COLUMNS: [TallyKind, string][] = [
  ['exact', 'toInt8(n - 100)'],
  ['exact', 'toUInt64(18446744073709551615 - n)'],
  ['exact', "if(n % 3 = 0, NULL, toInt64('-9223372036854775808') + n)"],
  ['exact', "toInt128('170141183460469231731687303715884105727') - n"],
  ['exact', "toUInt128(toUInt128('340282366920938463463374607431768211455') - n)"],
  [
    'exact',
    "toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819968') + n",
  ],
  [
    'exact',
    "toUInt256(toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935') - n)",
  ],
  ['exact', "toDecimal32(n, 3) / toDecimal32('8', 0)"],
  ['exact', "if(n = 7, NULL, toDecimal64('-123456789012.345', 4) - n)"],
  ['exact', "toDecimal128('12345678901234567890123456789.01', 5) + n"],
  [
    'exact',
    "toDecimal256('-1234567890123456789012345678901234567890123456789012345678901234567890.5', 6) + n",
  ],
  ['exact', 'toIntervalDay(n)'],
  ['float', 'n / 4 - 7'],
  ['float', "toFloat32('0.5') + n"],
  ['float', "if(n = 3, NULL, if(n = 5, toFloat64('inf'), toFloat64(n)))"],
  ['float', 'if(n = 5, nan, toFloat64(n))'],
  ['float', 'if(n = 5, -inf, if(n = 6, inf, toFloat64(n)))'],
  ['ordered', "toDateTime('2024-03-31 00:00:00', 'Europe/Berlin') + n * 60"],
  ['ordered', "toDateTime64('2024-01-01 00:00:00.25', 3, 'UTC') + n"],
  ['ordered', 'if(n % 2 = 0, NULL, toDate(20000 + n))'],
  ['counted', "if(n % 5 = 0, NULL, concat('text ', toString(n)))"],
  ['exact', 'CAST(NULL, $$Nullable(Int32)$$)'],
];
const ROWS = 200;

describe('adding up cells of a result', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  let result: LoadedResult;
  let table: SpoolTable;
  let texts: Awaited<ReturnType<typeof cellTexts>>;

  before(async () => {
    client = createClient(engine());
    const list = COLUMNS.map(([, sql], i) => `${sql} AS c${i}`).join(', ');
    result = await loadResult({
      source: client,
      sql: `SELECT ${list} FROM (SELECT number AS n FROM numbers(${ROWS}))`,
      spoolPath: join(folder(), 'sums.arrows'),
      gridSettings: new GridSettings(client),
    });
    assert.equal(result.complete, true);
    table = await SpoolTable.open({ ...result, engine: client });
    texts = await cellTexts(result);
  });
  after(async () => {
    await table.dispose();
    await result.spool.dispose();
    await client.close();
  });

  const sums = async (blocks: SumBlock[], zone?: string) => {
    const tally = new Tally();
    const asked = { blocks, ...(zone !== undefined && { zone }) };
    for (const sum of await cellSums(table, asked, client, {})) tally.addSums(sum);
    return tally.result;
  };
  /** As the page adds up the texts of few cells. */
  const expected = (blocks: SumBlock[]) => {
    const tally = new Tally();
    for (const { rows, columns } of blocks) {
      for (const { first, last } of rows) {
        for (const row of texts.slice(first, last + 1)) {
          for (const { column, kind } of columns) {
            const text = row[column] ?? NULL;
            tally.add(kind, text === NULL ? 'NULL' : text, text === NULL);
          }
        }
      }
    }
    return tally.result;
  };
  const all = { first: 0, last: ROWS - 1 };
  const column = (i: number) => ({ column: i, kind: COLUMNS[i]?.[0] ?? ('counted' as const) });

  for (const [i, [, sql]] of COLUMNS.entries()) {
    it(`gives what the page makes of the cells: ${sql}`, async () => {
      const blocks = [{ rows: [all], columns: [column(i)] }];
      assert.deepEqual(await sums(blocks), expected(blocks));
    });
  }

  it('takes the rows and columns of each block', async () => {
    const blocks: SumBlock[] = [
      {
        rows: [
          { first: 3, last: 3 },
          { first: 10, last: 150 },
        ],
        columns: [column(0), column(2), column(8), column(12)],
      },
      { rows: [{ first: 199, last: 199 }], columns: [column(1)] },
    ];
    assert.deepEqual(await sums(blocks), expected(blocks));
  });

  it('adds up what no type of ClickHouse holds', async () => {
    const { sum } = await sums([{ rows: [all], columns: [column(6)] }]);
    const largest = (1n << 256n) - 1n;
    assert.equal(sum, String(BigInt(ROWS) * largest - BigInt((ROWS * (ROWS - 1)) / 2)));
  });

  it('adds up a thousand columns: statements have a greatest size', async () => {
    const columns = Array.from({ length: 1_000 }, (_, i) => i);
    const list = columns.map((i) => `toFloat32(number + ${i}) AS a_rather_long_name_${i}`);
    const wide = await loadResult({
      source: client,
      sql: `SELECT ${list.join(', ')} FROM numbers(3)`,
      spoolPath: join(folder(), 'wide.arrows'),
      gridSettings: new GridSettings(client),
    });
    const wideTable = await SpoolTable.open({ ...wide, engine: client });
    const blocks: SumBlock[] = [
      {
        rows: [{ first: 0, last: 2 }],
        columns: columns.map((i) => ({ column: i, kind: 'float' })),
      },
    ];
    const found = await cellSums(wideTable, { blocks }, client, {});
    assert.deepEqual(
      found.map(({ sum }) => sum),
      columns.map((i) => String(3 * i + 3)),
    );
    await wideTable.dispose();
    await wide.spool.dispose();
  });

  it('tells times in the zone that they are shown in', async () => {
    const { min, max } = await sums([{ rows: [all], columns: [column(17)] }], 'Asia/Tokyo');
    const reply = await client.rawQuery(
      `SELECT toString(toDateTime('2024-03-31 00:00:00', 'Europe/Berlin'), 'Asia/Tokyo'),
        toString(toDateTime('2024-03-31 00:00:00', 'Europe/Berlin') + ${ROWS - 1} * 60, 'Asia/Tokyo')`,
      { format: 'TSV' },
    );
    assert.equal(`${min}\t${max}\n`, reply.text());
  });
});
