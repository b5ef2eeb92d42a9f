import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { isRowhouseError } from '../../src/core/client/errors.ts';
import type { Engine } from '../../src/core/engine/engine.ts';
import { errorText } from '../../src/host/errors/errorText.ts';
import { type Authority, makeAuthority } from '../faults/client/certificates.ts';
import { ProxyServer } from '../faults/client/proxyServer.ts';
import { answer, restoreDialogs } from './dialogs.ts';
import { type ServerOptions, type TestServer, serverFor, startTestEngine } from './servers.ts';
import { cellsOf, closeEditors, openSql, rowhouse, runAndRead } from './support.ts';

type Entry = Readonly<Record<string, unknown>> & { readonly name: string };

const HOST = 'clickhouse.test';

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('rowhouse');
}

function entries(): readonly Entry[] {
  return settings().get<Entry[]>('connections', []);
}

function add(argument: object): Thenable<unknown> {
  return vscode.commands.executeCommand('rowhouse.addConnection', argument);
}

/** A document that uses this connection. */
async function documentOn(id: string): Promise<vscode.Uri> {
  const { document } = await openSql('SELECT 1');
  const { uri } = document;
  await vscode.commands.executeCommand('rowhouse.selectConnection', { id, uri });
  return uri;
}

async function failing(uri: vscode.Uri, sql: string): Promise<string> {
  const outcome = await (await rowhouse()).run({ uri, sql });
  assert.ok(outcome?.error !== undefined, `${sql} did not fail`);
  return outcome.error;
}

async function hintOf(promise: Thenable<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    assert.ok(isRowhouseError(error), String(error));
    return errorText(error).short;
  }
  assert.fail('It was accepted.');
}

describe('a connection profile', () => {
  let engine: Engine;
  let authority: Authority;
  let folder: string;
  const servers: TestServer[] = [];

  before(async () => {
    await rowhouse();
    engine = await startTestEngine();
    authority = await makeAuthority('Rowhouse test authority');
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-connections-'));
    writeFileSync(path.join(folder, 'ca.pem'), authority.cert);
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await engine.stop();
  });

  afterEach(async () => {
    restoreDialogs();
    for (const { name } of entries()) {
      const argument = { id: name, confirm: false };
      await vscode.commands.executeCommand('rowhouse.removeConnection', argument);
    }
    await closeEditors();
    for (const server of servers.splice(0)) await server.close();
  });

  async function serve(options: ServerOptions = {}): Promise<TestServer> {
    const server = await serverFor(engine.endpoint, options);
    servers.push(server);
    return server;
  }

  async function serveTls(options: ServerOptions['tls'] = {}, token?: string): Promise<TestServer> {
    const { cert, key } = await authority.issue(HOST, [HOST]);
    const tls = { cert, key, ca: authority.cert, ...options };
    return serve({ tls, ...(token !== undefined && { token }) });
  }

  function login(): { user: string; password: string } {
    const { username, password } = engine.endpoint;
    return { user: username, password };
  }

  const ca = (): string => path.join(folder, 'ca.pem');

  it('trusts its own CA file and verifies its own server name', async () => {
    const { url } = await serveTls();
    const base = { name: 'secure', url, ...login() };
    assert.match(await hintOf(add(base)), /"tls": \{"ca"/);
    assert.match(await hintOf(add({ ...base, tls: { ca: ca() } })), /"tls\.serverName"/);
    const missing = path.join(folder, 'missing.pem');
    assert.match(
      await hintOf(add({ ...base, tls: { ca: missing } })),
      /missing\.pem cannot be read/,
    );
    await add({ ...base, tls: { ca: ca(), serverName: HOST } });
    assert.deepEqual(await runAndRead(await documentOn('secure'), 'SELECT 42'), [['42']]);
  });

  it('signs in with a client certificate, whose passphrase is asked for and kept', async () => {
    const { url, requests } = await serveTls({ requestCert: true, rejectUnauthorized: true });
    const client = await authority.issue('ada');
    const key = createPrivateKey(client.key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
      .toString();
    const files = { cert: path.join(folder, 'ada.pem'), key: path.join(folder, 'ada.key') };
    writeFileSync(files.cert, client.cert);
    writeFileSync(files.key, key);
    const tls = { ca: ca(), serverName: HOST, ...files };
    const profile = { name: 'cert', url, user: 'ada', signIn: 'certificate', tls };
    await add({ ...profile, test: false });
    const asked: string[] = [];
    answer('showInputBox', (options) => {
      asked.push((options as vscode.InputBoxOptions).prompt ?? '');
      return asked.length === 1 ? 'wrong' : 'open sesame';
    });
    const uri = await documentOn('cert');
    assert.deepEqual(await runAndRead(uri, 'SELECT 42'), [['42']]);
    assert.equal(asked.length, 2, asked.join('\n'));
    assert.match(asked[1] ?? '', /does not open/);
    assert.ok(requests.every(({ headers }) => headers.authorization === undefined));
    // Another profile field makes another client: the stored passphrase serves it.
    await vscode.commands.executeCommand('rowhouse.editConnection', {
      id: 'cert',
      database: 'system',
    });
    assert.deepEqual(await runAndRead(uri, 'SELECT currentDatabase()'), [['system']]);
    assert.equal(asked.length, 2);
  });

  it('checks no certificate only after a warning, each time that is turned on', async () => {
    const { url, requests } = await serveTls();
    const warnings: string[] = [];
    let reply: string | undefined;
    let offered: unknown[] = [];
    answer('showWarningMessage', (text, _options, ...choices) => {
      warnings.push(String(text));
      offered = choices;
      return reply;
    });
    const profile = { name: 'open', url, ...login(), tls: { insecure: true } };
    assert.match(await hintOf(add(profile)), /would not check the server's certificate/);
    assert.equal(requests.length, 0, 'It was asked before the user agreed.');
    const agree = 'Connect without checking';
    assert.deepEqual(offered, ['Do not connect', agree], 'Enter agrees to nothing.');
    reply = agree;
    await add(profile);
    assert.deepEqual(await runAndRead(await documentOn('open'), 'SELECT 42'), [['42']]);
    assert.equal(warnings.length, 2);
    const [entry] = entries();
    await settings().update('connections', [{ ...entry, tls: { insecure: false } }], true);
    await settings().update('connections', [entry], true);
    reply = undefined;
    const before = requests.length;
    await failing(await documentOn('open'), 'SELECT 43');
    assert.equal(warnings.length, 3, 'It did not warn again.');
    assert.deepEqual(offered, ['Open settings', agree], 'Enter agrees to nothing.');
    assert.equal(requests.length, before);
  });

  it('sends an access token, asks for one that is not accepted, and none goes to the settings', async () => {
    const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.c2ln';
    const { url, requests } = await serveTls({}, token);
    const tls = { ca: ca(), serverName: HOST };
    const profile = { name: 'jwt', url, tls };
    const refused = await hintOf(add({ ...profile, token: 'old.token.here' }));
    assert.doesNotMatch(refused, /old\.token/);
    await add({ ...profile, token: 'old.token.here', test: false });
    assert.deepEqual(entries(), [{ ...profile, signIn: 'token' }]);
    answer('showInputBox', () => token);
    assert.deepEqual(await runAndRead(await documentOn('jwt'), 'SELECT 42'), [['42']]);
    assert.equal(requests.at(-1)?.headers.authorization, `Bearer ${token}`);
    assert.ok(!JSON.stringify(entries()).includes(token));
  });

  it('sends its headers, settings and database, and is refused for a role that is not there', async () => {
    const { url, requests } = await serve();
    const further = {
      headers: { 'X-Team': 'data' },
      settings: { max_threads: 3 },
      database: 'system',
    };
    await add({ name: 'full', url, ...login(), ...further });
    const uri = await documentOn('full');
    const sql = "SELECT currentDatabase(), toString(getSetting('max_threads'))";
    assert.deepEqual(await runAndRead(uri, sql), [['system', '3']]);
    assert.ok(requests.every(({ headers }) => headers['x-team'] === 'data'));
    for (const [wrong, said] of [
      [{ roles: ['nobody_has_it'] }, /role/i],
      [{ settings: { no_such_setting: 1 } }, /no_such_setting/],
      [{ database: 'no_such_database' }, /no_such_database/],
    ] as const) {
      assert.match(await hintOf(add({ name: 'bad', url, ...login(), ...wrong })), said);
    }
  });

  it('that is read-only is kept so by the server, with SET and temporary tables, or strictly', async () => {
    const { url } = await serve();
    await add({ name: 'writes', url, ...login() });
    const writer = await documentOn('writes');
    const create = 'CREATE TABLE kept (x Int8) ENGINE = MergeTree ORDER BY x';
    assert.equal((await (await rowhouse()).run({ uri: writer, sql: create }))?.error, undefined);
    await add({ name: 'reads', url, ...login(), readOnly: true });
    const uri = await documentOn('reads');
    for (const sql of [
      'INSERT INTO kept VALUES (1)',
      'DROP TABLE kept',
      'SET readonly = 0',
      'INSERT INTO kept SETTINGS readonly = 0 VALUES (1)',
    ]) {
      assert.match(await failing(uri, sql), /readonly/i, sql);
    }
    const api = await rowhouse();
    for (const sql of ['SET max_threads = 2', 'CREATE TEMPORARY TABLE t AS SELECT 7 AS x']) {
      assert.equal((await api.run({ uri, sql }))?.error, undefined, sql);
    }
    assert.deepEqual(
      await runAndRead(uri, "SELECT x, toString(getSetting('max_threads')) FROM t"),
      [['7', '2']],
    );
    await add({ name: 'strict', url, ...login(), readOnly: 'strict' });
    const strict = await documentOn('strict');
    const temporary = 'CREATE TEMPORARY TABLE t AS SELECT 7 AS x';
    assert.match(await failing(strict, temporary), /readonly/i);
    assert.match(await failing(strict, "INSERT INTO FUNCTION file('x.csv') SELECT 1"), /readonly/i);
    assert.deepEqual(await runAndRead(strict, 'SELECT count() FROM kept'), [['0']]);
  });

  it('marked as production asks before what destroys, by connection and statement, and shows the mark', async () => {
    const { url } = await serve();
    await add({ name: 'live', url, ...login(), production: true, color: 'red' });
    const uri = await documentOn('live');
    const asked: [string, string][] = [];
    let reply: string | undefined;
    answer('showWarningMessage', (text, options) => {
      asked.push([String(text), (options as vscode.MessageOptions).detail ?? '']);
      return reply;
    });
    const api = await rowhouse();
    await api.run({ uri, sql: 'CREATE TABLE precious (x Int8) ENGINE = MergeTree ORDER BY x' });
    await api.run({ uri, sql: 'INSERT INTO precious VALUES (1)' });
    assert.equal(asked.length, 0);
    assert.equal(await api.run({ uri, sql: 'TRUNCATE TABLE precious' }), undefined);
    const [question = '', detail = ''] = asked[0] ?? [];
    assert.match(question, /TRUNCATE on "live", which is production/);
    assert.ok(detail.includes('TRUNCATE TABLE precious'));
    assert.deepEqual(await runAndRead(uri, 'SELECT count() FROM precious'), [['1']]);
    assert.equal(api.results.of(uri)?.connection, 'live (production)');
    reply = 'Run on production';
    await api.run({ uri, sql: 'ALTER TABLE precious DELETE WHERE 1 SETTINGS mutations_sync = 1' });
    assert.deepEqual(await runAndRead(uri, 'SELECT count() FROM precious'), [['0']]);
    assert.equal(asked.length, 2);
    reply = undefined;
    const script = await openSql('SELECT 1; TRUNCATE TABLE precious; DROP TABLE precious');
    const selected = { id: 'live', uri: script.document.uri };
    await vscode.commands.executeCommand('rowhouse.selectConnection', selected);
    await vscode.commands.executeCommand('rowhouse.saveScriptAs', {
      uri: script.document.uri,
      format: 'CSV',
      folder: vscode.Uri.file(path.join(folder, 'script')),
    });
    assert.match(asked.at(-1)?.[0] ?? '', /TRUNCATE, DROP on "live"/);
    assert.ok(!existsSync(path.join(folder, 'script')), 'The script ran.');
    const given = { uri, sql: 'DROP TABLE precious', confirm: false };
    await vscode.commands.executeCommand('rowhouse.runQuery', given);
    assert.equal(asked.length, 3, 'It asked though the caller had agreed.');
    assert.deepEqual(await runAndRead(uri, 'EXISTS TABLE precious'), [['0']]);
    assert.deepEqual(await cellsOf(uri), [['0']]);
  });

  describe('behind a proxy', () => {
    let proxy: ProxyServer;
    let proxyUrl: string;

    beforeEach(async () => {
      proxy = new ProxyServer();
      proxyUrl = await proxy.listen();
    });

    afterEach(async () => {
      const http = vscode.workspace.getConfiguration('http');
      for (const name of ['proxy', 'noProxy', 'proxySupport']) {
        await http.update(name, undefined, true);
      }
      await proxy.close();
    });

    it('goes through its own one', async () => {
      const { url } = await serve();
      await add({ name: 'own', url, ...login(), proxy: proxyUrl });
      assert.deepEqual(await runAndRead(await documentOn('own'), 'SELECT 42'), [['42']]);
      assert.ok(proxy.targets.includes(new URL(url).host));
    });

    it("goes through VS Code's, with its password, unless noProxy or proxySupport say otherwise", async () => {
      const http = vscode.workspace.getConfiguration('http');
      const url = `https://${HOST}:8443`;
      proxy.authorization = `Basic ${Buffer.from('me:planted').toString('base64')}`;
      proxy.status = 502;
      await http.update('proxy', proxyUrl, true);
      const unknown = await hintOf(add({ name: 'far', url }));
      assert.match(unknown, /VS Code's "http\.proxy".*HTTPS_PROXY/);
      await http.update('proxy', proxyUrl.replace('//', '//me:planted@'), true);
      const refused = await hintOf(add({ name: 'far', url }));
      assert.match(refused, /proxy/);
      assert.doesNotMatch(refused, /planted/);
      assert.notEqual(refused, unknown);
      assert.deepEqual(new Set(proxy.targets), new Set([`${HOST}:8443`]));
      const { length } = proxy.targets;
      await http.update('noProxy', ['.test'], true);
      await hintOf(add({ name: 'far', url }));
      assert.equal(proxy.targets.length, length, 'noProxy was ignored.');
    });
  });

  it('is told by its test what the user will miss', async () => {
    const denied =
      "Code: 497. DB::Exception: ada: Not enough privileges. To execute this query, it's necessary to have the grant SELECT(query_id) ON system.processes. (ACCESS_DENIED) (version 26.7.2.1)\n";
    const { url } = await serve({
      answers: (sql) => (sql.includes('system.processes') ? [403, denied] : undefined),
    });
    const said: string[] = [];
    answer('showInformationMessage', (text) => {
      said.push(String(text));
    });
    const { username, password } = engine.endpoint;
    const boxes = [url, username, password];
    const { createInputBox, createQuickPick } = vscode.window;
    vscode.window.createInputBox = () => {
      const box = createInputBox.call(vscode.window);
      const show = box.show.bind(box);
      box.show = () => {
        show();
        box.value = boxes.shift() ?? '';
        void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      };
      return box;
    };
    vscode.window.createQuickPick = (() => {
      const pick = createQuickPick.call(vscode.window);
      const show = pick.show.bind(pick);
      pick.show = () => {
        show();
        void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      };
      return pick;
    }) as typeof createQuickPick;
    try {
      await vscode.commands.executeCommand('rowhouse.addConnection');
    } finally {
      Object.assign(vscode.window, { createInputBox, createQuickPick });
    }
    const [text = ''] = said;
    assert.match(text, new RegExp(`user ${username}, database default, answered in [\\d.]+ ms`));
    assert.match(text, /ClickHouse \d+\.\d+\.\d+/);
    assert.match(
      text,
      /Will be missed: progress and running queries \(SELECT on system\.processes\)\./,
    );
    assert.doesNotMatch(text, /system\.tables/);
  });
});
