import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ResultSnapshot } from '../../src/shared/protocol.ts';
import {
  cellsOf,
  closeEditors,
  openSql,
  resultOf,
  rowhouse,
  runAndRead,
  until,
} from './support.ts';

const settings = (): vscode.WorkspaceConfiguration =>
  vscode.workspace.getConfiguration('rowhouse.results');

async function tabs(): Promise<ResultSnapshot[]> {
  return (await rowhouse()).results.tabs();
}

async function titles(): Promise<string[]> {
  return (await tabs()).map(({ title }) => title);
}

const command = (name: string, answers: object = {}): Thenable<unknown> =>
  vscode.commands.executeCommand(`rowhouse.${name}`, answers);

describe('results', () => {
  afterEach(async () => {
    await settings().update('maxRows', undefined);
    for (const { id } of await tabs()) await command('closeResult', { result: id });
    await closeEditors();
  });

  describe('limits', () => {
    it('stop reading, end the query and say so; Fetch all runs it again', async () => {
      await settings().update('maxRows', 1_000);
      const { uri } = (await openSql('-- limited')).document;
      const api = await rowhouse();
      const sql = 'SELECT number FROM numbers(300000)';
      assert.deepEqual(await api.run({ uri, sql }), { rows: 1_000, complete: false });
      const limited = await resultOf(uri);
      assert.equal(limited.state, 'done');
      assert.match(limited.limit ?? '', /^First 1,000 rows, more available/);
      assert.deepEqual(
        limited.actions.map(({ id }) => id),
        ['rowhouse.fetchAll'],
      );
      assert.deepEqual(await cellsOf(uri, 998, 10), [['998'], ['999']]);
      await until(async () => {
        const left = `SELECT count() FROM system.processes WHERE query_id = '${limited.queryId}'`;
        const { uri: other } = (await openSql('')).document;
        return (await runAndRead(other, left))[0]?.[0] === '0';
      }, 'the end of the query on the server');

      await command('fetchAll', { result: limited.id });
      const all = await resultOf(uri);
      assert.equal(all.complete, true);
      assert.equal(all.limit, undefined);
      assert.equal(all.rows, 300_000);
      assert.deepEqual(await cellsOf(uri, 299_999), [['299999']]);
    });

    it('hold for the disk use of all results too, also after Fetch all', async () => {
      await settings().update('maxRows', 10);
      await settings().update('maxDiskBytes', 3_000_000);
      try {
        const { uri } = (await openSql('-- disk')).document;
        const api = await rowhouse();
        await api.run({ uri, sql: 'SELECT number FROM numbers(50000000)' });
        await command('fetchAll', { result: (await resultOf(uri)).id });
        const { rows, bytes, complete, limit, actions } = await resultOf(uri);
        assert.equal(complete, false);
        assert.ok(rows > 10 && bytes < 10_000_000, `${rows} rows, ${bytes} bytes`);
        assert.match(limit ?? '', /^First [\d,]+ rows, more available.*maxDiskBytes/);
        assert.deepEqual(actions, [], 'it would stop there again');
        assert.deepEqual(await cellsOf(uri, rows - 1), [[String(rows - 1)]]);
      } finally {
        await settings().update('maxDiskBytes', undefined);
      }
    });

    it('leave a result alone that just fits', async () => {
      await settings().update('maxRows', 1_000);
      const { uri } = (await openSql('-- fits')).document;
      const api = await rowhouse();
      const outcome = await api.run({ uri, sql: 'SELECT number FROM numbers(1000)' });
      assert.deepEqual(outcome, { rows: 1_000, complete: true });
    });

    it('leave the session usable at once', async () => {
      await settings().update('maxRows', 10);
      const { uri } = (await openSql('-- session')).document;
      const api = await rowhouse();
      await api.run({ uri, sql: 'CREATE TEMPORARY TABLE kept AS SELECT 42 AS x' });
      await api.run({ uri, sql: 'SELECT number FROM system.numbers' });
      assert.deepEqual(await runAndRead(uri, 'SELECT x FROM kept'), [['42']]);
    });
  });

  describe('tabs', () => {
    const SCRIPT =
      'CREATE TEMPORARY TABLE t (x UInt8); INSERT INTO t VALUES (1), (2); SELECT x FROM t; SELECT sum(x) FROM t';

    it('are one for each statement of a script, with what the others did', async () => {
      const { uri } = (await openSql(SCRIPT)).document;
      await vscode.commands.executeCommand('rowhouse.runAll');
      assert.deepEqual(await titles(), SCRIPT.split('; '));
      const [created, inserted, rows] = await tabs();
      assert.equal(created?.message, 'Ok.');
      assert.match(inserted?.message ?? '', /2 rows/);
      assert.equal(rows?.rows, 2);
      assert.equal((await resultOf(uri)).title, 'SELECT sum(x) FROM t', 'the last one is shown');
      await runAndRead(uri, 'SELECT 1');
      assert.deepEqual(await titles(), ['SELECT 1'], 'a new run takes their place');
    });

    it('can be pinned, so that a new run opens another, and are offered everywhere', async () => {
      const { uri } = (await openSql('-- pins')).document;
      await runAndRead(uri, 'SELECT 1 AS pinned');
      const { id } = await resultOf(uri);
      await command('pinResult', { result: id });
      await runAndRead(uri, 'SELECT 2');
      await runAndRead(uri, 'SELECT 3');
      assert.deepEqual(await titles(), ['SELECT 1 AS pinned', 'SELECT 3']);
      await openSql('-- another');
      assert.deepEqual(await titles(), ['SELECT 1 AS pinned']);
      const api = await rowhouse();
      assert.ok((await api.results.window(id, 0, 1)).length > 0, 'its rows are still there');
      await command('unpinResult', { result: id });
      assert.deepEqual(await titles(), []);
    });

    it('go one by one, and forward and back', async () => {
      const { uri } = (await openSql('SELECT 1; SELECT 2; SELECT 3')).document;
      await vscode.commands.executeCommand('rowhouse.runAll');
      await command('previousResult');
      assert.equal((await resultOf(uri)).title, 'SELECT 2');
      await command('closeResult');
      assert.deepEqual(await titles(), ['SELECT 1', 'SELECT 3']);
      assert.equal((await resultOf(uri)).title, 'SELECT 3', 'its neighbour is shown');
      await command('nextResult');
      assert.equal((await resultOf(uri)).title, 'SELECT 1');
    });

    it('move into an editor tab, which keeps its result until it is closed', async () => {
      const { uri } = (await openSql('-- moves')).document;
      await runAndRead(uri, 'SELECT 1 AS moved');
      const { id } = await resultOf(uri);
      await command('openResultInEditor', { result: id });
      assert.deepEqual(await titles(), []);
      const moved = (): vscode.Tab | undefined =>
        vscode.window.tabGroups.all
          .flatMap((group) => group.tabs)
          .find(({ label }) => label === 'SELECT 1 AS moved');
      await until(() => moved() !== undefined, 'the editor tab');
      await runAndRead(uri, 'SELECT 2');
      const api = await rowhouse();
      assert.ok((await api.results.window(id, 0, 1)).length > 0);
      const tab = moved();
      assert.ok(tab);
      await vscode.window.tabGroups.close(tab);
      await until(() => api.results.fileOf(id) === undefined, 'the end of the result');
    });
  });

  it('delete the files of their rows when they go', async () => {
    const { uri } = (await openSql('-- files')).document;
    await runAndRead(uri, 'SELECT number FROM numbers(100000)');
    const api = await rowhouse();
    const file = api.results.fileOf((await resultOf(uri)).id);
    assert.ok(file);
    const { size } = await vscode.workspace.fs.stat(vscode.Uri.file(file));
    assert.equal(size, (await resultOf(uri)).bytes);
    await runAndRead(uri, 'SELECT 1');
    await until(
      () =>
        Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.file(file))).then(
          () => false,
          () => true,
        ),
      'the end of the file',
    );
  });

  it('are closed, the oldest first, above the limit of all together', async () => {
    await settings().update('maxDiskBytes', 1_500_000);
    try {
      const statements = [1, 2, 3].map((n) => `SELECT number + ${n} FROM numbers(100000)`);
      await openSql(statements.join(';'));
      await vscode.commands.executeCommand('rowhouse.runAll');
      await until(async () => (await tabs()).length === 1, 'the oldest results to go');
      assert.deepEqual(await titles(), statements.slice(2));
    } finally {
      await settings().update('maxDiskBytes', undefined);
    }
  });
});
