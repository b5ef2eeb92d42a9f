import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { until } from './support.ts';

const MIB = 1024 * 1024;

describe('rawStream in depth', () => {
  const engine = useEngine();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  async function readRows(queryId: string): Promise<number | undefined> {
    const result = await client.rawQuery(
      'SELECT read_rows FROM system.processes WHERE query_id = {id:String}',
      { params: { id: queryId } },
    );
    return result.text() === '' ? undefined : Number(result.text());
  }

  /** Waits until the server has stopped producing rows, and gives how many it had read. */
  async function stalledAt(queryId: string): Promise<number> {
    let before = -1;
    let rows = 0;
    await until(async () => {
      await delay(300);
      before = rows;
      rows = (await readRows(queryId)) ?? 0;
      return rows > 0 && rows === before;
    }, 20_000);
    return rows;
  }

  for (const compression of ['none', 'gzip'] as const) {
    it(`stops the server when the reader stops, with compression ${compression}`, async () => {
      const queryId = `stalled-${compression}-${process.pid}`;
      const stream = await client.rawStream('SELECT sipHash64(number) FROM numbers(2000000000)', {
        format: 'CSV',
        compression,
        queryId,
      });
      const reader = stream[Symbol.asyncIterator]();
      await reader.next();
      const memory = process.memoryUsage().rss;
      const rows = await stalledAt(queryId);
      assert.ok(rows < 20_000_000, `the server had read ${rows} rows`);
      assert.ok(process.memoryUsage().rss - memory < 48 * MIB);
      // It goes on where it stopped.
      for (let read = 0; read < 32 * MIB;) {
        const { value } = (await reader.next()) as { value: Uint8Array };
        read += value.length;
      }
      await until(async () => ((await readRows(queryId)) ?? 0) > rows);
      await reader.return?.();
      await until(async () => (await readRows(queryId)) === undefined);
    }).timeout(60_000);
  }

  it('pauses by way of a Node stream too, and destroying it stops the query', async () => {
    const queryId = `readable-${process.pid}`;
    const stream = await client.rawStream('SELECT number FROM numbers(2000000000)', { queryId });
    const readable = stream.toReadable();
    readable.once('readable', () => {
      readable.read(1);
    });
    const rows = await stalledAt(queryId);
    assert.ok(rows < 20_000_000, `the server had read ${rows} rows`);
    readable.destroy();
    await until(async () => (await readRows(queryId)) === undefined);
    await assert.rejects(stream.done, { kind: 'cancelled' });
  }).timeout(60_000);

  it('throws for a second reader', async () => {
    const stream = await client.rawStream('SELECT 1');
    for await (const chunk of stream) assert.ok(chunk.length > 0);
    await assert.rejects(
      async () => {
        for await (const chunk of stream) assert.fail(String(chunk.length));
      },
      { kind: 'usage' },
    );
    assert.throws(() => stream.toReadable(), { kind: 'usage' });
  });

  it('is given back at the end of its scope', async () => {
    const queryId = `scope-${process.pid}`;
    const stream = await client.rawStream('SELECT number FROM system.numbers', { queryId });
    await stream[Symbol.asyncDispose]();
    await until(async () => (await readRows(queryId)) === undefined);
  });

  it('has the format before the first byte, and the bytes at the end', async () => {
    const stream = await client.rawStream('SELECT 1 FORMAT JSONEachRow');
    assert.equal(stream.meta.format, 'JSONEachRow');
    let bytes = 0;
    for await (const chunk of stream) bytes += chunk.length;
    assert.equal((await stream.done).bytes, bytes);
  });

  it('uses a few pieces of memory again and again when asked to, slow reader or not', async () => {
    const sql = 'SELECT number, repeat(toString(number), 9) FROM numbers(300000)';
    const expected = createHash('sha256');
    const plain = await client.rawQuery(sql, { format: 'CSV' });
    expected.update(plain.bytes);
    for (const pause of [0, 5]) {
      const found = createHash('sha256');
      const memory = new Set<ArrayBufferLike>();
      for await (const chunk of await client.rawStream(sql, { format: 'CSV', reuseMemory: true })) {
        if (pause > 0) await delay(pause);
        found.update(chunk);
        memory.add(chunk.buffer);
      }
      assert.equal(found.digest('hex'), expected.copy().digest('hex'));
      assert.ok(memory.size <= 8, `${memory.size} pieces of memory`);
    }
    assert.ok(plain.bytes.length > 16 * MIB);
    // Chunks of a Node stream stay as they are.
    const stream = await client.rawStream(sql, { format: 'CSV', reuseMemory: true });
    const chunks = (await stream.toReadable().toArray()) as Buffer[];
    assert.ok(Buffer.concat(chunks).equals(plain.bytes));
  });
});
