import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  createClient,
  createPool,
  isConnectError,
  isUsageError,
} from '../../../src/core/client/index.ts';
import type { Pool } from '../../../src/core/client/connectionSurface.ts';
import type { ClientOptions } from '../../../src/core/client/surface.ts';
import { type Authority, type Identity, makeAuthority } from './certificates.ts';

interface Reply {
  readonly servername: string | false;
  readonly client?: string;
  readonly user?: string;
  readonly certificateAuth?: string;
}

describe('TLS', () => {
  let authority: Authority;
  let stranger: Authority;
  let own: Identity;
  let pool: Pool;
  const servers: Server[] = [];

  before(async () => {
    pool = createPool();
    authority = await makeAuthority('Rowhouse test authority');
    stranger = await makeAuthority('Somebody else');
    own = await authority.issue('ch.example', ['ch.example', '127.0.0.1']);
  });
  after(async () => {
    await pool.close();
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  /** A server that answers with the name asked for, the client's name and its credentials. */
  async function listen(identity: Identity, clientAuthority?: string): Promise<number> {
    const server = createServer(
      {
        ...identity,
        ...(clientAuthority === undefined
          ? {}
          : { ca: clientAuthority, requestCert: true, rejectUnauthorized: true }),
      },
      (request, response) => {
        const { socket } = request;
        assert.ok(socket instanceof TLSSocket);
        const peer =
          clientAuthority === undefined ? undefined : socket.getPeerCertificate().subject;
        request.resume().on('end', () => {
          response.end(
            JSON.stringify({
              servername: socket.servername,
              client: peer?.CN,
              user: request.headers['x-clickhouse-user'],
              certificateAuth: request.headers['x-clickhouse-ssl-certificate-auth'],
              authorization: request.headers.authorization,
            }),
          );
        });
      },
    );
    servers.push(server);
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async function ask(options: ClientOptions): Promise<Reply> {
    const client = createClient({ pool, compression: 'none', ...options });
    return JSON.parse((await client.rawQuery('SELECT 1')).text()) as Reply;
  }

  it('refuses a certificate of an unknown authority, without trying again', async () => {
    const url = `https://127.0.0.1:${await listen(own)}`;
    const started = performance.now();
    await assert.rejects(ask({ url }), (error) => {
      assert.ok(isConnectError(error), String(error));
      assert.match(error.hint ?? '', /certificate authority/);
      return !error.retryable && !error.ambiguous;
    });
    assert.ok(performance.now() - started < 1_000);
  });

  it('accepts the authority it is given, alone or among others', async () => {
    const url = `https://127.0.0.1:${await listen(own)}`;
    assert.equal((await ask({ url, tls: { ca: authority.cert } })).servername, false);
    await ask({ url, tls: { ca: [stranger.cert, Buffer.from(authority.cert)] } });
    await assert.rejects(ask({ url, tls: { ca: stranger.cert } }), isConnectError);
  });

  it('sends the name as SNI and verifies it instead of the host', async () => {
    const named = await authority.issue('ch.example', ['ch.example']);
    const url = `https://127.0.0.1:${await listen(named)}`;
    const tls = { ca: authority.cert };
    await assert.rejects(
      ask({ url, tls }),
      (error) => isConnectError(error) && error.code === 'ERR_TLS_CERT_ALTNAME_INVALID',
    );
    const reply = await ask({ url, tls: { ...tls, servername: 'ch.example' } });
    assert.equal(reply.servername, 'ch.example');
    await assert.rejects(
      ask({ url, tls: { ...tls, servername: 'other.example' } }),
      isConnectError,
    );
  });

  it('accepts any certificate only when told so', async () => {
    const url = `https://127.0.0.1:${await listen(await stranger.issue('x', ['x.example']))}`;
    await assert.rejects(ask({ url }), isConnectError);
    await ask({ url, tls: { rejectUnauthorized: false } });
    // Other clients of the same pool stay strict.
    await assert.rejects(ask({ url }), isConnectError);
  });

  it('logs in with a client certificate', async () => {
    const url = `https://127.0.0.1:${await listen(own, authority.cert)}`;
    const client = await authority.issue('anna');
    const tls = { ca: authority.cert, cert: client.cert, key: client.key };
    assert.deepEqual(await ask({ url, username: 'anna', tls }), {
      servername: false,
      client: 'anna',
      user: 'anna',
      certificateAuth: 'on',
    });
  });

  it('says when the server wants another client certificate', async () => {
    const url = `https://127.0.0.1:${await listen(own, authority.cert)}`;
    const foreign = await stranger.issue('eve');
    for (const tls of [
      { ca: authority.cert },
      { ca: authority.cert, cert: foreign.cert, key: foreign.key },
    ]) {
      await assert.rejects(ask({ url, tls, username: 'eve' }), (error) => {
        assert.ok(isConnectError(error), String(error));
        return (error.hint ?? '').includes('client certificate');
      });
    }
  });

  it('refuses certificates and keys that cannot be read, before anything is sent', () => {
    const url = 'https://127.0.0.1:1';
    for (const tls of [
      { ca: '/etc/ssl/ca.pem' },
      { cert: own.cert },
      { cert: own.cert, key: 'no key' },
      { cert: own.cert, key: stranger.key },
    ]) {
      assert.throws(
        () => createClient({ url, tls }),
        (error) => isUsageError(error) && !error.message.includes('PRIVATE KEY'),
      );
    }
  });
});
