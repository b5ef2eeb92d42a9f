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

  const OTHERWISE: [name: string, content: string, looks: string | undefined][] = [
    ['x.csv', '{"id":1,"name":"a"}\n{"id":2,"name":"b"}\n', 'JSONEachRow'],
    ['x.csv', '["id","name"]\n[1,"a"]\n', 'JSONCompactEachRowWithNames'],
    ['x.csv', 'id\tname\n1\ta\n', 'TabSeparatedWithNames'],
    ['x.csv', 'id,name\nInt32,String\n1,a\n', 'CSVWithNamesAndTypes'],
    ['x.csv.gz', '{"id":1}\n', 'JSONEachRow'],
    ['x.tsv', 'id,name\n1,a\n', 'CSVWithNames'],
    ['x.jsonl', 'id,name\n1,a\n', 'CSVWithNames'],
    ['x.ndjson', '[1,"a"]\n[2,"b"]\n', 'JSONCompactEachRow'],
    ['x.csv', 'id,name\n1,"a\tb"\n', undefined],
    ['x.csv', 'id;name\n1;a\n', undefined],
    ['x.csv', '"a\tb",c\n"1\t2",3\n', undefined],
    ['x.csv', '"{""id"":1}"\n', undefined],
    ['x.tsv', 'id\tname\n1\ta, b\n', undefined],
    ['x.tsv', 'Bern, Switzerland\nRome, Italy\n', undefined],
    ['x.tsv', 'red,blue\ngreen,white\n', undefined],
    ['x.tsv', '3,14\n2,71\n', undefined],
    ['x.tsv', '"a","b"\n"c","d"\n', 'CSVWithNames'],
    ['x.jsonl', '{"id":1}\n', undefined],
    ['x.jsonstringseachrow', '{"id":"1"}\n', undefined],
  ];
  for (const [name, content, looks] of OTHERWISE) {
    it(`is what its name says until told otherwise: ${name}, ${JSON.stringify(content)}`, async () => {
      await writeFile(at(name), name.endsWith('.gz') ? gzipSync(content) : content);
      const file = await inspectFile(at(name), { trust: 'content' });
      assert.deepEqual([file.formatBy, file.other?.format], ['name', looks]);
      const told = await inspectFile(at(name), { trust: 'lines' });
      assert.equal(told.format, looks ?? file.format);
      assert.equal((await inspectFile(at(name), {})).other, undefined);
    });
  }

  it('arrives from a wrong name when it is read as it looks', async () => {
    const path = await saved('x.csv', 'TSV');
    const query = client.rawQuery.bind(client);
    const plan = await planInsert(query, { path, table: 'target', trust: 'lines' });
    assert.equal(plan.format, 'TabSeparated');
    await arrives(plan);
  });

  it('has names in a first line of JSON that are columns of the table, also above texts', async () => {
    await client.command('CREATE OR REPLACE TABLE target (a String, b String) ENGINE = Memory');
    await writeFile(at('x.json'), '["b","a"]\n["2","1"]\n');
    const named = await look(at('x.json'));
    assert.equal(named.format, 'JSONCompactEachRowWithNames');
    assert.match(named.remarks.join(), /first line names columns of the table/);
    await client.insertFile({ table: 'target', path: at('x.json'), format: named.format });
    assert.equal((await client.rawQuery('SELECT * FROM target')).text(), '1\t2\n');
    await writeFile(at('x.json'), '["b","x"]\n["2","1"]\n');
    assert.equal((await look(at('x.json'))).format, 'JSONCompactEachRow');
    await writeFile(at('x.json'), '["u","v"]\n["UInt8","String"]\n[1,"x"]\n');
    const typed = await look(at('x.json'));
    assert.equal(typed.format, 'JSONCompactEachRowWithNamesAndTypes');
    assert.match(typed.remarks.join(), /first line names the columns/);
  });

  it('is no empty file when its compressed data break off', async () => {
    const packed = gzipSync(await readFile(await saved('x.csv', 'CSVWithNames')));
    for (const bytes of [5, 12, packed.length - 5]) {
      await writeFile(at('x.csv.gz'), packed.subarray(0, bytes));
      const { isEmpty, remarks, unreadable } = await look(at('x.csv.gz'));
      assert.equal(isEmpty, false);
      if (bytes === 5) assert.match(unreadable ?? '', /Too little of its compressed data/);
      assert.match(remarks.join(), /cut off: it ends in the middle of its gzip data/);
    }
    await writeFile(at('x.csv.gz'), gzipSync(''));
    assert.deepEqual([(await look(at('x.csv.gz'))).isEmpty], [true]);
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
