import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { isCancelledError } from '../../src/core/client/errors.ts';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import { answer, answerFormat, cancelWhen, listen, restoreDialogs } from './dialogs.ts';
import { closeEditors, openSql, rowhouse, until } from './support.ts';

const HALF = `SELECT toString(number), if(number = 1000000, throwIf(1, 'half-way'), 0) FROM numbers(2000000)`;

describe('a partial file', () => {
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

  describe('of a save that failed half-way', () => {
    async function fail(button: string | undefined): Promise<string> {
      let said = '';
      answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
      answer('showErrorMessage', (text) => {
        said = String(text);
        return button;
      });
      assert.equal(await save({ uri, sql: HALF, format: 'CSV' }), undefined);
      await until(() => said !== '', 'the failure is told');
      return said;
    }

    it('keeps what came when asked to, and says how much it is', async () => {
      const said = await fail('Keep partial file');
      await until(() => existsSync(at('x.csv.partial')), 'the partial file is there');
      assert.match(said, /^The result was not saved, and no file was changed\. .*half-way/);
      const text = readFileSync(at('x.csv.partial'), 'utf8');
      assert.ok(text.startsWith('"0",0\n"1",0\n') && text.endsWith('\n'));
      const whole = (text.split('\n').length - 1).toLocaleString('en-US');
      assert.match(said, /in x\.csv\.partial: [\d.]+ [kM]B, /);
      assert.ok(said.endsWith(`, ${whole} whole rows.`), said);
      assert.deepEqual(names(), ['x.csv.partial']);
    });

    it('asks before the next save replaces what was kept', async () => {
      await fail('Keep partial file');
      await until(() => existsSync(at('x.csv.partial')), 'the partial file is there');
      const asked: string[] = [];
      answer('showWarningMessage', (text) => {
        asked.push(String(text));
        return undefined;
      });
      answerFormat('CSV');
      assert.equal(await save(), undefined);
      assert.deepEqual(asked, ['x.csv.partial of an earlier save is still there.']);
      assert.deepEqual(names(), ['x.csv.partial']);
    });

    for (const button of ['Remove', undefined]) {
      it(`leaves nothing after ${button ?? 'dismissing the message'}`, async () => {
        await fail(button);
        await until(() => names().length === 0, 'the partial file is gone');
      });
    }
  });

  it('of a save that was cancelled is offered', async () => {
    let said = '';
    cancelWhen(/\d MB/);
    answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
    answer('showWarningMessage', (text) => {
      said = String(text);
      return 'Keep partial file';
    });
    const sql = 'SELECT number FROM system.numbers';
    assert.equal(await save({ uri, sql, format: 'CSV' }), undefined);
    await until(() => said !== '', 'the outcome is told');
    assert.match(said, /^The result was not saved.*stopped on the server.*in x\.csv\.partial: /);
    assert.deepEqual(names(), ['x.csv.partial']);
    assert.ok(readFileSync(at('x.csv.partial'), 'utf8').startsWith('0\n1\n2\n'));
  });

  it('of a cancelled save that nobody can be asked about is not left', async () => {
    cancelWhen(/\d MB/);
    const sql = 'SELECT number FROM system.numbers';
    await assert.rejects(save({ uri, sql, format: 'CSV', target: at('x.csv') }), isCancelledError);
    assert.deepEqual(names(), []);
  });

  describe('that is still asked about', () => {
    const KEEP = 'Keep partial file';

    /** Makes a save of every kind fail, each time into the same `x.csv.partial`. */
    const kinds: Record<string, () => Promise<unknown>> = {
      'a save': () => save({ uri, sql: HALF, format: 'CSV' }),
      'INTO OUTFILE': async () =>
        (await rowhouse()).run({ uri, sql: `${HALF} INTO OUTFILE '${at('x.csv')}'` }),
      'a script': async () => {
        uri = (await openSql(`${HALF} INTO OUTFILE '${at('x.csv')}'`)).document.uri;
        return vscode.commands.executeCommand('rowhouse.saveScriptAs', { uri, format: 'CSV' });
      },
    };

    /** The questions about partial files, each open until its test answers it. */
    function openQuestions(): ((button: string | undefined) => void)[] {
      const open: ((button: string | undefined) => void)[] = [];
      const ask = (text: unknown): unknown => {
        if (String(text).includes('is still there')) return 'Replace';
        if (!String(text).includes('.partial: ')) return 'Write';
        return new Promise((resolve) => open.push(resolve));
      };
      answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
      answer('showOpenDialog', () => [vscode.Uri.file(folder)]);
      answer('showWarningMessage', ask);
      answer('showErrorMessage', ask);
      return open;
    }

    for (const [kind, fails] of Object.entries(kinds)) {
      it(`is kept or removed by the answer about it, not about an earlier one, of ${kind}`, async () => {
        const questions = openQuestions();
        const said = listen('showInformationMessage');
        await fails();
        await until(() => questions.length === 1, 'the first is asked about');
        await fails();
        await until(() => questions.length === 2, 'the second is asked about');
        questions[0]?.('Remove');
        await until(() => said.length === 1, 'it is told that the first is there no more');
        assert.match(said[0] ?? '', /^x\.csv\.partial was not removed: it is no longer/);
        questions[1]?.(KEEP);
        await until(() => said.length === 2, 'it is told that the second was kept');
        assert.match(said[1] ?? '', /^x\.csv\.partial was kept/);
        assert.deepEqual(names(), ['x.csv.partial']);
      });
    }

    it('is not taken for a file that another program put in its place', async () => {
      const questions = openQuestions();
      const said = listen('showInformationMessage');
      for (const [button, late] of [
        ['Remove', /^x\.csv\.partial was not removed/],
        [KEEP, /^x\.csv\.partial could not be kept/],
      ] as const) {
        rmSync(at('x.csv.partial'), { force: true });
        questions.length = 0;
        await kinds['a save']?.();
        await until(() => questions.length === 1, 'it is asked about');
        rmSync(at('x.csv.partial'));
        writeFileSync(at('x.csv.partial'), 'of another program');
        said.length = 0;
        questions[0]?.(button);
        await until(() => said.length === 1, 'it is told that this is too late');
        assert.match(said[0] ?? '', late);
      }
      assert.equal(readFileSync(at('x.csv.partial'), 'utf8'), 'of another program');
    });
  });
});
