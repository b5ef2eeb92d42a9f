import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult, type LoadedResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { savedSelect } from '../../../src/core/arrow/spool/savedSelect.ts';
import { SpoolTable } from '../../../src/core/arrow/spool/spoolTable.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { FORMATS } from '../../../src/core/transfer/formats.ts';
import { givesSameBytes } from '../../../src/core/transfer/sameBytes.ts';
import { curl, useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { cellTexts } from '../results/resultReader.ts';
import { nastyColumns, nastyTable, selectNasty } from './nastyTable.ts';

/** Several blocks, in one order. */
const BLOCKS = { max_threads: '1', max_block_size: '17' };
/** Take nearly any type; they get the columns that every format takes. */
const FUSSY = new Set(['Avro', 'BSONEachRow', 'MsgPack', 'ORC', 'Parquet', 'RawBLOB']);
const ANY_COLUMN = { name: 'a', type: 'UInt8', encoding: 'arrow' } as const;
const PLAIN = /^(U?Int(8|16|32|64)|Float\d+|String|Date32|Nullable\(U?Int64\)|Bool)$/;

/** Come back from disk with the same texts, but not the same in every format. */
const INEXACT = /^(Dynamic|JSON)$/;

describe('rows of a result on disk, saved', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  let gridSettings: GridSettings;
  let count = 0;

  before(async () => {
    client = createClient(engine());
    gridSettings = new GridSettings(client);
    for (const sql of nastyTable(300)) {
      await client.command(sql, { settings: { enable_time_time64_type: 1 } });
    }
  });
  after(() => client.close());

  const place = (name: string): string => join(folder(), `${count++}-${name}`);

  const load = (sql: string): Promise<LoadedResult> =>
    loadResult({
      source: client,
      sql,
      spoolPath: place('arrows'),
      gridSettings,
      request: { settings: BLOCKS },
    });

  async function saved(result: LoadedResult, format: string): Promise<Buffer> {
    await using table = await SpoolTable.open({ ...result, engine: client });
    const path = place('saved');
    await client.saveTo(savedSelect(table), path, { format, settings: table.settings });
    const bytes = await readFile(path);
    await rm(path);
    return bytes;
  }

  const exact = nastyColumns.filter(({ type }) => !INEXACT.test(type));
  const plain = exact.filter(({ type }) => PLAIN.test(type));

  const SAME = FORMATS.filter(({ output }) => output)
    .map(({ name }) => name)
    .filter((format) => givesSameBytes({ sql: 'SELECT 1', columns: [ANY_COLUMN], format }));

  for (const format of SAME) {
    it(`give in the format ${format} what curl gets`, async () => {
      const columns = format === 'Avro' ? plain.filter(({ name }) => /^\w+$/.test(name)) : plain;
      const nasty = selectNasty(FUSSY.has(format) ? columns : exact);
      const sql = format === 'Npy' ? 'SELECT number FROM numbers(100)' : nasty;
      const result = await load(sql);
      await using spool = result.spool;
      assert.equal(spool.complete, true);
      assert.equal(givesSameBytes({ sql, columns: result.columns, format }), true);
      const expected = await curl(engine(), sql, { ...BLOCKS, default_format: format });
      const same = format === 'Avro' ? withoutSyncMarker : (bytes: Buffer) => bytes;
      assert.ok(same(await saved(result, format)).equals(same(expected)));
    });
  }

  it('are said to be the same in the usual formats, and in none that tells the time', () => {
    const usual = ['CSV', 'TabSeparated', 'Parquet', 'JSONEachRow', 'Native', 'SQLInsert', 'ORC'];
    for (const format of usual) assert.ok(SAME.includes(format), format);
    for (const format of ['JSON', 'XML', 'JSONCompactEachRowWithProgress', 'Protobuf', 'Pretty']) {
      assert.ok(!SAME.includes(format), format);
    }
  });

  it('are not said to be the same where types, names or clauses make a difference', async () => {
    const different = [
      "SELECT 1 AS a, 'x'::Dynamic AS d",
      'SELECT \'{"a":1}\'::JSON AS j',
      'SELECT [] AS e',
      'SELECT number, number FROM numbers(2)',
      'SELECT sumState(number) AS s FROM numbers(2)',
      'SELECT number % 2 AS k, count() FROM numbers(3) GROUP BY k WITH TOTALS',
      "SELECT 1 AS a SETTINGS format_csv_delimiter = ';'",
      'SELECT 1 AS a FORMAT ArrowStream',
      'SHOW DATABASES',
    ];
    for (const sql of different) {
      const result = await load(sql);
      await using spool = result.spool;
      assert.equal(spool.complete, true);
      assert.equal(givesSameBytes({ sql, columns: result.columns, format: 'CSV' }), false, sql);
    }
  });

  it('have the texts of the cells, whatever was fetched and however', async () => {
    const statements = [
      selectNasty(nastyColumns),
      `${selectNasty(exact)} FORMAT TSVWithNamesAndTypes`,
      "SELECT number, sumState(number) AS s, toDate('2020-01-01') + number AS d FROM numbers(40) GROUP BY number ORDER BY number DESC",
    ];
    for (const sql of statements) {
      const result = await load(sql);
      await using spool = result.spool;
      assert.equal(spool.complete, true);
      const bytes = await saved(result, 'JSONCompactStringsEachRow');
      const rows = bytes.toString('latin1').trimEnd().split('\n');
      const cells = await cellTexts(result);
      assert.equal(rows.length, cells.length);
      for (const column of [0, result.columns.length - 1]) {
        const written = rows.map((row) => (JSON.parse(row) as string[])[column]);
        assert.deepEqual(
          written,
          cells.map((row) => row[column]),
        );
      }
    }
  });
});

/** The mark between blocks is random; it is also the end of the file. */
function withoutSyncMarker(bytes: Buffer): Buffer {
  const marker = bytes.subarray(-16).toString('latin1');
  return Buffer.from(bytes.toString('latin1').replaceAll(marker, ''), 'latin1');
}
