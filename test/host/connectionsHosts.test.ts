import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { isConnectError } from '../../src/core/client/errors.ts';
import type { Engine } from '../../src/core/engine/engine.ts';
import { type FakeSsh, isRunning, makeFakeSsh } from '../engine/ssh/fakeSsh.ts';
import { answer, restoreDialogs } from './dialogs.ts';
import { type TestServer, serverFor, startTestEngine } from './servers.ts';
import { closeEditors, openSql, resultOf, rowhouse, runAndRead, until } from './support.ts';

const LIMIT_MS = 3_000;

async function clear(): Promise<void> {
  const entries = vscode.workspace
    .getConfiguration('rowhouse')
    .get<{ name: string }[]>('connections', []);
  for (const { name } of entries) {
    await vscode.commands.executeCommand('rowhouse.removeConnection', { id: name, confirm: false });
  }
}

function add(argument: object): Thenable<unknown> {
  return vscode.commands.executeCommand('rowhouse.addConnection', argument);
}

async function documentOn(id: string): Promise<vscode.Uri> {
  const { uri } = (await openSql('SELECT 1')).document;
  await vscode.commands.executeCommand('rowhouse.selectConnection', { id, uri });
  return uri;
}

describe('connections with several hosts', () => {
  let engine: Engine;
  let servers: TestServer[];
  let login: { user: string; password: string };

  before(async () => {
    await rowhouse();
    engine = await startTestEngine();
    login = { user: engine.endpoint.username, password: engine.endpoint.password };
  });

  after(() => engine.stop());

  beforeEach(async () => {
    servers = [await serverFor(engine.endpoint), await serverFor(engine.endpoint)];
  });

  afterEach(async () => {
    restoreDialogs();
    await clear();
    await closeEditors();
    for (const server of servers) await server.close();
  });

  function urls(): [string, string] {
    const [first, second] = servers;
    assert.ok(first && second);
    return [first.url, second.url];
  }

  it('run a statement on the second within 3 s when the first is gone', async () => {
    const [url, other] = urls();
    await add({ name: 'pair', url, hosts: [other], ...login });
    const uri = await documentOn('pair');
    assert.deepEqual(await runAndRead(uri, 'SELECT 1'), [['1']]);
    assert.equal(servers[1]?.requests.filter(({ sql }) => sql === 'SELECT 1').length, 1);
    await servers[0]?.close();
    const started = performance.now();
    assert.deepEqual(await runAndRead(uri, 'SELECT 42'), [['42']]);
    const ms = performance.now() - started;
    assert.ok(ms < LIMIT_MS, `${ms} ms`);
    assert.ok(servers[1].requests.some(({ sql }) => sql === 'SELECT 42'));
  });

  it('are tested host by host; one that fails is told, and does not stand in the way', async () => {
    const [url, other] = urls();
    const dead = await serverFor(engine.endpoint);
    await dead.close();
    await add({ name: 'three', url, hosts: [other, dead.url], ...login });
    for (const server of servers) assert.ok(server.requests.length > 0, server.url);
    // All of them dead: nothing is saved, and the first one's failure is told.
    await assert.rejects(
      Promise.resolve(add({ name: 'none', url: dead.url, hosts: ['127.0.0.1:1'], ...login })),
      (error) => isConnectError(error) && error.message.includes(dead.url),
    );
  });

  it('do not hand the password of one host to another that settings add', async () => {
    const [url, other] = urls();
    await add({ name: 'one', url, ...login });
    await vscode.workspace
      .getConfiguration('rowhouse')
      .update('connections', [{ name: 'one', url, hosts: [other], user: login.user }], true);
    const asked: unknown[] = [];
    answer('showInputBox', (options) => {
      asked.push(options);
      return undefined;
    });
    const uri = await documentOn('one');
    const outcome = await (await rowhouse()).run({ uri, sql: 'SELECT 1' });
    assert.ok(outcome?.error);
    assert.equal(asked.length, 1);
    const sent = JSON.stringify(servers.at(1)?.requests ?? []);
    const encoded = Buffer.from(`${login.user}:${login.password}`).toString('base64');
    assert.ok(!sent.includes(encoded), 'The password was sent to the added host.');
  });
});

describe('connections through SSH', () => {
  const { PATH } = process.env;
  let engine: Engine;
  let server: TestServer;
  let ssh: FakeSsh;

  before(async () => {
    await rowhouse();
    engine = await startTestEngine();
    server = await serverFor(engine.endpoint);
    ssh = await makeFakeSsh();
    process.env['PATH'] = `${ssh.folder}${path.delimiter}${PATH ?? ''}`;
  });

  after(async () => {
    process.env['PATH'] = PATH;
    await closeEditors();
    await server.close();
    await engine.stop();
    await ssh.remove();
  });

  it('start ssh at the first use and end it when they are removed', async () => {
    const { username: user, password } = engine.endpoint;
    const profile = { name: 'inside', url: server.url, user, password, ssh: 'ada@bastion' };
    await add({ ...profile, test: false });
    const uri = await documentOn('inside');
    assert.deepEqual(await ssh.calls(), []);
    assert.deepEqual(await runAndRead(uri, 'SELECT 7'), [['7']]);
    const [call, ...others] = await ssh.calls();
    assert.ok(call);
    assert.deepEqual(others, []);
    assert.equal(call.words.at(-1), 'ada@bastion');
    assert.ok(isRunning(call.pid));
    await clear();
    await until(() => !isRunning(call.pid), 'ssh ends with its connection');
  });

  it('are given up by Cancel while ssh still connects: ssh ends, and the next run starts another', async () => {
    const { username: user, password } = engine.endpoint;
    const profile = { name: 'slow', url: server.url, user, password, ssh: 'ada@slow' };
    await add({ ...profile, test: false });
    const uri = await documentOn('slow');
    await ssh.behave({ hangs: true });
    const calls = async (): Promise<number[]> =>
      (await ssh.calls()).filter(({ words }) => words.at(-1) === 'ada@slow').map(({ pid }) => pid);
    const running = (await rowhouse()).run({ uri, sql: 'SELECT 1' });
    await until(async () => (await calls()).length > 0, 'ssh to start');
    await vscode.commands.executeCommand('rowhouse.cancelQuery', { uri });
    await running;
    assert.equal((await resultOf(uri)).message, 'Cancelled before it was sent.');
    const [first = 0] = await calls();
    await until(() => !isRunning(first), 'ssh to end');
    await ssh.behave({});
    assert.deepEqual(await runAndRead(uri, 'SELECT 7'), [['7']]);
    await clear();
  });

  it('that share a way do not lose it when one of them is cancelled while ssh connects', async () => {
    const { username: user, password } = engine.endpoint;
    const profile = { url: server.url, user, password, ssh: 'ada@shared', test: false };
    await add({ ...profile, name: 'first' });
    await add({ ...profile, name: 'second' });
    const [first, second] = [await documentOn('first'), await documentOn('second')];
    assert.deepEqual(await runAndRead(first, 'SELECT 7'), [['7']]);
    const calls = async (): Promise<number[]> =>
      (await ssh.calls())
        .filter(({ words }) => words.at(-1) === 'ada@shared')
        .map(({ pid }) => pid);
    const [pid = 0] = await calls();
    // As after a computer slept: ssh is gone, and what comes next starts another.
    process.kill(pid);
    await until(() => !isRunning(pid), 'ssh to end');
    await ssh.behave({ hangs: true });
    const running = (await rowhouse()).run({ uri: second, sql: 'SELECT 1' });
    await until(async () => (await calls()).length > 1, 'ssh to start again');
    await vscode.commands.executeCommand('rowhouse.cancelQuery', { uri: second });
    await running;
    process.kill((await calls()).at(-1) ?? 0);
    await ssh.behave({});
    const again = async (): Promise<boolean> =>
      (await (await rowhouse()).run({ uri: first, sql: 'SELECT 8' }))?.error === undefined;
    // The ssh that hung is told as the failure of whoever waits for it.
    await until(again, 'the first connection to work');
    await clear();
  });

  it('that are only tested leave no ssh behind; what ssh says is told', async () => {
    const { username: user, password } = engine.endpoint;
    const profile = { name: 'tested', url: server.url, user, password, ssh: { host: 'other' } };
    await add(profile);
    const calls = await ssh.calls();
    const tested = calls.at(-1);
    assert.ok(tested);
    await clear();
    await until(() => !isRunning(tested.pid), 'ssh ends after the test');
    await ssh.behave({ says: 'Host key verification failed.' });
    await assert.rejects(Promise.resolve(add(profile)), /host key is not known/);
  });
});
