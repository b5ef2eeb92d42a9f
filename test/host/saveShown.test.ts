import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Engine } from '../../src/core/engine/engine.ts';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import { answer, answerFormat, restoreDialogs } from './dialogs.ts';
import { type TestServer, serverFor, startTestEngine } from './servers.ts';
import { cellsOf, closeEditors, openSql, resultOf, rowhouse, until } from './support.ts';

/** What a server answers that has a type of which the local engine has never heard. */
const NEWER = 'SELECT later FROM newer';
const NEWER_ROWS = "later\nArray(TimeOfDay)\n['10:00']\n";
function ofNewerServer(sql: string): [number, string] | undefined {
  if (sql === NEWER) return [200, NEWER_ROWS];
  const described = JSON.stringify({ data: [['later', 'Array(TimeOfDay)']] });
  return sql.startsWith('DESCRIBE') && sql.includes(NEWER) ? [200, described] : undefined;
}

/** A result that another run would not repeat. */
const RANDOM = 'SELECT number, rand64() AS r FROM numbers(2000)';
const SLOW = `SELECT number, rand64() AS r, sleepEachRow(0.0002) AS s FROM numbers(1000000)
  SETTINGS max_block_size = 500, function_sleep_max_microseconds_per_block = 0`;

describe('the rows on screen', () => {
  let folder: string;
  let uri: vscode.Uri;

  beforeEach(async () => {
    await rowhouse();
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-shown-'));
    uri = (await openSql('SELECT 1;\n')).document.uri;
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => path.join(folder, name);
  const read = (name: string): string => readFileSync(at(name), 'utf8');

  /** Runs the statement; with `stopAt` it is cancelled when so many rows are there. */
  async function show(sql: string, stopAt?: number): Promise<void> {
    const api = await rowhouse();
    const running = api.run({ uri, sql });
    if (stopAt !== undefined) {
      await until(() => (api.results.of(uri)?.rows ?? 0) >= stopAt, 'rows are there');
      await vscode.commands.executeCommand('rowhouse.cancelQuery');
    }
    await running;
  }

  /** Saves what the results view would, as the button of its toolbar does. */
  async function save(more: object = {}): Promise<SaveReceipt | undefined> {
    const { id } = await resultOf(uri);
    return vscode.commands.executeCommand('rowhouse.saveResultsAs', { result: id, uri, ...more });
  }

  async function lines(rows: number): Promise<string> {
    const cells = await cellsOf(uri, 0, rows);
    return cells.map((row) => `${row.join('\t')}\n`).join('');
  }

  describe('of a whole result of the local engine', () => {
    it('are saved without a question and without another run', async () => {
      await show(RANDOM);
      await save({ sql: RANDOM, format: 'TSV', target: at('x.tsv') });
      assert.equal(read('x.tsv'), await lines(2000));
      assert.equal(read('x.tsv').split('\n').length, 2001);
    });

    it('are written as the session says', async () => {
      await show("SET format_csv_delimiter = '|', date_time_output_format = 'iso'");
      const sql = "SELECT toDateTime('2020-01-01 00:00:00', 'UTC') AS t, rand64() AS r";
      await show(sql);
      const [[, r = ''] = []] = await cellsOf(uri);
      await save({ sql, format: 'CSV', target: at('x.csv') });
      assert.equal(read('x.csv'), `"2020-01-01T00:00:00Z"|${r}\n`);
    });

    it('come from another run in formats that tell how long it took', async () => {
      await show(RANDOM);
      const shown = await lines(2000);
      await save({ sql: RANDOM, format: 'JSONCompact', target: at('x.json') });
      const { data, rows } = JSON.parse(read('x.json')) as { data: unknown[][]; rows: number };
      assert.equal(rows, 2000);
      assert.notEqual(data.map((row) => `${row.join('\t')}\n`).join(''), shown);
    });
  });

  describe('of a cancelled result', () => {
    it('are all the rows that the grid has, in its order, when they are chosen', async () => {
      await show(SLOW, 1500);
      const { rows } = await resultOf(uri);
      let items: readonly vscode.QuickPickItem[] = [];
      answer('showQuickPick', (asked) => {
        items = asked as vscode.QuickPickItem[];
        return items.find(({ label }) => label === 'These rows');
      });
      answerFormat('TSV');
      answer('showSaveDialog', () => vscode.Uri.file(at('x.tsv')));
      await save({ sql: SLOW });
      const count = `${rows.toLocaleString('en-US')} rows`;
      assert.deepEqual(
        items.map(({ label, description }) => [label, description]),
        [
          ['These rows', count],
          ['Run again in full', `all rows, ${count} or more`],
        ],
      );
      assert.equal(read('x.tsv'), `number\tr\ts\n${await lines(rows)}`);
    });

    it('are saved when the caller says so, and run again when it says that', async () => {
      const sql = SLOW.replace('1000000', '4000');
      await show(sql, 600);
      const { rows } = await resultOf(uri);
      assert.ok(rows < 4000);
      await save({ sql, rows: 'shown', format: 'TSV', target: at('shown.tsv') });
      assert.equal(read('shown.tsv'), await lines(rows));
      await save({ sql, rows: 'again', format: 'TSV', target: at('again.tsv') });
      assert.equal(read('again.tsv').split('\n').length, 4001);
    });

    it('are not saved when the question is turned away, or while they still come', async () => {
      await show(SLOW, 600);
      answer('showQuickPick', () => undefined);
      assert.equal(await save({ sql: SLOW }), undefined);
      const { id } = await resultOf(uri);
      const running = show(SLOW);
      const api = await rowhouse();
      await until(() => (api.results.of(uri)?.id ?? id) !== id, 'it runs again');
      await assert.rejects(
        save({ sql: SLOW, rows: 'shown', format: 'TSV', target: at('x.tsv') }),
        /still coming/,
      );
      await vscode.commands.executeCommand('rowhouse.cancelQuery');
      await running;
      assert.deepEqual(readdirSync(folder), []);
    });
  });

  describe('of a server', () => {
    let engine: Engine;
    let server: TestServer;
    const configuration = (): vscode.WorkspaceConfiguration =>
      vscode.workspace.getConfiguration('rowhouse');
    const { Global } = vscode.ConfigurationTarget;

    before(async () => {
      engine = await startTestEngine();
      server = await serverFor(engine.endpoint, { answers: ofNewerServer });
      const { username: user, password } = engine.endpoint;
      const login = { name: 'far', url: server.url, user, password };
      await vscode.commands.executeCommand('rowhouse.addConnection', login);
    });
    beforeEach(() =>
      vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'far', uri }),
    );
    after(async () => {
      const answers = { id: 'far', confirm: false };
      await vscode.commands.executeCommand('rowhouse.removeConnection', answers);
      await configuration().update('engine.path', undefined, Global);
      await server.close();
      await engine.stop();
    });

    it('are saved without a question where nothing is missing, written as its session says', async () => {
      await show("SET format_csv_delimiter = '|'");
      await show(RANDOM);
      const shown = await lines(2000);
      answer('showQuickPick', () => assert.fail('asked'));
      let said = '';
      answer('showInformationMessage', (text) => void (said = String(text)));
      answerFormat('CSV');
      answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
      const ran = (): number => server.requests.filter(({ sql }) => sql.includes('rand')).length;
      const before = ran();
      const receipt = await save({ sql: RANDOM, connection: 'far' });
      assert.equal(receipt?.rows, 2000);
      assert.equal(ran(), before);
      const [, ...rows] = read('x.csv').split('\n');
      assert.equal(rows.join('\n').replaceAll('|', '\t').replaceAll('"', ''), shown);
      await until(
        () => /^Saved 2,000 rows, .* These are the rows on screen$/.test(said),
        'is told',
      );
    });

    it('are saved as its session says also while another statement runs there', async () => {
      await show("SET format_csv_delimiter = '|'");
      await show(RANDOM);
      const { id } = await resultOf(uri);
      await vscode.commands.executeCommand('rowhouse.pinResult', { result: id });
      const running = show(SLOW);
      const api = await rowhouse();
      const isRunning = (): boolean => api.results.of(uri)?.state === 'running';
      await until(() => api.results.of(uri)?.id !== id && isRunning(), 'the other one runs');
      const target = vscode.Uri.file(at('x.csv'));
      answerFormat('CSV');
      answer('showSaveDialog', () => target);
      await save({ result: id, sql: RANDOM, connection: 'far' });
      assert.match(read('x.csv'), /^"number"\|"r"\n0\|/);
      assert.ok(isRunning());
      await vscode.commands.executeCommand('rowhouse.cancelQuery');
      await running;
      await vscode.commands.executeCommand('rowhouse.closeResult', { result: id });
    });

    it('are not saved unasked where settings may have left some out', async () => {
      await show("SET max_result_rows = 100, result_overflow_mode = 'break'");
      await show(RANDOM);
      let asked = '';
      answer('showWarningMessage', (text, options) => {
        asked = `${String(text)} ${(options as vscode.MessageOptions).detail ?? ''}`;
        return undefined;
      });
      answerFormat('CSV');
      answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
      assert.equal(await save({ sql: RANDOM, connection: 'far' }), undefined);
      assert.match(asked, /may leave rows out.*max_result_rows/s);
      assert.deepEqual(readdirSync(folder), []);
    });

    it('are written by the local engine when they are chosen, as its session says', async () => {
      await show("SET format_csv_delimiter = '|'");
      await show(RANDOM);
      const ran = (): number => server.requests.filter(({ sql }) => sql === RANDOM).length;
      const before = ran();
      const far = { sql: RANDOM, connection: 'far', rows: 'shown' };
      await save({ ...far, format: 'CSV', target: at('x.csv') });
      assert.equal(ran(), before);
      assert.equal(read('x.csv').replaceAll('|', '\t'), await lines(2000));
    });

    /** What is said of rows that cannot be written; the statement runs again. */
    function runAgainInstead(): string[] {
      const said: string[] = [];
      answer('showWarningMessage', (...asked) => {
        said.push(asked.join('|'));
        return 'Run again in full';
      });
      answerFormat('TSV without names');
      answer('showSaveDialog', () => vscode.Uri.file(at('x.tsv')));
      return said;
    }

    it('of a type that the local engine does not know are told so, and running again is offered', async () => {
      await show(NEWER);
      assert.deepEqual(await cellsOf(uri), [["['10:00']"]]);
      const said = runAgainInstead();
      const far = { sql: NEWER, connection: 'far', rows: 'shown' };
      await save(far);
      assert.match(said.join(), /^The local ClickHouse cannot write these rows\. .*TimeOfDay/);
      assert.equal(read('x.tsv'), NEWER_ROWS);
      await assert.rejects(save({ ...far, format: 'TSV', target: at('y.tsv') }), /TimeOfDay/);
      assert.deepEqual(readdirSync(folder), ['x.tsv']);
    });

    it('without an engine are told to need one, and running again is offered', async () => {
      const sql = SLOW.replace('1000000', '2000');
      await show(sql, 600);
      await vscode.commands.executeCommand('rowhouse.stopLocalEngine');
      await configuration().update('engine.path', '/nowhere/clickhouse', Global);
      const said = runAgainInstead();
      const far = { sql, connection: 'far', rows: 'shown' };
      await save(far);
      const [text = ''] = said;
      assert.match(text, /^These rows cannot be saved without a local ClickHouse\. .*nowhere/);
      assert.match(text, /\|Run again in full\|Install local ClickHouse/);
      assert.equal(read('x.tsv').split('\n').length, 2001);
      await assert.rejects(save({ ...far, format: 'TSV', target: at('y.tsv') }), /nowhere/);
      assert.deepEqual(readdirSync(folder), ['x.tsv']);
    });
  });
});
