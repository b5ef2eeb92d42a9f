import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import type { ScriptOutcome } from '../../src/host/transfer/script/scriptSummary.ts';
import { answer, listen, restoreDialogs } from './dialogs.ts';
import { cellsOf, closeEditors, openSql, resultOf, rowhouse, until } from './support.ts';

describe('INTO OUTFILE', () => {
  let folder: string;
  let uri: vscode.Uri;

  beforeEach(async () => {
    await rowhouse();
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-outfile-'));
    uri = (await openSql('SELECT 1')).document.uri;
    answer('showWarningMessage', () => 'Write');
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => path.join(folder, name);
  const text = (name: string): string => readFileSync(at(name), 'utf8');
  async function run(sql: string): Promise<string | undefined> {
    return (await (await rowhouse()).run({ uri, sql }))?.error;
  }

  it('makes the file with the format and compression of its name, and tells the receipt', async () => {
    assert.equal(await run(`SELECT 1 AS one, 'x' INTO OUTFILE '${at('x.csv')}'`), undefined);
    assert.equal(text('x.csv'), '1,"x"\n');
    const { message, columns, complete } = await resultOf(uri);
    assert.match(message ?? '', /^Saved 1 row, 6 bytes, in .* to .*x\.csv \(CSV\)\. SHA-256: /);
    assert.equal(complete, true);
    assert.deepEqual(columns, []);
    await run(`SELECT 7 INTO OUTFILE '${at('y.tsv.gz')}'`);
    assert.equal(gunzipSync(readFileSync(at('y.tsv.gz'))).toString(), '7\n');
  });

  it('takes FORMAT, APPEND and TRUNCATE, and refuses an existing file without them', async () => {
    const target = at('x.txt');
    await run(`SELECT 1 AS one INTO OUTFILE '${target}' FORMAT JSONEachRow`);
    assert.equal(text('x.txt'), '{"one":1}\n');
    const refused = await run(`SELECT 2 AS one INTO OUTFILE '${target}' FORMAT JSONEachRow`);
    assert.match(refused ?? '', /exists already/);
    assert.match((await resultOf(uri)).error?.hint ?? '', /TRUNCATE/);
    await run(`SELECT 2 AS one INTO OUTFILE '${target}' APPEND FORMAT JSONEachRow`);
    assert.equal(text('x.txt'), '{"one":1}\n{"one":2}\n');
    await run(`SELECT 3 AS one INTO OUTFILE '${target}' TRUNCATE FORMAT JSONEachRow`);
    assert.equal(text('x.txt'), '{"one":3}\n');
  });

  it("starts relative names at the document's folder and runs in its session", async () => {
    await run('CREATE TEMPORARY TABLE mine AS SELECT 5 AS five');
    const name = `${path.basename(uri.fsPath, '.sql')}.csv`;
    await run(`SELECT * FROM mine INTO OUTFILE '${name}'`);
    const file = path.join(path.dirname(uri.fsPath), name);
    assert.equal(readFileSync(file, 'utf8'), '5\n');
    rmSync(file);
  });

  describe('with AND STDOUT shows what the file holds, by one run of the statement,', () => {
    const shown = async (): Promise<string> =>
      (await cellsOf(uri, 0, 1000)).map((row) => `${row.join('\t')}\n`).join('');

    it('also of one that gives other rows each time', async () => {
      const sql = `SELECT rand64() AS r, number AS n FROM numbers(1000)`;
      await run(`${sql} INTO OUTFILE '${at('x.tsv')}' AND STDOUT`);
      assert.equal(await shown(), text('x.tsv'));
      const { message, columns } = await resultOf(uri);
      assert.match(message ?? '', /^Saved 1,000 rows, /);
      assert.deepEqual(
        columns.map(({ name, type }) => [name, type]),
        [
          ['r', 'UInt64'],
          ['n', 'UInt64'],
        ],
      );
    });

    it('of a temporary table, with the times, numbers and NULLs of its session', async () => {
      await run("SET session_timezone = 'Europe/Berlin'");
      await run(`CREATE TEMPORARY TABLE mine AS SELECT nan AS f, NULL::Nullable(String) AS o,
        toDateTime('2024-03-31 03:30:00') AS t, 'a,"b' AS s, [1, 2] AS a`);
      const expected = [['nan', 'NULL', '2024-03-31 03:30:00', 'a,"b', '[1,2]']];
      for (const name of ['x.csv', 'x.parquet', 'x.native.gz', 'x.tsv.xz']) {
        await run(`SELECT * FROM mine INTO OUTFILE '${at(name)}' AND STDOUT`);
        assert.deepEqual(await cellsOf(uri), expected, name);
      }
    });

    it('as the lines of a file that cannot be read back, and of what was added to one', async () => {
      await run(`SELECT 1 AS one INTO OUTFILE '${at('x.sql')}' AND STDOUT FORMAT SQLInsert`);
      assert.equal(await shown(), text('x.sql'));
      await run(`SELECT 7 INTO OUTFILE '${at('y.csv')}'`);
      await run(`SELECT 8 INTO OUTFILE '${at('y.csv')}' APPEND AND STDOUT`);
      assert.equal(text('y.csv'), '7\n8\n');
      assert.equal(await shown(), '8\n');
    });

    it('as far as a limit, and says that the file is whole', async () => {
      const settings = vscode.workspace.getConfiguration('rowhouse.results');
      await settings.update('maxRows', 1000, vscode.ConfigurationTarget.Global);
      try {
        await run(`SELECT number FROM numbers(300000) INTO OUTFILE '${at('x.tsv')}' AND STDOUT`);
      } finally {
        await settings.update('maxRows', undefined, vscode.ConfigurationTarget.Global);
      }
      const { rows, limit } = await resultOf(uri);
      assert.equal(rows, 1000);
      assert.match(
        limit ?? '',
        /^First 1,000 rows of the file: .*maxRows\. The file itself is whole/,
      );
      assert.match(text('x.tsv'), /\n299999\n$/);
    });

    it('and asks before it runs where nothing could be shown', async () => {
      const asked: string[] = [];
      answer('showWarningMessage', (question) => {
        asked.push(String(question));
        return asked.length === 1 ? 'Write' : undefined;
      });
      const sql = `SELECT 'x' INTO OUTFILE '${at('x.bin')}' AND STDOUT FORMAT RawBLOB`;
      assert.notEqual(await run(sql), undefined);
      assert.match(asked[1] ?? '', /^AND STDOUT cannot be followed/);
      assert.deepEqual(readdirSync(folder), []);
    });
  });

  for (const kept of [true, false]) {
    it(`${kept ? 'keeps' : 'leaves nothing of'} what came of a statement that fails, and the old file as it was`, async () => {
      writeFileSync(at('x.csv'), 'old');
      let asked = '';
      answer('showWarningMessage', (question) => {
        if (!String(question).includes('.partial')) return 'Write';
        asked = String(question);
        return kept ? 'Keep partial file' : undefined;
      });
      const failing = 'SELECT throwIf(number = 5000000) FROM numbers(9000000)';
      const error = await run(`${failing} INTO OUTFILE '${at('x.csv')}' TRUNCATE`);
      assert.match(error ?? '', /throwIf|FUNCTION_THROW/i);
      const names = kept ? ['x.csv', 'x.csv.partial'] : ['x.csv'];
      await until(
        () => asked !== '' && readdirSync(folder).length === names.length,
        'what came is kept or gone',
      );
      assert.match(
        asked,
        /^x\.csv was not saved\. What came by then is in x\.csv\.partial: .*B, .* whole rows\.$/,
      );
      assert.deepEqual(readdirSync(folder).sort(), names);
      assert.equal(text('x.csv'), 'old');
    });
  }

  for (const mode of ['', 'APPEND', 'TRUNCATE']) {
    it(`runs again ${mode === '' ? '' : `with ${mode} `}while it is still asked what is to become of a partial file`, async () => {
      if (mode !== '') writeFileSync(at('x.csv'), '7\n');
      const asked: string[] = [];
      answer('showWarningMessage', (question) => {
        if (!String(question).includes('.partial')) return 'Write';
        asked.push(String(question));
        return new Promise(() => undefined);
      });
      const into = `INTO OUTFILE '${at('x.csv')}' ${mode}`;
      const failing = 'SELECT throwIf(number = 5000000) FROM numbers(9000000)';
      assert.match((await run(`${failing} ${into}`)) ?? '', /throwIf|FUNCTION_THROW/i);
      await until(() => asked.length === 1, 'it is asked about');
      assert.equal(asked[0]?.endsWith(', with what was in the file before.'), mode === 'APPEND');
      assert.ok(existsSync(at('x.csv.partial')));
      assert.equal(await run(`SELECT 8 ${into}`), undefined);
      assert.equal(text('x.csv'), mode === 'APPEND' ? '7\n8\n' : '8\n');
      assert.deepEqual(readdirSync(folder), ['x.csv']);
    });
  }

  it('is refused for a partial file that was kept, and says what helps, with APPEND and TRUNCATE, too', async () => {
    writeFileSync(at('x.csv.partial'), 'kept');
    for (const mode of ['', 'APPEND', 'TRUNCATE']) {
      const refused = await run(`SELECT 1 INTO OUTFILE '${at('x.csv')}' ${mode}`);
      assert.match(refused ?? '', /x\.csv\.partial of an earlier save is still there/);
      assert.match((await resultOf(uri)).error?.hint ?? '', /^Rename or remove that file/);
    }
    assert.deepEqual(readdirSync(folder), ['x.csv.partial']);
    assert.equal(text('x.csv.partial'), 'kept');
  });

  it('needs no question from Save Results As, and refuses a second place', async () => {
    const sql = `SELECT 1 INTO OUTFILE '${at('x.csv')}'`;
    const save = (more: object): Thenable<SaveReceipt | undefined> =>
      vscode.commands.executeCommand('rowhouse.saveResultsAs', { uri, sql, ...more });
    await assert.rejects(
      Promise.resolve(save({ format: 'CSV', target: at('y.csv') })),
      /itself says INTO OUTFILE/,
    );
    assert.deepEqual(readdirSync(folder), []);
    const receipt = await save({});
    assert.equal(receipt?.path, at('x.csv'));
    assert.equal(text('x.csv'), '1\n');
  });

  describe('outside of the document and the workspace', () => {
    let asked: unknown[][];
    const turnAway = (): void => {
      asked = [];
      answer('showWarningMessage', (...question) => {
        asked.push(question);
        return undefined;
      });
    };

    it('is asked about before it runs; turned away, it changes nothing', async () => {
      writeFileSync(at('x.csv'), 'old');
      turnAway();
      assert.notEqual(await run(`SELECT 1 INTO OUTFILE '${at('x.csv')}' TRUNCATE`), undefined);
      assert.match(String(asked[0]?.[0]), /^INTO OUTFILE writes outside of the folder/);
      assert.equal((asked[0]?.[1] as vscode.MessageOptions).detail, at('x.csv'));
      assert.equal(text('x.csv'), 'old');
    });

    it('is found also behind a symbolic link', async () => {
      turnAway();
      const link = path.join(path.dirname(uri.fsPath), 'link');
      symlinkSync(folder, link);
      try {
        assert.notEqual(await run(`SELECT 1 INTO OUTFILE 'link/x.csv'`), undefined);
      } finally {
        rmSync(link);
      }
      assert.equal(asked.length, 1);
      assert.deepEqual(readdirSync(folder), []);
    });

    it('is refused in a script that nobody can be asked about', async () => {
      const script = `SELECT * FROM must_not_run;\nSELECT 1 INTO OUTFILE '${at('own.csv')}'`;
      const answers = {
        uri: (await openSql(script)).document.uri,
        format: 'CSV',
        folder: at('all'),
      };
      await assert.rejects(
        Promise.resolve(vscode.commands.executeCommand('rowhouse.saveScriptAs', answers)),
        /outside of the script's folder/,
      );
      assert.deepEqual(readdirSync(folder), []);
    });

    it('writes nothing in an untrusted workspace', async () => {
      const trust = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
      assert.ok(trust);
      Object.defineProperty(vscode.workspace, 'isTrusted', { ...trust, get: () => false });
      try {
        const error = await run(`SELECT 1 INTO OUTFILE 'untrusted.csv'`);
        assert.match(error ?? '', /no file in an untrusted workspace/);
      } finally {
        Object.defineProperty(vscode.workspace, 'isTrusted', trust);
      }
      assert.equal(existsSync(path.join(path.dirname(uri.fsPath), 'untrusted.csv')), false);
    });
  });

  it('says that AND STDOUT shows nothing from Save Results As', async () => {
    const said = listen('showInformationMessage');
    const sql = `SELECT 1 INTO OUTFILE '${at('x.csv')}' AND STDOUT`;
    await vscode.commands.executeCommand('rowhouse.saveResultsAs', { uri, sql });
    assert.equal(text('x.csv'), '1\n');
    await until(() => said.length > 0, 'the end is told');
    assert.match(said[0] ?? '', /AND STDOUT was not followed/);
  });

  it('goes its own way in a script', async () => {
    const document = await openSql(`SELECT 1 INTO OUTFILE '${at('all/own.csv')}';\nSELECT 2;`);
    const outcome = await vscode.commands.executeCommand<ScriptOutcome>('rowhouse.saveScriptAs', {
      uri: document.document.uri,
      format: 'CSV',
      folder: at('all'),
    });
    assert.deepEqual(readdirSync(at('all')), ['02-select.csv', 'own.csv']);
    assert.equal(text('all/own.csv'), '1\n');
    assert.deepEqual(
      outcome.steps.map(({ state }) => state),
      ['saved', 'saved'],
    );
  });
});
