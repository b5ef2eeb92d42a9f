import assert from 'node:assert/strict';
import { createClient } from '../../../src/core/client/index.ts';
import { resolveEndpoint } from '../../../src/core/client/endpoint.ts';
import { buildRequest } from '../../../src/core/client/request.ts';
import type { ClientOptions } from '../../../src/core/client/surface.ts';
import { makeAuthority } from '../../faults/client/certificates.ts';

const local = resolveEndpoint({ url: 'http://127.0.0.1:8123' });

describe('buildRequest', () => {
  it('puts parameters in one order and leaves the statement untouched', () => {
    const built = buildRequest(local, {
      sql: 'SELECT 1; -- x',
      queryId: 'q1',
      database: 'db',
      session: { id: 's', timeoutSec: 60, check: true },
      role: ['a', 'b'],
      settings: { max_threads: 2, flag: true },
      format: 'CSV',
      params: [['p', 'a+b c']],
      buffered: true,
    });
    assert.equal(
      built.path,
      '/?query_id=q1&database=db&session_id=s&session_timeout=60&session_check=1&role=a&role=b' +
        '&wait_end_of_query=1&max_threads=2&flag=1&default_format=CSV&param_p=a%2Bb%20c',
    );
    assert.equal(built.body, 'SELECT 1; -- x');
    assert.equal(built.headers['accept-encoding'], 'identity');
  });

  it('puts the statement into the URL when the body carries data', () => {
    const built = buildRequest(local, { sql: 'INSERT', queryId: 'q', carriesData: true });
    assert.equal(built.path, '/?query_id=q&query=INSERT');
    assert.equal(built.body, undefined);
    assert.equal(built.headers['content-type'], 'application/octet-stream');
  });

  it('offers exactly one coding and asks for compression only then', () => {
    const remote = resolveEndpoint({ url: 'https://ch.example:8443/base/' });
    const built = buildRequest(remote, { sql: 'S', queryId: 'q' });
    assert.equal(built.headers['accept-encoding'], 'gzip');
    assert.equal(built.path, '/base/?query_id=q&enable_http_compression=1');
  });

  it('moves long parameters into a form', () => {
    const built = buildRequest(local, {
      sql: 'SELECT {p:String}',
      queryId: 'q',
      params: [['p', 'x'.repeat(5_000)]],
    });
    assert.match(built.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/);
    assert.equal(built.path, `/?query_id=q&query=${encodeURIComponent('SELECT {p:String}')}`);
  });

  it('sends one kind of credentials', async () => {
    const identity = await (await makeAuthority('Test')).issue('u');
    const headersOf = (options: Omit<ClientOptions, 'url'>): Readonly<Record<string, string>> =>
      resolveEndpoint({ url: 'http://h', ...options }).headers;
    assert.equal(headersOf({ username: 'u', password: 'ü' })['authorization'], 'Basic dTrDvA==');
    assert.equal(headersOf({ accessToken: 't' })['authorization'], 'Bearer t');
    const certificate = headersOf({ username: 'u', tls: identity });
    assert.equal(certificate['x-clickhouse-ssl-certificate-auth'], 'on');
    assert.equal(certificate['authorization'], undefined);
  });

  for (const name of ['query', 'param_x', 'session_id', 'default_format', 'user']) {
    it(`refuses "${name}" as a setting`, () => {
      assert.throws(
        () => buildRequest(local, { sql: 'S', queryId: 'q', settings: { [name]: 1 } }),
        { kind: 'usage' },
      );
    });
  }
});

describe('createClient', () => {
  const bad: [string, ClientOptions][] = [
    ['no URL', { url: 'nonsense' }],
    ['another protocol', { url: 'tcp://h:9000' }],
    ['credentials in the URL', { url: 'http://u:p@h' }],
    ['a query in the URL', { url: 'http://h/?database=x' }],
    ['two kinds of credentials', { url: 'http://h', accessToken: 't', password: 'p' }],
  ];
  for (const [name, options] of bad) {
    it(`refuses ${name} and does not repeat the password`, () => {
      assert.throws(
        () => createClient(options),
        (error: { kind?: string; message: string }) =>
          error.kind === 'usage' && !error.message.includes('u:p'),
      );
    });
  }
});
