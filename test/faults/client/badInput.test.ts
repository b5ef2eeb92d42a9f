import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createClient,
  createPool,
  isClickHouseError,
  isParameterError,
  isUsageError,
} from '../../../src/core/client/index.ts';
import type { Pool } from '../../../src/core/client/connectionSurface.ts';
import type { Client, ClientOptions, RequestOptions } from '../../../src/core/client/surface.ts';
import { chunk, head, LAST_CHUNK, ScriptedServer } from './scriptedServer.ts';

describe('what a caller can get wrong', () => {
  const server = new ScriptedServer();
  let url = '';
  let client: Client;
  let pool: Pool;
  before(async () => {
    url = await server.listen();
  });
  after(() => server.close());
  beforeEach(() => {
    server.requests.length = 0;
    server.script = { packets: [head('200 OK'), chunk('1\n'), LAST_CHUNK], ending: 'stay' };
    pool = createPool();
    client = createClient({ url, pool });
  });
  afterEach(async () => {
    await client.close();
    await pool.close();
  });

  describe('in a client’s options', () => {
    const secret = 's3cret';
    const cases: [string, ClientOptions][] = [
      ['no URL', { url: 'localhost' }],
      ['a URL of another protocol', { url: 'clickhouse://h:9000' }],
      ['a user in the URL', { url: `http://me:${secret}@h` }],
      ['a token in the URL’s query', { url: `http://h/?password=${secret}` }],
      ['a token and a password', { url: 'http://h', accessToken: secret, password: secret }],
      ['a token and a user', { url: 'http://h', accessToken: secret, username: 'me' }],
      ['a token of two lines', { url: 'http://h', accessToken: `${secret}\r\nX: y` }],
      ['a header of two lines', { url: 'http://h', headers: { A: `${secret}\nB: c` } }],
      ['a header without a name', { url: 'http://h', headers: { 'a b': secret } }],
      ['a compression that is none', { url: 'http://h', compression: 'lz4' as 'gzip' }],
      ['a negative timeout', { url: 'http://h', idleTimeoutMs: -1 }],
      ['a timeout that is no number', { url: 'http://h', connectTimeoutMs: Number.NaN }],
      ['a reserved setting', { url: 'http://h', settings: { session_id: secret } }],
      ['a pool of its own making', { url: 'http://h', pool: { connections: 1 } as Pool }],
    ];
    for (const [name, options] of cases) {
      it(`${name} is a UsageError that repeats no secret`, () => {
        assert.throws(
          () => createClient(options),
          (error) => {
            assert.ok(isUsageError(error), String(error));
            assert.ok(!error.message.includes(secret) && !(error.hint ?? '').includes(secret));
            return error.message.length > 20;
          },
        );
      });
    }

    for (const options of [{ connections: 0 }, { controlConnections: 1.5 }, { maxAgeMs: -1 }]) {
      it(`a pool with ${JSON.stringify(options)} is a UsageError`, () => {
        assert.throws(() => createPool(options), isUsageError);
      });
    }
  });

  describe('in a call', () => {
    const cases: [string, RequestOptions][] = [
      ['a reserved setting', { settings: { query_id: 'x' } }],
      ['a parameter among the settings', { settings: { param_a: '1' } }],
      ['a setting without a name', { settings: { '': 1 } }],
      ['a setting with a blank in its name', { settings: { 'max threads': 1 } }],
      [
        'a setting that is undefined',
        { settings: { max_threads: undefined as unknown as number } },
      ],
      ['a setting that is null', { settings: { max_threads: null as unknown as number } }],
      ['a setting that is no number', { settings: { max_threads: Number.NaN } }],
      ['a setting that is a list', { settings: { a: [1] as unknown as string } }],
      ['a header that cannot be sent', { headers: { 'X-A': 'a\r\nb' } }],
      ['a compression that is none', { compression: 'passthrough:rar' as 'gzip' }],
      ['a timeout that is no number', { idleTimeoutMs: 1.5 }],
      [
        'a session of its own making',
        { session: { id: 'x' } as NonNullable<RequestOptions['session']> },
      ],
    ];
    for (const [name, options] of cases) {
      it(`${name} is a UsageError, and nothing is sent`, async () => {
        for (const call of [
          () => client.rawQuery('SELECT 1', options),
          () => client.rawStream('SELECT 1', options),
          () => client.command('SELECT 1', options),
        ]) {
          await assert.rejects(call, isUsageError);
        }
        assert.equal(server.requests.length, 0);
      });
    }

    it('a parameter whose value does not fit is a ParameterError that names it', async () => {
      await assert.rejects(
        client.rawQuery('SELECT {a:UInt8}', { params: { a: 256 } }),
        (error) => isParameterError(error) && error.parameter === 'a',
      );
      assert.equal(server.requests.length, 0);
    });

    // A session may hold values (SET param_b = …), so only the server knows what is missing.
    for (const [name, code, text] of [
      [
        'an unknown setting',
        115,
        'Setting max_treads is neither builtin nor custom. (UNKNOWN_SETTING)',
      ],
      [
        'a parameter without a value',
        456,
        'Substitution `b` is not set. (UNKNOWN_QUERY_PARAMETER)',
      ],
    ] as const) {
      it(`${name} is reported as the server does, with a hint`, async () => {
        server.script = {
          packets: [
            head('404 Not Found', { 'X-ClickHouse-Exception-Code': String(code) }),
            chunk(`Code: ${code}. DB::Exception: ${text} (version 26.7.2.1)\n`),
            LAST_CHUNK,
          ],
          ending: 'stay',
        };
        await assert.rejects(client.rawQuery('SELECT {b:String}'), (error) => {
          return isClickHouseError(error) && error.code === code && (error.hint ?? '') !== '';
        });
      });
    }

    it('a format that is no name is a UsageError for inserts', async () => {
      await assert.rejects(
        client.rawInsert({ table: 't', format: 'CSV; DROP', source: '' }),
        isUsageError,
      );
    });

    it('frees its session, so that the next call can run', async () => {
      const session = client.session();
      await assert.rejects(session.command('SELECT 1', { settings: { query: 'x' } }), isUsageError);
      await session.command('SELECT 1');
    });
  });

  it('a stream that was read cannot be read again', async () => {
    const stream = await client.rawStream('SELECT 1');
    for await (const bytes of stream) bytes;
    await assert.rejects(async () => {
      for await (const bytes of stream) bytes;
    }, isUsageError);
    assert.throws(() => stream.toReadable(), isUsageError);
    const other = await client.rawStream('SELECT 1');
    const readable = other.toReadable();
    assert.throws(() => other.toReadable(), isUsageError);
    for await (const bytes of readable) bytes;
  });

  it('a closed client refuses every call, at once', async () => {
    const session = client.session();
    await client.close();
    const path = join(tmpdir(), 'never-written.csv');
    const calls: (() => Promise<unknown>)[] = [
      () => client.rawQuery('SELECT 1'),
      () => client.rawStream('SELECT 1'),
      () => client.rawInsert({ table: 't', format: 'CSV', source: '1' }),
      () => client.command('SELECT 1'),
      () => client.saveTo('SELECT 1', path, { format: 'CSV' }),
      () => client.serverInfo(),
      () => client.cancel('q'),
      () => session.rawQuery('SELECT 1'),
    ];
    for (const call of calls) {
      await assert.rejects(call, isUsageError);
    }
    for (const call of [() => client.session(), () => client.progress('q', () => undefined)]) {
      assert.throws(call, (error) => isUsageError(error) && error.message.includes('closed'));
    }
    assert.equal(server.requests.length, 0);
  });

  it('a closed session and a closed pool refuse calls', async () => {
    const session = client.session();
    await session.close();
    await assert.rejects(session.rawQuery('SELECT 1'), isUsageError);
    const closed = createPool();
    await closed.close();
    await assert.rejects(createClient({ url, pool: closed }).rawQuery('SELECT 1'), isUsageError);
  });
});
