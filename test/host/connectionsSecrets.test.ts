import assert from 'node:assert/strict';
import { createHash, createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import * as vscode from 'vscode';
import type { Engine } from '../../src/core/engine/engine.ts';
import { makeAuthority } from '../faults/client/certificates.ts';
import { answer, answerPicks, listen, restoreDialogs } from './dialogs.ts';
import { type FakeSsh, makeFakeSsh } from '../engine/ssh/fakeSsh.ts';
import { type TestServer, serverFor, startTestEngine } from './servers.ts';
import { closeEditors, openSql, resultOf, rowhouse, runAndRead, until } from './support.ts';

const HOST = 'clickhouse.test';
/** What no other file of the machine has. */
const SECRETS = {
  password: 'planted-password-7f3a',
  token: 'planted.token.91bc',
  passphrase: 'planted-passphrase-5d2e',
};
const LARGEST_FILE = 64 * 1024 * 1024;
const ENGINE_DATA = path.join('engine', 'data', 'named_collections');

/** The secrets as they might be written, and as the headers carry them. */
function forms(user: string): string[] {
  const plain = Object.values(SECRETS);
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return [
    ...plain,
    ...plain.map((secret) => base64(secret).replace(/=+$/, '')),
    base64(`${user}:${SECRETS.password}`),
  ];
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    // It ended, or is another user's.
    return '';
  }
}

function parentOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);
}

/** The folder in which this VS Code keeps settings, state and logs: an argument of a process above this one. */
function dataFolder(): string {
  for (let pid = process.pid; pid > 1; pid = parentOf(pid)) {
    const words = commandLine(String(pid)).split('\0');
    const at = words.findIndex((word) => /^--(server|user)-data-dir$/.test(word));
    const folder = words[at + 1];
    if (at >= 0 && folder !== undefined) return folder;
  }
  throw new Error('The folder of this VS Code was not found.');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function found(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => text.includes(secret));
}

/** Where any of the secrets is written, or told. */
function leaksOf(secrets: readonly string[], told: unknown): string[] {
  const leaks: string[] = [];
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  for (const file of [...filesBelow(dataFolder()), ...filesBelow(workspace?.uri.fsPath ?? '')]) {
    // What a statement orders the local ClickHouse to keep is its own data.
    if (file.includes(ENGINE_DATA) || statSync(file).size > LARGEST_FILE) continue;
    if (found(readFileSync(file, 'latin1'), secrets).length > 0) leaks.push(file);
  }
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (found(commandLine(pid), secrets).length > 0) leaks.push(`arguments of process ${pid}`);
  }
  const shown = inspect(told, { depth: 20, showHidden: true, maxStringLength: null });
  leaks.push(...found(shown, secrets).map((secret) => `errors and messages: ${secret}`));
  const configuration = JSON.stringify(vscode.workspace.getConfiguration('rowhouse'));
  leaks.push(...found(configuration, secrets).map((secret) => `settings: ${secret}`));
  return leaks;
}

describe('secrets of connections', () => {
  let engine: Engine;
  let folder: string;
  let ssh: FakeSsh;
  const { PATH } = process.env;
  const servers: TestServer[] = [];

  before(async () => {
    await rowhouse();
    engine = await startTestEngine();
    ssh = await makeFakeSsh();
    process.env['PATH'] = `${ssh.folder}${path.delimiter}${PATH ?? ''}`;
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-secrets-'));
  });

  after(async () => {
    restoreDialogs();
    const entries = vscode.workspace
      .getConfiguration('rowhouse')
      .get<{ name: string }[]>('connections', []);
    for (const { name } of entries) {
      const argument = { id: name, confirm: false };
      await vscode.commands.executeCommand('rowhouse.removeConnection', argument);
    }
    await closeEditors();
    for (const server of servers) await server.close();
    process.env['PATH'] = PATH;
    await ssh.remove();
    rmSync(folder, { recursive: true, force: true });
    await engine.stop();
  });

  it('are in no setting, log, state file, error, message or process argument', async () => {
    const authority = await makeAuthority('Rowhouse test authority');
    const server = await authority.issue(HOST, [HOST]);
    const client = await authority.issue('ada');
    const { passphrase } = SECRETS;
    const key = createPrivateKey(client.key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase,
    });
    const files = { ca: 'ca.pem', cert: 'ada.pem', key: 'ada.key' };
    writeFileSync(path.join(folder, files.ca), authority.cert);
    writeFileSync(path.join(folder, files.cert), client.cert);
    writeFileSync(path.join(folder, files.key), key);
    const tls = Object.fromEntries(
      Object.entries(files).map(([name, file]) => [name, path.join(folder, file)]),
    );
    const serverTls = { ...server, ca: authority.cert, requestCert: true };
    const answers = (sql: string): readonly [number, string] | undefined =>
      sql.includes('fails')
        ? [500, 'Code: 60. DB::Exception: It fails. (UNKNOWN_TABLE)']
        : undefined;
    const open = await serverFor(engine.endpoint, {
      tls: serverTls,
      token: SECRETS.token,
      answers,
    });
    servers.push(open);
    const said = (
      ['showErrorMessage', 'showInformationMessage', 'showWarningMessage'] as const
    ).map((name) => listen(name));
    answer('showInputBox', () => undefined);
    const base = { url: open.url, tls: { ...tls, serverName: HOST }, passphrase };
    const profiles = [
      { ...base, name: 'by token', token: SECRETS.token },
      { ...base, name: 'through SSH', token: SECRETS.token, ssh: 'ada@bastion', test: false },
      { ...base, name: 'by password', user: 'mallory', password: SECRETS.password, test: false },
      { ...base, name: 'refused', user: 'mallory', password: SECRETS.password },
      { ...base, name: 'unreachable', url: 'https://127.0.0.1:1', token: SECRETS.token },
      { ...base, name: 'untrusted', tls: {}, user: 'eve', password: SECRETS.password },
    ];
    const errors: unknown[] = [];
    for (const profile of profiles) {
      try {
        await vscode.commands.executeCommand('rowhouse.addConnection', profile);
      } catch (error) {
        errors.push(error);
      }
    }
    assert.equal(errors.length, 3, inspect(errors));
    const api = await rowhouse();
    for (const id of ['by token', 'through SSH', 'by password']) {
      const { uri } = (await openSql('SELECT 1')).document;
      await vscode.commands.executeCommand('rowhouse.selectConnection', { id, uri });
      for (const sql of ['SELECT 1', 'SELECT * FROM fails']) {
        errors.push(await api.run({ uri, sql }));
        errors.push(api.results.of(uri));
      }
    }
    assert.equal((await ssh.calls()).length, 1, 'ssh was never used.');
    const sent = open.requests.map(({ headers }) => headers.authorization ?? '');
    assert.ok(sent.includes(`Bearer ${SECRETS.token}`), 'The token was never used.');

    assert.deepEqual(leaksOf(forms('mallory'), [errors, said]), []);
  });

  it('in headers and proxies of profiles are refused; those of the environment are told nowhere', async () => {
    const { username: user, password } = engine.endpoint;
    const open = await serverFor(engine.endpoint);
    servers.push(open);
    const planted = 'planted-elsewhere-c4d1';
    const base = { url: open.url, user, password };
    const errors: unknown[] = [];
    const add = async (profile: object): Promise<void> => {
      await vscode.commands.executeCommand('rowhouse.addConnection', profile).then(
        () => assert.fail('It was taken.'),
        (error: unknown) => errors.push(error),
      );
    };
    await add({ ...base, name: 'header', headers: { Authorization: `Bearer ${planted}` } });
    await add({ ...base, name: 'key', headers: { 'X-ClickHouse-Key': planted } });
    await add({ ...base, name: 'proxy', proxy: `http://ada:${planted}@127.0.0.1:1` });
    await add({ ...base, name: 'url', url: open.url.replace('//', `//ada:${planted}@`) });
    const { HTTPS_PROXY } = process.env;
    process.env['HTTPS_PROXY'] = `http://ada:${planted}@127.0.0.1:1`;
    try {
      await add({ ...base, name: 'environment', url: 'https://ch.example.invalid' });
    } finally {
      if (HTTPS_PROXY === undefined) delete process.env['HTTPS_PROXY'];
      else process.env['HTTPS_PROXY'] = HTTPS_PROXY;
    }
    const told = errors.map((error) => inspect(error, { depth: 0 }));
    assert.ok(told[4]?.includes('the proxy http://127.0.0.1:1'), told[4]);
    assert.deepEqual(leaksOf([planted], errors), []);
  });
});

describe('secrets of statements', () => {
  const SECRET = 'planted16letters';
  const settings = vscode.workspace.getConfiguration('rowhouse');
  const { Global } = vscode.ConfigurationTarget;

  before(async () => {
    await rowhouse();
    await settings.update('save.sidecar', true, Global);
  });

  after(async () => {
    await settings.update('save.sidecar', undefined, Global);
    const { uri } = (await openSql('-- tidies up')).document;
    const api = await rowhouse();
    await api.run({ uri, sql: 'DROP NAMED COLLECTION IF EXISTS planted' });
    await api.run({ uri, sql: 'DROP USER IF EXISTS planted' });
    await closeEditors();
  });

  it('are in nothing that a session, a comparison or a question shows, and a replay still sends them', async () => {
    const api = await rowhouse();
    const { uri } = (await openSql('-- shows')).document;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'local', uri });
    const run = async (sql: string): Promise<void> => {
      assert.equal((await api.run({ uri, sql }))?.error, undefined, sql);
    };
    const read = `SELECT hex(encrypt('aes-128-ecb', 'text', '${SECRET}')) AS x`;
    await run(`SET param_password = '${SECRET}'`);
    await run(`CREATE TEMPORARY TABLE enciphered AS ${read}`);
    for (const sql of [read, read]) await run(sql);
    const told: unknown[] = [];
    answerPicks((items) => {
      told.push(items.map(({ label, description, detail }) => [label, description, detail]));
      return items.find(({ label }) => label.includes('password'));
    });
    await vscode.commands.executeCommand('rowhouse.showSession', { uri });
    told.push(await vscode.env.clipboard.readText(), api.session(uri), await resultOf(uri));
    const compared = await vscode.commands.executeCommand<{ document: vscode.Uri }>(
      'rowhouse.compareRuns',
      { with: 'previous' },
    );
    const report = await vscode.workspace.openTextDocument(compared.document);
    told.push(report.getText());
    assert.match(report.getText(), /\[HIDDEN\]/);

    const other = (await openSql('-- ends it')).document.uri;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'local', uri: other });
    await api.run({ uri: other, sql: 'SYSTEM KILL' });
    await api.run({ uri, sql: 'SELECT x FROM enciphered' });
    const { error, id } = await resultOf(uri);
    told.push(error);
    assert.equal(error?.name, 'Session lost');
    answer('showWarningMessage', (...asked) => {
      told.push(asked);
      return 'Replay all';
    });
    await vscode.commands.executeCommand('rowhouse.replaySession', { result: id });
    const [expected] = await runAndRead(uri, read);
    const sum = createHash('sha256').update(SECRET).digest('hex').toUpperCase();
    assert.deepEqual(
      await runAndRead(uri, 'SELECT x, hex(SHA256({password:String})) AS sum FROM enciphered'),
      [[expected?.[0], sum]],
    );
    const shown = inspect(told, { depth: 20, maxStringLength: null });
    assert.match(shown, /reads data again/);
    assert.deepEqual(found(shown, [SECRET]), []);
    restoreDialogs();
  });

  it('are in no kept result, receipt, log or settings, whether the statement works or fails', async () => {
    const api = await rowhouse();
    const { uri } = (await openSql('-- nothing is written here')).document;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'local', uri });
    const read = `SELECT hex(encrypt('aes-128-ecb', 'text', '${SECRET}')) AS kept_with_rows`;
    const statements = [
      `SET param_password = '${SECRET}'`,
      `CREATE USER planted IDENTIFIED WITH plaintext_password BY '${SECRET}'`,
      `CREATE USER planted IDENTIFIED BY '${SECRET}' NONSENSE`,
      `CREATE NAMED COLLECTION planted AS url = 'https://b', secret_access_key = '${SECRET}'`,
      read,
    ];
    for (const sql of statements) await api.run({ uri, sql });
    const { id } = await resultOf(uri);
    await vscode.commands.executeCommand('rowhouse.openQueryLog', { result: id });
    const target = vscode.Uri.joinPath(uri, '..', 'planted.csv');
    await api.saveResultsAs({ uri, sql: read, format: 'CSV', target });
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(
      filesBelow(workspace?.uri.fsPath ?? '').some((file) => /planted.*\.json$/.test(file)),
    );
    const kept = (): string[] =>
      filesBelow(dataFolder()).filter(
        (file) => file.endsWith('.json') && readFileSync(file, 'utf8').includes('kept_with_rows'),
      );
    await until(() => kept().length > 0, 'the result to be kept');
    assert.deepEqual(leaksOf([SECRET, Buffer.from(SECRET).toString('base64')], []), []);
  });
});
