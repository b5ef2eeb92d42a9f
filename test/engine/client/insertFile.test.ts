import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createClient, isClickHouseError, isFileError } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { planInsert } from '../../../src/core/transfer/insertPlan.ts';
import { useEngine } from '../fixture.ts';
import { useFolder } from './support.ts';

const ROWS = 'SELECT toInt32(number) AS a, toString(number) AS b FROM numbers(5000)';

describe('insertFile', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(async () => {
    client = createClient(engine());
    await client.command('CREATE TABLE target (a Int32, b String) ENGINE = MergeTree ORDER BY a');
  });
  beforeEach(() => client.command('TRUNCATE TABLE target'));
  after(() => client.close());

  const path = (name: string): string => join(folder(), name);

  async function sums(): Promise<string> {
    const result = await client.rawQuery('SELECT count(), sum(a), sum(toUInt64(b)) FROM target', {
      format: 'CSV',
    });
    return result.text().trim();
  }

  const files: [string, string, 'none' | 'gzip' | 'zstd' | 'br' | 'xz' | 'lz4'][] = [
    ['names.csv', 'CSVWithNames', 'none'],
    ['bare.csv', 'CSV', 'none'],
    ['names.tsv', 'TSVWithNames', 'none'],
    ['bare.tsv', 'TSV', 'none'],
    ['x.jsonl', 'JSONEachRow', 'none'],
    ['x.parquet', 'Parquet', 'none'],
    ['x.arrow', 'Arrow', 'none'],
    ['x.arrows', 'ArrowStream', 'none'],
    ['x.native', 'Native', 'none'],
    ['x.orc', 'ORC', 'none'],
    ['x.avro', 'Avro', 'none'],
    ['names.csv.gz', 'CSVWithNames', 'gzip'],
    ['bare.csv.gz', 'CSV', 'gzip'],
    ['bare.tsv.zst', 'TSV', 'zstd'],
    ['x.jsonl.br', 'JSONEachRow', 'br'],
    ['x.jsonl.xz', 'JSONEachRow', 'xz'],
    ['x.jsonl.lz4', 'JSONEachRow', 'lz4'],
  ];
  for (const [name, format, compression] of files) {
    it(`reads back what was saved as ${name}`, async () => {
      await client.saveTo(ROWS, path(name), { format, compression });
      const seen: number[] = [];
      const summary = await client.insertFile({
        table: 'target',
        path: path(name),
        onProgress: ({ bytes, totalBytes }) => seen.push(bytes / (totalBytes ?? NaN)),
      });
      assert.equal(summary.writtenRows, 5000);
      assert.equal(seen.at(-1), 1);
      assert.equal(await sums(), '5000,12497500,12497500');
    });
  }

  it('fills columns by name, whatever their order', async () => {
    await writeFile(path('order.csv'), 'b,a\n7,1\n8,2\n');
    await client.insertFile({ table: 'target', path: path('order.csv') });
    assert.equal(await sums(), '2,3,15');
  });

  it('inserts an empty file as no rows', async () => {
    await writeFile(path('empty.csv'), '');
    const summary = await client.insertFile({ table: 'target', path: path('empty.csv') });
    assert.equal(summary.writtenRows, 0);
  });

  it('inserts into a temporary table of a session', async () => {
    const session = client.session();
    await session.command('CREATE TEMPORARY TABLE mine (a Int32, b String)');
    await writeFile(path('session.csv'), '1,x\n');
    const summary = await session.insertFile({ table: 'mine', path: path('session.csv') });
    assert.equal(summary.writtenRows, 1);
    await session.close();
  });

  it('refuses files that are not what their name says', async () => {
    await writeFile(path('fake.parquet'), 'a,b\n');
    await writeFile(path('fake.csv.gz'), 'a,b\n');
    await writeFile(path('hidden.csv'), Buffer.from([0x1f, 0x8b, 0x08, 0]));
    await writeFile(path('packed.csv'), 'PK\x03\x04');
    await writeFile(path('unknown.bin2'), 'x');
    const codes: [string, string][] = [
      ['fake.parquet', 'MAGIC'],
      ['fake.csv.gz', 'MAGIC'],
      ['hidden.csv', 'MAGIC'],
      ['packed.csv', 'MAGIC'],
      ['unknown.bin2', 'FORMAT'],
      ['missing.csv', 'ENOENT'],
      ['.', 'EISDIR'],
    ];
    for (const [name, code] of codes) {
      await assert.rejects(
        client.insertFile({ table: 'target', path: path(name) }),
        (error) => isFileError(error) && error.code === code,
        name,
      );
    }
    assert.equal(await sums(), '0,0,0');
  });

  it('finds a missing table and unknown columns before it sends anything', async () => {
    await writeFile(path('ok.csv'), '1,2\n');
    const sent: number[] = [];
    const onProgress = ({ bytes }: { bytes: number }): unknown => sent.push(bytes);
    await assert.rejects(
      client.insertFile({ table: 'nowhere', path: path('ok.csv'), onProgress }),
      (error) => isClickHouseError(error) && error.code === 60 && !error.ambiguous,
    );
    await assert.rejects(
      client.insertFile({ table: 'target', columns: ['zz'], path: path('ok.csv'), onProgress }),
      { kind: 'usage' },
    );
    assert.deepEqual(sent, []);
  });

  it('says that rows may have been written when the data is bad', async () => {
    await writeFile(path('bad.csv'), '1,2\nx,y\n');
    await assert.rejects(
      client.insertFile({ table: 'target', format: 'CSV', path: path('bad.csv') }),
      (error) => isClickHouseError(error) && error.ambiguous,
    );
  });

  describe('planInsert', () => {
    it('compares the columns of the file with those of the table', async () => {
      await writeFile(path('plan.csv'), 'a,other\n1,x\n');
      const plan = await planInsert(client.rawQuery.bind(client), {
        path: path('plan.csv'),
        table: 'target',
      });
      assert.equal(plan.format, 'CSVWithNames');
      assert.deepEqual(plan.fileColumns, [
        { name: 'a', type: 'Nullable(Int64)' },
        { name: 'other', type: 'Nullable(String)' },
      ]);
      assert.deepEqual(
        plan.missing.map((column) => column.name),
        ['b'],
      );
      assert.deepEqual(
        plan.extra.map((column) => column.name),
        ['other'],
      );
    });

    for (const serverReadsFiles of [true, false]) {
      const reader = serverReadsFiles ? 'the engine' : 'a server';
      it(`tells why ${reader} cannot read a file, in one line without codes`, async () => {
        await writeFile(path('ragged.csv'), 'a,b\n1,one\n2,two\n3,bad,extra\n');
        const plan = await planInsert(client.rawQuery.bind(client), {
          path: path('ragged.csv'),
          table: 'target',
          serverReadsFiles,
        });
        // The first row still has the names.
        assert.deepEqual(
          plan.fileColumns?.map(({ name }) => name),
          ['a', 'b'],
        );
        assert.equal(plan.unreadable, 'Rows have different amount of values.');
      });
    }

    it('knows an empty file, compressed or not', async () => {
      await writeFile(path('empty.csv'), '');
      await writeFile(path('empty.csv.gz'), gzipSync(''));
      for (const name of ['empty.csv', 'empty.csv.gz']) {
        const plan = await planInsert(client.rawQuery.bind(client), {
          path: path(name),
          table: 'target',
          serverReadsFiles: true,
        });
        assert.deepEqual([plan.isEmpty, plan.unreadable], [true, undefined], name);
      }
    });

    it('blames no file for what the server itself lacks', async () => {
      await writeFile(path('plan.csv'), 'a,b\n1,x\n');
      const plan = await planInsert(client.rawQuery.bind(client), {
        path: path('plan.csv'),
        table: 'target',
        format: 'NoSuchFormat',
        serverReadsFiles: true,
      });
      assert.deepEqual([plan.fileColumns, plan.unreadable], [undefined, undefined]);
    });

    it('reads a binary file on the local engine', async () => {
      await client.saveTo(ROWS, path('plan.parquet'), { format: 'Parquet' });
      const plan = await planInsert(client.rawQuery.bind(client), {
        path: path('plan.parquet'),
        table: 'target',
        serverReadsFiles: true,
      });
      assert.deepEqual(plan.fileColumns, [
        { name: 'a', type: 'Int32' },
        { name: 'b', type: 'String' },
      ]);
      assert.deepEqual([plan.missing, plan.extra], [[], []]);
    });
  });
});
