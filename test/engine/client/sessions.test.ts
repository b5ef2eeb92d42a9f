import assert from 'node:assert/strict';
import {
  createClient,
  isCancelledError,
  isClickHouseError,
  isSessionBusyError,
  isSessionLostError,
} from '../../../src/core/client/index.ts';
import type { Client, Session } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { ENDLESS, ENDLESS_SETTINGS, until } from './support.ts';

describe('sessions', () => {
  const engine = useEngine();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  async function valueOf(runner: Client | Session, sql: string): Promise<string> {
    return (await runner.rawQuery(sql)).text().trim();
  }

  it('keeps SET, USE and temporary tables to itself', async () => {
    const one = client.session({ label: 'one' });
    const two = client.session({ label: 'two' });
    await one.command('SET max_threads = 3');
    await two.command('SET max_threads = 5');
    await one.command('CREATE TEMPORARY TABLE mine (a UInt8)');
    await one.rawInsert({ table: 'mine', format: 'CSV', source: '7\n' });
    const read = "SELECT getSetting('max_threads')";
    assert.deepEqual(await Promise.all([valueOf(one, read), valueOf(two, read)]), ['3', '5']);
    assert.equal(await valueOf(one, 'SELECT a FROM mine'), '7');
    await assert.rejects(two.rawQuery('SELECT a FROM mine'), { code: 60 });
    await assert.rejects(client.rawQuery('SELECT a FROM mine'), { code: 60 });
    assert.deepEqual(one.holds, {
      statements: ['SET max_threads = 3'],
      temporaryTables: ['mine'],
    });
    await Promise.all([one.close(), two.close()]);
  });

  it('runs statements one after another, in order', async () => {
    const session = client.session();
    await session.command('CREATE TEMPORARY TABLE log (a UInt8)');
    const inserts = Array.from({ length: 10 }, (_, index) =>
      session.rawInsert({ table: 'log', format: 'CSV', source: `${index}\n` }),
    );
    const count = session.rawQuery('SELECT count() FROM log');
    await Promise.all(inserts);
    assert.equal((await count).text().trim(), '10');
    await session.close();
  });

  it('holds its turn until the body is read', async () => {
    const session = client.session();
    const stream = await session.rawStream('SELECT number FROM numbers(3000000)');
    const next = session.rawQuery('SELECT 1');
    assert.deepEqual([session.state, session.waiting], ['busy', 1]);
    let bytes = 0;
    for await (const chunk of stream) bytes += chunk.length;
    assert.equal((await next).text().trim(), '1');
    assert.ok(bytes > 0);
    await session.close();
  });

  it('refuses a second statement when asked to', async () => {
    const session = client.session({ onBusy: 'reject' });
    const first = session.rawQuery('SELECT sleep(0.2)');
    await assert.rejects(session.rawQuery('SELECT 1'), isSessionBusyError);
    await first;
    await session.close();
  });

  it('tells what was lost with a session that the server forgot', async () => {
    const session = client.session({ label: 'tab', timeoutSec: 1 });
    await session.command('SET max_threads = 3');
    await session.command('CREATE TEMPORARY TABLE t (a UInt8)');
    let lost: unknown;
    await until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      lost = await session.rawQuery('SELECT 1').then(
        () => undefined,
        (error: unknown) => error,
      );
      return lost !== undefined;
    }, 20_000);
    assert.ok(isSessionLostError(lost), String(lost));
    assert.deepEqual(lost.lost, {
      statements: ['SET max_threads = 3'],
      temporaryTables: ['t'],
    });
    assert.match(lost.message, /tab/);
    await assert.rejects(session.rawQuery('SELECT 1'), isSessionLostError);
  });

  it('can be used again as soon as a cancelled query has left the server', async () => {
    const session = client.session();
    await session.command('SET max_threads = 3');
    for (let round = 0; round < 5; round += 1) {
      const abort = new AbortController();
      const running = session.rawQuery(ENDLESS, {
        settings: ENDLESS_SETTINGS,
        signal: abort.signal,
      });
      setTimeout(() => {
        abort.abort();
      }, round * 60);
      await assert.rejects(running, isCancelledError);
      assert.equal(await valueOf(session, "SELECT getSetting('max_threads')"), '3');
    }
    await session.close();
  });

  it('gives no 373 to anyone: 200 statements of two sessions with random cancels', async () => {
    const sessions = [client.session({ maxQueue: 200 }), client.session({ maxQueue: 200 })];
    const errors: unknown[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const session = sessions[index % 2];
        const cancel = index % 7 === 0;
        const options = cancel ? { signal: AbortSignal.timeout(index * 3) } : {};
        try {
          await session?.rawQuery('SELECT count() FROM numbers(100000)', options);
        } catch (error) {
          if (!isCancelledError(error)) errors.push(error);
        }
      }),
    );
    assert.deepEqual(errors.map(String), []);
    await Promise.all(sessions.map((session) => session.close()));
  }).timeout(60_000);

  it('frees the session on the server when closed', async () => {
    const session = client.session({ id: `closing-${process.pid}` });
    await session.command('CREATE TEMPORARY TABLE t (a UInt8)');
    await session.close();
    assert.equal(session.state, 'closed');
    await assert.rejects(session.rawQuery('SELECT 1'), { kind: 'usage' });
    const same = client.session({ id: `closing-${process.pid}` });
    await assert.rejects(
      same.rawQuery('SELECT * FROM t'),
      (error) => isClickHouseError(error) && error.code === 60,
    );
    await same.close();
  });

  it('gives a client a session of its own when asked to', async () => {
    const own = createClient({ ...engine(), autogenerateSessionId: true });
    await own.command('SET max_threads = 3');
    assert.equal(await valueOf(own, "SELECT getSetting('max_threads')"), '3');
    await own.close();
  });
});
