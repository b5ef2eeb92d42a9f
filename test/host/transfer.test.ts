import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { isRowhouseError } from '../../src/core/client/errors.ts';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import type { InsertOutcome } from '../../src/host/transfer/insertFiles.ts';
import { SqlFileDrop } from '../../src/host/editor/fileDrop.ts';
import {
  acceptInserts,
  answer,
  answerPicks,
  cancelWhen,
  listen,
  restoreDialogs,
} from './dialogs.ts';
import { closeEditors, openSql, rowhouse, runAndRead, until } from './support.ts';

/** What ClickHouse prints for this statement as CSV with names; the text comes from its documentation. */
const NASTY = `SELECT 18446744073709551615 AS big, 'a"b,c' AS text, NULL AS nothing, toDate('2026-11-22') AS day`;
const NASTY_CSV = '"big","text","nothing","day"\n18446744073709551615,"a""b,c",\\N,"2026-11-22"\n';

describe('moving results and files', () => {
  let folder: string;
  let uri: vscode.Uri;

  beforeEach(async () => {
    await rowhouse();
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-transfer-'));
    uri = (await openSql(`${NASTY};\n`)).document.uri;
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => path.join(folder, name);
  const save = async (argument?: object): Promise<SaveReceipt | undefined> =>
    vscode.commands.executeCommand('rowhouse.saveResultsAs', argument);
  const insert = async (argument?: object): Promise<InsertOutcome | undefined> =>
    vscode.commands.executeCommand('rowhouse.insertFile', argument);

  async function run(...statements: string[]): Promise<void> {
    for (const sql of statements) {
      const outcome = await (await rowhouse()).run({ uri, sql });
      assert.equal(outcome?.error, undefined);
    }
  }

  describe('saving a result', () => {
    it("writes the server's bytes of the statement at the cursor", async () => {
      const receipt = await save({ format: 'CSVWithNames', target: at('x.csv') });
      assert.equal(readFileSync(at('x.csv'), 'utf8'), NASTY_CSV);
      assert.equal(receipt?.bytes, Buffer.byteLength(NASTY_CSV));
      assert.deepEqual(readdirSync(folder), ['x.csv']);
    });

    it("runs in the document's session: its temporary tables and settings are there", async () => {
      await run('CREATE TEMPORARY TABLE mine (x UInt8)', 'INSERT INTO mine VALUES (7)');
      await run(`SET format_csv_delimiter = ';'`);
      await save({ uri, sql: 'SELECT x, 8 AS y FROM mine', format: 'CSV', target: at('x.csv') });
      assert.equal(readFileSync(at('x.csv'), 'utf8'), '7;8\n');
    });

    it('makes Parquet that ClickHouse reads back whole', async () => {
      const sql = 'SELECT number, toString(number) AS text FROM numbers(200000)';
      await save({ uri, sql, format: 'Parquet', target: at('n.parquet') });
      const [row] = await runAndRead(
        uri,
        `SELECT count(), sum(number), uniqExact(text) FROM file('${at('n.parquet')}')`,
      );
      assert.deepEqual(row, ['200000', '19999900000', '200000']);
    });

    it("compresses by the target's suffix", async () => {
      const receipt = await save({ format: 'CSVWithNames', target: at('x.csv.gz') });
      assert.equal(gunzipSync(readFileSync(at('x.csv.gz'))).toString('utf8'), NASTY_CSV);
      assert.equal(receipt?.compression, 'gzip');
    });

    it('never replaces a file unasked, and replaces it when told to', async () => {
      writeFileSync(at('x.csv'), 'old');
      await assert.rejects(save({ format: 'CSV', target: at('x.csv') }), (error) => {
        assert.ok(isRowhouseError(error));
        assert.equal(error.kind, 'file');
        return true;
      });
      assert.equal(readFileSync(at('x.csv'), 'utf8'), 'old');
      await save({ format: 'CSVWithNames', target: at('x.csv'), overwrite: true });
      assert.equal(readFileSync(at('x.csv'), 'utf8'), NASTY_CSV);
    });

    it('leaves an existing file alone when the statement fails halfway', async () => {
      writeFileSync(at('x.csv'), 'old');
      const sql = 'SELECT throwIf(number = 500000) FROM numbers(1000000)';
      const answers = { uri, sql, format: 'CSV', target: at('x.csv'), overwrite: true };
      await assert.rejects(save(answers), (error) => isRowhouseError(error));
      assert.equal(readFileSync(at('x.csv'), 'utf8'), 'old');
      assert.deepEqual(readdirSync(folder), ['x.csv']);
    });

    it('refuses a statement without rows before it runs', async () => {
      const sql = 'CREATE TABLE refused (x UInt8) ENGINE = Memory';
      await assert.rejects(
        save({ uri, sql, format: 'CSV', target: at('x.csv') }),
        /returns no rows/,
      );
      const [row] = await runAndRead(uri, `EXISTS TABLE refused`);
      assert.deepEqual(row, ['0']);
      assert.deepEqual(readdirSync(folder), []);
    });

    it('refuses an editor with comments only', async () => {
      await openSql('-- nothing here');
      await assert.rejects(save({ format: 'CSV', target: at('x.csv') }), /no statement/);
    });

    it('asks for format and place, remembers the format, and tells the end with what to do next', async () => {
      const offered: string[][] = [];
      const message: string[][] = [];
      answerPicks((picks) => {
        offered.push(picks.map(({ label }) => label));
        return picks.find(({ label }) => label === 'TSV');
      });
      answer('showSaveDialog', (options) => {
        const { defaultUri } = options as vscode.SaveDialogOptions;
        assert.match(defaultUri?.path ?? '', /\.tsv$/);
        return vscode.Uri.file(at('asked.tsv'));
      });
      answer('showInformationMessage', (...said) => {
        message.push(said.map(String));
        return undefined;
      });
      const receipt = await save();
      assert.equal(receipt?.format, 'TabSeparatedWithNames');
      assert.match(readFileSync(at('asked.tsv'), 'utf8'), /^big\ttext\tnothing\tday\n/);
      assert.ok(message[0]?.[0]?.startsWith('Saved '));
      assert.ok(message[0]?.includes('Copy path'));
      await save();
      assert.equal(offered[1]?.[0], 'TSV');
      assert.ok((offered[0]?.length ?? 0) > 60, 'Not all formats of the server are offered.');
    });

    it('does nothing when a question is turned away', async () => {
      answerPicks(() => undefined);
      assert.equal(await save(), undefined);
      answerPicks(([first]) => first);
      answer('showSaveDialog', () => undefined);
      assert.equal(await save(), undefined);
      assert.deepEqual(readdirSync(folder), []);
    });

    it('can be cancelled: the query stops on the server, and there is no file', async () => {
      const said = listen('showInformationMessage');
      cancelWhen(/Waiting|read|kB/);
      answer('showSaveDialog', () => vscode.Uri.file(at('endless.csv')));
      const sql = `SELECT count() AS never_saved FROM system.numbers WHERE sleepEachRow(0.01) = 0 SETTINGS max_block_size = 10`;
      assert.equal(await save({ uri, sql, format: 'CSV' }), undefined);
      await until(() => said.length === 1, 'the outcome is told');
      assert.match(said[0] ?? '', /^The result was not saved, and no file was changed\. /);
      assert.deepEqual(readdirSync(folder), []);
      const [row] = await runAndRead(
        (await openSql('SELECT 1')).document.uri,
        `SELECT count() FROM system.processes WHERE query LIKE '%never\\_saved%' AND query NOT LIKE '%system.processes%'`,
      );
      assert.deepEqual(row, ['0']);
    });

    it('shows what failed, and that no file was changed', async () => {
      const said = listen('showErrorMessage');
      answerPicks(([first]) => first);
      answer('showSaveDialog', () => vscode.Uri.file(at('no/such/folder.csv')));
      assert.equal(await save(), undefined);
      await until(() => said.length === 1, 'the error is shown');
      assert.match(said[0] ?? '', /^The result was not saved, and no file was changed\. /);
    });
  });

  describe('inserting a file', () => {
    const CSV = 'id,name\n1,one\n2,"t,wo"\n3,\n';

    beforeEach(async () => {
      await run(
        'DROP TABLE IF EXISTS default.goods',
        `CREATE TABLE default.goods (id UInt64, name String, extra UInt8 DEFAULT 5) ENGINE = MergeTree ORDER BY id`,
      );
      writeFileSync(at('goods.csv'), CSV);
    });

    afterEach(() => run('DROP TABLE default.goods'));

    const rows = (): Promise<string[][]> =>
      runAndRead(uri, 'SELECT id, name, extra FROM default.goods ORDER BY id');

    it('with all answers asks nothing and returns rows and bytes', async () => {
      const outcome = await insert({
        source: at('goods.csv'),
        table: 'default.goods',
        confirm: false,
      });
      assert.deepEqual([outcome?.rows, outcome?.bytes], [3, Buffer.byteLength(CSV)]);
      assert.deepEqual(await rows(), [
        ['1', 'one', '5'],
        ['2', 't,wo', '5'],
        ['3', '', '5'],
      ]);
    });

    it('shows a page before anything is sent; nothing is when its tab is closed', async () => {
      const table = { database: 'default', table: 'goods' };
      const inserting = insert({ source: at('goods.csv'), table });
      const title = 'Insert goods.csv into default.goods';
      const shown = (): vscode.Tab | undefined => vscode.window.tabGroups.activeTabGroup.activeTab;
      await until(() => shown()?.label === title, 'the page is shown');
      const tab = shown();
      assert.ok(tab);
      await vscode.window.tabGroups.close(tab);
      assert.equal(await inserting, undefined);
      assert.deepEqual(await rows(), []);
    });

    it('creates a table from a file when told to', async () => {
      const outcome = await vscode.commands.executeCommand<InsertOutcome | undefined>(
        'rowhouse.createTableFromFile',
        { source: at('goods.csv'), table: 'made_of_goods', confirm: false },
      );
      assert.equal(outcome?.rows, 3);
      const made = await runAndRead(uri, 'SELECT count(), sum(id) FROM made_of_goods');
      assert.deepEqual(made, [['3', '6']]);
    });

    it('takes several files after one question', async () => {
      writeFileSync(at('b.jsonl.gz'), gzipSync('{"id": 9, "name": "nine"}\n'));
      const titles = acceptInserts();
      const said = listen('showInformationMessage');
      const source = [at('goods.csv'), vscode.Uri.file(at('b.jsonl.gz'))];
      const outcome = await insert({ source, table: 'default.goods' });
      assert.equal(outcome?.rows, 4);
      await until(() => said.length === 1, 'the end is told');
      await until(() => titles.length > 0, 'the page was accepted');
      assert.deepEqual(titles, ['Insert 2 files into default.goods']);
      assert.equal(said[0], 'Inserted 4 rows into default.goods from 2 files.');
      assert.equal((await rows()).length, 4);
    });

    it("asks for the table when it comes from VS Code's explorer", async () => {
      const offered: string[] = [];
      answer('showQuickPick', async (items) => {
        const picks = await (items as Promise<vscode.QuickPickItem[]>);
        offered.push(...picks.map(({ label }) => label));
        return picks.find(({ label }) => label === 'default.goods');
      });
      acceptInserts();
      const file = vscode.Uri.file(at('goods.csv'));
      await vscode.commands.executeCommand('rowhouse.insertFile', file, [file]);
      assert.ok(!offered.some((label) => label.startsWith('system.')));
      assert.equal((await rows()).length, 3);
    });

    it('recognizes a file whose name does not tell what it is', async () => {
      await save({ uri, sql: 'SELECT 7 AS id', format: 'Parquet', target: at('x.parquet') });
      renameSync(at('x.parquet'), at('x'));
      writeFileSync(at('goods.dat'), CSV);
      const titles = acceptInserts();
      for (const name of ['x', 'goods.dat']) {
        await insert({ source: at(name), table: 'default.goods' });
      }
      assert.equal(titles.length, 2);
      assert.deepEqual(
        (await rows()).map(([id]) => id),
        ['1', '2', '3', '7'],
      );
    });

    it('asks for the format where neither name nor content tell it, likely ones first', async () => {
      writeFileSync(at('words.dat'), 'one\ntwo\n');
      writeFileSync(at('more.dat'), 'three\n');
      const asked: unknown[] = [];
      const wrong = listen('showErrorMessage');
      answer('showQuickPick', (items, options) => {
        asked.push(options);
        return (items as vscode.QuickPickItem[])[0];
      });
      acceptInserts();
      await run('CREATE OR REPLACE TABLE default.goods (line String) ENGINE = Memory');
      const source = [at('words.dat'), at('more.dat')];
      const outcome = await insert({ source, table: 'default.goods' });
      assert.deepEqual([outcome?.rows, ...wrong], [3]);
      assert.deepEqual(asked, [
        {
          title: 'Format of words.dat',
          placeHolder: `Neither name nor content of ${at('words.dat')} tell its format.`,
          matchOnDescription: true,
        },
      ]);
    });

    it('says of a bad row what may be in the table', async () => {
      const said = listen('showErrorMessage');
      acceptInserts();
      writeFileSync(at('bad.csv'), 'id,name\n1,one\nx,two\n');
      assert.equal(await insert({ source: at('bad.csv'), table: 'default.goods' }), undefined);
      await until(() => said.length === 1, 'the error is shown');
      assert.match(
        said[0] ?? '',
        /^bad\.csv was not inserted as a whole: none of its rows are in default\.goods/,
      );
      assert.match(said[0] ?? '', /code \d+, CANNOT_PARSE/);
    });

    it('stops at the first failure of several, and says what is in the table', async () => {
      const said = listen('showErrorMessage');
      acceptInserts();
      writeFileSync(at('bad.csv'), 'id,name\nx,two\n');
      const source = [at('goods.csv'), at('bad.csv'), at('goods.csv')];
      await insert({ source, table: 'default.goods' });
      await until(() => said.length === 1, 'the error is shown');
      assert.match(said[0] ?? '', /1 file before it inserted, 1 file after it not sent/);
      assert.equal((await rows()).length, 3);
    });

    it('goes on after failures when told so, reports every file, and repeats only what failed', async () => {
      acceptInserts({ onError: 'continue' });
      const presses = ['Repeat failed…', 'Show report'];
      const said: string[] = [];
      answer('showErrorMessage', (text, ...buttons) => {
        said.push(String(text));
        const press = presses.shift();
        assert.ok(buttons.includes(press), buttons.join());
        // The first of the two can be read now.
        writeFileSync(at('bad1.csv'), 'id,name\n8,eight\n');
        return press;
      });
      writeFileSync(at('bad1.csv'), 'id,name\nx,two\n');
      writeFileSync(at('bad2.csv'), 'id,name\n9,nine\nx,two\n');
      writeFileSync(at('tail.csv'), 'id,name\n7,seven\n');
      const source = ['bad1.csv', 'goods.csv', 'bad2.csv', 'tail.csv'].map(at);
      const outcome = await insert({ source, table: 'default.goods' });
      assert.deepEqual(
        outcome?.files.map(({ state }) => state),
        ['failed', 'inserted', 'failed', 'inserted'],
      );
      await until(() => said.length === 2, 'the repeated insert has ended');
      assert.match(said[0] ?? '', /^4 files: 2 inserted, 2 failed\. bad1\.csv was not/);
      assert.deepEqual(
        (await rows()).map(([id]) => id),
        ['1', '2', '3', '7', '8'],
      );
      const shown = (): string => vscode.window.activeTextEditor?.document.getText() ?? '';
      await until(() => shown().startsWith('# Insert into default.goods'), 'the report is shown');
      assert.match(shown(), /\| bad1\.csv \| inserted \| 1 \| 16 bytes \|/);
      assert.match(shown(), /\| bad2\.csv \| failed \| 0 \| 21 bytes \|.*Cannot parse/);
      assert.doesNotMatch(shown(), /goods\.csv|tail\.csv/);
    });

    it('tells a caller of each file, without questions', async () => {
      writeFileSync(at('bad.csv'), 'id,name\nx,two\n');
      const source = [at('bad.csv'), at('goods.csv'), at('none.csv')];
      const answers = { source, table: 'default.goods', confirm: false };
      const outcome = await insert({ ...answers, onError: 'continue' });
      assert.deepEqual(
        outcome?.files.map(({ state, rows: { atLeast, atMost } }) => [state, atLeast, atMost]),
        [
          ['failed', 0, 0],
          ['inserted', 3, 3],
          ['failed', 0, 0],
        ],
      );
      assert.equal(outcome.rows, 3);
    });

    it('takes a folder: its files of known formats, and tells of the others', async () => {
      mkdirSync(at('week/deep'), { recursive: true });
      writeFileSync(at('week/b.csv'), CSV);
      writeFileSync(at('week/deep/c.jsonl'), '{"id": 9, "name": "nine"}\n');
      writeFileSync(at('week/readme.docx'), '');
      const titles = acceptInserts();
      const outcome = await insert({ source: at('week'), table: 'default.goods' });
      assert.equal(outcome?.rows, 4);
      await until(() => titles.length > 0, 'the page was accepted');
      assert.deepEqual(titles, ['Insert 2 files into default.goods']);
    });

    it('skips columns that the table lacks, as the question says', async () => {
      writeFileSync(at('more.csv'), 'unknown,id,name\nx,1,one\n');
      acceptInserts();
      await insert({ source: at('more.csv'), table: 'default.goods' });
      assert.deepEqual(await rows(), [['1', 'one', '5']]);
    });

    it("does not count a materialized view's rows as the table's", async () => {
      await run(
        'CREATE MATERIALIZED VIEW default.goods_ids ENGINE = MergeTree ORDER BY id AS SELECT id FROM default.goods',
      );
      try {
        acceptInserts();
        const said = listen('showInformationMessage');
        await insert({ source: at('goods.csv'), table: 'default.goods' });
        await until(() => said.length === 1, 'the end is told');
        assert.match(said[0] ?? '', /rows written to default\.goods and its materialized views/);
      } finally {
        await run('DROP TABLE default.goods_ids');
      }
    });

    it('can be cancelled, and says that rows may be in the table', async () => {
      const said = listen('showWarningMessage');
      acceptInserts();
      writeFileSync(at('big.csv'), `id,name\n${'1,one\n'.repeat(10_000_000)}`);
      cancelWhen(/of 60 MB/);
      assert.equal(await insert({ source: at('big.csv'), table: 'default.goods' }), undefined);
      await until(() => said.length === 1, 'the outcome is told');
      assert.match(
        said[0] ?? '',
        /^Inserting was cancelled\. big\.csv was not inserted as a whole/,
      );
    });

    it('says so when it is cancelled before its turn', async () => {
      const said = listen('showWarningMessage');
      acceptInserts();
      cancelWhen(/^Waiting for another insert/);
      for (const name of ['first.csv', 'second.csv']) {
        writeFileSync(at(name), `id,name\n${'1,one\n'.repeat(6_000_000)}`);
      }
      const sources = ['first.csv', 'second.csv'].map(at);
      const outcomes = await Promise.all(
        sources.map((source) => insert({ source, table: 'default.goods', confirm: false })),
      );
      assert.deepEqual(outcomes.map((outcome) => outcome?.files[0]?.state).sort(), [
        'inserted',
        'notSent',
      ]);
      assert.deepEqual(said, ['Inserting was cancelled before anything was sent.']);
    });

    it('runs INSERT … FROM INFILE as clickhouse-client does', async () => {
      writeFileSync(at('p1.csv'), '1;one\n2;two\n');
      writeFileSync(at('p2.csv.gz'), gzipSync('3;three\n'));
      const settings = `SETTINGS format_csv_delimiter = ';'`;
      const sql = `INSERT INTO default.goods (id, name) FROM INFILE '${at('p*')}' ${settings} FORMAT CSV`;
      const outcome = await (await rowhouse()).run({ uri, sql });
      assert.equal(outcome?.error, undefined);
      assert.deepEqual(await rows(), [
        ['1', 'one', '5'],
        ['2', 'two', '5'],
        ['3', 'three', '5'],
      ]);
      const missing = `INSERT INTO default.goods FROM INFILE '${at('none.csv')}'`;
      assert.match((await (await rowhouse()).run({ uri, sql: missing }))?.error ?? '', /none\.csv/);
    });

    it('tells which files of FROM INFILE are in the table when it is cancelled', async () => {
      const api = await rowhouse();
      // ClickHouse refuses at once what would sleep more than three seconds in a block.
      const slow = 'x UInt64, y UInt8 DEFAULT sleepEachRow(0.0014)';
      await api.run({ uri, sql: `CREATE TABLE default.slow_goods (${slow}) ENGINE = Memory` });
      writeFileSync(at('q1.csv'), '1\n2\n');
      writeFileSync(at('q2.csv'), '3\n'.repeat(2_000));
      const sql = `INSERT INTO default.slow_goods (x) FROM INFILE '${at('q*')}' FORMAT CSV`;
      const running = api.run({ uri, sql });
      const second = (await openSql('SELECT 1')).document.uri;
      const there = 'SELECT count() FROM default.slow_goods WHERE x < 3';
      const sent = `SELECT (${there}) = 2 AND count() > 0 FROM system.processes WHERE query LIKE 'INSERT INTO%slow_goods%' AND elapsed > 0.3`;
      await until(async () => (await runAndRead(second, sent))[0]?.[0] === '1', 'the second file');
      await vscode.commands.executeCommand('rowhouse.cancelQuery', { uri });
      await running;
      const said = (): string => api.results.of(uri)?.message ?? '';
      await until(() => said().startsWith('Stopped on the server'), 'the outcome');
      assert.match(said(), / Inserted before it: q1\.csv\.$/);
      assert.deepEqual(await runAndRead(second, there), [['2']]);
      await api.run({ uri: second, sql: 'DROP TABLE default.slow_goods' });
    });

    it('inserts a statement that really runs where a file is dropped on an editor', async () => {
      const provider = new SqlFileDrop({ forDocument: () => ({ kind: 'local' }) });
      const server = new SqlFileDrop({ forDocument: () => ({ kind: 'server' }) });
      const transfer = new vscode.DataTransfer();
      const list = vscode.Uri.file(at('goods.csv')).toString();
      transfer.set('text/uri-list', new vscode.DataTransferItem(list));
      const { document } = await openSql('\n');
      const start = new vscode.Position(0, 0);
      const read = await provider.provideDocumentDropEdits(document, start, transfer);
      const select = read?.insertText;
      assert.ok(typeof select === 'string');
      assert.deepEqual(await runAndRead(document.uri, select), [
        ['1', 'one'],
        ['2', 't,wo'],
        ['3', 'NULL'],
      ]);
      const edit = await server.provideDocumentDropEdits(document, start, transfer);
      assert.ok(edit?.insertText instanceof vscode.SnippetString);
      const insertText = edit.insertText.value.replace('${1:table}', 'default.goods');
      await run(insertText.replace(/;\s*$/, ''));
      assert.equal((await rows()).length, 3);
    });

    it('says in the statement what the name of a dropped file does not tell', async () => {
      const json = '{"id":"7","name":"seven"}\n';
      writeFileSync(at('packed'), gzipSync(json));
      writeFileSync(at('wrong.csv'), json);
      writeFileSync(at('semi.csv'), 'id;name\n7;seven\n');
      writeFileSync(at('tabs.txt'), 'id\tname\n7\tseven\n');
      mkdirSync(at('folder'));
      writeFileSync(at('folder/part.tab'), 'id\tname\n7\tseven\n');
      writeFileSync(at('notes.md'), '# Notes\n\nOf *this* and that.\n');
      const { document } = await openSql('\n');
      const start = new vscode.Position(0, 0);
      const drop = async (kind: 'local' | 'server', name: string): Promise<string | undefined> => {
        const transfer = new vscode.DataTransfer();
        const list = vscode.Uri.file(at(name)).toString();
        transfer.set('text/uri-list', new vscode.DataTransferItem(list));
        const provider = new SqlFileDrop({ forDocument: () => ({ kind }) });
        const edit = await provider.provideDocumentDropEdits(document, start, transfer);
        const text = edit?.insertText;
        return typeof text === 'object' ? text.value.replace('${1:table}', 'default.goods') : text;
      };
      writeFileSync(at('tables.sql'), 'DROP TABLE a;\nDROP TABLE b;\n');
      for (const name of ['notes.md', 'tables.sql']) {
        assert.equal(await drop('local', name), undefined, name);
      }
      writeFileSync(at('cities.tsv'), 'Bern, Switzerland\nRome, Italy\n');
      const cities = (await drop('local', 'cities.tsv')) ?? '';
      assert.deepEqual(await runAndRead(document.uri, cities), [
        ['Bern, Switzerland'],
        ['Rome, Italy'],
      ]);
      for (const name of ['packed', 'wrong.csv', 'semi.csv', 'tabs.txt', 'folder']) {
        const select = (await drop('local', name)) ?? name;
        assert.deepEqual(await runAndRead(document.uri, select), [['7', 'seven']], select);
        const statement = (await drop('server', name)) ?? name;
        await run('TRUNCATE TABLE default.goods', statement.replace(/;\s*$/, ''));
        assert.deepEqual(await rows(), [['7', 'seven', '5']], statement);
      }
    });

    it('refuses what cannot work before a byte is sent', async () => {
      const table = 'default.goods';
      mkdirSync(at('empty'));
      const refused: [object, RegExp][] = [
        [{ source: at('none.csv'), table }, /none\.csv/],
        [{ source: at('empty'), table }, /no file of a known format in the folder empty/],
        [{ source: at('goods.csv'), table: 'default.nowhere' }, /nowhere/],
        [{ source: at('goods.csv'), table: 'a b' }, /not a table name/],
        [{ source: at('goods.csv') }, /source and the table/],
        [{ source: at('goods.csv'), table, connection: 'nobody' }, /no connection "nobody"/],
      ];
      for (const [answers, problem] of refused) {
        await assert.rejects(insert({ ...answers, confirm: false }), problem);
      }
      assert.ok(existsSync(at('goods.csv')));
      assert.deepEqual(await rows(), []);
    });
  });
});
