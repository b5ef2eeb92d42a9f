import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeEditors, openSql, resultOf, rowhouse, runAndRead } from './support.ts';

describe('sessions of SQL documents', () => {
  let a: vscode.Uri;
  let b: vscode.Uri;

  beforeEach(async () => {
    a = (await openSql('-- a')).document.uri;
    b = (await openSql('-- b')).document.uri;
  });

  afterEach(closeEditors);

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

  it('are told to be lost when the local ClickHouse dies, and the next query starts it again', async () => {
    await command(a, 'CREATE TEMPORARY TABLE lost_table (x UInt8)');
    await command(a, 'SET max_block_size = 1234');
    const api = await rowhouse();
    const crash = await api.run({ uri: b, sql: 'SYSTEM KILL' });
    assert.match(crash?.error ?? '', /local ClickHouse stopped while this statement ran/);
    assert.equal(await value(a, `SELECT getSetting('max_block_size') != 1234`), '1');
    const { notice } = await resultOf(a);
    assert.match(notice ?? '', /lost_table/);
    assert.match(notice ?? '', /max_block_size = 1234/);
    assert.equal(await value(a, 'SELECT 1'), '1');
    assert.equal((await resultOf(a)).notice, undefined, 'told once');
    assert.equal(await value(b, 'SELECT 1'), '1');
    assert.equal((await resultOf(b)).notice, undefined, 'this document lost nothing');
  });
});
