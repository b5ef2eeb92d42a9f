import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  createClient,
  isCancelledError,
  isClickHouseError,
  isSessionBusyError,
  isSessionLostError,
} from '../../../src/core/client/index.ts';
import type { Client, Session, SessionExpiry } from '../../../src/core/client/surface.ts';
import { type Engine, startEngine } from '../../../src/core/engine/engine.ts';
import type { EngineEndpoint } from '../../../src/core/engine/probe.ts';
import { childScript, testProgram, useEngine } from '../fixture.ts';
import { ENDLESS, ENDLESS_SETTINGS, seededRandom, until, useFolder } from './support.ts';

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
    const { statements, temporaryTables } = one.holds;
    assert.deepEqual([statements, temporaryTables], [['SET max_threads = 3'], ['mine']]);
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

  describe('calls of several requests', () => {
    const folder = useFolder();
    const path = (name: string): string => join(folder(), name);
    const insertStream = (runner: Session): Promise<unknown> =>
      runner.rawInsert({ table: 'log', format: 'CSV', source: Readable.from(['1\n']) });

    it('are not overtaken by later calls', async () => {
      const session = client.session();
      await session.command('CREATE TEMPORARY TABLE log (a UInt8)');
      await writeFile(path('in.csv'), '2\n');
      const calls = [
        insertStream(session),
        valueOf(session, 'SELECT count() FROM log'),
        session.insertFile({ table: 'log', path: path('in.csv'), format: 'CSV' }),
        valueOf(session, 'SELECT sum(a) FROM log'),
        session.saveTo('SELECT a FROM log ORDER BY a', path('out.csv'), { format: 'CSV' }),
        session.command('DROP TABLE log'),
      ];
      assert.deepEqual(
        session.turns.map(({ sql, state }) => [sql.split(' ').slice(0, 2).join(' '), state]),
        [
          ['INSERT INTO', 'running'],
          ['SELECT count()', 'waiting'],
          ['INSERT INTO', 'waiting'],
          ['SELECT sum(a)', 'waiting'],
          ['SELECT a', 'waiting'],
          ['DROP TABLE', 'waiting'],
        ],
      );
      const [, count, , sum] = await Promise.all(calls);
      assert.deepEqual([count, sum], ['1', '3']);
      assert.equal(await readFile(path('out.csv'), 'utf8'), '1\n2\n');
      assert.equal(session.turns.length, 0);
      await session.close();
    });

    it('keep their order in a reserved turn', async () => {
      const session = client.session();
      const turn = await session.reserve({ sql: 'all', queryId: 'all' });
      await turn.command('CREATE TEMPORARY TABLE log (a UInt8)');
      const inserted = insertStream(turn);
      assert.equal(await valueOf(turn, 'SELECT count() FROM log'), '1');
      await inserted;
      turn.release();
      await session.close();
    });

    it('let go of the session when they fail before anything is sent', async () => {
      const session = client.session();
      await writeFile(path('there.csv'), '');
      await assert.rejects(session.saveTo('SELECT 1', path('there.csv'), { format: 'CSV' }), {
        code: 'EXISTS',
      });
      await assert.rejects(session.insertFile({ table: 'log', path: path('none.csv') }), {
        code: 'ENOENT',
      });
      await assert.rejects(session.insertFile({ table: 'a b c', path: path('there.csv') }), {
        kind: 'usage',
      });
      assert.equal(await valueOf(session, 'SELECT 1'), '1');
      await session.close();
    });

    it('are cancelled while they wait, and refused where calls do not wait', async () => {
      const session = client.session();
      const strict = client.session({ onBusy: 'reject' });
      const running = [session, strict].map((each) => each.rawQuery('SELECT sleep(0.4)'));
      const abort = new AbortController();
      const save = (runner: Session): Promise<unknown> =>
        runner.saveTo('SELECT 1', path('never.csv'), { format: 'CSV', signal: abort.signal });
      await assert.rejects(save(strict), isSessionBusyError);
      await assert.rejects(insertStream(strict), isSessionBusyError);
      const waits = save(session);
      assert.equal(session.waiting, 1);
      abort.abort();
      await assert.rejects(waits, isCancelledError);
      const late = session.reserve({ sql: 'late', queryId: 'late', signal: abort.signal });
      assert.equal(session.waiting, 0);
      await assert.rejects(late, isCancelledError);
      assert.equal(session.state, 'busy');
      await Promise.all(running);
      await assert.rejects(readFile(path('never.csv')), { code: 'ENOENT' });
      await Promise.all([session.close(), strict.close()]);
    });

    it('of a reserved turn are cancelled while they wait, and keep no other from its place', async () => {
      const session = client.session();
      const turn = await session.reserve({ sql: 'all', queryId: 'all' });
      const first = turn.rawQuery('SELECT sleep(0.4)');
      const abort = new AbortController();
      const gaveUp = turn.rawQuery('SELECT 2', { signal: abort.signal });
      const last = valueOf(turn, 'SELECT 3');
      let ended = false;
      void first.then(() => (ended = true));
      abort.abort();
      await assert.rejects(gaveUp, isCancelledError);
      assert.equal(ended, false);
      assert.equal(await last, '3');
      assert.equal(ended, true);
      turn.release();
      await session.close();
    });
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

  it('shows what runs and what waits, in order, and lets what waits be cancelled', async () => {
    const changes: string[] = [];
    const session: Session = client.session({
      onChange: () => changes.push(session.turns.map(({ state }) => state).join()),
    });
    const first = session.rawQuery('SELECT sleep(0.4)', { queryId: `turn-1-${process.pid}` });
    const ahead: string[][] = [];
    const abort = new AbortController();
    const gaveUp = session.rawQuery('SELECT 2', { signal: abort.signal });
    const reserved = session.reserve({
      sql: 'SELECT 3',
      queryId: 'three',
      onAhead: (before) => ahead.push(before.map(({ sql }) => sql)),
    });
    assert.deepEqual(
      session.turns.map(({ sql, state }) => [sql, state]),
      [
        ['SELECT sleep(0.4)', 'running'],
        ['SELECT 2', 'waiting'],
        ['SELECT 3', 'waiting'],
      ],
    );
    abort.abort();
    await assert.rejects(gaveUp, isCancelledError);
    await first;
    const turn = await reserved;
    assert.deepEqual(ahead, [['SELECT sleep(0.4)', 'SELECT 2'], ['SELECT sleep(0.4)']]);
    assert.equal(session.turns[0]?.queryId, 'three');
    turn.release();
    await until(async () => Promise.resolve(session.turns.length === 0));
    assert.equal(changes.at(-1), '');
    await session.close();
  });

  it('lets no other statement between those of a reserved turn', async () => {
    const session = client.session();
    const turn = await session.reserve({ sql: 'two statements', queryId: 'two' });
    const other = session.command('CREATE TEMPORARY TABLE between (a UInt8)');
    await assert.rejects(turn.rawQuery('SELECT * FROM between'), { code: 60 });
    await assert.rejects(turn.rawQuery('SELECT * FROM between'), { code: 60 });
    turn.release();
    await assert.rejects(turn.rawQuery('SELECT 1'), { kind: 'usage' });
    await other;
    assert.equal(await valueOf(session, 'SELECT count() FROM between'), '0');
    await session.close();
  });

  it('waits for a statement that is slow to stop, and meets no 373', async () => {
    const session = client.session();
    await session.command('SET max_threads = 3');
    const abort = new AbortController();
    const queryId = `slow-to-stop-${process.pid}`;
    // ClickHouse stops no query that waits for its source.
    const slow = createServer((_request, response) => {
      setTimeout(() => response.end('1\n'), 3_000);
    });
    await once(slow.listen(0, '127.0.0.1'), 'listening');
    const { port } = slow.address() as AddressInfo;
    const stubborn = session.rawStream(
      `SELECT * FROM url('http://127.0.0.1:${port}/', CSV, 'x UInt8')`,
      { queryId, signal: abort.signal },
    );
    await until(
      async () =>
        (await valueOf(
          client,
          `SELECT count() FROM system.processes WHERE query_id = '${queryId}'`,
        )) === '1',
    );
    const started = performance.now();
    abort.abort();
    const error: unknown = await stubborn.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    assert.ok(isCancelledError(error), String(error));
    const next = valueOf(session, "SELECT getSetting('max_threads')");
    assert.equal(session.turns[0]?.state, 'cancelling');
    const { outcome, elapsedMs } = await error.outcome;
    assert.equal(outcome, 'stillRunning');
    assert.ok(elapsedMs < 2_000, `${elapsedMs} ms`);
    const gone = await error.gone;
    assert.equal(gone.outcome, 'stopped');
    assert.ok(gone.elapsedMs > elapsedMs && gone.elapsedMs <= performance.now() - started);
    assert.equal(await next, '3');
    await session.close();
    slow.close();
  });

  it('knows what it holds', async () => {
    const session = client.session();
    const expiry = (): SessionExpiry | undefined => session.expiry;
    assert.equal(expiry(), undefined);
    await session.command('SELECT 1');
    assert.deepEqual([expiry()?.isKept, (expiry()?.expiresInMs ?? 0) > 590_000], [false, true]);
    await session.command("SET max_threads = 3, param_day = '2024-02-29'");
    await session.command('SET max_threads = 4, max_block_size = 5');
    await session.command('SET max_block_size = DEFAULT');
    await session.command('USE system');
    await session.command('CREATE TEMPORARY TABLE mine AS SELECT {n:UInt8} AS a', {
      params: { n: 7 },
    });
    await session.command('CREATE TEMPORARY TABLE IF NOT EXISTS mine (b String)');
    await session.rawInsert({ table: 'mine', format: 'CSV', source: '8\n' });
    await session.command('CREATE TEMPORARY TABLE dropped (a UInt8)');
    await session.command('DROP TABLE dropped');
    const { settings, database, temporaryTables, steps } = session.holds;
    assert.deepEqual(settings, [
      { name: 'param_day', value: "'2024-02-29'" },
      { name: 'max_threads', value: '4' },
    ]);
    assert.deepEqual([database, temporaryTables], ['system', ['mine']]);
    assert.deepEqual(
      steps.map(({ kind, params, reads, repeatable }) => [kind, params, reads, repeatable]),
      [
        ['set', {}, false, true],
        ['set', {}, false, true],
        ['set', {}, false, true],
        ['use', {}, false, true],
        ['create', { n: 7 }, true, true],
        ['write', {}, false, false],
      ],
    );
    assert.equal(expiry()?.isKept, true);
    assert.ok((expiry()?.expiresInMs ?? 0) > 14_400_000, String(expiry()?.expiresInMs));
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
    const session = client.session({ label: 'tab', timeoutSec: 1, maxIdleSec: 0 });
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
    const { statements, temporaryTables } = lost.lost;
    assert.deepEqual([statements, temporaryTables], [['SET max_threads = 3'], ['t']]);
    assert.match(lost.message, /tab/);
    await assert.rejects(session.rawQuery('SELECT 1'), isSessionLostError);
  });

  it('tells of what was cancelled that it perhaps holds', async () => {
    const session = client.session();
    const sql = 'CREATE TEMPORARY TABLE half AS SELECT sleepEachRow(0.1) FROM numbers(1000)';
    const abort = new AbortController();
    const settings = ENDLESS_SETTINGS;
    const queryId = randomUUID();
    const running = session.command(sql, { settings, queryId, signal: abort.signal });
    const runs = `SELECT count() FROM system.processes WHERE query_id = '${queryId}'`;
    await until(async () => (await client.rawQuery(runs)).text().trim() === '1');
    abort.abort();
    await assert.rejects(running, isCancelledError);
    assert.deepEqual(session.holds.perhaps, [sql]);
    assert.deepEqual(session.holds.temporaryTables, []);
    await assert.rejects(session.command('CREATE TEMPORARY TABLE refused (x Nonsense)'));
    assert.deepEqual(session.holds.perhaps, [sql], 'What the server refused left nothing.');
    await session.command('DROP TABLE IF EXISTS half');
    assert.deepEqual(session.holds.perhaps, []);
    const fails = 'CREATE TEMPORARY TABLE bad AS SELECT throwIf(number = 5) FROM numbers(10)';
    await assert.rejects(session.command(fails), isClickHouseError);
    // ClickHouse keeps a table whose filling failed.
    assert.equal((await session.rawQuery('EXISTS TEMPORARY TABLE bad')).text(), '1\n');
    assert.deepEqual(session.holds.perhaps, [fails]);
    await assert.rejects(session.command('CREATE TEMPORARY TABLE typo AS SELECT nothing'));
    assert.deepEqual(session.holds.perhaps, [fails]);
    await session.close();
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

  it('gives no 373 to anyone: 200 statements of two sessions with random aborts', async () => {
    const [one, two] = [client.session({ maxQueue: 200 }), client.session({ maxQueue: 200 })];
    const sessions = [one, two];
    for (const [index, session] of sessions.entries()) {
      await session.command(`SET max_threads = ${index + 1}`);
      await session.command('CREATE TEMPORARY TABLE notes (a UInt32)');
    }
    const random = seededRandom(20_261_122);
    const plan = Array.from({ length: 200 }, (_, index) => ({
      index,
      session: random() < 0.5 ? one : two,
      call: random(),
      abortMs: random() < 0.5 ? Math.floor(random() * 800) : undefined,
    }));
    const counts = { done: 0, unsent: 0, stopped: 0 };
    const errors: string[] = [];
    const worker = async (): Promise<void> => {
      for (let next = plan.shift(); next !== undefined; next = plan.shift()) {
        const signal = next.abortMs === undefined ? undefined : AbortSignal.timeout(next.abortMs);
        try {
          await statement(next.session, next.index, next.call, signal);
          counts.done += 1;
        } catch (error) {
          if (!isCancelledError(error)) errors.push(String(error));
          else if ((await error.outcome).outcome === 'stopped') counts.stopped += 1;
          else counts.unsent += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    assert.deepEqual(errors, []);
    assert.equal(counts.done + counts.unsent + counts.stopped, 200);
    // All must have happened, or the test tests nothing.
    assert.ok(Math.min(counts.done, counts.unsent, counts.stopped) >= 5, JSON.stringify(counts));
    for (const [index, session] of sessions.entries()) {
      assert.equal(await valueOf(session, "SELECT getSetting('max_threads')"), String(index + 1));
      await session.close();
    }
  }).timeout(90_000);

  /** One of the ways to use a session: short, slow, streamed, left early, inserted. */
  async function statement(
    session: Session,
    index: number,
    call: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const options = signal === undefined ? {} : { signal };
    if (call < 0.3) {
      await session.rawQuery('SELECT count() FROM notes', options);
    } else if (call < 0.6) {
      const slow = 'SELECT sum(sleepEachRow(0.01)) FROM numbers(25)';
      await session.rawQuery(slow, { ...options, settings: { max_block_size: 1 } });
    } else if (call < 0.75) {
      const stream = await session.rawStream('SELECT number FROM numbers(300000)', options);
      for await (const chunk of stream) assert.ok(chunk.length > 0);
    } else if (call < 0.85) {
      const stream = await session.rawStream('SELECT number FROM system.numbers', options);
      for await (const chunk of stream) if (chunk.length > 0) break;
    } else {
      const source = `${index}\n`;
      await session.rawInsert({ ...options, table: 'notes', format: 'CSV', source });
    }
  }

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

  it('frees the session on the server also where another client is just using it', async () => {
    const session = client.session({ id: `shared-${process.pid}` });
    await session.command('SET max_threads = 3');
    const { url, username, password, headers } = engine();
    const inSession = async (sql: string): Promise<string> => {
      const asked = new URLSearchParams({ session_id: session.id, session_check: '1', query: sql });
      const answered = await fetch(`${url}/?${asked.toString()}`, {
        headers: { ...headers, 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password },
      });
      return answered.text();
    };
    const other = inSession('SELECT sleep(0.3)');
    const running = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleep(0.3)%'";
    await until(async () => (await valueOf(client, running)) === '1');
    await session.close();
    assert.equal(await other, '0\n');
    assert.match(await inSession('SELECT 1'), /SESSION_NOT_FOUND/);
  });

  it('keeps a session alive that holds something, and only that', async () => {
    const maxIdleSec = Number.POSITIVE_INFINITY;
    const kept = client.session({ timeoutSec: 2, onBusy: 'reject', maxIdleSec });
    await kept.command('CREATE TEMPORARY TABLE t (a UInt8)');
    assert.deepEqual(kept.expiry, { expiresInMs: Number.POSITIVE_INFINITY, isKept: true });
    const given = client.session({ timeoutSec: 2, maxIdleSec: 2 });
    await given.command('SET max_threads = 3');
    const empty = client.session({ timeoutSec: 1 });
    await empty.command('SELECT 1');
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    assert.equal(await valueOf(kept, 'SELECT count() FROM t'), '0');
    await assert.rejects(given.rawQuery('SELECT 1'), isSessionLostError);
    assert.equal(await valueOf(empty, 'SELECT 1'), '1', 'nothing was lost with it');
    await kept.close();
  });

  it('refuses when the queue is full', async () => {
    const session = client.session({ maxQueue: 1 });
    const first = session.rawQuery('SELECT sleep(0.2)');
    const second = session.rawQuery('SELECT 2');
    await assert.rejects(session.rawQuery('SELECT 3'), isSessionBusyError);
    await first;
    assert.equal((await second).text(), '2\n');
    await session.close();
  });

  for (const options of [{ id: '' }, { timeoutSec: 0 }, { timeoutSec: 1.5 }, { maxQueue: -1 }]) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => client.session(options), { kind: 'usage' });
    });
  }

  it('gives a client a session of its own when asked to', async () => {
    const own = createClient({ ...engine(), autogenerateSessionId: true });
    await own.command('SET max_threads = 3');
    assert.equal(await valueOf(own, "SELECT getSetting('max_threads')"), '3');
    await own.close();
  });

  it('runs many clients, each with its own session, at once', async () => {
    const clients = [1, 2, 3].map(() => createClient({ ...engine(), autogenerateSessionId: true }));
    await Promise.all(clients.map((own, index) => own.command(`SET max_threads = ${index + 1}`)));
    const values = clients.map((own) => valueOf(own, "SELECT getSetting('max_threads')"));
    assert.deepEqual(await Promise.all(values), ['1', '2', '3']);
    await Promise.all(clients.map((own) => own.close()));
  });

  it('runs a call in another session than the one of its client', async () => {
    const own = createClient({ ...engine(), autogenerateSessionId: true });
    const other = own.session();
    await own.command('SET max_threads = 3', { session: other });
    assert.notEqual(await valueOf(own, "SELECT getSetting('max_threads')"), '3');
    assert.equal(await valueOf(other, "SELECT getSetting('max_threads')"), '3');
    await other.close();
    await own.close();
  });
});

describe('a session and a server that restarts', () => {
  const folder = useFolder();

  it('says what was lost, and executes nothing', async () => {
    const start = async (): Promise<Engine> =>
      startEngine({
        program: await testProgram(),
        childScript,
        dataDirectory: join(folder(), 'data'),
      });
    let engine = await start();
    // Each start has its own port and secrets; a server that restarts keeps them.
    const front = createServer((request, response) => {
      void forward(request, response, engine.endpoint);
    });
    await once(front.listen(0, '127.0.0.1'), 'listening');
    const { port } = front.address() as AddressInfo;
    const client = createClient({ url: `http://127.0.0.1:${port}` });
    const session = client.session({ label: 'tab 7' });
    try {
      await session.command('SET max_threads = 3');
      await session.command('CREATE TEMPORARY TABLE notes (a UInt8)');
      await session.command('CREATE TABLE real (a UInt8) ENGINE = MergeTree ORDER BY a');
      await engine.stop();
      engine = await start();
      const error = await session.command('INSERT INTO real VALUES (1)').then(
        () => undefined,
        (cause: unknown) => cause,
      );
      assert.ok(isSessionLostError(error), String(error));
      assert.match(error.message, /tab 7.*not executed.*notes.*1 SET or USE/s);
      const { statements, temporaryTables } = error.lost;
      assert.deepEqual([statements, temporaryTables], [['SET max_threads = 3'], ['notes']]);
      assert.equal(session.state, 'lost');
      assert.equal((await client.rawQuery('SELECT count() FROM real')).text(), '0\n');
    } finally {
      await client.close();
      front.close();
      front.closeAllConnections();
      await engine.stop();
    }
  }).timeout(60_000);
});

/** Passes a request on with the secrets of the engine that runs now. */
async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  endpoint: EngineEndpoint,
): Promise<void> {
  const pair = Buffer.from(`${endpoint.username}:${endpoint.password}`).toString('base64');
  const onward = request(`${endpoint.url}${incoming.url ?? '/'}`, {
    method: 'POST',
    headers: { ...incoming.headers, ...endpoint.headers, authorization: `Basic ${pair}` },
  });
  incoming.pipe(onward);
  const [reply] = (await once(onward, 'response')) as [IncomingMessage];
  outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
  reply.pipe(outgoing);
}
