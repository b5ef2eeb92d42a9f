import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:tls';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  createClient,
  createPool,
  isCancelledError,
  isClickHouseError,
  isConnectError,
  isRowhouseError,
  isTruncatedResponseError,
  isWrongPortError,
} from '../../../src/core/client/index.ts';
import type { Pool } from '../../../src/core/client/connectionSurface.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { chunk, head, LAST_CHUNK, type Script, ScriptedServer } from './scriptedServer.ts';

const TAG = 'abcdefghijklmnop';
const TAGGED = { 'X-ClickHouse-Exception-Tag': TAG };
const MESSAGE = 'Code: 395. DB::Exception: stop (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)';
const FRAME = `\r\n__exception__\r\n${TAG}\r\n${MESSAGE}\n${MESSAGE.length + 1} ${TAG}\r\n__exception__\r\n`;

describe('replies that go wrong', () => {
  const server = new ScriptedServer();
  let pool: Pool;
  let client: Client;
  before(async () => {
    pool = createPool();
    client = createClient({ url: await server.listen(), pool });
  });
  after(async () => {
    await client.close();
    await pool.close();
    await server.close();
  });

  /** All data of a stream, and the error it ended with. */
  async function stream(script: Script): Promise<{ data: string; error: unknown }> {
    server.script = script;
    let data = '';
    try {
      for await (const bytes of await client.rawStream('SELECT 1')) {
        data += Buffer.from(bytes).toString('utf8');
      }
      return { data, error: undefined };
    } catch (error) {
      return { data, error };
    }
  }

  it('passes a whole body', async () => {
    const packets = [head('200 OK', TAGGED), chunk('1\r\n'), chunk('2\r\n'), LAST_CHUNK];
    assert.deepEqual(await stream({ packets, ending: 'stay' }), {
      data: '1\r\n2\r\n',
      error: undefined,
    });
  });

  it('finds an exception split over two chunks at every offset', async () => {
    const body = `1\n${FRAME}`;
    for (let at = 1; at < body.length; at += 1) {
      const packets = [
        head('200 OK', TAGGED),
        chunk(body.slice(0, at)),
        chunk(body.slice(at)),
        LAST_CHUNK,
      ];
      const { data, error } = await stream({ packets, ending: 'fin' });
      assert.equal(data, '1\n', `split at ${at}`);
      assert.ok(isClickHouseError(error) && error.code === 395, `split at ${at}`);
    }
  });

  it('leaves no failure unhandled when a query is cancelled and the server cannot be asked', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', listen);
    try {
      server.script = { packets: [], ending: 'reset' };
      server.queue.push({ packets: [head('200 OK', TAGGED), chunk('1\n')], ending: 'stay' });
      const abort = new AbortController();
      const running = await client.rawStream('SELECT 1', { signal: abort.signal });
      abort.abort();
      const error: unknown = await running.done.catch((reason: unknown) => reason);
      assert.ok(isCancelledError(error));
      await assert.rejects(error.outcome);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(unhandled, []);
    } finally {
      process.off('unhandledRejection', listen);
      for (const other of others) process.on('unhandledRejection', other);
    }
  });

  for (const ending of ['fin', 'reset'] as const) {
    it(`reports a body without its last chunk that ends by ${ending}`, async () => {
      const packets = [head('200 OK', TAGGED), chunk('1\n')];
      const { error } = await stream({ packets, ending });
      assert.ok(isTruncatedResponseError(error), String(error));
    });

    it(`reports a body cut within a chunk that ends by ${ending} though the reply says close`, async () => {
      const packets = [head('200 OK', { ...TAGGED, Connection: 'close' }), 'ff\r\n1\n'];
      const { error } = await stream({ packets, ending });
      assert.ok(isTruncatedResponseError(error), String(error));
    });
  }

  it('prefers the exception it found over the broken end of the body', async () => {
    const packets = [head('200 OK', TAGGED), chunk(`1\n${FRAME}`)];
    const { data, error } = await stream({ packets, ending: 'fin' });
    assert.equal(data, '1\n');
    assert.ok(isClickHouseError(error));
  });

  it('fails a 200 that carries an exception code, even with an empty body', async () => {
    const packets = [head('200 OK', { 'X-ClickHouse-Exception-Code': '209' }), LAST_CHUNK];
    const { error } = await stream({ packets, ending: 'stay' });
    assert.ok(isClickHouseError(error) && error.code === 209);
  });

  it('passes data that quotes an exception', async () => {
    const data = `\r\n__exception__\r\nsomeothertagxxxx\r\n${MESSAGE}\n`;
    const packets = [head('200 OK', TAGGED), chunk(data), LAST_CHUNK];
    assert.deepEqual(await stream({ packets, ending: 'stay' }), { data, error: undefined });
  });

  it('reads ten thousand progress headers', async () => {
    const line = `X-ClickHouse-Progress: {"read_rows":"1","read_bytes":"8","total_rows_to_read":"100"}\r\n`;
    const block = head('200 OK', TAGGED).replace(/\r\n$/, `${line.repeat(10_000)}\r\n`);
    const { data, error } = await stream({
      packets: [block, chunk('1\n'), LAST_CHUNK],
      ending: 'stay',
    });
    assert.deepEqual([data, error], ['1\n', undefined]);
  });

  it('names the port of native clients', async () => {
    const text =
      'Port 9000 is for clickhouse-client program\r\nYou must use port 8123 for HTTP.\r\n';
    const packets = [`HTTP/1.0 400 Bad Request\r\n\r\n${text}`];
    const { error } = await stream({ packets, ending: 'fin' });
    assert.ok(isWrongPortError(error), String(error));
    assert.match(error.hint ?? '', /8123/);
  });

  it('names a port that does not speak HTTP', async () => {
    const { error } = await stream({ packets: ['\x15\x03\x01\x00\x02\x02\x0a'], ending: 'fin' });
    assert.ok(isWrongPortError(error), String(error));
  });

  it('tells a proxy from ClickHouse', async () => {
    const page = '<html><h1>Not Found</h1></html>';
    const packets = [head('404 Not Found'), chunk(page), LAST_CHUNK];
    const { error } = await stream({ packets, ending: 'stay' });
    assert.ok(isRowhouseError(error) && error.kind === 'protocol');
    assert.match(error.message, /404: Not Found/);
  });

  it('repeats a read once when the server had closed an idle connection', async () => {
    server.script = {
      packets: [head('200 OK', { Connection: 'keep-alive' }), chunk('1\n'), LAST_CHUNK],
      ending: 'stay',
    };
    const own = createClient({ url: client.url, pool: createPool({ connections: 1 }) });
    await own.rawQuery('SELECT 1');
    server.resetNext = 1;
    const before = server.requests.length;
    assert.equal((await own.rawQuery('SELECT 1')).text(), '1\n');
    assert.equal(server.requests.length, before + 2);
    server.resetNext = 1;
    await assert.rejects(own.command('CREATE TABLE t (a UInt8)'), (error) => {
      return isConnectError(error) && error.ambiguous;
    });
    assert.equal(server.requests.length, before + 3);
    await own.close();
  });

  it('does not repeat a read whose fresh connection was reset', async () => {
    const own = createClient({ url: client.url, pool: createPool() });
    server.resetNext = 1;
    const before = server.requests.length;
    await assert.rejects(own.rawQuery('SELECT 1'), isConnectError);
    assert.equal(server.requests.length, before + 1);
    await own.close();
  });

  it('does not repeat an insert whose connection was reset', async () => {
    server.script = { packets: [], ending: 'reset' };
    const before = server.requests.length;
    await assert.rejects(
      client.rawInsert({ table: 't', format: 'CSV', source: '1' }),
      (error) => isConnectError(error) && error.ambiguous,
    );
    assert.equal(server.requests.length, before + 1);
  });
});

describe('servers that cannot be reached', () => {
  it('names a refused connection', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const client = createClient({ url: `http://127.0.0.1:${port}`, connectTimeoutMs: 200 });
    await assert.rejects(client.rawQuery('SELECT 1'), (error) => {
      return isConnectError(error) && error.code === 'ECONNREFUSED' && error.hint !== undefined;
    });
  });

  it('names an unknown host', async () => {
    const client = createClient({ url: 'http://no-such-host.invalid', connectTimeoutMs: 300 });
    await assert.rejects(client.rawQuery('SELECT 1'), isConnectError);
  });

  it('gives up on a server that takes the request and never answers', async () => {
    const silent = new ScriptedServer();
    silent.script = { packets: [], ending: 'stay' };
    const client = createClient({ url: await silent.listen(), idleTimeoutMs: 1_000 });
    await assert.rejects(client.rawQuery('SELECT 1'), { kind: 'timeout' });
    await silent.close();
  });

  it('names TLS on a plain port', async () => {
    const plain = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    const client = createClient({ url: `https://127.0.0.1:${port}` });
    await assert.rejects(client.rawQuery('SELECT 1'), (error) => {
      return isWrongPortError(error) && (error.hint ?? '').includes('http://');
    });
    await new Promise((resolve) => plain.close(resolve));
  });

  it('names a plain request on a TLS port', async () => {
    const tls = createTlsServer({});
    tls.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const { port } = tls.address() as AddressInfo;
    const client = createClient({ url: `http://127.0.0.1:${port}`, idleTimeoutMs: 2_000 });
    await assert.rejects(
      client.rawQuery('SELECT 1'),
      (error) => isRowhouseError(error) && (error.hint ?? '').includes('https://'),
    );
    await new Promise((resolve) => tls.close(resolve));
  });
});
