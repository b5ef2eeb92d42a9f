import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult, type LoadedResult } from '../../../src/core/arrow/spool/loadResult.ts';
import type { WindowPart } from '../../../src/core/arrow/spool/spool.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { CELL_BYTES, CUT_TEXT } from '../../../src/shared/limits.ts';
import { openWindow, type WindowCells } from '../../unit/arrow/windowCells.ts';
import { useEngine } from '../fixture.ts';

/** Expressions of `number` that are long in row 5 and short in the others. */
const LONG: readonly string[] = [
  "if(number = 5, repeat('0123456789', 1000000), 'short')",
  "if(number = 5, repeat('aé日😀', 1000000), 'short')",
  'if(number = 5, range(1500000), [number])',
  "if(number = 5, arrayMap(x -> repeat('ab', 4000), range(1000)), ['x'])",
  'if(number = 5, [range(1000000), range(10)], [[number]])',
  "if(number = 5, map('k', repeat('vvvvvvvvvv', 1000000)), map('a', 'b'))",
  'if(number = 5, mapFromArrays(range(200000), range(200000)), map(1, 1))',
  "tuple(number, if(number = 5, repeat('tttttttttt', 1000000), 't'), number)",
  "if(number = 5, [NULL, repeat('nnnnnnnnnn', 1000000)], [NULL, 'x'])",
  "if(number = 5, CAST(repeat('vvvvvvvvvv', 1000000), 'Variant(String, UInt64)'), CAST(number, 'Variant(String, UInt64)'))",
  "if(number = 5, concat('{\"a\":\"', repeat('jjjjj', 1000000), '\"}'), '{\"b\":1}')::JSON",
];

describe('cells of 10 MB', () => {
  const engine = useEngine();
  let client: Client;
  let folder: string;

  before(async () => {
    client = createClient(engine());
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-long-'));
  });
  after(async () => {
    await client.close();
    await rm(folder, { recursive: true });
  });

  const load = (sql: string): Promise<LoadedResult> =>
    loadResult({
      source: client,
      sql,
      spoolPath: join(folder, 'long.arrow'),
      gridSettings: new GridSettings(client),
    });
  const cellsOf = ({ ipc }: WindowPart, { columns, timeZone }: LoadedResult): WindowCells =>
    openWindow(ipc, columns, { timeZone });

  for (const [tail, encoding] of [
    ['', 'arrow'],
    [' FORMAT TSVWithNamesAndTypes', 'text'],
  ] as const) {
    for (const value of LONG) {
      it(`${value}, ${encoding}`, async () => {
        const sql = `SELECT number AS n, ${value} AS v FROM numbers(10)`;
        const result = await load(sql + tail);
        try {
          assert.equal(result.columns[1]?.encoding, encoding);
          const window = { firstRow: 0, rows: 10, columns: [0, 1], maxBytes: 4_000_000 };
          const part = await result.spool.readPart({ ...window, cellBytes: CELL_BYTES });
          assert.equal(part.rows, 10);
          assert.deepEqual(part.cut, [{ row: 5, column: 1 }]);
          assert.ok(part.ipc.length < 200_000, `${part.ipc.length} bytes`);
          const cut = cellsOf(part, result);
          const reply = await client.rawQuery(sql, { format: 'TSVRaw' });
          const expected = reply
            .text()
            .split('\n')
            .map((line) => line.slice(line.indexOf('\t') + 1));
          for (let row = 0; row < 10; row++) {
            const { text } = cut.cell(row, 1);
            if (row === 5) assert.ok(expected[5]?.startsWith(text.slice(0, CUT_TEXT)));
            else assert.equal(text, expected[row]);
            assert.equal(cut.cell(row, 0).text, String(row));
          }
          const cell = { firstRow: 5, rows: 1, columns: [1], maxBytes: 1, cellBytes: Infinity };
          const whole = await result.spool.readPart(cell);
          assert.deepEqual(whole.cut, []);
          const [, column] = result.columns;
          assert.ok(column);
          const text = cellsOf(whole, { ...result, columns: [column] }).cell(0, 0).text;
          assert.ok(text === expected[5], 'the whole cell is not what the engine prints');
        } finally {
          await result.spool.dispose();
        }
      });
    }
  }

  it('come in answers of bounded size, the first rows first', async () => {
    const result = await load("SELECT number AS n, repeat('x', 1000000) AS v FROM numbers(60)");
    try {
      const window = { firstRow: 0, rows: 60, columns: [0, 1], maxBytes: 16_000_000 };
      const whole = await result.spool.readPart({ ...window, cellBytes: Infinity });
      assert.deepEqual([whole.rows, whole.cut], [15, []]);
      assert.equal(cellsOf(whole, result).cell(14, 1).text.length, 1_000_000);
      const cut = await result.spool.readPart({ ...window, cellBytes: CELL_BYTES });
      assert.deepEqual([cut.rows, cut.cut.length], [60, 60]);
      assert.ok(cut.ipc.length < 60 * (CELL_BYTES + 1_000), `${cut.ipc.length} bytes`);
      const one = await result.spool.readPart({ ...window, maxBytes: 1, cellBytes: Infinity });
      assert.equal(one.rows, 1, 'a row comes however large it is');
    } finally {
      await result.spool.dispose();
    }
  });

  it('leave usual rows in one batch, also beside a long one', async () => {
    const result = await load(
      "SELECT number AS n, if(number = 100, repeat('x', 1000000), repeat('y', number % 2000)) AS v FROM numbers(256)",
    );
    try {
      const window = { firstRow: 0, rows: 256, columns: [0, 1], maxBytes: 4_000_000 };
      const part = await result.spool.readPart({ ...window, cellBytes: CELL_BYTES });
      assert.deepEqual([part.rows, part.cut], [256, [{ row: 100, column: 1 }]]);
      const cells = cellsOf(part, result);
      assert.equal(cells.cell(255, 1).text, 'y'.repeat(255));
      assert.equal(cells.cell(99, 1).text, 'y'.repeat(99));
    } finally {
      await result.spool.dispose();
    }
  });
});
