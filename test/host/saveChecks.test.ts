import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { SavedReceipt } from '../../src/host/transfer/transferTexts.ts';
import type { ScriptOutcome } from '../../src/host/transfer/script/scriptSummary.ts';
import { answer, answerFormat, listen, restoreDialogs } from './dialogs.ts';
import { closeEditors, openSql, rowhouse, until } from './support.ts';

describe('checks before rows are saved', () => {
  let folder: string;
  let uri: vscode.Uri;

  beforeEach(async () => {
    await rowhouse();
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-checks-'));
    uri = (await openSql('SELECT number FROM numbers(20)')).document.uri;
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => path.join(folder, name);
  const save = async (argument?: object): Promise<SavedReceipt | undefined> =>
    vscode.commands.executeCommand('rowhouse.saveResultsAs', argument);
  const saveScript = async (argument?: object): Promise<ScriptOutcome | undefined> =>
    vscode.commands.executeCommand('rowhouse.saveScriptAs', argument);
  const run = async (sql: string): Promise<void> => {
    assert.equal((await (await rowhouse()).run({ uri, sql }))?.error, undefined);
  };

  describe('settings that cut results without an error', () => {
    /** Turns questions away, or takes what the server sends. */
    function asked(button: string | undefined): string[] {
      const details: string[] = [];
      answerFormat('CSV without names');
      answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
      answer('showOpenDialog', () => [vscode.Uri.file(folder)]);
      answer('showWarningMessage', (_text, options) => {
        details.push((options as vscode.MessageOptions).detail ?? '');
        return button;
      });
      return details;
    }

    it('are named, and nothing is saved when that is turned away', async () => {
      await run('SET limit = 3');
      const details = asked(undefined);
      assert.equal(await save(), undefined);
      assert.match(details[0] ?? '', /^limit = 3\n/);
      assert.deepEqual(readdirSync(folder), []);
    });

    it('are in the message and the receipt of what is saved nevertheless', async () => {
      await run('SET limit = 3');
      asked('Save What the Server Sends');
      const said = listen('showInformationMessage');
      assert.deepEqual((await save())?.cutBy, { limit: '3' });
      assert.equal(readFileSync(at('x.csv'), 'utf8'), '0\n1\n2\n');
      await until(() => said.length > 0, 'the end is told');
      assert.match(said[0] ?? '', /x\.csv\. Rows may be missing, by the settings limit = 3$/);
    });

    it('are in the receipt where nobody can be asked', async () => {
      const sql = 'SELECT number FROM numbers(20) SETTINGS limit = 2';
      const receipt = await save({ uri, sql, format: 'CSV', target: at('x.csv') });
      assert.deepEqual(receipt?.cutBy, { limit: '2' });
    });

    it('are asked about once in a script, and are in its account', async () => {
      await openSql('SET limit = 2;\nSELECT 1;\nSELECT 2;');
      const details = asked('Save What the Server Sends');
      const outcome = await saveScript();
      assert.equal(details.length, 1);
      assert.deepEqual(
        outcome?.steps.map(({ cutBy }) => cutBy),
        [undefined, { limit: '2' }, { limit: '2' }],
      );
    });
  });

  describe('where nobody can be asked, it is an error', () => {
    const refused: [what: string, sql: string, more: object, problem: RegExp][] = [
      [
        'to give no value',
        'SELECT {a:UInt8}, {b:String}',
        {},
        /no value for {a:UInt8}, {b:String}/,
      ],
      ['to save with bz2', 'SELECT * FROM never', { target: 'x.csv.bz2' }, /not saved with bz2/],
      ['to choose bz2', 'SELECT * FROM never', { compression: 'bz2' }, /not saved with bz2/],
      [
        'to want other rows',
        'SELECT 1',
        { result: 'r', rows: 'all' },
        /"all" is no choice of rows/,
      ],
    ];
    for (const [what, sql, { target = 'x.csv', ...more }, problem] of refused as [
      string,
      string,
      { target?: string },
      RegExp,
    ][]) {
      it(what, async () => {
        const answers = { uri, sql, format: 'CSV', target: at(target), ...more };
        await assert.rejects(save(answers), problem);
        assert.deepEqual(readdirSync(folder), []);
      });
    }

    it('to name bz2 in INTO OUTFILE', async () => {
      const api = await rowhouse();
      for (const end of ["x.bz2'", "x.csv' COMPRESSION 'bz2'"]) {
        const outcome = await api.run({ uri, sql: `SELECT * FROM never INTO OUTFILE '${end}` });
        assert.match(outcome?.error ?? '', /not saved with bz2/);
      }
    });

    it('to give no value for a script, and nothing has run', async () => {
      const script = (await openSql('SELECT 1;\nSELECT {a:UInt8};')).document.uri;
      const answers = { uri: script, format: 'CSV', folder: at('all') };
      await assert.rejects(saveScript(answers), /no value for {a:UInt8}/);
      assert.deepEqual(readdirSync(folder), []);
    });

    it('but for a value that the script itself sets, among 2,000 statements', async () => {
      const sets = 'SET param_b = 1;\n'.repeat(2_000);
      const script = `SET param_a = 7;\n${sets}SELECT {a:UInt8};\nSELECT {c:UInt8};`;
      const answers = {
        uri: (await openSql(script)).document.uri,
        format: 'CSV',
        folder: at('all'),
      };
      await assert.rejects(saveScript(answers), /no value for {c:UInt8}\./);
    });

    it('to want a setting that the user may not change, and nothing runs', async () => {
      await run('SET output_format_pretty_max_rows = 1000, readonly = 1');
      const sql = 'SELECT number FROM numbers(3000)';
      const problem =
        /may not change the setting output_format_pretty_max_rows, without which Vertical/;
      await assert.rejects(save({ uri, sql, format: 'Vertical', target: at('x.txt') }), problem);
      answer('showWarningMessage', () => 'Write');
      const into = `${sql} INTO OUTFILE '${at('x.txt')}' FORMAT Vertical`;
      assert.match((await (await rowhouse()).run({ uri, sql: into }))?.error ?? '', problem);
      assert.deepEqual(readdirSync(folder), []);
    });

    it('to leave open which rows of a cut result are meant; of a whole one those on screen are', async () => {
      const api = await rowhouse();
      await run('SELECT 7 AS seven');
      const result = api.results.of(uri)?.id;
      await save({ result, format: 'CSV', target: at('x.csv') });
      assert.equal(readFileSync(at('x.csv'), 'utf8'), '7\n');
    });

    it('to lose what an earlier save left, unless that is allowed by its own argument', async () => {
      writeFileSync(at('x.csv.partial'), 'kept');
      const answers = { uri, sql: 'SELECT 1', format: 'CSV', target: at('x.csv') };
      await assert.rejects(save(answers), {
        message: /x\.csv\.partial of an earlier save is still there/,
        hint: /replacePartial: true/,
      });
      const sql = `SELECT 1 INTO OUTFILE '${at('x.csv')}'`;
      answer('showWarningMessage', () => 'Write');
      const outcome = await (await rowhouse()).run({ uri, sql });
      assert.match(outcome?.error ?? '', /x\.csv\.partial of an earlier save/);
      assert.doesNotMatch(outcome?.error ?? '', /replacePartial/);
      assert.equal(readFileSync(at('x.csv.partial'), 'utf8'), 'kept');
      writeFileSync(at('x.csv'), 'old');
      await assert.rejects(
        save({ ...answers, overwrite: true }),
        /x\.csv\.partial of an earlier save/,
      );
      assert.equal(readFileSync(at('x.csv'), 'utf8'), 'old');
      assert.equal(readFileSync(at('x.csv.partial'), 'utf8'), 'kept');
      await save({ ...answers, overwrite: true, replacePartial: true });
      assert.deepEqual(readdirSync(folder), ['x.csv']);
    });
  });

  it('rows of the screen are told as such in the receipt, with the run that they are from', async () => {
    const api = await rowhouse();
    const params = { n: '7' };
    await api.run({ uri, sql: 'SELECT {n:UInt8} AS n', params });
    const shown = api.results.of(uri);
    answer('showInformationMessage', () => 'Copy receipt');
    await vscode.env.clipboard.writeText('');
    await save({ result: shown?.id, rows: 'shown', format: 'CSV', target: at('x.csv') });
    await until(
      async () => (await vscode.env.clipboard.readText()).includes('savedBy'),
      'the receipt is on the clipboard',
    );
    const receipt = JSON.parse(await vscode.env.clipboard.readText()) as Record<string, unknown>;
    const { rowsFrom, complete, queryId, parameters, rows } = receipt;
    assert.deepEqual(
      { rowsFrom, complete, queryId, parameters, rows },
      { rowsFrom: 'screen', complete: true, queryId: shown?.queryId, parameters: params, rows: 1 },
    );
  });

  describe('rows of the result are told', () => {
    const counts: [what: string, set: string, sql: string, format: string, rows: number][] = [
      ['of a plain result', 'SET max_threads = 1', 'SELECT 1', 'CSV', 1],
      ['without totals', 'SET max_threads = 1', 'SELECT 1 AS x GROUP BY x WITH TOTALS', 'CSV', 1],
      ['without extremes', 'SET extremes = 1', 'SELECT number FROM numbers(3)', 'CSV', 3],
      [
        'where no row can be told from the next',
        'SELECT 1',
        'SELECT number FROM numbers(7)',
        'RowBinary',
        7,
      ],
    ];
    for (const [what, set, sql, format, rows] of counts) {
      it(what, async () => {
        await run(set);
        const receipt = await save({ uri, sql, format, target: at('x') });
        assert.equal(receipt?.rows, rows);
      });
    }

    it('that was added to a file', async () => {
      const target = path.join(path.dirname(uri.fsPath), 'appended.csv');
      writeFileSync(target, '1\n2\n');
      const sql = "SELECT 3 INTO OUTFILE 'appended.csv' APPEND";
      const receipt = await save({ uri, sql });
      assert.equal(readFileSync(target, 'utf8'), '1\n2\n3\n');
      rmSync(target);
      assert.equal(receipt?.bytes, 6);
      assert.equal(receipt.rows, 1);
    });
  });

  describe("a change of the editor's connection stops", () => {
    const login = { name: 'other server', url: 'http://127.0.0.1:9', username: 'u', test: false };
    const select = (target: vscode.Uri): Thenable<unknown> =>
      vscode.commands.executeCommand('rowhouse.selectConnection', {
        id: 'other server',
        uri: target,
      });
    before(async () => {
      await rowhouse();
      await vscode.commands.executeCommand('rowhouse.addConnection', login);
    });
    afterEach(() =>
      vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'local', uri }),
    );
    after(() =>
      vscode.commands.executeCommand('rowhouse.removeConnection', {
        id: 'other server',
        confirm: false,
      }),
    );

    it('the save of a statement', async () => {
      answerFormat('CSV');
      answer('showSaveDialog', async () => {
        await select(uri);
        return vscode.Uri.file(at('x.csv'));
      });
      const said = listen('showErrorMessage');
      assert.equal(await save(), undefined);
      await until(() => said.length > 0, 'the error is told');
      assert.match(said[0] ?? '', /changed from Local ClickHouse to other server meanwhile/);
      assert.deepEqual(readdirSync(folder), []);
    });

    it('the save of a script', async () => {
      const script = (await openSql('SET max_threads = 1;\nSELECT 1;')).document.uri;
      answerFormat('CSV');
      answer('showOpenDialog', async () => {
        await select(script);
        return [vscode.Uri.file(folder)];
      });
      answer('showWarningMessage', () => undefined);
      const outcome = await saveScript();
      assert.equal(outcome?.steps[0]?.state, 'failed');
      assert.match(outcome.steps[0].error ?? '', /changed from Local ClickHouse to other server/);
    });
  });
});
