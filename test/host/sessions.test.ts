import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DirectoryFiles } from './directoryFiles.ts';
import { answer, answerPicks, restoreDialogs } from './dialogs.ts';
import {
  cellsOf,
  closeEditors,
  openSql,
  resultOf,
  rowhouse,
  runAndRead,
  until,
  untilResult,
} from './support.ts';

describe('sessions of SQL documents', () => {
  let a: vscode.Uri;
  let b: vscode.Uri;

  beforeEach(async () => {
    a = (await openSql('-- a')).document.uri;
    b = (await openSql('-- b')).document.uri;
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
  });

  async function command(uri: vscode.Uri, sql: string): Promise<void> {
    const api = await rowhouse();
    const outcome = await api.run({ uri, sql });
    assert.equal(outcome?.error, undefined);
  }

  const value = async (uri: vscode.Uri, sql: string): Promise<string | undefined> =>
    (await runAndRead(uri, sql))[0]?.[0];

  it('keep SET, USE and temporary tables to themselves', async () => {
    await command(a, 'SET max_block_size = 1111');
    await command(b, 'SET max_block_size = 2222');
    await command(a, 'CREATE TEMPORARY TABLE mine (x UInt8)');
    await command(a, 'INSERT INTO mine VALUES (7)');
    await command(b, 'CREATE TEMPORARY TABLE mine (x String)');
    await command(b, `INSERT INTO mine VALUES ('seven')`);
    await command(a, 'USE system');
    for (let round = 0; round < 3; round++) {
      assert.equal(await value(a, `SELECT getSetting('max_block_size')`), '1111');
      assert.equal(await value(b, `SELECT getSetting('max_block_size')`), '2222');
      assert.equal(await value(a, 'SELECT x FROM mine'), '7');
      assert.equal(await value(b, 'SELECT x FROM mine'), 'seven');
      assert.equal(await value(a, 'SELECT currentDatabase()'), 'system');
      assert.notEqual(await value(b, 'SELECT currentDatabase()'), 'system');
    }
  });

  it('run at the same time', async () => {
    await Promise.all([value(a, 'SELECT 1'), value(b, 'SELECT 1')]);
    const begun = Date.now();
    await Promise.all([value(a, 'SELECT sleep(1)'), value(b, 'SELECT sleep(1)')]);
    assert.ok(Date.now() - begun < 1_900, `${Date.now() - begun} ms`);
  });

  it('begin anew after a reset', async () => {
    await command(a, 'CREATE TEMPORARY TABLE gone (x UInt8)');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(a));
    await vscode.commands.executeCommand('rowhouse.resetSession');
    const api = await rowhouse();
    const outcome = await api.run({ uri: a, sql: 'SELECT * FROM gone' });
    assert.match(outcome?.error ?? '', /gone/);
  });

  it('survive a change of the language', async () => {
    await command(a, 'CREATE TEMPORARY TABLE kept (x UInt8)');
    const document = await vscode.workspace.openTextDocument(a);
    await vscode.languages.setTextDocumentLanguage(document, 'clickhouse');
    assert.equal(await value(a, 'SELECT count() FROM kept'), '0');
  });

  it('are told to be lost when the local ClickHouse dies, and nothing runs without them unasked', async () => {
    await command(a, 'CREATE TEMPORARY TABLE lost_table (x UInt8)');
    await command(a, 'INSERT INTO lost_table VALUES (7)');
    await command(a, 'SET max_block_size = 1234');
    const api = await rowhouse();
    const crash = await api.run({ uri: b, sql: 'SYSTEM KILL' });
    assert.match(crash?.error ?? '', /local ClickHouse stopped while this statement ran/);
    const sql = `SELECT getSetting('max_block_size'), (SELECT x FROM lost_table)`;
    assert.match((await api.run({ uri: a, sql }))?.error ?? '', /not executed/);
    const { error, actions, id } = await resultOf(a);
    assert.equal(error?.name, 'Session lost');
    assert.match(error.message, /lost_table/);
    assert.match(error.message, /max_block_size = 1234/);
    assert.deepEqual(actions, [
      { id: 'rowhouse.replaySession', title: 'Replay and run' },
      { id: 'rowhouse.runAgain', title: 'Run without it' },
    ]);
    await vscode.commands.executeCommand('rowhouse.replaySession', { result: id });
    assert.deepEqual(await cellsOf(a), [['1234', '7']]);
    assert.equal(await value(b, 'SELECT 1'), '1', 'this document lost nothing, and hears nothing');
  });

  it('are told to be lost by the next statement when the one that found it was cancelled', async () => {
    await command(a, 'SET max_block_size = 1234');
    const api = await rowhouse();
    await api.run({ uri: b, sql: 'SYSTEM KILL' });
    const cancelled = api.run({ uri: a, sql: 'SELECT 1' });
    await untilResult(a, ({ state }) => state === 'waiting', 'the engine to start');
    await vscode.commands.executeCommand('rowhouse.cancelQuery', { uri: a });
    await cancelled;
    assert.equal((await resultOf(a)).state, 'cancelled');
    await api.run({ uri: a, sql: 'SELECT 2' });
    const { error, id } = await resultOf(a);
    assert.equal(error?.name, 'Session lost');
    const sql = `SELECT getSetting('max_block_size')`;
    await vscode.commands.executeCommand('rowhouse.replaySession', { result: id });
    assert.equal(await value(a, sql), '1234');
  });

  it('go on without what was lost when that is chosen, and can still be replayed', async () => {
    await command(a, 'SET max_block_size = 1234');
    const api = await rowhouse();
    await api.run({ uri: b, sql: 'SYSTEM KILL' });
    await api.run({ uri: a, sql: 'SELECT 1' });
    assert.equal((await resultOf(a)).error?.name, 'Session lost');
    assert.notEqual(await value(a, `SELECT getSetting('max_block_size')`), '1234');
    await vscode.commands.executeCommand('rowhouse.replaySession', { uri: a });
    assert.equal(await value(a, `SELECT getSetting('max_block_size')`), '1234');
    await assert.rejects(
      Promise.resolve(vscode.commands.executeCommand('rowhouse.replaySession', { uri: a })),
      /nothing to replay/,
    );
  });

  it('are forked: the same settings, database and parameters, and tables only when asked for', async () => {
    await command(a, `SET max_block_size = 1234, param_day = '2024-02-29'`);
    await command(a, 'USE system');
    await command(a, 'CREATE TEMPORARY TABLE mine (x UInt8, `odd name` String)');
    await command(a, `INSERT INTO mine VALUES (7, 'é')`);
    const fork = (tables: boolean): Thenable<vscode.Uri> =>
      vscode.commands.executeCommand('rowhouse.forkSession', { uri: a, tables, text: 'SELECT 1' });
    const state = `SELECT getSetting('max_block_size'), currentDatabase(), {day:Date}`;
    const api = await rowhouse();
    for (const tables of [true, false]) {
      const uri = await fork(tables);
      assert.equal(uri.scheme, 'untitled');
      assert.deepEqual(await runAndRead(uri, state), [['1234', 'system', '2024-02-29']]);
      const outcome = await api.run({ uri, sql: 'SELECT * FROM mine' });
      if (tables) assert.deepEqual(await cellsOf(uri), [['7', 'é']]);
      else assert.match(outcome?.error ?? '', /mine/);
      assert.notEqual(api.session(uri)?.id, api.session(a)?.id);
      await command(uri, 'SET max_block_size = 99');
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
    assert.deepEqual(await runAndRead(a, state), [['1234', 'system', '2024-02-29']]);
  });

  it('show what they hold and run, and each line acts', async () => {
    await command(a, `SET max_block_size = 1234, param_day = '2024-02-29'`);
    await command(a, 'USE system');
    await command(a, 'CREATE TEMPORARY TABLE mine (x UInt8)');
    const shown: vscode.QuickPickItem[] = [];
    let wanted = 'Copy session id';
    let title = '';
    answerPicks((items, asked) => {
      title = asked;
      shown.splice(0, shown.length, ...items);
      return items.find(({ label, description }) =>
        `${label} ${description ?? ''}`.includes(wanted),
      );
    });
    await vscode.commands.executeCommand('rowhouse.showSession', { uri: a });
    const api = await rowhouse();
    assert.equal(await vscode.env.clipboard.readText(), api.session(a)?.id);
    assert.match(title, /kept alive while its tab is open/);
    const lines = shown.map(({ label, description = '' }) => `${label} ${description}`.trim());
    for (const line of [
      '$(plug) Connection Local ClickHouse',
      '$(database) Database system (by USE)',
      '$(settings-gear) max_block_size 1234',
      `$(symbol-variable) day '2024-02-29'`,
      '$(table) mine CREATE TEMPORARY TABLE mine (x UInt8)',
    ]) {
      assert.ok(lines.includes(line), `${line} is not in:\n${lines.join('\n')}`);
    }
    const running = api.run({
      uri: a,
      sql: 'SELECT sleepEachRow(0.1) FROM numbers(1000) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0',
    });
    await until(() => api.session(a)?.turns.length === 1, 'the statement to run');
    wanted = 'sleepEachRow';
    await vscode.commands.executeCommand('rowhouse.showSession', { uri: a });
    await running;
    assert.equal((await resultOf(a)).state, 'cancelled');
  });

  it('belong to documents of virtual workspaces too, and follow their renames', async () => {
    const elsewhere = new DirectoryFiles();
    const scheme = 'rowhouse-virtual';
    const registration = vscode.workspace.registerFileSystemProvider(scheme, elsewhere);
    try {
      const [from, to] = ['/one.sql', '/two.sql'].map((path) => vscode.Uri.from({ scheme, path }));
      assert.ok(from && to);
      await vscode.workspace.fs.writeFile(from, Buffer.from('SELECT 1'));
      await vscode.window.showTextDocument(from, { preview: false });
      await command(from, 'SET max_block_size = 1234');
      await command(from, 'CREATE TEMPORARY TABLE mine AS SELECT 7 AS x');
      const api = await rowhouse();
      const before = api.session(from)?.id;
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(from, to);
      assert.ok(await vscode.workspace.applyEdit(edit));
      await until(() => api.session(to)?.id === before, 'the session to follow');
      const state = `SELECT getSetting('max_block_size'), (SELECT x FROM mine)`;
      assert.deepEqual(await runAndRead(to, state), [['1234', '7']]);
      assert.notEqual(await value(a, `SELECT getSetting('max_block_size')`), '1234');
      await closeEditors();
      await until(() => api.session(to) === undefined, 'the session to end with its tab');
    } finally {
      registration.dispose();
      elsewhere.remove();
    }
  });

  it('show a save that waits, and choosing it ends the waiting and nothing else', async () => {
    const api = await rowhouse();
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const target = vscode.Uri.joinPath(folder.uri, `waits-${crypto.randomUUID()}.csv`);
    const sql = 'SELECT sleepEachRow(0.2) FROM numbers(15) SETTINGS max_block_size = 1';
    const running = api.run({ uri: a, sql });
    await until(() => api.session(a)?.turns.length === 1, 'the statement to run');
    const saving = Promise.resolve(
      api.saveResultsAs({ uri: a, sql: 'SELECT 2', format: 'CSV', target }),
    );
    const ended = saving.then(String, String);
    await until(() => api.session(a)?.turns.length === 2, 'the save to wait');
    answerPicks((items) => items.find(({ label }) => label.includes('Waiting since')));
    await vscode.commands.executeCommand('rowhouse.showSession', { uri: a });
    assert.match(await ended, /^undefined$|ancelled/);
    assert.equal(api.session(a)?.turns.length, 1, 'the other statement still runs');
    assert.equal((await running)?.complete, true);
    await assert.rejects(Promise.resolve(vscode.workspace.fs.stat(target)));
  });

  it('have one queue: what waits says behind what, and can be cancelled', async () => {
    await command(a, 'CREATE TEMPORARY TABLE filled (x UInt64)');
    const api = await rowhouse();
    const sql =
      'INSERT INTO filled SELECT number + 0 * sleepEachRow(0.2) FROM numbers(8) SETTINGS max_block_size = 1';
    const inserting = api.run({ uri: a, sql });
    await untilResult(a, ({ state }) => state === 'running', 'the insert to run');
    answer('showWarningMessage', () => 'Run after it');
    const second = api.run({ uri: a, sql: 'SELECT count() FROM filled' });
    const behind = /^Waiting behind “INSERT INTO filled .*”\.$/;
    const says = async (): Promise<string> => (await resultOf(a)).message ?? '';
    await until(async () => behind.test(await says()), 'the second to wait');
    const third = api.run({ uri: a, sql: 'SELECT 3' });
    await until(
      async () => (await resultOf(a)).message?.endsWith('and 1 more.') === true,
      'the third to wait',
    );
    await vscode.commands.executeCommand('rowhouse.cancelQuery', { uri: a });
    await third;
    assert.equal((await resultOf(a)).message, 'Cancelled before it was sent.');
    await inserting;
    assert.equal((await second)?.complete, true);
    const [counted] = api.results.tabs().filter(({ title }) => title.startsWith('SELECT count()'));
    assert.equal(counted?.rows, 1);
    assert.equal(await value(a, 'SELECT count() FROM filled'), '8');
  });
});
