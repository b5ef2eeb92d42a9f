import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  createClient,
  isAuthError,
  isClickHouseError,
  isResultTooLargeError,
} from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { curl, until, useFolder } from './support.ts';

describe('client calls', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  it('answers ping and tells who the server is', async () => {
    const ping = await client.ping();
    assert.equal(ping.ok, true);
    const info = await client.serverInfo();
    assert.match(info.version, /^\d+\.\d+/);
    assert.equal(info.user, engine().username);
    assert.equal(info.readonly, 0);
  });

  it('reports a wrong password as its own kind, by ping too', async () => {
    const stranger = createClient({ ...engine(), password: 'wrong' });
    await assert.rejects(stranger.rawQuery('SELECT 1'), isAuthError);
    const ping = await stranger.ping();
    assert.ok(!ping.ok && isAuthError(ping.error));
  });

  for (const sql of [
    'SELECT 1 AS x',
    'SELECT 1 AS x;',
    'SELECT 1 AS x -- end',
    'SELECT 1 AS x FORMAT CSV',
  ]) {
    it(`gives the bytes that curl gets for: ${sql}`, async () => {
      const result = await client.rawQuery(sql, { format: 'CSVWithNames' });
      const expected = await curl(engine(), sql, { default_format: 'CSVWithNames' });
      assert.deepEqual(Buffer.from(result.bytes), expected);
    });
  }

  it('gives the format, the query id and final numbers with a buffered result', async () => {
    const result = await client.rawQuery('SELECT number FROM numbers(1000)', {
      format: 'CSV',
      queryId: 'my-own-id',
    });
    assert.equal(result.meta.queryId, 'my-own-id');
    assert.equal(result.meta.format, 'CSV');
    assert.equal(result.meta.summary?.resultRows, 1000);
  });

  it('stops a result that is larger than allowed', async () => {
    await assert.rejects(
      client.rawQuery('SELECT number FROM numbers(1000000)', { maxBytes: 1_000 }),
      isResultTooLargeError,
    );
  });

  it('keeps name, code and place of a syntax error', async () => {
    await assert.rejects(client.rawQuery('SELECT 1 FRM x y'), (error) => {
      assert.ok(isClickHouseError(error));
      assert.equal(error.code, 62);
      assert.equal(error.errorName, 'SYNTAX_ERROR');
      assert.deepEqual(error.position, { offset: 14, line: 1, column: 14 });
      return true;
    });
  });

  for (const compression of ['none', 'gzip', 'br', 'deflate', 'zstd'] as const) {
    it(`streams the same bytes with compression ${compression}, whoever reads slowly`, async () => {
      const sql = 'SELECT number, toString(number) FROM numbers(200000)';
      const expected = await curl(engine(), sql, { default_format: 'CSV' });
      const stream = await client.rawStream(sql, { format: 'CSV', compression });
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) {
        chunks.push(chunk);
        if (chunks.length % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      assert.ok(Buffer.concat(chunks).equals(expected));
      assert.equal((await stream.done).bytes, expected.length);
    });
  }

  it('gives a Node stream', async () => {
    const stream = await client.rawStream('SELECT number FROM numbers(100000)', { format: 'CSV' });
    let bytes = 0;
    for await (const chunk of stream.toReadable()) bytes += (chunk as Buffer).length;
    assert.equal(bytes, 588_890);
  });

  it('can be read once', async () => {
    const stream = await client.rawStream('SELECT 1');
    stream.toReadable().resume();
    await stream.done;
    assert.throws(() => stream.toReadable(), { kind: 'usage' });
  });

  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    it(`throws an error in the middle of a stream, with compression ${compression}`, async () => {
      const stream = await client.rawStream(
        'SELECT throwIf(number = 3000000), sipHash64(number) FROM numbers(5000000)',
        { format: 'CSV', compression, settings: { max_block_size: 1_000 } },
      );
      let bytes = 0;
      await assert.rejects(
        async () => {
          for await (const chunk of stream) bytes += chunk.length;
        },
        (error) => isClickHouseError(error) && error.code === 395,
      );
      assert.ok(bytes > 0);
      await assert.rejects(stream.done, isClickHouseError);
    });
  }

  it('kills the query when the reader leaves early', async () => {
    const queryId = `left-early-${process.pid}`;
    const stream = await client.rawStream('SELECT number FROM system.numbers', {
      format: 'CSV',
      queryId,
    });
    for await (const chunk of stream) if (chunk.length > 0) break;
    await until(async () => {
      const left = await client.rawQuery(
        'SELECT count() FROM system.processes WHERE query_id = {id:String}',
        { params: { id: queryId } },
      );
      return left.text().trim() === '0';
    });
  });

  it('reports progress while a query runs', async () => {
    const seen: number[] = [];
    await client.rawQuery('SELECT sum(sleepEachRow(0.01)) FROM numbers(120)', {
      settings: { max_block_size: 10, function_sleep_max_microseconds_per_block: 0 },
      onProgress: (progress) => seen.push(progress.readRows),
    });
    assert.ok(seen.length > 0 && Math.max(...seen) > 0, seen.join(' '));
  });

  describe('rawInsert', () => {
    before(() =>
      client.command('CREATE TABLE sink (a UInt32, b String) ENGINE = MergeTree ORDER BY a'),
    );

    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('1,x');
      await Promise.resolve();
      yield Buffer.from('\n2,y\n');
    }
    const sources = {
      text: () => '1,x\n2,y\n',
      bytes: () => Buffer.from('1,x\n2,y\n'),
      iterable: () => ['1,x\n', '2,y\n'],
      'async iterable': pieces,
      stream: () => Readable.from([Buffer.from('1,x\n2,y\n')]),
      blob: () => new Blob(['1,x\n2,y\n']),
    };
    for (const [name, source] of Object.entries(sources)) {
      it(`sends ${name}`, async () => {
        await client.command('TRUNCATE TABLE sink');
        const summary = await client.rawInsert({
          table: 'sink',
          columns: ['a', 'b'],
          format: 'CSV',
          source: source(),
          settings: { async_insert: 0 },
        });
        assert.equal(summary.writtenRows, 2);
        assert.equal(summary.bytes, 8);
        const rows = await client.rawQuery('SELECT * FROM sink ORDER BY a', { format: 'CSV' });
        assert.equal(rows.text(), '1,"x"\n2,"y"\n');
      });
    }

    it('says when nothing can have been written', async () => {
      await assert.rejects(
        client.rawInsert({ table: 'nowhere', format: 'CSV', source: '1' }),
        (error) => isClickHouseError(error) && error.code === 60 && !error.ambiguous,
      );
    });

    it('says when something may have been written', async () => {
      await assert.rejects(
        client.rawInsert({ table: 'sink', format: 'CSV', source: '1,x\nnonsense,y\n' }),
        (error) => isClickHouseError(error) && error.ambiguous,
      );
    });

    it('refuses what is no table name', async () => {
      await assert.rejects(
        client.rawInsert({ table: 'sink FORMAT CSV; DROP', format: 'CSV', source: '' }),
        { kind: 'usage' },
      );
    });
  });

  it('sends a setting that is a map', async () => {
    await client.command('CREATE TABLE filtered ENGINE = Memory AS SELECT number FROM numbers(5)');
    const result = await client.rawQuery('SELECT number FROM filtered', {
      settings: { additional_table_filters: { filtered: "number > 3 AND 'it\\'s' != ''" } },
    });
    assert.equal(result.text(), '4\n');
  });

  it('asks for roles', async () => {
    for (const role of ['no such role', ['no such role', 'nor this']]) {
      await assert.rejects(client.rawQuery('SELECT 1', { role }), { code: 511 });
    }
  });

  it('runs in another database', async () => {
    await client.command('CREATE DATABASE other');
    const result = await client.rawQuery('SELECT currentDatabase()', { database: 'other' });
    assert.equal(result.text(), 'other\n');
  });

  it('sends several external tables, one streamed from disk, with a long statement', async () => {
    const path = join(folder(), 'ids.tsv');
    await writeFile(path, Array.from({ length: 100_000 }, (_, id) => `${id}\n`).join(''));
    const sql = `SELECT count(), sum(id), any(word) FROM ids, words
      WHERE id >= {least:UInt32} -- ${'x'.repeat(20_000)}`;
    const result = await client.rawQuery(sql, {
      params: { least: 99_998 },
      externalData: {
        ids: { source: createReadStream(path), format: 'TSV', structure: 'id UInt64' },
        words: { source: ['"a\r\n--b"\n'], format: 'CSV', structure: 'word String' },
      },
      format: 'CSV',
    });
    assert.equal(result.text(), '2,199997,"a\r\n--b"\n');
  });

  it('refuses a name that cannot name an external table', async () => {
    const externalData = { 'a b': { source: '', format: 'TSV', structure: 'a UInt8' } };
    await assert.rejects(client.rawQuery('SELECT 1', { externalData }), { kind: 'usage' });
  });

  it('reports the progress of any query, until it is gone', async () => {
    const queryId = `watched-${process.pid}`;
    const seen: number[] = [];
    const query = client.rawQuery('SELECT sum(sleepEachRow(0.01)) FROM numbers(120)', {
      queryId,
      settings: { max_block_size: 10, function_sleep_max_microseconds_per_block: 0 },
    });
    const watch = client.progress(queryId, (progress) => seen.push(progress.readRows));
    await query;
    await watch.done;
    assert.ok(seen.length > 0 && seen.every((rows, index) => rows >= (seen[index - 1] ?? 0)));
  });

  it('runs many calls at once, more than there are connections', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => client.rawQuery(`SELECT ${index}`)),
    );
    assert.deepEqual(
      answers.map((answer) => answer.text().trim()),
      Array.from({ length: 40 }, (_, index) => String(index)),
    );
  });

  it('refuses calls after close', async () => {
    const closed = createClient(engine());
    await closed.close();
    await assert.rejects(closed.rawQuery('SELECT 1'), { kind: 'usage' });
  });
});
