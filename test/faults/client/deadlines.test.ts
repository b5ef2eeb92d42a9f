import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createClient,
  createPool,
  isCancelledError,
  isConnectError,
  isIdleTimeoutError,
} from '../../../src/core/client/index.ts';
import type { Pool } from '../../../src/core/client/connectionSurface.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { chunk, head, type Script, ScriptedServer } from './scriptedServer.ts';

/** What a server does that takes connections and then stops caring. */
const SILENCES: readonly [string, Script][] = [
  ['never answers', { packets: [], ending: 'stay' }],
  ['stops within the headers', { packets: ['HTTP/1.1 200 OK\r\nX-'], ending: 'stay' }],
  ['stops after the headers', { packets: [head('200 OK')], ending: 'stay' }],
  ['stops within the body', { packets: [head('200 OK'), chunk('1\n')], ending: 'stay' }],
  ['stops within an error', { packets: [head('500 Error'), chunk('Code: 1')], ending: 'stay' }],
];

type Call = (client: Client, signal?: AbortSignal) => Promise<unknown>;

describe('a server that stops', () => {
  let folder = '';
  let pool: Pool;
  const server = new ScriptedServer();
  let url = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-test-'));
    await writeFile(join(folder, 'in.csv'), '1\n');
    url = await server.listen();
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    // Enough for all calls at once.
    pool = createPool({ connections: 32, controlConnections: 32 });
  });
  afterEach(() => pool.close());

  const within = (signal: AbortSignal | undefined): { signal?: AbortSignal } =>
    signal === undefined ? {} : { signal };

  const calls: readonly [string, Call][] = [
    ['rawQuery', (client, signal) => client.rawQuery('SELECT 1', within(signal))],
    [
      'rawStream',
      async (client, signal) => {
        const stream = await client.rawStream('SELECT 1', within(signal));
        for await (const bytes of stream) bytes;
      },
    ],
    [
      'rawStream as a Readable',
      async (client, signal) => {
        const stream = await client.rawStream('SELECT 1', within(signal));
        for await (const bytes of stream.toReadable()) bytes;
      },
    ],
    [
      'rawInsert',
      (client, signal) =>
        client.rawInsert({ table: 't', format: 'CSV', source: '1', ...within(signal) }),
    ],
    ['command', (client, signal) => client.command('SYSTEM FLUSH LOGS', within(signal))],
    [
      'saveTo',
      (client, signal) =>
        client.saveTo('SELECT 1', join(folder, 'out.csv'), { format: 'CSV', ...within(signal) }),
    ],
    [
      'insertFile',
      (client, signal) =>
        client.insertFile({ table: 't', path: join(folder, 'in.csv'), ...within(signal) }),
    ],
    ['serverInfo', (client, signal) => client.serverInfo(within(signal))],
    ['cancel', (client, signal) => client.cancel('q', within(signal))],
    [
      'rawQuery of a session',
      (client, signal) => client.session().rawQuery('SELECT 1', within(signal)),
    ],
  ];

  for (const [silence, script] of SILENCES) {
    it(`and ${silence}: every call ends by its idle timeout`, async () => {
      server.script = script;
      const client = createClient({ url, pool, idleTimeoutMs: 300 });
      await Promise.all(
        calls.map(async ([name, call]) => {
          await assert.rejects(call(client), (error) => {
            // What came of an error before the silence is shown as the error.
            assert.ok(
              isIdleTimeoutError(error) || silence.includes('error'),
              `${name}: ${String(error)}`,
            );
            return true;
          });
        }),
      );
      const ping = await client.ping({ timeoutMs: 200 });
      assert.equal(ping.ok, false);
      await client.close();
    });

    it(`and ${silence}: every call ends by its signal`, async () => {
      server.script = script;
      const client = createClient({ url, pool });
      const started = performance.now();
      await Promise.all(
        calls.map(async ([name, call]) => {
          await assert.rejects(call(client, AbortSignal.timeout(200)), (error) => {
            assert.ok(isCancelledError(error), `${name}: ${String(error)}`);
            return true;
          });
        }),
      );
      assert.ok(performance.now() - started < 2_000);
    });
  }

  it('closing a client ends its calls, and a session closes within its second', async () => {
    server.script = { packets: [], ending: 'stay' };
    const client = createClient({ url, pool });
    const session = client.session();
    const running = [client.rawQuery('SELECT 1'), session.command('SET x = 1')].map((call) =>
      assert.rejects(call, isCancelledError),
    );
    const started = performance.now();
    await Promise.all([client.close(), session.close(), ...running]);
    assert.ok(performance.now() - started < 8_000);
  });

  it('watching progress ends when nobody answers, and at once when stopped', async () => {
    server.script = { packets: [], ending: 'stay' };
    const client = createClient({ url, pool, idleTimeoutMs: 300 });
    await client.progress('q', () => undefined).done;
    const watch = client.progress('q', () => undefined);
    watch.stop();
    await watch.done;
  });

  it('a call that waits for a free connection can be aborted', async () => {
    server.script = { packets: [], ending: 'stay' };
    const narrow = createPool({ connections: 1, controlConnections: 1 });
    const client = createClient({ url, pool: narrow });
    const first = client.rawQuery('SELECT 1', { signal: AbortSignal.timeout(400) });
    await assert.rejects(
      client.rawQuery('SELECT 2', { signal: AbortSignal.timeout(100) }),
      isCancelledError,
    );
    await assert.rejects(first, isCancelledError);
    await narrow.close();
  });

  it('during the TLS handshake, the connect timeout ends each try', async () => {
    server.script = { packets: [], ending: 'stay' };
    const client = createClient({
      url: url.replace('http:', 'https:'),
      pool,
      connectTimeoutMs: 100,
    });
    await assert.rejects(client.rawQuery('SELECT 1'), (error) => {
      return isConnectError(error) && error.phase === 'connect';
    });
  });
});
