import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  cellsOf,
  closeEditors,
  cursorAt,
  openSql,
  resultOf,
  rowhouse,
  runAndRead,
  select,
  until,
  untilResult,
} from './support.ts';

const run = (): Thenable<unknown> => vscode.commands.executeCommand('rowhouse.runQuery');

describe('Run Query', () => {
  afterEach(closeEditors);

  it('runs the statement at the cursor and shows exact values', async () => {
    const editor = await openSql(
      `SELECT 1 AS first;\n-- the big one\nSELECT 18446744073709551615 AS big, toDecimal64(1.10, 2) AS d,\n` +
        `  toDateTime64('2024-02-29 12:00:00.123', 3, 'Asia/Tokyo') AS t, ['a;b'] AS list;\nSELECT 3;`,
    );
    cursorAt(editor, 'toDecimal64');
    await run();
    const result = await resultOf(editor.document.uri);
    assert.equal(result.state, 'done');
    assert.equal(result.complete, true);
    assert.deepEqual(
      result.columns.map(({ name, type }) => [name, type]),
      [
        ['big', 'UInt64'],
        ['d', 'Decimal(18, 2)'],
        ['t', `DateTime64(3, 'Asia/Tokyo')`],
        ['list', 'Array(String)'],
      ],
    );
    assert.deepEqual(await cellsOf(editor.document.uri), [
      ['18446744073709551615', '1.1', '2024-02-29 12:00:00.123', `['a;b']`],
    ]);
  });

  it('runs the selection when there is one', async () => {
    const editor = await openSql('SELECT 1 + 2 AS x, 4 AS y');
    select(editor, 'SELECT 1 + 2 AS x');
    await run();
    assert.deepEqual(await cellsOf(editor.document.uri), [['3']]);
  });

  it('has nothing to run in comments', async () => {
    const editor = await openSql('-- only a comment\n/* and another */');
    await run();
    const api = await rowhouse();
    assert.equal(api.results.of(editor.document.uri), undefined);
  });

  it('runs every statement of the script and stops at the first error', async () => {
    const editor = await openSql(
      'CREATE TEMPORARY TABLE log (x UInt8); INSERT INTO log VALUES (1), (2); SELECT sum(x) FROM log; SELECT nothing; INSERT INTO log VALUES (4)',
    );
    const { uri } = editor.document;
    await vscode.commands.executeCommand('rowhouse.runAll');
    assert.equal((await resultOf(uri)).error?.code, 47);
    assert.deepEqual(await runAndRead(uri, 'SELECT sum(x) FROM log'), [['3']]);
  });

  it('says what a statement without rows did', async () => {
    const { document } = await openSql('SET max_threads = 1');
    await run();
    const result = await resultOf(document.uri);
    assert.deepEqual([result.state, result.message], ['done', 'Ok.']);
    await runAndRead(document.uri, 'SELECT 1');
    const api = await rowhouse();
    await api.run({ uri: document.uri, sql: 'CREATE TEMPORARY TABLE t (x UInt8)' });
    await api.run({ uri: document.uri, sql: 'INSERT INTO t SELECT number FROM numbers(5)' });
    assert.match((await resultOf(document.uri)).message ?? '', /5 rows/);
  });

  it('shows statements that cannot be described, and statements with a FORMAT of their own', async () => {
    const { document } = await openSql('');
    assert.deepEqual(await runAndRead(document.uri, `EXISTS TABLE system.one`), [['1']]);
    const plan = await runAndRead(document.uri, 'EXPLAIN SELECT 1');
    assert.match(plan.flat().join('\n'), /ReadFrom/);
    const json = await runAndRead(document.uri, `SELECT 1 AS x FORMAT JSONEachRow`);
    assert.deepEqual(json, [['{"x":1}']]);
  });

  it('shows code, name and message of an error, and marks the place', async () => {
    const editor = await openSql('SELECT 1;\nSELECT naïve_name,\n  missing_column FROM system.one');
    cursorAt(editor, 'missing_column');
    await run();
    const { uri } = editor.document;
    const result = await resultOf(uri);
    assert.equal(result.state, 'failed');
    assert.equal(result.error?.name, 'SYNTAX_ERROR');
    const [mark] = vscode.languages.getDiagnostics(uri);
    assert.ok(mark);
    assert.equal(mark.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(mark.range.start.line, 1);

    await editor.edit((edit) => {
      edit.replace(new vscode.Range(1, 0, 1, 18), 'SELECT 1,');
    });
    assert.equal(vscode.languages.getDiagnostics(uri).length, 0, 'an edit takes the mark away');
    cursorAt(editor, 'missing_column');
    await run();
    const [second] = vscode.languages.getDiagnostics(uri);
    assert.equal((await resultOf(uri)).error?.name, 'UNKNOWN_IDENTIFIER');
    assert.equal(second && editor.document.getText(second.range), 'missing_column');
  });

  it('keeps the rows that came before an error and marks them incomplete', async () => {
    const { document } = await openSql('');
    const api = await rowhouse();
    await api.run({
      uri: document.uri,
      sql: 'SELECT number, throwIf(number = 3000000) AS t FROM numbers(5000000) SETTINGS max_block_size = 65536, max_threads = 1',
    });
    const result = await resultOf(document.uri);
    assert.equal(result.state, 'failed');
    assert.equal(result.complete, false);
    assert.equal(result.error?.code, 395);
    assert.ok(result.rows > 0 && result.rows < 3_000_000, `${result.rows} rows`);
    const last = await cellsOf(document.uri, result.rows - 1, 1);
    assert.deepEqual(last, [[String(result.rows - 1), '0']]);
  });

  it('reads windows across the borders of record batches', async () => {
    const { document } = await openSql('');
    await runAndRead(
      document.uri,
      'SELECT number FROM numbers(200000) SETTINGS max_block_size = 65409',
    );
    const rows = await cellsOf(document.uri, 65_400, 20);
    assert.deepEqual(
      rows.flat(),
      Array.from({ length: 20 }, (_, i) => String(65_400 + i)),
    );
  });

  it('cancels on the server, and says so', async () => {
    const { document } = await openSql('');
    const api = await rowhouse();
    const running = api.run({
      uri: document.uri,
      sql: 'SELECT sleepEachRow(0.1), number FROM numbers(100000) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0',
    });
    await untilResult(document.uri, ({ rows }) => rows > 0, 'the first rows');
    const { queryId } = await resultOf(document.uri);
    await vscode.commands.executeCommand('rowhouse.cancelQuery');
    await running;
    const result = await resultOf(document.uri);
    assert.equal(result.state, 'cancelled');
    assert.equal(result.complete, false);
    assert.ok(result.rows > 0, 'what came stays');
    await until(
      async () =>
        ((await resultOf(document.uri)).message ?? '').startsWith('Stopped on the server'),
      'the outcome of the cancel',
    );
    const other = await openSql('');
    assert.deepEqual(
      await runAndRead(
        other.document.uri,
        `SELECT count() FROM system.processes WHERE query_id = '${queryId}'`,
      ),
      [['0']],
    );
    assert.deepEqual(
      await runAndRead(document.uri, 'SELECT 1'),
      [['1']],
      'the session is free again',
    );
  });

  it('asks for values of placeholders, and takes them as arguments', async () => {
    const { document } = await openSql('');
    const api = await rowhouse();
    const sql = `SELECT {name:String} AS name, {days:Array(Date)} AS days`;
    const params = { name: `it's a\ttab`, days: ['2024-02-29'] };
    const outcome = await api.run({ uri: document.uri, sql, params });
    assert.equal(outcome?.error, undefined);
    assert.deepEqual(await cellsOf(document.uri), [[`it's a\ttab`, `['2024-02-29']`]]);
  });
});
