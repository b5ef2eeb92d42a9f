import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Engine } from '../../src/core/engine/engine.ts';
import type { ViewSnapshot, ViewSpec } from '../../src/shared/resultView.ts';
import { restoreDialogs } from './dialogs.ts';
import { type TestServer, serverFor, startTestEngine } from './servers.ts';
import { cellsOf, closeEditors, openSql, resultOf, rowhouse, until } from './support.ts';

const SORTED: ViewSpec = {
  sort: [{ column: 1, direction: 'descending' }],
  filters: [{ column: 0, operator: 'greaterOrEqual', values: ['90'] }],
};
const WHOLE: ViewSpec = { sort: [], filters: [] };

describe('a sorted and filtered result', () => {
  let folder: string;
  let uri: vscode.Uri;

  beforeEach(async () => {
    await rowhouse();
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-view-'));
    uri = (await openSql('SELECT 1;\n')).document.uri;
  });
  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Shows a view as a message of the page does; resolves when it is decided. */
  async function show(view: ViewSpec): Promise<ViewSnapshot | undefined> {
    const api = await rowhouse();
    await api.results.show((await resultOf(uri)).id, view);
    return (await resultOf(uri)).view;
  }

  async function filesBeside(): Promise<string[]> {
    const file = (await rowhouse()).results.fileOf((await resultOf(uri)).id);
    assert.ok(file);
    return readdirSync(path.dirname(file)).filter((name) => name.endsWith('.arrows'));
  }

  it('is shown, copied from and saved in its order, and the result comes back at once', async () => {
    const api = await rowhouse();
    await api.run({ uri, sql: 'SELECT number, number % 3 AS k FROM numbers(100)' });
    // By name: what an earlier result left may still be on its way out.
    const before = new Set(await filesBeside());
    const made = async (): Promise<string[]> =>
      (await filesBeside()).filter((name) => !before.has(name));
    const view = await show(SORTED);
    assert.deepEqual([view?.rows, view?.view, view?.problem], [10, SORTED, undefined]);
    assert.equal((await resultOf(uri)).rows, 100);
    const cells = await cellsOf(uri, 0, 10);
    const wanted = ['92 2', '95 2', '98 2', '91 1', '94 1', '97 1', '90 0', '93 0', '96 0', '99 0'];
    assert.deepEqual(
      cells.map((row) => row.join(' ')),
      wanted,
    );
    const target = path.join(folder, 'x.tsv');
    const { id: result } = await resultOf(uri);
    const answers = { result, rows: 'shown', format: 'TSV', target };
    await vscode.commands.executeCommand('rowhouse.saveResultsAs', answers);
    assert.deepEqual(readFileSync(target, 'utf8').replaceAll('\t', ' ').trim().split('\n'), wanted);
    assert.equal((await made()).length, 1);
    const whole = await show(WHOLE);
    assert.deepEqual([whole?.id, whole?.rows], [result, 100]);
    assert.deepEqual((await cellsOf(uri, 0, 1))[0], ['0', '0']);
    await until(async () => (await made()).length === 0, 'its file is deleted');
  });

  it('is saved with a receipt that tells what sorts and filters it', async () => {
    const configuration = vscode.workspace.getConfiguration('rowhouse');
    const { Global } = vscode.ConfigurationTarget;
    await configuration.update('save.sidecar', true, Global);
    try {
      const api = await rowhouse();
      await api.run({ uri, sql: 'SELECT number, number % 3 AS k FROM numbers(100)' });
      const receiptOf = async (name: string): Promise<Record<string, unknown>> => {
        const target = path.join(folder, name);
        const { id: result } = await resultOf(uri);
        const answers = { result, rows: 'shown', format: 'TSV', target };
        await vscode.commands.executeCommand('rowhouse.saveResultsAs', answers);
        return JSON.parse(readFileSync(`${target}.json`, 'utf8')) as Record<string, unknown>;
      };
      const sort = [{ column: 'k', direction: 'descending' }];
      await show({ ...SORTED, search: { text: '9', matchCase: false } });
      const filtered = await receiptOf('filtered.tsv');
      assert.deepEqual(
        [filtered['rows'], filtered['complete'], filtered['view']],
        [
          10,
          false,
          {
            sort,
            filters: [{ column: 'number', operator: 'greaterOrEqual', values: ['90'] }],
            search: { text: '9', matchCase: false },
          },
        ],
      );
      await show({ ...WHOLE, sort: SORTED.sort });
      const sorted = await receiptOf('sorted.tsv');
      assert.deepEqual([sorted['rows'], sorted['complete'], sorted['view']], [100, true, { sort }]);
    } finally {
      await configuration.update('save.sidecar', undefined, Global);
    }
  });

  it('loses its file with its result', async () => {
    const api = await rowhouse();
    await api.run({ uri, sql: 'SELECT number, number % 3 AS k FROM numbers(100)' });
    const before = new Set(await filesBeside());
    await show(SORTED);
    const own = api.results.fileOf((await resultOf(uri)).id) ?? '';
    const made = (await filesBeside()).filter((name) => !before.has(name));
    assert.equal(made.length, 1);
    const file = path.join(path.dirname(own), made[0] ?? '');
    await vscode.commands.executeCommand('rowhouse.closeResult', {
      result: (await resultOf(uri)).id,
    });
    await until(() => !existsSync(file) && !existsSync(own), 'both files are deleted');
  });

  it('says what is wrong with a filter; the rows stay', async () => {
    const api = await rowhouse();
    await api.run({ uri, sql: 'SELECT number, number % 3 AS k FROM numbers(100)' });
    await show(SORTED);
    const filter = { column: 0, operator: 'less' as const, values: ['abc'] };
    const view = await show({ ...SORTED, filters: [filter] });
    assert.match(view?.problem?.message ?? '', /"abc" is not a number/);
    assert.deepEqual([view?.rows, view?.view], [10, SORTED]);
  });

  it('has to wait for the rows to come', async () => {
    const api = await rowhouse();
    const sql = `SELECT number, sleepEachRow(0.0005) AS s FROM numbers(1000000)
      SETTINGS max_block_size = 500, function_sleep_max_microseconds_per_block = 0`;
    const running = api.run({ uri, sql });
    await until(() => (api.results.of(uri)?.rows ?? 0) > 0, 'rows come');
    assert.match((await show(SORTED))?.problem?.message ?? '', /still coming/);
    await vscode.commands.executeCommand('rowhouse.cancelQuery');
    await running;
    assert.equal((await show({ ...WHOLE, sort: SORTED.sort }))?.problem, undefined);
  });

  describe('of a server, without a local engine', () => {
    let engine: Engine;
    let server: TestServer;
    const { Global } = vscode.ConfigurationTarget;
    const setPath = (value: string | undefined): Thenable<void> =>
      vscode.workspace.getConfiguration('rowhouse').update('engine.path', value, Global);

    before(async () => {
      engine = await startTestEngine();
      server = await serverFor(engine.endpoint);
      const { username: user, password } = engine.endpoint;
      await vscode.commands.executeCommand('rowhouse.addConnection', {
        ...{ name: 'view-server', url: server.url, user, password },
      });
    });
    after(async () => {
      await setPath(undefined);
      const answers = { id: 'view-server', confirm: false };
      await vscode.commands.executeCommand('rowhouse.removeConnection', answers);
      await server.close();
      await engine.stop();
    });

    it('says what is missing and offers to install it', async () => {
      const api = await rowhouse();
      await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'view-server', uri });
      await api.run({ uri, sql: 'SELECT number, number % 3 AS k FROM numbers(100)' });
      await vscode.commands.executeCommand('rowhouse.stopLocalEngine');
      await setPath('/nowhere/clickhouse');
      const view = await show(SORTED);
      assert.ok(view);
      assert.match(view.problem?.message ?? '', /^This needs a local ClickHouse\. .*nowhere/);
      assert.deepEqual(view.problem?.actions, [
        { id: 'rowhouse.installLocalEngine', title: 'Install local ClickHouse' },
      ]);
      assert.deepEqual([view.view, view.rows], [WHOLE, 100]);
    });
  });
});
