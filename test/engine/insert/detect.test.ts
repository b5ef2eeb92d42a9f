import assert from 'node:assert/strict';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createClient, isFileError } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { FORMATS } from '../../../src/core/transfer/formats.ts';
import { planInsert, type InsertPlan } from '../../../src/core/transfer/insertPlan.ts';
import { insertSources } from '../../../src/core/transfer/insertSources.ts';
import { inspectFile } from '../../../src/core/transfer/sourceFile.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';

const ROWS = `SELECT toInt32(number) AS id, concat('it''s "', toString(number), '", \\\\N') AS name,
  toDateTime(number, 'UTC') AS at, [number, 1] AS list FROM numbers(300)`;

/** Recognized by what they begin with, whatever they are called. */
const PROVEN = [
  'Parquet',
  'ORC',
  'Arrow',
  'ArrowStream',
  'Avro',
  'Native',
  'BSONEachRow',
  'RowBinaryWithNamesAndTypes',
];
/** By their first lines; several look alike and read alike. */
const LINES: Readonly<Record<string, string>> = {
  JSONEachRow: 'JSONEachRow',
  JSONStringsEachRow: 'JSONEachRow',
  JSONObjectEachRow: 'JSONEachRow',
  JSONColumns: 'JSONEachRow',
  JSON: 'JSON',
  JSONCompact: 'JSONCompact',
  JSONColumnsWithMetadata: 'JSONColumnsWithMetadata',
  JSONCompactEachRow: 'JSONCompactEachRow',
  JSONCompactEachRowWithNames: 'JSONCompactEachRowWithNames',
  JSONCompactEachRowWithNamesAndTypes: 'JSONCompactEachRowWithNamesAndTypes',
  TSV: 'TabSeparatedWithNames',
  TSVWithNames: 'TabSeparatedWithNames',
  TSVWithNamesAndTypes: 'TabSeparatedWithNamesAndTypes',
  TSKV: 'TSKV',
  CSV: 'CSVWithNames',
  CSVWithNames: 'CSVWithNames',
  CSVWithNamesAndTypes: 'CSVWithNamesAndTypes',
};

describe('what a file is, by its content', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  beforeEach(async () => {
    await client.command('DROP TABLE IF EXISTS target SYNC');
    await client.command(`CREATE TABLE target ENGINE = Memory EMPTY AS ${ROWS}`);
  });
  after(() => client.close());

  const at = (name: string): string => join(folder(), name);
  async function saved(name: string, format: string, sql = ROWS): Promise<string> {
    await client.saveTo(sql, at(`${name}.part`), { format, compression: 'none', overwrite: true });
    await rename(at(`${name}.part`), at(name));
    return at(name);
  }
  const look = (path: string): Promise<InsertPlan> =>
    planInsert(client.rawQuery.bind(client), { path, table: 'target', trust: 'content' });

  /** Inserts as it was planned, and compares with what was saved. */
  async function arrives(plan: InsertPlan): Promise<void> {
    const { path, format, settings } = plan;
    const contentEncoding = plan.coding ?? 'none';
    await client.insertFile({ table: 'target', path, format, settings, contentEncoding });
    const sum = 'SELECT count(), sum(cityHash64(*)) FROM';
    const [there, wanted] = await Promise.all(
      [`${sum} target`, `${sum} (${ROWS})`].map(async (sql) => (await client.rawQuery(sql)).text()),
    );
    assert.equal(there, wanted);
  }

  for (const format of PROVEN) {
    it(`is ${format} under any name, also compressed, and is read so`, async () => {
      const path = await saved('x.data', format);
      const plan = await look(path);
      assert.deepEqual([plan.format, plan.formatBy], [format, 'content']);
      assert.match(plan.remarks.join(), /name does not tell the format/);
      await arrives(plan);
      // Proven bytes need no look of the user.
      assert.equal((await inspectFile(path, {})).format, format);

      const bytes = await readFile(path);
      await writeFile(at('x.bin.gz'), gzipSync(bytes));
      assert.equal((await look(at('x.bin.gz'))).format, format);
      await writeFile(at('x.csv'), bytes);
      const other = await look(at('x.csv'));
      assert.equal(other.format, format);
      assert.deepEqual(other.remarks, [
        `The name ends in .csv, but the content is ${format}: it is read as ${format}.`,
      ]);
    });
  }

  for (const [format, read] of Object.entries(LINES)) {
    it(`looks like ${format} by its first lines`, async () => {
      assert.equal(
        (await inspectFile(await saved('x', format), { trust: 'content' })).format,
        read,
      );
      assert.equal(
        (await inspectFile(await saved('x.txt', format), { trust: 'content' })).format,
        read,
      );
    });
  }

  for (const format of ['JSONEachRow', 'TSV', 'TSVWithNames', 'CSV', 'JSONCompactEachRow']) {
    it(`arrives from .txt and without suffix: ${format}`, async () => {
      for (const name of ['x.txt', 'x']) {
        const plan = await look(await saved(name, format));
        await client.command('TRUNCATE TABLE target');
        await arrives(plan);
      }
    });
  }

  it('is never another binary format than it is', async () => {
    for (const { name } of FORMATS.filter((one) => one.output && !one.needsSchema)) {
      const sql = name === 'Npy' ? 'SELECT 1.5 AS c' : name === 'RawBLOB' ? "SELECT 'x'" : ROWS;
      const path = await saved('x.data', name, sql).catch(() => undefined);
      if (path === undefined) continue;
      const found = await inspectFile(path, {}).then(
        (file) => file.format,
        () => undefined,
      );
      assert.ok(found === undefined || found === name, `${name} taken for ${String(found)}`);
    }
  });

  it('is what its coding says: a compressed file without the suffix, and a plain one with it', async () => {
    const bytes = await readFile(await saved('x.csv', 'CSVWithNames'));
    await writeFile(at('hidden.csv'), gzipSync(bytes));
    const hidden = await look(at('hidden.csv'));
    assert.equal(hidden.coding, 'gzip');
    assert.deepEqual(hidden.remarks, ['The name does not say so, but it is gzip-compressed.']);
    await arrives(hidden);
    await client.command('TRUNCATE TABLE target');
    await writeFile(at('plain.csv.gz'), bytes);
    const plain = await look(at('plain.csv.gz'));
    assert.equal(plain.coding, undefined);
    assert.deepEqual(plain.remarks, ['The name says gzip, but it is not compressed.']);
    await arrives(plain);
  });

  it('opens for the engine whatever it is called', async () => {
    const bytes = await readFile(await saved('x.parquet', 'Parquet'));
    await writeFile(at('packed'), gzipSync(bytes));
    const query = client.rawQuery.bind(client);
    const options = { path: at('packed'), trust: 'content', serverReadsFiles: true } as const;
    const { fileColumns } = await planInsert(query, options);
    assert.deepEqual(
      fileColumns?.map(({ name }) => name),
      ['id', 'name', 'at', 'list'],
    );
  });

  it('stays text that only begins like something else', async () => {
    await writeFile(at('x.csv'), 'PAR1,id\nx,1\n');
    assert.equal((await look(at('x.csv'))).format, 'CSVWithNames');
    await writeFile(at('y.txt'), 'ORC is not far from here.\nObj too.\n');
    assert.equal((await look(at('y.txt'))).format, 'LineAsString');
  });

  it('is lines for a table of one text column', async () => {
    await client.command('CREATE OR REPLACE TABLE target (line String) ENGINE = Memory');
    const path = await saved('x.log', 'JSONEachRow');
    const { format, remarks } = await look(path);
    assert.deepEqual([format, remarks], ['LineAsString', []]);
  });

  const refused: [name: string, content: string | Uint8Array, code: string, said: RegExp][] = [
    ['x.parquet', 'a,b\n1,2\n', 'FORMAT', /does not begin like a Parquet file/],
    ['x.what', 'just words\n', 'FORMAT', /Neither name nor content/],
    ['x.log', '12:00:00,001 a\n12:00:00,002 b\n', 'FORMAT', /Neither name nor content/],
    ['x.xlsx', 'PK\x03\x04', 'MAGIC', /workbook/],
    ['x.tar', `${'\0'.repeat(257)}ustar\0`, 'MAGIC', /tar archive/],
    ['x.tar.gz', gzipSync(`${'\0'.repeat(257)}ustar\0`), 'MAGIC', /tar archive/],
    ['x', Buffer.from('\ufeffa,b', 'utf16le'), 'ENCODING', /UTF-16/],
  ];
  for (const [name, content, code, said] of refused) {
    it(`cannot be found out, or not be read: ${name}, ${code}`, async () => {
      await writeFile(at(name), content);
      await assert.rejects(
        look(at(name)),
        (error) => isFileError(error) && error.code === code && said.test(error.message),
      );
    });
  }

  it('is found in folders also without a suffix', async () => {
    await mkdir(at('out'));
    const part = await saved(join('out', 'part-0000'), 'Parquet');
    await writeFile(at('out/notes'), '{"not":"data"}\n');
    assert.deepEqual(await insertSources([at('out')]), {
      files: [part],
      others: [at('out/notes')],
    });
  });
});
