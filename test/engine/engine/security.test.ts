import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEngine } from '../../../src/core/engine/engine.ts';
import { childScript, testProgram, useEngine } from '../fixture.ts';
import { ask, signedIn } from './http.ts';

describe('local engine: who may ask', () => {
  const endpoint = useEngine();

  it('answers its own user', async () => {
    assert.deepEqual(await ask(endpoint(), 'SELECT 1'), { status: 200, text: '1\n' });
  });

  it('has no handler for a request without the token', async () => {
    const { username, password } = endpoint();
    const withoutToken = { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password };
    assert.equal((await ask(endpoint(), 'SELECT 1', withoutToken)).status, 404);
    assert.equal((await ask(endpoint(), 'SELECT 1', { 'X-Rowhouse-Token': 'guess' })).status, 404);
  });

  it('refuses a wrong password', async () => {
    const headers = { ...signedIn(endpoint()), 'X-ClickHouse-Key': 'wrong' };
    const answer = await ask(endpoint(), 'SELECT 1', headers);
    assert.equal(answer.status, 403);
    assert.match(answer.text, /Code: 516/);
  });

  const basic = (user: string, password: string): Record<string, string> => ({
    Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });

  it('takes Basic authentication too', async () => {
    const { username, password, headers } = endpoint();
    const answer = await ask(endpoint(), 'SELECT currentUser()', {
      ...headers,
      ...basic(username, password),
    });
    assert.deepEqual(answer, { status: 200, text: 'rowhouse\n' });
  });

  // `file()` is the sharpest of them: ClickHouse asks no grant for it.
  for (const sql of [
    'SELECT 1',
    `SELECT file('/etc/passwd')`,
    `SELECT * FROM file('/etc/passwd', 'LineAsString')`,
  ]) {
    it(`refuses without the password: ${sql}`, async () => {
      const { headers, username } = endpoint();
      for (const [without, statuses] of [
        [{}, [401]],
        [{ 'X-ClickHouse-User': 'default' }, [401]],
        [{ 'X-ClickHouse-User': username }, [403]],
        [basic('default', ''), [401]],
        [basic(username, ''), [401, 403]],
      ] as const) {
        const answer = await ask(endpoint(), sql, { ...headers, ...without });
        assert.ok(
          statuses.some((status) => status === answer.status),
          `${answer.status} ${answer.text}`,
        );
        assert.doesNotMatch(answer.text, /root:/);
      }
    });
  }

  it('does not let URL parameters or a second header change the user', async () => {
    const { url, headers, username } = endpoint();
    for (const signIn of [{ 'X-ClickHouse-User': username }, basic(username, '')]) {
      for (const parameters of ['user=default&password=', '%75ser=default']) {
        const response = await fetch(`${url}/?${parameters}&query=SELECT%20currentUser()`, {
          headers: { ...headers, ...signIn },
        });
        assert.ok([401, 403].includes(response.status), await response.text());
      }
    }
    const both = { ...headers, ...basic('default', ''), 'X-ClickHouse-User': username };
    assert.equal((await ask(endpoint(), 'SELECT currentUser()', both)).status, 401);
  });

  it('sends no CORS headers, so a web page cannot read answers', async () => {
    const response = await fetch(`${endpoint().url}/?query=SELECT%201`, {
      headers: { ...signedIn(endpoint()), Origin: 'https://example.org' },
    });
    assert.equal(response.headers.get('access-control-allow-origin'), null);
    assert.equal(await response.text(), '1\n');
  });

  it('listens on 127.0.0.1 only', async () => {
    const others = Object.values(os.networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((entry) => entry.family === 'IPv4' && !entry.internal);
    const port = new URL(endpoint().url).port;
    for (const { address } of others) {
      await assert.rejects(fetch(`http://${address}:${port}/ping`));
    }
    await assert.rejects(fetch(`http://[::1]:${port}/ping`));
  });
});

describe('local engine: its configuration files', () => {
  it('keeps secrets in files only the owner can read, out of the arguments, and removes them', async () => {
    const root = mkdtempSync(path.join(os.tmpdir(), 'rowhouse-test-'));
    const engine = await startEngine({
      program: await testProgram(),
      childScript,
      dataDirectory: path.join(root, 'data'),
    });
    try {
      const [folder] = readdirSync(root).filter((name) => name.startsWith('config-'));
      assert.ok(folder);
      assert.equal(statSync(path.join(root, folder)).mode & 0o777, 0o700);
      for (const file of ['config.xml', 'users.xml']) {
        assert.equal(statSync(path.join(root, folder, file)).mode & 0o777, 0o600);
      }
      const args = readFileSync(`/proc/${engine.pid}/cmdline`, 'utf8');
      assert.ok(!args.includes(engine.endpoint.password));
      assert.ok(!args.includes(engine.endpoint.headers['X-Rowhouse-Token'] ?? ''));
    } finally {
      await engine.stop();
      assert.deepEqual(readdirSync(root), ['data']);
      rmSync(root, { recursive: true });
    }
  });
});
