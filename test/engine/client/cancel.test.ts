import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createClient, createPool, isCancelledError } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { ENDLESS, ENDLESS_SETTINGS, until } from './support.ts';

describe('cancel', () => {
  const engine = useEngine();
  let client: Client;
  before(() => {
    client = createClient({ ...engine(), pool: createPool({ connections: 2 }) });
  });
  after(() => client.close());

  async function isRunning(queryId: string): Promise<boolean> {
    const watcher = createClient(engine());
    const count = await watcher.rawQuery(
      'SELECT count() FROM system.processes WHERE query_id = {id:String}',
      { params: { id: queryId } },
    );
    return count.text().trim() !== '0';
  }

  it('says stopped only when the query has left the server, with all connections busy', async () => {
    const ids = [`busy-1-${process.pid}`, `busy-2-${process.pid}`];
    const queries = ids.map((queryId) =>
      client.rawQuery(ENDLESS, { queryId, settings: ENDLESS_SETTINGS }).catch((e: unknown) => e),
    );
    await until(async () => (await Promise.all(ids.map(isRunning))).every(Boolean));
    for (const id of ids) {
      assert.equal((await client.cancel(id)).outcome, 'stopped');
      assert.equal(await isRunning(id), false);
    }
    for (const error of await Promise.all(queries)) {
      assert.equal((error as { code?: number }).code, 394);
    }
  });

  it('says notFound for a query that does not run', async () => {
    assert.equal((await client.cancel('no-such-query')).outcome, 'notFound');
  });

  it('says stillRunning when the query does not stop in time', async () => {
    const queryId = `stubborn-${process.pid}`;
    const query = client
      .rawQuery('SELECT sleepEachRow(1.5) FROM numbers(2) SETTINGS max_block_size = 2', { queryId })
      .catch((e: unknown) => e);
    await until(() => isRunning(queryId));
    assert.equal((await client.cancel(queryId, { waitMs: 50 })).outcome, 'stillRunning');
    await query;
  });

  it('ends an aborted call at once and stops its query on the server', async () => {
    const queryId = `aborted-${process.pid}`;
    const abort = new AbortController();
    const query = client.rawQuery(ENDLESS, {
      queryId,
      settings: ENDLESS_SETTINGS,
      signal: abort.signal,
    });
    await until(() => isRunning(queryId));
    const started = performance.now();
    abort.abort();
    const error = await query.then(
      () => undefined,
      (e: unknown) => e,
    );
    assert.ok(isCancelledError(error), String(error));
    assert.ok(performance.now() - started < 200);
    assert.equal((await error.outcome).outcome, 'stopped');
    assert.equal(await isRunning(queryId), false);
  });

  it('does not send a call that was aborted before', async () => {
    const error = await client.rawQuery('SELECT 1', { signal: AbortSignal.abort() }).then(
      () => undefined,
      (e: unknown) => e,
    );
    assert.ok(isCancelledError(error));
    assert.equal((await error.outcome).outcome, 'notFound');
  });

  async function caught(call: Promise<unknown>): Promise<unknown> {
    return call.then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  it('ends a call that waits for a connection, which the server never sees', async () => {
    const pool = createPool({ connections: 1 });
    const narrow = createClient({ ...engine(), pool });
    const busy = `one-and-only-${process.pid}`;
    const running = caught(narrow.rawQuery(ENDLESS, { queryId: busy, settings: ENDLESS_SETTINGS }));
    await until(() => isRunning(busy));
    await narrow
      .command('CREATE TABLE untouched (a UInt8) ENGINE = Memory', {
        signal: AbortSignal.timeout(100),
      })
      .then(
        () => assert.fail('it was not cancelled'),
        async (error: unknown) => {
          assert.ok(isCancelledError(error), String(error));
          assert.deepEqual([error.ambiguous, (await error.outcome).outcome], [false, 'notFound']);
        },
      );
    assert.equal((await narrow.cancel(busy)).outcome, 'stopped');
    await running;
    const exists = await client.rawQuery('EXISTS TABLE untouched');
    assert.equal(exists.text(), '0\n');
    await narrow.close();
    await pool.close();
  });

  it('ends a call that waits for its session', async () => {
    const session = client.session();
    const first = session.rawQuery('SELECT sleep(0.4)');
    const error = await caught(session.rawQuery('SELECT 2', { signal: AbortSignal.timeout(50) }));
    assert.ok(isCancelledError(error), String(error));
    assert.equal(session.waiting, 0);
    await first;
    await session.close();
  });

  it('ends a call that still connects', async () => {
    // Accepts connections and never answers the TLS greeting.
    const silent = createServer();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const far = createClient({ url: `https://127.0.0.1:${port}` });
    const started = performance.now();
    const error = await caught(far.rawQuery('SELECT 1', { signal: AbortSignal.timeout(100) }));
    assert.ok(isCancelledError(error), String(error));
    assert.equal((await error.outcome).outcome, 'notFound');
    assert.ok(performance.now() - started < 1_000);
    await far.close();
    silent.close();
  });

  it('ends a stream that is being read', async () => {
    const abort = new AbortController();
    const queryId = `read-${process.pid}`;
    const stream = await client.rawStream('SELECT number FROM system.numbers', {
      queryId,
      signal: abort.signal,
    });
    const error = await caught(
      (async () => {
        for await (const chunk of stream) if (chunk.length > 0) abort.abort();
      })(),
    );
    assert.ok(isCancelledError(error), String(error));
    assert.equal((await error.outcome).outcome, 'stopped');
    assert.equal(await isRunning(queryId), false);
    assert.equal(await caught(stream.done), error);
  });

  it('ends a stream that nobody reads', async () => {
    const abort = new AbortController();
    const queryId = `unread-${process.pid}`;
    const stream = await client.rawStream('SELECT number FROM system.numbers', {
      queryId,
      signal: abort.signal,
    });
    abort.abort();
    assert.ok(isCancelledError(await caught(stream.done)));
    await until(async () => !(await isRunning(queryId)));
  });

  it('stops what runs when the client is closed', async () => {
    const short = createClient(engine());
    const queryId = `closed-${process.pid}`;
    const query = short
      .rawQuery(ENDLESS, { queryId, settings: ENDLESS_SETTINGS })
      .catch((e: unknown) => e);
    await until(() => isRunning(queryId));
    await short.close();
    assert.ok(isCancelledError(await query));
    assert.equal(await isRunning(queryId), false);
  });
});
