import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  createClient,
  createPool,
  isConnectError,
  isRowhouseError,
  isUsageError,
} from '../../../src/core/client/index.ts';
import type { Pool, ProxyOptions } from '../../../src/core/client/connectionSurface.ts';
import type { Client, ClientOptions } from '../../../src/core/client/surface.ts';
import { type Authority, makeAuthority } from './certificates.ts';
import { ProxyServer } from './proxyServer.ts';
import { chunk, head, LAST_CHUNK, ScriptedServer } from './scriptedServer.ts';

describe('an HTTP proxy', () => {
  const target = new ScriptedServer();
  let proxy: ProxyServer;
  let proxyUrl = '';
  let url = '';
  let authority: Authority;
  let secure: Server;
  let secureUrl = '';
  let pool: Pool;

  before(async () => {
    url = await target.listen();
    target.script = { packets: [head('200 OK'), chunk('1\n'), LAST_CHUNK], ending: 'stay' };
    authority = await makeAuthority('Rowhouse test authority');
    const identity = await authority.issue('127.0.0.1', ['127.0.0.1']);
    secure = createServer(identity, (request, response) => {
      request.resume().on('end', () => response.end('2\n'));
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    secureUrl = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
  });
  after(async () => {
    await target.close();
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
  });
  beforeEach(async () => {
    pool = createPool();
    proxy = new ProxyServer();
    proxyUrl = await proxy.listen();
  });
  afterEach(async () => {
    await pool.close();
    await proxy.close();
  });

  async function ask(
    proxyOptions: ProxyOptions,
    options: Partial<ClientOptions> = {},
  ): Promise<string> {
    const client = createClient({ url, pool, proxy: proxyOptions, ...options });
    return (await client.rawQuery('SELECT 1')).text();
  }

  it('carries requests to http servers', async () => {
    assert.equal(await ask({ url: proxyUrl }), '1\n');
    assert.deepEqual(proxy.targets, [new URL(url).host]);
  });

  it('carries requests to https servers in a tunnel, whose certificate is still checked', async () => {
    const tls = { ca: authority.cert };
    assert.equal(await ask({ url: proxyUrl }, { url: secureUrl, tls }), '2\n');
    assert.deepEqual(proxy.targets, [new URL(secureUrl).host]);
    await assert.rejects(ask({ url: proxyUrl }, { url: secureUrl }), isConnectError);
  });

  it('gets its authorization, from the option or from its URL', async () => {
    proxy.authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    assert.equal(await ask({ url: proxyUrl, authorization: proxy.authorization }), '1\n');
    assert.equal(await ask({ url: proxyUrl.replace('//', '//me:secret@') }), '1\n');
  });

  for (const secured of [false, true]) {
    it(`says that it wants authorization, before ${secured ? 'https' : 'http'}`, async () => {
      proxy.authorization = 'Basic x';
      const options = secured ? { url: secureUrl, tls: { ca: authority.cert } } : {};
      await assert.rejects(ask({ url: proxyUrl }, options), (error) => {
        assert.ok(isConnectError(error), String(error));
        assert.equal(error.code, 'PROXY_AUTH');
        assert.match(error.hint ?? '', /authorization/);
        return !error.ambiguous;
      });
      assert.equal(proxy.targets.length, 1);
    });

    it(`says that it makes no tunnel, before ${secured ? 'https' : 'http'}`, async () => {
      proxy.status = 403;
      const options = secured ? { url: secureUrl, tls: { ca: authority.cert } } : {};
      await assert.rejects(ask({ url: proxyUrl }, options), (error) => {
        assert.ok(isConnectError(error), String(error));
        assert.equal(error.code, 'PROXY_REFUSED');
        assert.match(error.message, /403/);
        return (error.hint ?? '').includes('noProxy');
      });
    });
  }

  it('is named, without its password, when it is down', async () => {
    const down = new ProxyServer();
    const downUrl = await down.listen();
    await down.close();
    await assert.rejects(ask({ url: downUrl.replace('//', '//me:secret@') }), (error) => {
      assert.ok(isConnectError(error), String(error));
      assert.equal(error.code, 'ECONNREFUSED');
      assert.match(error.message, new RegExp(`the proxy ${downUrl}`));
      return !error.message.includes('secret');
    });
  });

  it('that never answers costs the connect timeout, not minutes', async () => {
    proxy.status = 0;
    const timeout = AbortSignal.timeout(8_000);
    const client = createClient({ url, pool, proxy: { url: proxyUrl }, connectTimeoutMs: 300 });
    await assert.rejects(client.rawQuery('SELECT 1', { signal: timeout }), (error) => {
      assert.ok(isConnectError(error), String(error));
      return error.message.includes('in time');
    });
  });

  describe('whose tunnel ends before the answer', () => {
    let client: Client;

    beforeEach(async () => {
      await pool.close();
      pool = createPool({ connections: 1 });
      client = createClient({ url, pool, proxy: { url: proxyUrl } });
      // From here on the tunnel is one that was used before.
      await client.rawQuery('SELECT 0');
      target.requests.length = 0;
    });
    afterEach(() => {
      target.queue.length = 0;
    });

    for (const ending of ['reset', 'fin'] as const) {
      it(`(${ending}) has a read sent again in a new tunnel, and a write only once`, async () => {
        target.queue.push({ packets: [], ending });
        assert.equal((await client.rawQuery('SELECT 1')).text(), '1\n');
        assert.equal(target.requests.length, 2);
        assert.equal(proxy.targets.length, 2);
        target.queue.push({ packets: [], ending });
        await assert.rejects(client.command('DROP TABLE t'), (error) => {
          assert.ok(isRowhouseError(error), String(error));
          return error.ambiguous;
        });
        assert.equal(target.requests.length, 3);
      });
    }

    it('has no read sent again of which a part has come', async () => {
      target.queue.push({ packets: [head('200 OK'), chunk('1\n')], ending: 'reset' });
      await assert.rejects(client.rawQuery('SELECT 1'), isRowhouseError);
      assert.equal(target.requests.length, 1);
    });
  });

  it('is left out for hosts of noProxy', async () => {
    const cases: [string[], boolean][] = [
      [['127.0.0.1'], true],
      [['*'], true],
      [['.0.0.1'], true],
      [['10.0.0.1', 'localhost'], false],
      [[], false],
    ];
    for (const [noProxy, direct] of cases) {
      proxy.targets.length = 0;
      await ask({ url: proxyUrl, noProxy }, { pool: createPool() });
      assert.equal(proxy.targets.length, direct ? 0 : 1, noProxy.join());
    }
  });

  it('must be an HTTP proxy', () => {
    for (const bad of ['socks5://127.0.0.1:1080', 'proxy:3128', '']) {
      assert.throws(() => createClient({ url, proxy: { url: bad } }), isUsageError);
    }
  });
});
