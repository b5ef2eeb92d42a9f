import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  createClient,
  createPool,
  isCancelledError,
  isClickHouseError,
  isConnectError,
  isProtocolError,
  isSessionLostError,
  isTruncatedResponseError,
} from '../../../src/core/client/index.ts';
import { retryAfterMs } from '../../../src/core/client/failedReply.ts';
import type { Pool } from '../../../src/core/client/connectionSurface.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { chunk, head, LAST_CHUNK, type Script, ScriptedServer } from './scriptedServer.ts';

const OK: Script = { packets: [head('200 OK'), chunk('1\n'), LAST_CHUNK], ending: 'stay' };
const RESET: Script = { packets: [], ending: 'reset' };
const FIN: Script = { packets: [], ending: 'fin' };

function failure(code: number, text = 'no', status = '500 Error'): Script {
  return {
    packets: [
      head(status, { 'X-ClickHouse-Exception-Code': String(code) }),
      chunk(`Code: ${code}. DB::Exception: ${text}. (SOME_ERROR) (version 26.7.2.1)\n`),
      LAST_CHUNK,
    ],
    ending: 'stay',
  };
}

function proxyPage(status: string, headers: Readonly<Record<string, string>> = {}): Script {
  return { packets: [head(status, headers), chunk('<h1>Busy</h1>'), LAST_CHUNK], ending: 'stay' };
}

describe('what is sent again', () => {
  const server = new ScriptedServer();
  let client: Client;
  let pool: Pool;
  let url = '';

  before(async () => {
    url = await server.listen();
  });
  after(() => server.close());
  beforeEach(() => {
    server.script = OK;
    server.queue.length = 0;
    server.requests.length = 0;
    pool = createPool({ connections: 1 });
    client = createClient({ url, pool });
  });
  afterEach(async () => {
    await client.close();
    await pool.close();
  });

  const read = (): Promise<unknown> => client.rawQuery('SELECT 1');
  const write = (): Promise<unknown> => client.command('DROP TABLE t');
  const insert = (dedupToken?: string): Promise<unknown> =>
    client.rawInsert({
      table: 't',
      format: 'CSV',
      source: '1\n',
      ...(dedupToken === undefined ? {} : { dedupToken }),
    });

  it('a connection that closed idle is known for each of two calls with one query id', async () => {
    server.queue.push(OK, RESET);
    const same = (): Promise<unknown> => client.rawQuery('SELECT 1', { queryId: 'same' });
    await Promise.all([same(), same()]);
    assert.equal(server.requests.length, 3);
  });

  it('watching progress outlasts errors that pass, and ends at one that stays', async () => {
    const figures = { packets: [head('200 OK'), chunk('7\t0\t0\t0\t0\t0\t1\t0.5\n'), LAST_CHUNK] };
    const busy = failure(241);
    server.queue.push(busy, busy, busy, { ...figures, ending: 'stay' }, failure(497));
    const seen: number[] = [];
    await client.progress('q', ({ readRows }) => seen.push(readRows)).done;
    assert.deepEqual(seen, [7]);
    assert.equal(server.requests.length, 5);
  });

  /** Sends something over the only connection, so that it is no fresh one any more. */
  async function warmUp(): Promise<void> {
    await client.rawQuery('SELECT 0');
    server.requests.length = 0;
  }

  function queryIds(): string[] {
    return server.requests.map((text) => /query_id=([^&]*)/.exec(text)?.[1] ?? '');
  }

  /** The ids of the queries that the requests ask about. */
  function askedIds(): string[] {
    return server.requests.flatMap((text) => /param_id=([^& ]*)/.exec(text)?.[1] ?? []);
  }

  describe('when nothing was sent', () => {
    for (const [name, call] of [
      ['a read', (own: Client) => own.rawQuery('SELECT 1')],
      ['a write', (own: Client) => own.command('DROP TABLE t')],
      ['an insert', (own: Client) => own.rawInsert({ table: 't', format: 'CSV', source: '1' })],
    ] as const) {
      it(`${name} is tried until the server is there`, async () => {
        const probe = createServer();
        await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
        const { port } = probe.address() as AddressInfo;
        await new Promise((resolve) => probe.close(resolve));
        const own = createClient({ url: `http://127.0.0.1:${port}`, pool: createPool() });
        const started = performance.now();
        const done = call(own);
        const late = new ScriptedServer();
        late.script = OK;
        setTimeout(() => void late.listen(port), 150);
        await done;
        const elapsed = performance.now() - started;
        // 100 ms and 400 ms with up to a quarter more.
        assert.ok(elapsed >= 500 && elapsed < 1_200, `${elapsed} ms`);
        assert.equal(late.requests.length, 1);
        await own.close();
        await late.close();
      });
    }

    it('gives up after waits of 100, 400 and 1600 ms, and stops waiting when aborted', async () => {
      const refused = createClient({ url: 'http://127.0.0.1:1', pool });
      const started = performance.now();
      await assert.rejects(refused.rawQuery('SELECT 1'), (error) => {
        return isConnectError(error) && error.phase === 'connect' && !error.ambiguous;
      });
      const elapsed = performance.now() - started;
      assert.ok(elapsed >= 2_100 && elapsed < 3_500, `${elapsed} ms`);
      await assert.rejects(
        refused.rawQuery('SELECT 1', { signal: AbortSignal.timeout(50) }),
        isCancelledError,
      );
    });
  });

  describe('when a connection ends before any byte of the reply', () => {
    for (const [ending, script] of [
      ['reset', RESET],
      ['end', FIN],
    ] as const) {
      it(`a read goes out once more after the ${ending} of a used connection`, async () => {
        await warmUp();
        server.queue.push(script);
        await read();
        const [first, second] = queryIds();
        assert.equal(queryIds().length, 2);
        assert.equal(second, `${first ?? ''}-r1`);
      });

      it(`a read fails after the ${ending} of a fresh connection`, async () => {
        server.queue.push(script);
        await assert.rejects(read(), (error) => isConnectError(error) && error.phase === 'send');
        assert.equal(server.requests.length, 1);
      });

      it(`a write or an insert without a token fails after the ${ending} of a used connection`, async () => {
        for (const call of [write, insert]) {
          await warmUp();
          server.queue.push(script);
          await assert.rejects(call(), (error) => isConnectError(error) && error.ambiguous);
          assert.equal(server.requests.length, 1);
        }
      });

      it(`an insert with a token goes out once more after the ${ending} of a used connection`, async () => {
        await warmUp();
        server.queue.push(script);
        await insert('token');
        assert.equal(server.requests.length, 2);
        assert.ok(
          server.requests.every((text) => text.includes('insert_deduplication_token=token')),
        );
      });
    }

    it('a read goes out only once more', async () => {
      await warmUp();
      server.queue.push(RESET, RESET);
      await assert.rejects(read(), isConnectError);
      assert.equal(server.requests.length, 2);
    });

    it('an insert with a token from a stream is not repeated', async () => {
      await warmUp();
      // Before the upload of a stream the table is asked for.
      server.queue.push(OK, RESET);
      const source = (function* () {
        yield '1\n';
      })();
      await assert.rejects(
        client.rawInsert({ table: 't', format: 'CSV', source, dedupToken: 'token' }),
        (error) => isConnectError(error) && error.ambiguous,
      );
      assert.equal(server.requests.length, 2);
    });

    it('an insert with a token fails on a fresh connection', async () => {
      server.queue.push(RESET);
      await assert.rejects(insert('token'), isConnectError);
      assert.equal(server.requests.length, 1);
    });
  });

  for (const [name, packets] of [
    ['in the middle of the headers', ['HTTP/1.1 200 OK\r\nX-Click']],
    ['after the headers', [head('200 OK')]],
    ['in the body', [head('200 OK'), chunk('1\n')]],
  ] as const) {
    for (const ending of ['fin', 'reset'] as const) {
      it(`nothing when the connection ends ${name} (${ending})`, async () => {
        await warmUp();
        server.queue.push({ packets, ending });
        await assert.rejects(
          read(),
          (error) => isTruncatedResponseError(error) || isConnectError(error),
        );
        assert.equal(server.requests.length, 1);
      });
    }
  }

  it('a repeated statement is watched and cancelled by the id of its call', async () => {
    await warmUp();
    server.queue.push(RESET, { packets: [], ending: 'stay' });
    // As an answer to KILL: it is told to stop; to the question whether it still runs: no.
    server.script = { packets: [head('200 OK'), chunk('0\n'), LAST_CHUNK], ending: 'stay' };
    const abort = new AbortController();
    const seen = new Promise<string>((resolve) => {
      client.progress('mine', ({ queryId }) => {
        resolve(queryId);
      });
    });
    const running = client.rawQuery('SELECT 1', { queryId: 'mine', signal: abort.signal });
    assert.equal(await seen, 'mine-r1');
    server.requests.length = 0;
    assert.equal((await client.cancel('mine')).outcome, 'stopped');
    assert.deepEqual(askedIds(), ['mine-r1', 'mine-r1']);
    abort.abort();
    await assert.rejects(running, (error) => isCancelledError(error));
  });

  describe('when a proxy is busy', () => {
    for (const status of ['429 Too Many Requests', '502 Bad Gateway', '503 Busy', '504 Timeout']) {
      it(`a read after ${status}, a write not`, async () => {
        server.queue.push(proxyPage(status));
        const started = performance.now();
        await read();
        assert.ok(performance.now() - started >= 99);
        assert.equal(server.requests.length, 2);
        server.queue.push(proxyPage(status));
        await assert.rejects(write(), isProtocolError);
        server.queue.push(proxyPage(status));
        await assert.rejects(insert('token'), isProtocolError);
        assert.equal(server.requests.length, 4);
      });
    }

    it('a read waits as long as Retry-After says', async () => {
      server.queue.push(proxyPage('503 Busy', { 'Retry-After': '1' }));
      const started = performance.now();
      await read();
      assert.ok(performance.now() - started >= 999);
    });

    it('a read fails when Retry-After asks for more than half a minute', async () => {
      server.queue.push(proxyPage('503 Busy', { 'Retry-After': '3600' }));
      await assert.rejects(read(), (error) => {
        return isProtocolError(error) && error.retryAfterMs === 3_600_000;
      });
    });

    it('a read is repeated three times at most', async () => {
      server.script = proxyPage('503 Busy', { 'Retry-After': '0' });
      await assert.rejects(read(), isProtocolError);
      assert.equal(server.requests.length, 4);
    });

    it('not after another status', async () => {
      server.queue.push(proxyPage('500 Error'));
      await assert.rejects(read(), isProtocolError);
      assert.equal(server.requests.length, 1);
    });
  });

  it('Retry-After may be seconds or a date', () => {
    const now = Date.UTC(2026, 0, 1);
    assert.equal(retryAfterMs('2', now), 2_000);
    assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', now), 5_000);
    assert.equal(retryAfterMs('Wed, 31 Dec 2025 23:00:00 GMT', now), 0);
    assert.equal(retryAfterMs('soon', now), undefined);
    assert.equal(retryAfterMs(undefined, now), undefined);
  });

  for (const code of [202, 439, 745]) {
    it(`everything that error ${code} kept from running`, async () => {
      for (const call of [read, write, insert]) {
        server.queue.push(failure(code));
        server.requests.length = 0;
        await call();
        assert.equal(server.requests.length, 2);
      }
    });

    it(`nothing when error ${code} comes from another server in the middle of a query`, async () => {
      server.queue.push(failure(code, 'Received from shard2:9000. DB::Exception: Too many'));
      await assert.rejects(write(), (error) => isClickHouseError(error) && error.ambiguous);
      assert.equal(server.requests.length, 1);
    });
  }

  for (const code of [
    159, 160, 241, 396, 394, 735, 62, 60, 47, 115, 164, 194, 497, 516, 456, 457, 252, 242, 999, 285,
    319,
  ]) {
    it(`nothing after error ${code}`, async () => {
      for (const call of [read, write, () => insert('token')]) {
        server.queue.push(failure(code));
        server.requests.length = 0;
        await assert.rejects(call(), (error) => isClickHouseError(error) && error.code === code);
        assert.equal(server.requests.length, 1);
      }
    });
  }

  it('an insert of unknown outcome (319) is ambiguous', async () => {
    server.queue.push(failure(319));
    await assert.rejects(insert(), (error) => isClickHouseError(error) && error.ambiguous);
  });

  it('a statement of a locked session, until it is free', async () => {
    const session = client.session();
    server.queue.push(failure(373), failure(373), failure(373));
    const started = performance.now();
    await session.command('SET x = 1');
    // 50, 100 and 200 ms.
    assert.ok(performance.now() - started >= 349);
    assert.equal(server.requests.length, 4);
    await session.close();
  });

  it('a statement of a locked session for five seconds', async () => {
    const session = client.session();
    server.script = failure(373);
    const started = performance.now();
    await assert.rejects(session.command('SET x = 1'), (error) => {
      return isClickHouseError(error) && error.code === 373;
    });
    const elapsed = performance.now() - started;
    assert.ok(elapsed > 3_500 && elapsed <= 5_500, `${elapsed} ms`);
  });

  it('nothing in a session that the server has lost', async () => {
    const session = client.session();
    await session.command('SET x = 1');
    server.requests.length = 0;
    server.queue.push(failure(372));
    await assert.rejects(session.command('SELECT 1'), isSessionLostError);
    assert.equal(server.requests.length, 1);
  });
});
