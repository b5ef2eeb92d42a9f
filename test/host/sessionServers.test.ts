import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createClient } from '../../src/core/client/client.ts';
import { isCancelledError } from '../../src/core/client/errors.ts';
import type { Client } from '../../src/core/client/surface.ts';
import type { Engine } from '../../src/core/engine/engine.ts';
import { answer, restoreDialogs } from './dialogs.ts';
import { serverAnswering, serverFor, startTestEngine, type TestServer } from './servers.ts';
import {
  closeEditors,
  openSql,
  resultOf,
  rowhouse,
  runAndRead,
  until,
  untilResult,
} from './support.ts';

const LOGIN = { user: 'ada', password: 'the same after a restart' };
const SERVER = 'busy server';
/** Ends only when it is cancelled, a block of 50 ms later at most. */
const SLOWLY = 'SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0';

describe('sessions and statements on a server', () => {
  let folder: string;
  let engine: Engine;
  let server: TestServer;
  /** A source that answers after 2.4 seconds: ClickHouse stops no query before that. */
  let slow: TestServer;
  /** Asks the engine itself, past the extension. */
  let witness: Client;

  async function start(): Promise<void> {
    engine = await startTestEngine(join(folder, 'data'));
    witness = createClient(engine.endpoint);
  }

  async function restart(): Promise<void> {
    await witness.close();
    await engine.stop();
    await start();
  }

  before(async () => {
    await rowhouse();
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-sessions-'));
    await start();
    slow = await serverAnswering('1\n', 2_400);
    server = await serverFor(() => engine.endpoint, { login: LOGIN });
    const profile = { name: SERVER, url: server.url, ...LOGIN, test: false };
    await vscode.commands.executeCommand('rowhouse.addConnection', profile);
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: SERVER });
  });

  after(async () => {
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'local' });
    await vscode.commands.executeCommand('rowhouse.removeConnection', {
      id: SERVER,
      confirm: false,
    });
    await witness.close();
    await server.close();
    await slow.close();
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
  });

  async function command(uri: vscode.Uri, sql: string): Promise<void> {
    const api = await rowhouse();
    assert.equal((await api.run({ uri, sql }))?.error, undefined);
  }

  const value = async (uri: vscode.Uri, sql: string): Promise<string | undefined> =>
    (await runAndRead(uri, sql))[0]?.[0];

  async function isRunning(queryId: string): Promise<boolean> {
    const sql = 'SELECT count() FROM system.processes WHERE query_id = {id:String}';
    return (await witness.rawQuery(sql, { params: { id: queryId } })).text().trim() !== '0';
  }

  async function hasSession(id: string): Promise<boolean> {
    const { url, username, password, headers } = engine.endpoint;
    const answered = await fetch(`${url}/?session_id=${id}&session_check=1&query=SELECT+1`, {
      headers: { ...headers, 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password },
    });
    return (await answered.text()) === '1\n';
  }

  it('keep the state of two documents apart through renames, saves, splits and moves', async () => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    const fresh = (): vscode.Uri =>
      vscode.Uri.joinPath(workspace.uri, `round-${crypto.randomUUID()}.sql`);
    const api = await rowhouse();
    let a = (await openSql('-- the first')).document.uri;
    const untitled = fresh().with({ scheme: 'untitled' });
    let b = (await vscode.window.showTextDocument(untitled, { preview: false })).document.uri;
    const typed = new vscode.WorkspaceEdit();
    typed.insert(b, new vscode.Position(0, 0), '-- the second');
    await vscode.workspace.applyEdit(typed);
    const changes: Record<number, () => Promise<void>> = {
      2: async () => {
        const to = fresh();
        const edit = new vscode.WorkspaceEdit();
        edit.renameFile(a, to);
        await vscode.workspace.applyEdit(edit);
        await until(() => api.results.of(to) !== undefined, 'the new name');
        a = to;
      },
      4: async () => {
        const document = await vscode.workspace.openTextDocument(b);
        const to = b.with({ scheme: 'file' });
        assert.ok(await document.save());
        await until(() => api.results.of(to) !== undefined, 'the saved file');
        b = to;
      },
      6: async () => {
        await vscode.window.showTextDocument(a);
        await vscode.commands.executeCommand('workbench.action.splitEditor');
        await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      },
      8: async () => {
        await vscode.window.showTextDocument(b);
        await vscode.commands.executeCommand('workbench.action.moveEditorToNextGroup');
      },
    };
    const ids = new Set<string>();
    for (let round = 1; round <= 10; round++) {
      await Promise.all([
        command(a, `SET max_block_size = ${1000 + round}`),
        command(b, `SET max_block_size = ${2000 + round}`),
      ]);
      await command(a, `CREATE TEMPORARY TABLE round_${round} AS SELECT ${round} AS x`);
      await command(b, `CREATE TEMPORARY TABLE round_${round} AS SELECT 'b${round}' AS x`);
      await command(a, round % 2 === 0 ? 'USE system' : 'USE default');
      await command(b, round % 2 === 0 ? 'USE default' : 'USE system');
      await changes[round]?.();
      const all = Array.from({ length: round }, (_, i) => `SELECT x FROM round_${i + 1}`);
      const state = (from: string): string =>
        `SELECT getSetting('max_block_size'), currentDatabase(), (SELECT groupArray(x) FROM (${from}))`;
      const [[ofA = []], [ofB = []]] = await Promise.all([
        runAndRead(a, state(all.join(' UNION ALL '))),
        runAndRead(b, state(all.join(' UNION ALL '))),
      ]);
      const rounds = Array.from({ length: round }, (_, i) => i + 1);
      const [first, second] = round % 2 === 0 ? ['system', 'default'] : ['default', 'system'];
      const sorted = (cells: string | undefined): string[] =>
        (cells ?? '').slice(1, -1).split(/, ?/).sort();
      assert.deepEqual(ofA.slice(0, 2), [String(1000 + round), first]);
      assert.deepEqual(ofB.slice(0, 2), [String(2000 + round), second]);
      assert.deepEqual(sorted(ofA[2]), rounds.map(String).sort());
      assert.deepEqual(sorted(ofB[2]), rounds.map((i) => `'b${i}'`).sort());
      const [known, other] = [api.session(a), api.session(b)];
      assert.ok(known && other);
      assert.equal(known.settings['max_block_size'], String(1000 + round));
      assert.equal(other.database, second);
      assert.equal(other.temporaryTables.length, round);
      ids.add(known.id);
      ids.add(other.id);
    }
    assert.equal(ids.size, 2, 'the same two sessions throughout');
    for (const id of ids) assert.ok(await hasSession(id));
    await closeEditors();
    for (const id of ids) await until(async () => !(await hasSession(id)), 'their ends');
  }).timeout(120_000);

  it('tell what a restart of the server took, and make it again', async () => {
    const stateful = (await openSql('-- state')).document.uri;
    const empty = (await openSql('-- no state')).document.uri;
    const api = await rowhouse();
    await command(stateful, 'SET max_block_size = 1234');
    await command(stateful, 'USE system');
    await command(stateful, 'CREATE TEMPORARY TABLE plain (x UInt8)');
    await command(stateful, 'INSERT INTO plain VALUES (7)');
    await command(stateful, 'CREATE TEMPORARY TABLE filled AS SELECT number AS n FROM numbers(3)');
    await command(stateful, 'CREATE TABLE default.kept (x UInt8) ENGINE = MergeTree ORDER BY x');
    await command(empty, 'SELECT 1');
    await restart();
    assert.equal(await value(empty, 'SELECT 2'), '2', 'nothing was lost here');
    const outcome = await api.run({
      uri: stateful,
      sql: 'INSERT INTO default.kept SELECT x FROM plain',
    });
    assert.match(outcome?.error ?? '', /no longer has the session.*not executed/);
    const { error, id } = await resultOf(stateful);
    assert.match(error?.message ?? '', /plain, filled.*max_block_size = 1234; USE system/);
    const asked: string[] = [];
    answer('showWarningMessage', (text, options) => {
      asked.push(`${String(text)} ${(options as vscode.MessageOptions | undefined)?.detail ?? ''}`);
      return 'Without reading data';
    });
    await vscode.commands.executeCommand('rowhouse.replaySession', { result: id });
    assert.match(asked[0] ?? '', /reads data again.*CREATE TEMPORARY TABLE filled/s);
    assert.match(asked[1] ?? '', /Not restored: the temporary table filled/);
    assert.equal(
      await value(stateful, 'SELECT x FROM default.kept'),
      '7',
      'it ran after the replay',
    );
    const state = `SELECT getSetting('max_block_size'), currentDatabase(), (SELECT sum(x) FROM plain)`;
    assert.deepEqual(await runAndRead(stateful, state), [['1234', 'system', '7']]);
    await restart();
    await api.run({ uri: stateful, sql: 'SELECT 1' });
    await vscode.commands.executeCommand('rowhouse.replaySession', { uri: stateful, data: true });
    assert.deepEqual(await runAndRead(stateful, state), [['1234', 'system', '7']]);
  }).timeout(90_000);

  it('are made again also after a restart in the middle of a replay', async () => {
    const { uri } = (await openSql('-- replayed')).document;
    const api = await rowhouse();
    const made = `CREATE TEMPORARY TABLE made AS SELECT sleepEachRow(0.05) AS x FROM numbers(20) ${SLOWLY}`;
    for (const sql of ['SET max_block_size = 1234', made, 'USE system']) await command(uri, sql);
    await restart();
    await api.run({ uri, sql: 'SELECT 1' });
    assert.equal((await resultOf(uri)).error?.name, 'Session lost');
    const replay = (): Promise<unknown> =>
      Promise.resolve(
        vscode.commands.executeCommand('rowhouse.replaySession', { uri, data: true }),
      );
    const first = replay().then(
      () => 'done',
      (error: unknown) => String(error),
    );
    await until(
      async () =>
        (
          await witness.rawQuery(
            `SELECT count() FROM system.processes WHERE query LIKE 'CREATE TEMPORARY TABLE made%'`,
          )
        )
          .text()
          .trim() === '1',
      'the replay to be in the middle',
    );
    await restart();
    assert.match(await first, /"CREATE TEMPORARY TABLE made.*failed.*/);
    // The session of the first replay is gone as well, which the second one finds out.
    await replay().catch((error: unknown) => {
      assert.match(String(error), /no longer has the session/);
      return replay();
    });
    const state = `SELECT getSetting('max_block_size'), currentDatabase(), (SELECT count() FROM made)`;
    assert.deepEqual(await runAndRead(uri, state), [['1234', 'system', '20']]);
  }).timeout(90_000);

  it('say of 50 random cancels under load exactly what the server says, within two seconds', async () => {
    await witness.command('CREATE TABLE sink (x UInt64) ENGINE = MergeTree ORDER BY x');
    const statements = [
      `SELECT sleepEachRow(0.05), number FROM numbers(100000) ${SLOWLY}`,
      `SELECT sum(sleepEachRow(0.05)) FROM numbers(100000) ${SLOWLY}`,
      `INSERT INTO sink SELECT number + 0 * sleepEachRow(0.05) FROM numbers(100000) ${SLOWLY}`,
      // Does not stop before what it reads has answered, 2.4 s later.
      `SELECT * FROM url('${slow.url}', CSV, 'x UInt8')`,
      'SELECT sleep(0.2)',
    ];
    const random = seededRandom(20_261_127);
    const api = await rowhouse();
    const outcomes: Record<string, number> = {};
    const wrong: string[] = [];
    let slowest = 0;
    // Ten documents keep all eight connections busy; two wait for one.
    const documents: vscode.Uri[] = [];
    for (let i = 0; i < 10; i++) documents.push((await openSql(`-- load ${i}`)).document.uri);

    /** What the result says of its cancel, as soon as it says something. */
    function told(uri: vscode.Uri): string | undefined {
      const { state, message = '' } = api.results.of(uri) ?? {};
      if (state === 'done' || state === 'failed') return 'ended by itself';
      return /^(Stopped on|Still stopping|Cancelled\. The server knows|Cancelled\. It had failed|Cancelled before it|Cancelled here)/.exec(
        message,
      )?.[0];
    }

    async function cancelOne(uri: vscode.Uri, isSent: boolean): Promise<void> {
      const sql = statements[Math.floor(random() * statements.length)] ?? '';
      const before = api.results.of(uri)?.id;
      const running = api.run({ uri, sql });
      // Before there is a run, nobody has anything to cancel.
      await until(() => api.results.of(uri)?.id !== before, `${sql} to begin`);
      const hasBegun = async (): Promise<boolean> =>
        told(uri) !== undefined || isRunning((await resultOf(uri)).queryId);
      // On a slow machine most would else be cancelled before they are sent.
      if (isSent) await until(hasBegun, `${sql} to be sent`, 20_000);
      await new Promise((resolve) => setTimeout(resolve, random() * 700));
      const started = performance.now();
      await vscode.commands.executeCommand('rowhouse.cancelQuery', { uri });
      await until(() => told(uri) !== undefined, `the outcome of ${sql}`);
      slowest = Math.max(slowest, performance.now() - started);
      const first = told(uri) ?? '';
      outcomes[first] = (outcomes[first] ?? 0) + 1;
      await until(() => told(uri) !== 'Still stopping', `the end of ${sql}`, 20_000);
      const { queryId, message = '', error } = await resultOf(uri);
      const said = `${sql}: ${message} ${error?.message ?? ''}`;
      if ((await isRunning(queryId)) || /\b373\b|is locked|aborted/i.test(said)) wrong.push(said);
      await running;
    }

    await Promise.all(
      documents.map(async (uri) => {
        for (let i = 0; i < 5; i++) await cancelOne(uri, i % 2 === 0);
      }),
    );
    console.log(
      `50 cancels: ${JSON.stringify(outcomes)}, the slowest told after ${slowest.toFixed(0)} ms`,
    );
    assert.deepEqual(wrong, []);
    assert.ok(slowest < 2_000, `${slowest} ms`);
    // Both must have happened, or the test tests nothing.
    assert.ok((outcomes['Stopped on'] ?? 0) >= 10, JSON.stringify(outcomes));
    assert.ok((outcomes['Still stopping'] ?? 0) >= 1, JSON.stringify(outcomes));
    assert.equal(outcomes['Cancelled here'], undefined);
  }).timeout(120_000);

  it('say that they still stop, while the server still runs them', async () => {
    const { uri } = (await openSql('-- stubborn')).document;
    const api = await rowhouse();
    const sql = `SELECT * FROM url('${slow.url}', CSV, 'x UInt8')`;
    const running = api.run({ uri, sql });
    await untilResult(uri, ({ queryId }) => isRunning(queryId), 'the query to run');
    await vscode.commands.executeCommand('rowhouse.cancelQuery', { uri });
    await until(
      async () => (await resultOf(uri)).message?.startsWith('Still') === true,
      'the word',
    );
    assert.ok(await isRunning((await resultOf(uri)).queryId));
    await running;
    const next = api.run({ uri, sql: 'SELECT 1' });
    await untilResult(
      uri,
      ({ message }) => message?.startsWith('Waiting until the cancelled') === true,
      'the next statement to say what it waits for',
    );
    assert.equal((await next)?.complete, true, 'and no error 373');
  });

  it('leave nothing running when their editor closes: what reads is cancelled', async () => {
    const { uri } = (await openSql('-- closes')).document;
    const api = await rowhouse();
    const running = api.run({
      uri,
      sql: `SELECT sleepEachRow(0.05) FROM numbers(100000) ${SLOWLY}`,
    });
    await untilResult(uri, ({ rows }) => rows > 0, 'rows');
    const { queryId } = await resultOf(uri);
    await closeEditors();
    await running;
    await until(async () => !(await isRunning(queryId)), 'the end on the server');
  });

  it('keep what writes in sight when their editor closes, until somebody decides', async () => {
    await witness.command('CREATE OR REPLACE TABLE slow (x UInt64) ENGINE = MergeTree ORDER BY x');
    const { uri } = (await openSql('-- closes')).document;
    const api = await rowhouse();
    const sql = `INSERT INTO slow SELECT number + 0 * sleepEachRow(0.05) FROM numbers(100000) ${SLOWLY}`;
    const running = api.run({ uri, sql });
    await untilResult(uri, ({ queryId }) => isRunning(queryId), 'the insert to run');
    const { id, queryId } = await resultOf(uri);
    const asked: string[] = [];
    let decide: (choice: string) => void = () => undefined;
    answer('showWarningMessage', (text) => {
      asked.push(String(text));
      return new Promise((resolve) => {
        decide = resolve;
      });
    });
    await closeEditors();
    await until(() => asked.length > 0, 'the question');
    assert.match(asked[0] ?? '', /was closed, but its statement still runs on busy server: INSERT/);
    assert.ok(
      api.results.tabs().some((tab) => tab.id === id),
      'its result is in sight',
    );
    assert.ok(await isRunning(queryId));
    decide('Cancel it');
    await running;
    await until(async () => !(await isRunning(queryId)), 'the end on the server');
    assert.equal(
      api.results.tabs().some((tab) => tab.id === id),
      false,
    );
  });

  it('are not ended by removing their connection without a question', async () => {
    const { uri } = (await openSql('-- removed')).document;
    const api = await rowhouse();
    const settings = { function_sleep_max_microseconds_per_block: 0 };
    const profile = { name: 'going', url: server.url, ...LOGIN, test: false, settings };
    await vscode.commands.executeCommand('rowhouse.addConnection', profile);
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'going', uri });
    const running = api.run({
      uri,
      sql: `SELECT sleepEachRow(0.05) FROM numbers(100000) ${SLOWLY}`,
    });
    await untilResult(uri, ({ rows }) => rows > 0, 'rows');
    const { queryId } = await resultOf(uri);
    // The save is in a session of its own, so that it does not wait for the statement.
    const saver = (await openSql('-- saves')).document.uri;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'going', uri: saver });
    const target = vscode.Uri.joinPath(saver, '..', 'never.csv');
    const sql = `SELECT sleepEachRow(0.05) FROM numbers(100000) ${SLOWLY}`;
    const saving = Promise.resolve(api.saveResultsAs({ uri: saver, sql, format: 'CSV', target }));
    await witness.command(
      'CREATE TABLE late (x UInt64, y UInt8 DEFAULT sleepEachRow(0.05)) ENGINE = Null',
    );
    const source = vscode.Uri.joinPath(saver, '..', 'late.csv');
    await vscode.workspace.fs.writeFile(source, Buffer.from('x\n' + '1\n'.repeat(2_000)));
    const insert = { source, table: 'default.late', connection: 'going', confirm: false };
    const inserting = Promise.resolve(api.insertFile(insert));
    const ended = Promise.allSettled([saving, inserting]);
    const others = async (): Promise<string> =>
      (
        await witness.rawQuery(
          `SELECT count() FROM system.processes
           WHERE is_initial_query AND query_id != queryID() AND query_id != '${queryId}'
             AND (query LIKE '%sleepEachRow(0.05)%' OR query LIKE 'INSERT INTO %late%')`,
          { format: 'TSV' },
        )
      )
        .text()
        .trim();
    await until(async () => (await others()) === '2', 'save and insert to run');
    const remove = (confirm: boolean): Thenable<unknown> =>
      vscode.commands.executeCommand('rowhouse.removeConnection', { id: 'going', confirm });
    const asked: string[] = [];
    answer('showWarningMessage', (text) => {
      asked.push(String(text));
      return String(text).startsWith('Remove') ? 'Remove' : undefined;
    });
    assert.equal(await remove(true), false);
    assert.equal(
      asked[1],
      'End the connection going? 1 statement, 1 save and 1 insert are still running.',
    );
    assert.ok((await isRunning(queryId)) && (await others()) === '2', 'all go on');
    assert.equal(await remove(false), true);
    await running;
    for (const outcome of await ended) {
      assert.equal(outcome.status, 'rejected');
      assert.ok(isCancelledError(outcome.reason), String(outcome.reason));
    }
    await until(async () => (await others()) === '0', 'their end on the server');
    await assert.rejects(Promise.resolve(vscode.workspace.fs.stat(target)));
    await until(async () => !(await isRunning(queryId)), 'the end on the server');
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: SERVER });
  });
});

/** Numbers from 0 to 1, the same in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
