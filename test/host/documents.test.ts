import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isCancelledError } from '../../src/core/client/errors.ts';
import type { ResultSnapshot } from '../../src/shared/protocol.ts';
import { cancelLater, listen, restoreDialogs } from './dialogs.ts';
import {
  closeEditors,
  openSql,
  resultOf,
  rowhouse,
  runAndRead,
  until,
  untilResult,
} from './support.ts';

const TEMPORARY = 'CREATE TEMPORARY TABLE mine (x UInt8)';

describe('documents that change their name or run twice', () => {
  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
  });

  const folder = (): vscode.Uri => {
    const [first] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(first);
    return first.uri;
  };
  const fresh = (): vscode.Uri => vscode.Uri.joinPath(folder(), `named-${crypto.randomUUID()}.sql`);

  async function run(uri: vscode.Uri, sql: string): Promise<void> {
    const api = await rowhouse();
    assert.equal((await api.run({ uri, sql }))?.error, undefined);
  }

  it('keep session and result when a file is renamed', async () => {
    const { uri } = (await openSql('-- renamed')).document;
    await run(uri, TEMPORARY);
    await run(uri, 'SELECT 41 + 1');
    const { id } = await resultOf(uri);
    const to = fresh();
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri, to);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const api = await rowhouse();
    await until(() => api.results.of(to) !== undefined, 'the result under the new name');
    assert.equal((await resultOf(to)).id, id);
    assert.equal(api.results.of(uri), undefined);
    assert.deepEqual(await runAndRead(to, 'SELECT count() FROM mine'), [['0']]);
  });

  it('keep session and result when an untitled document is saved', async () => {
    const to = fresh();
    // Untitled, but with a place to be saved to, so that no dialog asks for one.
    const { document } = await vscode.window.showTextDocument(to.with({ scheme: 'untitled' }));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'SELECT 7 AS saved_now');
    await vscode.workspace.applyEdit(edit);
    await run(document.uri, TEMPORARY);
    await run(document.uri, 'SELECT 7 AS saved_now');
    const { id } = await resultOf(document.uri);
    assert.ok(await document.save());
    const api = await rowhouse();
    await until(() => api.results.of(to)?.id === id, 'the result under the name of the file');
    assert.deepEqual(await runAndRead(to, 'SELECT count() FROM mine'), [['0']]);
  });

  it('end their session and result when they close', async () => {
    const { uri } = (await openSql('-- closes')).document;
    await run(uri, 'SELECT 1');
    await closeEditors();
    const api = await rowhouse();
    await until(() => api.results.of(uri) === undefined, 'the end of the result');
  });

  it('end their session, also when another document with the same text was saved just before', async () => {
    const { uri } = (await openSql('SELECT 1')).document;
    await run(uri, TEMPORARY);
    const other = (await openSql('SELECT ')).document;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(other.uri, new vscode.Position(0, 7), '1');
    await vscode.workspace.applyEdit(edit);
    assert.ok(await other.save());
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    const api = await rowhouse();
    await until(() => api.results.of(uri) === undefined, 'the end of the result');
    assert.equal(api.session(uri), undefined);
    assert.equal(api.session(other.uri), undefined, 'the other document begins its own');
  });

  it('keep their session while a diff of them is open', async () => {
    const { uri } = (await openSql('-- changed')).document;
    await run(uri, TEMPORARY);
    const was = await vscode.workspace.openTextDocument({ content: '-- was', language: 'sql' });
    await vscode.commands.executeCommand('vscode.diff', was.uri, uri, 'changes', {
      preview: false,
    });
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const texts = tabs.filter(
      ({ input }) =>
        input instanceof vscode.TabInputText && input.uri.toString() === uri.toString(),
    );
    assert.equal(texts.length, 1);
    await vscode.window.tabGroups.close(texts);
    // This one ends after it, and its end is told.
    const { uri: later } = (await openSql('-- ends')).document;
    await run(later, 'SELECT 1');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    const api = await rowhouse();
    await until(() => api.results.of(later) === undefined, 'the end of another document');
    assert.deepEqual(await runAndRead(uri, 'SELECT count() FROM mine'), [['0']]);
  });

  it('ask before a running INSERT is cancelled, and leave it alone when told to', async () => {
    const { uri } = (await openSql('-- busy')).document;
    const api = await rowhouse();
    await run(uri, 'CREATE OR REPLACE TABLE slow (x UInt64) ENGINE = MergeTree ORDER BY x');
    const sql =
      'INSERT INTO slow SELECT number + 0 * sleepEachRow(0.2) FROM numbers(5) SETTINGS max_block_size = 1';
    const inserting = api.run({ uri, sql });
    await untilResult(uri, ({ state }) => state === 'running', 'the insert to run');
    const asked = listen('showWarningMessage');
    assert.equal(await api.run({ uri, sql: 'SELECT 1' }), undefined);
    assert.match(asked[0] ?? '', /writes is still running/);
    assert.equal((await inserting)?.error, undefined);
    assert.deepEqual(await runAndRead(uri, 'SELECT count() FROM slow'), [['5']]);
  });

  it('do not save rows of another server than the one on the screen', async () => {
    const { uri } = (await openSql('-- moves')).document;
    await run(uri, 'SELECT 1');
    const server = { name: 'elsewhere', url: 'http://127.0.0.1:9', user: 'nobody', password: '' };
    await vscode.commands.executeCommand('rowhouse.addConnection', { ...server, test: false });
    try {
      await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'elsewhere' });
      const api = await rowhouse();
      const target = vscode.Uri.joinPath(folder(), `never-${crypto.randomUUID()}.csv`);
      const answers = { uri, sql: 'SELECT 1', connection: 'local', format: 'CSV', target };
      await assert.rejects(
        Promise.resolve(api.saveResultsAs(answers)),
        /came from Local ClickHouse, but the editor now uses elsewhere/,
      );
      await assert.rejects(Promise.resolve(vscode.workspace.fs.stat(target)));
    } finally {
      await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'local' });
      const gone = { id: 'elsewhere', confirm: false };
      await vscode.commands.executeCommand('rowhouse.removeConnection', gone);
    }
  });

  it('say that they wait while their session is busy', async () => {
    const { uri } = (await openSql('-- waits')).document;
    await run(uri, 'SELECT 1');
    const api = await rowhouse();
    const target = vscode.Uri.joinPath(folder(), `slow-${crypto.randomUUID()}.csv`);
    const sql =
      'SELECT sleepEachRow(0.1) FROM numbers(10000) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0';
    const pressCancel = cancelLater();
    const saving = assert.rejects(
      Promise.resolve(api.saveResultsAs({ uri, sql, format: 'CSV', target })),
      isCancelledError,
    );
    // A statement before that would go first.
    const runs = (): boolean => api.session(uri)?.turns[0]?.sql.includes('sleepEachRow') === true;
    await until(runs, 'the save to run');
    const waiting = api.run({ uri, sql: 'SELECT 2' });
    const waits = ({ state, message = '' }: ResultSnapshot): boolean =>
      state === 'waiting' && message.includes('Waiting behind “SELECT sleepEachRow');
    await untilResult(uri, waits, 'the hint');
    await pressCancel();
    await saving;
    assert.equal((await waiting)?.complete, true);
    assert.equal((await resultOf(uri)).message, undefined);
  });
});
