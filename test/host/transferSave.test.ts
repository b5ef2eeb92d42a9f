import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import { answer, answerFormat, listen, restoreDialogs } from './dialogs.ts';
import { closeEditors, openSql, rowhouse, until } from './support.ts';

/** Would fail with UNKNOWN_TABLE if it ever ran. */
const NEVER_RUNS = 'SELECT * FROM must_not_run';

describe('a save', () => {
  let folder: string;
  let uri: vscode.Uri;

  beforeEach(async () => {
    await rowhouse();
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-save-'));
    uri = (await openSql('SELECT 1 AS one, 2 AS two;\n')).document.uri;
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => path.join(folder, name);
  const save = async (argument?: object): Promise<SaveReceipt | undefined> =>
    vscode.commands.executeCommand('rowhouse.saveResultsAs', argument);
  const names = (): string[] => readdirSync(folder).sort();

  describe('with answers that cannot work is refused before anything runs', () => {
    const refused: [what: string, answers: () => object, problem: RegExp][] = [
      ['an existing file', () => ({ format: 'CSV', target: at('there.csv') }), /exists already/],
      ['a folder', () => ({ format: 'CSV', target: at('sub') }), /sub is a folder/],
      ['a folder that is not there', () => ({ format: 'CSV', target: at('none/x.csv') }), /none/],
      [
        'a name that is too long',
        () => ({ format: 'CSV', target: at(`${'x'.repeat(250)}.csv`) }),
        /too long/,
      ],
      ['a path that ends as a folder', () => ({ format: 'CSV', target: `${at('x')}/` }), /folder/],
      ['a character no file can have', () => ({ format: 'CSV', target: at('a\0b.csv') }), /NUL/],
      [
        'a name for another format',
        () => ({ format: 'CSV', target: at('x.parquet') }),
        /x\.parquet is a name for Parquet, but the format is CSV.*/,
      ],
      [
        'a name for another compression',
        () => ({ format: 'CSV', target: at('x.csv.gz'), compression: 'zstd' }),
        /name for gzip, but the compression is zstd/,
      ],
      [
        'no compression of ClickHouse',
        () => ({ format: 'CSV', target: at('x.csv'), compression: 'rar' }),
        /"rar" is no compression/,
      ],
      [
        'a format that the server lacks',
        () => ({ format: 'Excel', target: at('x.xlsx') }),
        /no format "Excel"/,
      ],
      [
        'a format that can only be read',
        () => ({ format: 'One', target: at('x.one') }),
        /can be read, but not written/,
      ],
      [
        'a FORMAT of its own that differs',
        () => ({ sql: `${NEVER_RUNS} FORMAT JSON`, format: 'CSV', target: at('x.csv') }),
        /itself asks for the format JSON, not CSV/,
      ],
    ];
    for (const [what, answers, problem] of refused) {
      it(what, async () => {
        mkdirSync(at('sub'));
        writeFileSync(at('there.csv'), 'old');
        await assert.rejects(save({ uri, sql: NEVER_RUNS, ...answers() }), problem);
        assert.deepEqual(names(), ['sub', 'there.csv']);
        assert.equal(readFileSync(at('there.csv'), 'utf8'), 'old');
      });
    }
  });

  it('says what is wrong with the statement, and takes no selection of several', async () => {
    const said = listen('showErrorMessage');
    for (const [sql, problem] of [
      [
        'CREATE TABLE never (a UInt8) ENGINE = Memory',
        /^This statement returns no rows, so it was not run\./,
      ],
      [
        'SELECT 1;\nSELECT 2;',
        /^The selection has 2 statements, but a file takes the result of one\./,
      ],
    ] as const) {
      const editor = await openSql(sql);
      const end = editor.document.positionAt(sql.length);
      editor.selection = new vscode.Selection(editor.document.positionAt(0), end);
      assert.equal(await save(), undefined);
      await until(() => said.length > 0, 'the error is told');
      assert.match(said.pop() ?? '', problem);
    }
    assert.deepEqual(names(), []);
  });

  it('takes a FORMAT of its own that means the same', async () => {
    const sql = 'SELECT 1 AS one FORMAT TSV';
    await save({ uri, sql, format: 'TabSeparated', target: at('x.tsv') });
    assert.equal(readFileSync(at('x.tsv'), 'utf8'), '1\n');
  });

  describe('asks, where a name is unclear', () => {
    /** Answers the questions in order; the last answer holds for the rest. */
    function answers(format: string, place: string, ...buttons: (string | undefined)[]): string[] {
      const asked: string[] = [];
      answerFormat(format);
      answer('showSaveDialog', () => vscode.Uri.file(at(place)));
      answer('showWarningMessage', (text, _options, ...offered) => {
        asked.push([text, ...offered].join('|'));
        return buttons.length > 1 ? buttons.shift() : buttons[0];
      });
      return asked;
    }

    it('whether a name for another format or the chosen format counts', async () => {
      const asked = answers('CSV', 'x.parquet', 'Save as Parquet');
      const receipt = await save();
      assert.deepEqual(asked, [
        'x.parquet is a name for Parquet, but CSV was chosen.|Save as Parquet|Save as x.csv',
      ]);
      assert.equal(receipt?.format, 'Parquet');
      assert.equal(readFileSync(at('x.parquet')).subarray(0, 4).toString(), 'PAR1');
      answers('CSV', 'y.parquet', 'Save as y.csv');
      assert.equal((await save())?.path, at('y.csv'));
      assert.equal(readFileSync(at('y.csv'), 'utf8'), '"one","two"\n1,2\n');
    });

    it('whether a name without suffix gets one', async () => {
      const asked = answers('CSV', 'plain', 'Save as plain.csv');
      assert.equal((await save())?.path, at('plain.csv'));
      assert.match(asked[0] ?? '', /^plain has no suffix.*\|Save as plain\.csv\|Keep plain$/);
      answers('CSV', 'plain', 'Keep plain');
      assert.equal((await save())?.path, at('plain'));
    });

    it('before the name with the suffix replaces a file that the dialog did not ask about', async () => {
      writeFileSync(at('plain.csv'), 'old');
      const asked = answers('CSV', 'plain', 'Save as plain.csv', undefined);
      assert.equal(await save(), undefined);
      assert.match(asked[1] ?? '', /^plain\.csv exists already\.\|Replace$/);
      assert.equal(readFileSync(at('plain.csv'), 'utf8'), 'old');
      answers('CSV', 'plain', 'Save as plain.csv', 'Replace');
      await save();
      assert.equal(readFileSync(at('plain.csv'), 'utf8'), '"one","two"\n1,2\n');
    });

    it("whether the statement's own FORMAT is what is wanted", async () => {
      uri = (await openSql('SELECT 1 AS one FORMAT JSONEachRow')).document.uri;
      const asked = answers('Parquet', 'x.jsonl', 'Save as JSONEachRow');
      const receipt = await save();
      assert.match(asked[0] ?? '', /^The statement itself says FORMAT JSONEachRow\./);
      assert.equal(receipt?.format, 'JSONEachRow');
      assert.equal(readFileSync(at('x.jsonl'), 'utf8'), '{"one":1}\n');
    });

    it('but not about a FORMAT that the server does not have', async () => {
      uri = (await openSql(`${NEVER_RUNS} FORMAT Excel`)).document.uri;
      const asked = answers('CSV', 'x.csv', 'Save as Excel');
      const said = listen('showErrorMessage');
      assert.equal(await save(), undefined);
      await until(() => said.length > 0, 'the error is told');
      assert.match(said[0] ?? '', /^This server has no format "Excel" for results\./);
      assert.deepEqual(asked, []);
    });

    it('and does nothing when the question is turned away', async () => {
      for (const place of ['x.parquet', 'plain']) {
        answers('CSV', place, undefined);
        assert.equal(await save(), undefined);
      }
      assert.deepEqual(names(), []);
    });
  });

  it('remembers the compression of each format', async () => {
    const proposed: string[] = [];
    const saveAs = async (format: string, name: string): Promise<void> => {
      answerFormat(format);
      answer('showSaveDialog', (options) => {
        const { defaultUri } = options as vscode.SaveDialogOptions;
        proposed.push(path.posix.basename(defaultUri?.path ?? '').replace(/^[^.]*\./, ''));
        return vscode.Uri.file(at(name));
      });
      await save();
    };
    await saveAs('Markdown', 'b.md.gz');
    await saveAs('Markdown', 'c.md.zst');
    await saveAs('Markdown', 'd.md.gz');
    assert.deepEqual(proposed, ['md', 'md.gz', 'md.zst']);
    assert.match(gunzipSync(readFileSync(at('d.md.gz'))).toString(), /^\| one \| two \|/);
  });

  it('begins in the folder of the last file, while that is there', async () => {
    const last = at('exports');
    mkdirSync(last);
    const proposed: string[] = [];
    answerFormat('CSV');
    answer('showSaveDialog', (options) => {
      const { defaultUri } = options as vscode.SaveDialogOptions;
      proposed.push(path.dirname(defaultUri?.fsPath ?? ''));
      return proposed.length > 2
        ? undefined
        : vscode.Uri.file(path.join(last, `${proposed.length}.csv`));
    });
    await save();
    await save();
    assert.equal(proposed[1], last);
    rmSync(last, { recursive: true });
    await save();
    assert.notEqual(proposed[2], last);
  });

  it('ends with a receipt that others can check', async () => {
    answer('showInformationMessage', () => 'Copy receipt');
    const sql = 'SELECT {n:UInt8} AS n';
    const params = { n: 7 };
    await save({ uri, sql, format: 'CSV', target: at('x.csv'), params });
    await until(
      async () => (await vscode.env.clipboard.readText()).includes('savedBy'),
      'the receipt is on the clipboard',
    );
    const receipt = JSON.parse(await vscode.env.clipboard.readText()) as Record<string, unknown>;
    const sha256 = createHash('sha256').update('7\n').digest('hex');
    assert.deepEqual(
      { ...receipt, savedAt: '', queryId: '', serverVersion: '', seconds: 0 },
      {
        file: at('x.csv'),
        savedAt: '',
        rows: 1,
        bytes: 2,
        sha256,
        format: 'CSV',
        compression: 'none',
        sql,
        parameters: params,
        queryId: '',
        connection: 'Local ClickHouse',
        serverVersion: '',
        seconds: 0,
        savedBy: 'Rowhouse for ClickHouse',
      },
    );
  });

  describe('with the setting for receipts', () => {
    const configuration = (): vscode.WorkspaceConfiguration =>
      vscode.workspace.getConfiguration('rowhouse');
    const { Global } = vscode.ConfigurationTarget;
    before(() => configuration().update('save.sidecar', true, Global));
    after(() => configuration().update('save.sidecar', undefined, Global));

    it('writes one beside the file, and replaces its own', async () => {
      await save({ uri, sql: 'SELECT 1', format: 'CSV', target: at('x.csv') });
      assert.deepEqual(names(), ['x.csv', 'x.csv.json']);
      await save({ uri, sql: 'SELECT 2', format: 'CSV', target: at('x.csv'), overwrite: true });
      const receipt = JSON.parse(readFileSync(at('x.csv.json'), 'utf8')) as { sql: string };
      assert.equal(receipt.sql, 'SELECT 2');
    });

    it('leaves the sum out where the user wants none', async () => {
      await configuration().update('save.checksum', false, Global);
      try {
        await save({ uri, sql: 'SELECT 1', format: 'CSV', target: at('x.csv') });
      } finally {
        await configuration().update('save.checksum', undefined, Global);
      }
      const receipt = JSON.parse(readFileSync(at('x.csv.json'), 'utf8')) as object;
      assert.deepEqual(
        { bytes: 'bytes' in receipt && receipt.bytes, hasSum: 'sha256' in receipt },
        { bytes: 2, hasSum: false },
      );
      assert.equal(readFileSync(at('x.csv'), 'utf8'), '1\n');
    });

    it('never replaces a file that is none', async () => {
      writeFileSync(at('x.csv.json'), '{"mine": true}');
      await assert.rejects(
        save({ uri, sql: NEVER_RUNS, format: 'CSV', target: at('x.csv') }),
        /x\.csv\.json is there already and is no receipt/,
      );
      assert.deepEqual(names(), ['x.csv.json']);
      assert.equal(readFileSync(at('x.csv.json'), 'utf8'), '{"mine": true}');
    });
  });

  it('runs beside others, but never twice into one file', async () => {
    const slow = 'SELECT sleepEachRow(0.2), number FROM numbers(5) SETTINGS max_block_size = 1';
    const other = (await openSql('SELECT 1')).document.uri;
    const first = save({ uri, sql: slow, format: 'CSV', target: at('x.csv') });
    const second = save({ uri: other, sql: slow, format: 'CSV', target: at('y.csv') });
    await until(() => names().includes('x.csv.partial'), 'the first save runs');
    await assert.rejects(
      save({ uri: other, sql: NEVER_RUNS, format: 'CSV', target: at('x.csv') }),
      /is being saved already/,
    );
    await Promise.all([first, second]);
    assert.deepEqual(names(), ['x.csv', 'y.csv']);
  });

  it('says that it waits while the editor runs another statement', async () => {
    const waits: string[] = [];
    const { withProgress } = vscode.window;
    answer('withProgress', (options, task) =>
      withProgress.call(vscode.window, options as vscode.ProgressOptions, (progress, token) =>
        (task as Parameters<typeof withProgress>[1])(
          {
            report: (step) => {
              waits.push((step as { message?: string }).message ?? '');
              progress.report(step);
            },
          },
          token,
        ),
      ),
    );
    const running = (await rowhouse()).run({ uri, sql: 'SELECT sleep(1)' });
    const api = await rowhouse();
    await until(() => api.results.of(uri)?.state === 'running', 'the statement runs');
    await save({ uri, sql: 'SELECT 1', format: 'CSV', target: at('x.csv') });
    await running;
    assert.match(waits[0] ?? '', /^Waiting for another statement or save of this editor/);
    assert.equal(readFileSync(at('x.csv'), 'utf8'), '1\n');
  });
});
