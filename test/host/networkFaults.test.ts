import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { createClient } from '../../src/core/client/client.ts';
import { isCancelledError } from '../../src/core/client/errors.ts';
import type { Engine } from '../../src/core/engine/engine.ts';
import { PageDrops, type PageDropParts } from '../../src/host/results/drop/pageDrops.ts';
import type { PageFiles } from '../../src/host/results/drop/pageFiles.ts';
import { TcpProxy } from '../engine/client/tcpProxy.ts';
import { bareConnections } from './bareConnections.ts';
import { cancelLater, listen, restoreDialogs } from './dialogs.ts';
import { type TestServer, serverFor, startTestEngine } from './servers.ts';
import { closeEditors, openSql, resultOf, rowhouse, runAndRead, until } from './support.ts';

const LARGE = 'SELECT number FROM numbers(3000000)';

describe('a network that fails', () => {
  let engine: Engine;
  let server: TestServer;
  let proxy: TcpProxy;
  let uri: vscode.Uri;

  before(async () => {
    await rowhouse();
    engine = await startTestEngine();
    server = await serverFor(engine.endpoint);
  });

  after(async () => {
    await server.close();
    await engine.stop();
  });

  beforeEach(async () => {
    proxy = await new TcpProxy(server.url).open();
    const { username: user, password } = engine.endpoint;
    const profile = { name: 'far', url: proxy.url, user, password };
    await vscode.commands.executeCommand('rowhouse.addConnection', profile);
    uri = (await openSql('SELECT 1')).document.uri;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'far', uri });
  });

  afterEach(async () => {
    restoreDialogs();
    proxy.fault = 'pass';
    const argument = { id: 'far', confirm: false };
    await vscode.commands.executeCommand('rowhouse.removeConnection', argument);
    await closeEditors();
    await proxy.close();
  });

  /** What the user reads in the result of a statement that failed. */
  async function told(sql: string): Promise<{ message: string; hint: string }> {
    const api = await rowhouse();
    assert.ok((await api.run({ uri, sql }))?.error !== undefined, 'It did not fail.');
    const { error } = await resultOf(uri);
    return { message: error?.message ?? '', hint: error?.hint ?? '' };
  }

  /** Makes it another connection, which nobody has used yet. */
  async function beUnused(): Promise<void> {
    const settings = vscode.workspace.getConfiguration('rowhouse');
    const fresh = settings
      .get<{ url: string }[]>('connections', [])
      .map((entry) => ({ ...entry, headers: { 'X-Fresh': 'yes' } }));
    await settings.update('connections', fresh, true);
  }

  it('is told in words that name the server and what to do, and the next run works', async () => {
    assert.deepEqual(await runAndRead(uri, 'SELECT 1'), [['1']]);
    const faults = [
      ['refuse', 'SELECT 2', /nothing accepts it/, /server runs.*port/],
      ['reset', 'SELECT 2', /closed the connection without an answer/, /Try again/],
      ['halfClose', 'SELECT 2', /closed the connection without an answer/, /Try again/],
      ['cut', LARGE, /ended before the result was complete/, /not the whole result/],
      ['reset', 'CREATE TABLE t (a Int8) ENGINE = Null', /without an answer/, /may have been exec/],
    ] as const;
    for (const [fault, sql, message, hint] of faults) {
      if (fault === 'refuse') await proxy.close();
      else proxy.fault = fault;
      const shown = await told(sql);
      assert.match(shown.message, message, `${fault}: ${shown.message}`);
      assert.ok(shown.message.includes(proxy.url), `${fault}: ${shown.message}`);
      assert.match(shown.hint, hint, `${fault}: ${shown.hint}`);
      assert.equal((await resultOf(uri)).complete, false);
      if (fault === 'refuse') await proxy.open();
      proxy.fault = 'pass';
      assert.deepEqual(await runAndRead(uri, 'SELECT 42'), [['42']], `after ${fault}`);
    }
  });

  it('that speaks no TLS is told when the connection is added, and nothing is saved', async () => {
    const { username: user, password } = engine.endpoint;
    const url = proxy.url.replace('http:', 'https:');
    const profile = { name: 'wrong', url, user, password };
    await assert.rejects(
      Promise.resolve(vscode.commands.executeCommand('rowhouse.addConnection', profile)),
      /does not speak TLS on this port/,
    );
    const entries = vscode.workspace.getConfiguration('rowhouse').get<object[]>('connections', []);
    assert.equal(entries.length, 1);
  });

  it('does not hold up Cancel while a statement connects: the attempt stops, and nothing was sent', async () => {
    const api = await rowhouse();
    await beUnused();
    proxy.fault = 'blackHole';
    const outfile = vscode.Uri.joinPath(uri, '..', 'never.csv').fsPath;
    for (const sql of [
      'INSERT INTO FUNCTION null() SELECT 1',
      `SELECT 1 INTO OUTFILE '${outfile}' TRUNCATE`,
    ]) {
      const { received } = proxy;
      const running = api.run({ uri, sql });
      await until(() => proxy.received > received, 'the statement to connect');
      assert.equal((await resultOf(uri)).message, 'Connecting to far…');
      const sent = server.requests.length;
      await vscode.commands.executeCommand('rowhouse.cancelQuery', { uri });
      await running;
      const { state, message } = await resultOf(uri);
      assert.deepEqual([state, message], ['cancelled', 'Cancelled before it was sent.'], sql);
      assert.equal(server.requests.length, sent);
    }
    assert.ok(!existsSync(outfile));
    proxy.fault = 'pass';
    assert.deepEqual(await runAndRead(uri, 'SELECT 42'), [['42']]);
    // Held up, it would end as cancelled too: once the server had been silent for 20 s.
  }).timeout(20_000);

  it('does not hold up Cancel while a save, a script or an insert connects', async () => {
    const api = await rowhouse();
    await beUnused();
    const at = (name: string): vscode.Uri => vscode.Uri.joinPath(uri, '..', name);
    await vscode.workspace.fs.writeFile(at('one.csv'), Buffer.from('x\n1\n'));
    const insert = { source: at('one.csv'), table: 't', connection: 'far', confirm: false };
    const works: readonly (() => Thenable<unknown>)[] = [
      () => api.saveResultsAs({ uri, sql: 'SELECT 1', format: 'CSV', target: at('saved.csv') }),
      () =>
        vscode.commands.executeCommand('rowhouse.saveScriptAs', {
          ...{ uri, format: 'CSV', folder: at('script') },
        }),
      () => api.insertFile(insert),
      () => vscode.commands.executeCommand('rowhouse.createTableFromFile', insert),
    ];
    proxy.fault = 'blackHole';
    for (const work of works) {
      const pressCancel = cancelLater();
      const { received } = proxy;
      const ending = Promise.allSettled([work()]);
      await until(() => proxy.received > received, 'the work to connect');
      await pressCancel();
      const [outcome] = await ending;
      assert.equal(outcome.status, 'rejected', String(work));
      assert.ok(isCancelledError(outcome.reason), String(outcome.reason));
      restoreDialogs();
    }
  });

  it('does not hold up Cancel while files dropped on the results connect, and says no more', async () => {
    await beUnused();
    const connections = bareConnections();
    const connection = connections.require('far');
    const inserted: string[] = [];
    const parts = { connections, inserted: (id: string) => inserted.push(id) };
    const drops = new PageDrops(parts as unknown as PageDropParts);
    const dropped = {
      files: [{ name: 'one.csv', bytes: 4 }],
      copy: () => Promise.reject(new Error('Nobody said into which table.')),
      end: () => inserted.push('ended'),
    } as unknown as PageFiles;
    const said = [listen('showErrorMessage'), listen('showWarningMessage')];
    const place = { connection, sql: 'SELECT 1' };
    proxy.fault = 'blackHole';
    for (const drop of [
      () => drops.insertUris([vscode.Uri.joinPath(uri, '..', 'one.csv').toString()], place),
      () => drops.insertFiles(dropped, place),
    ]) {
      const pressCancel = cancelLater();
      const { received } = proxy;
      const ending = drop();
      await until(() => proxy.received > received, 'the drop to connect');
      await pressCancel();
      await ending;
    }
    assert.deepEqual(inserted, ['ended'], 'The page is told that its files are not needed.');
    assert.deepEqual(said.flat(), []);
    connections.dispose();
  });

  it('does not hold up the removal of a connection for long, and an insert into it is accounted for', async () => {
    const api = await rowhouse();
    const witness = createClient(engine.endpoint);
    await witness.command(
      // ClickHouse refuses at once what would sleep more than three seconds in a block.
      'CREATE TABLE slow (x UInt64, y UInt8 DEFAULT sleepEachRow(0.0014)) ENGINE = Null',
    );
    const source = vscode.Uri.joinPath(uri, '..', 'slow.csv');
    await vscode.workspace.fs.writeFile(source, Buffer.from('x\n' + '1\n'.repeat(2_000)));
    const insert = { source, table: 'default.slow', connection: 'far', confirm: false };
    const inserting = Promise.allSettled([Promise.resolve(api.insertFile(insert))]);
    const running = `SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO %slow%'`;
    const isRunning = async (): Promise<boolean> =>
      (await witness.rawQuery(running, { format: 'TSV' })).text().trim() !== '0';
    await until(isRunning, 'the insert to run');
    proxy.fault = 'blackHole';
    const left = { id: 'far', confirm: false };
    let isRemoved = false;
    void vscode.commands.executeCommand('rowhouse.removeConnection', left).then(() => {
      isRemoved = true;
    });
    await until(() => isRemoved, 'the removal', 25_000);
    const [outcome] = await inserting;
    assert.equal(outcome.status, 'rejected');
    assert.ok(isCancelledError(outcome.reason), String(outcome.reason));
    const next = { name: 'far', url: proxy.url, test: false };
    await vscode.commands.executeCommand('rowhouse.addConnection', next);
    await witness.command(`KILL QUERY WHERE query LIKE 'INSERT INTO %slow%' SYNC`);
    await witness.close();
  }).timeout(120_000);

  it('does not hold up Cancel, which tells what is known of the server', async () => {
    assert.deepEqual(await runAndRead(uri, 'SELECT 1'), [['1']]);
    proxy.fault = 'blackHole';
    const { received } = proxy;
    const api = await rowhouse();
    const running = api.run({ uri, sql: LARGE });
    await until(() => proxy.received > received, 'the statement to be sent');
    await vscode.commands.executeCommand('rowhouse.cancelQuery', { uri });
    await running;
    const { id } = await resultOf(uri);
    const says = (text: RegExp) => (): boolean =>
      text.test(api.results.tabs().find((tab) => tab.id === id)?.message ?? '');
    await until(says(/^Still stopping: the server has not answered yet/), 'the first word', 3_000);
    await proxy.close();
    await until(says(/^Cancelled here, but the server could not be asked/), 'the last word');
    proxy.fault = 'pass';
    await proxy.open();
    assert.deepEqual(await runAndRead(uri, 'SELECT 42'), [['42']]);
  });
});
