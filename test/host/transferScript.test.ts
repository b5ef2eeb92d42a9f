import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { ScriptOutcome } from '../../src/host/transfer/script/scriptSummary.ts';
import {
  answer,
  answerFormat,
  answerPicks,
  cancelWhen,
  listen,
  restoreDialogs,
} from './dialogs.ts';
import { closeEditors, openSql, rowhouse, until } from './support.ts';

const SCRIPT = `
SET format_csv_delimiter = ';';
CREATE TEMPORARY TABLE numbers_of_mine (x UInt8, y UInt8);
INSERT INTO numbers_of_mine VALUES (1, 2), (3, 4);
SELECT * FROM numbers_of_mine ORDER BY x;
SELECT 1 AS one FORMAT JSONEachRow;
`;

describe('saving the results of a script', () => {
  let folder: string;

  async function open(script: string): Promise<void> {
    await openSql(script);
  }

  beforeEach(async () => {
    await rowhouse();
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-script-'));
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  const saveScript = async (argument?: object): Promise<ScriptOutcome | undefined> =>
    vscode.commands.executeCommand('rowhouse.saveScriptAs', argument);
  const names = (): string[] => readdirSync(folder).sort();
  const text = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  const states = (outcome: ScriptOutcome | undefined): string[] =>
    outcome?.steps.map(({ state }) => state) ?? [];

  it('makes a numbered file for each statement with rows, in one session', async () => {
    await open(SCRIPT);
    const outcome = await saveScript({ format: 'CSVWithNames', folder });
    assert.deepEqual(names(), ['04-numbers_of_mine.csv', '05-select.jsonl']);
    assert.equal(text('04-numbers_of_mine.csv'), '"x";"y"\n1;2\n3;4\n');
    assert.equal(text('05-select.jsonl'), '{"one":1}\n');
    assert.deepEqual(states(outcome), ['ran', 'ran', 'ran', 'saved', 'saved']);
    assert.deepEqual(
      outcome?.steps.map(({ rows }) => rows),
      [undefined, undefined, undefined, 2, 1],
    );
  });

  it('compresses, and makes the folder', async () => {
    await open('SELECT 7;');
    await saveScript({ format: 'CSV', compression: 'gzip', folder: path.join(folder, 'new/one') });
    const file = path.join(folder, 'new/one', '01-select.csv.gz');
    assert.equal(gunzipSync(readFileSync(file)).toString(), '7\n');
  });

  it('asks for format and folder, and tells the end with a summary', async () => {
    await open('SELECT 1;\nSELECT 2;');
    answerPicks((items) => {
      // Only a single file can go elsewhere.
      assert.ok(!items.some(({ label }) => label.includes('your own machine')));
      return items.find(({ label }) => label === 'CSV without names');
    });
    answer('showOpenDialog', () => [vscode.Uri.file(folder)]);
    answer('showInformationMessage', () => 'Show summary');
    await saveScript();
    assert.deepEqual(names(), ['01-select.csv', '02-select.csv']);
    await until(
      () => vscode.window.activeTextEditor?.document.languageId === 'markdown',
      'the summary is shown',
    );
    const summary = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(summary, /^Saved 2 files, 4 bytes, in /m);
    assert.match(summary, /^\| 2 \| SELECT 2 \| saved \| 02-select\.csv \| 1 \| 2 bytes \| /m);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  describe('with a statement that fails', () => {
    const FAILING = 'SELECT 1;\nSELECT * FROM not_there;\nSELECT 3;';

    it('stops there and rejects when nobody can be asked; what was saved stays', async () => {
      await open(FAILING);
      await assert.rejects(saveScript({ format: 'CSV', folder }), /not_there/);
      assert.deepEqual(names(), ['01-select.csv']);
    });

    it('goes on when told to', async () => {
      await open(FAILING);
      const outcome = await saveScript({ format: 'CSV', folder, onError: 'continue' });
      assert.deepEqual(states(outcome), ['saved', 'failed', 'saved']);
      assert.match(outcome?.steps[1]?.error ?? '', /not_there/);
      assert.deepEqual(names(), ['01-select.csv', '03-select.csv']);
    });

    for (const { button, wanted } of [
      { button: 'Continue', wanted: ['saved', 'failed', 'saved'] },
      { button: undefined, wanted: ['saved', 'failed', 'notRun'] },
    ]) {
      it(`asks, and after ${button ?? 'turning away'} is: ${wanted.join(', ')}`, async () => {
        await open(FAILING);
        const asked: string[] = [];
        answerFormat('CSV');
        answer('showOpenDialog', () => [vscode.Uri.file(folder)]);
        answer('showWarningMessage', (question) => {
          asked.push(String(question));
          return button;
        });
        assert.deepEqual(states(await saveScript()), wanted);
        await until(() => asked.length === 2, 'the end is told');
        assert.equal(asked[0], 'Statement 2 failed.');
        assert.match(asked[1] ?? '', /^Saved [12] files?, .*1 statement failed/);
      });
    }
  });

  it('stops when it is cancelled, and leaves no part of a file', async () => {
    await open('SELECT 1;\nSELECT number FROM system.numbers;\nSELECT 3;');
    const said = listen('showWarningMessage');
    cancelWhen(/^Statement 2 of 3: .*MB/);
    const outcome = await saveScript({ format: 'CSV', folder, onError: 'continue' });
    assert.deepEqual(states(outcome), ['saved', 'cancelled', 'notRun']);
    assert.deepEqual(names(), ['01-select.csv']);
    await until(() => said.length === 1, 'the end is told');
    assert.match(said[0] ?? '', /1 statement cancelled, 1 not run\.$/);
  });

  it('offers what came of a statement that is cancelled', async () => {
    await open('SELECT 1;\nSELECT number FROM system.numbers;');
    answerFormat('CSV');
    answer('showOpenDialog', () => [vscode.Uri.file(folder)]);
    let asked = '';
    answer('showWarningMessage', (question) => {
      if (!String(question).includes('.partial')) return undefined;
      asked = String(question);
      return 'Keep partial file';
    });
    cancelWhen(/^Statement 2 of 2: .*MB/);
    assert.deepEqual(states(await saveScript()), ['saved', 'cancelled']);
    await until(() => asked !== '', 'it is asked about');
    assert.match(
      asked,
      /^02-numbers\.csv was not saved\. What came by then is in .*, .* whole rows\.$/,
    );
    assert.deepEqual(names(), ['01-select.csv', '02-numbers.csv.partial']);
  });

  it('asks before files are replaced, and refuses where nobody can be asked', async () => {
    await open('SELECT 1;\nSELECT 2;');
    writeFileSync(path.join(folder, '02-select.csv'), 'old');
    await assert.rejects(
      saveScript({ format: 'CSV', folder }),
      /exists already\. No statement was run/,
    );
    answerFormat('CSV');
    answer('showOpenDialog', () => [vscode.Uri.file(folder)]);
    const asked = listen('showWarningMessage');
    assert.equal(await saveScript(), undefined);
    assert.match(asked[0] ?? '', /^1 file in .* would be replaced\.$/);
    assert.deepEqual(names(), ['02-select.csv']);
    assert.equal(text('02-select.csv'), 'old');
    await saveScript({ format: 'CSV', folder, overwrite: true });
    assert.equal(text('02-select.csv'), '2\n');
  });

  it('names partial files of earlier saves before it replaces them, and refuses them where nobody can be asked', async () => {
    await open(`SET session_timezone = 'Asia/Tokyo';\nSELECT timezone() AS z;\nSELECT 2;`);
    const left = '03-select.csv.partial';
    writeFileSync(path.join(folder, left), 'kept');
    for (const overwrite of [false, true]) {
      await assert.rejects(
        saveScript({ format: 'CSV', folder, overwrite }),
        /03-select\.csv\.partial of an earlier save is still there\. Nothing was run/,
      );
    }
    assert.deepEqual([names(), text(left)], [[left], 'kept']);
    answerFormat('CSV');
    answer('showOpenDialog', () => [vscode.Uri.file(folder)]);
    const asked: unknown[][] = [];
    const replies = [undefined, undefined, 'Replace'];
    answer('showWarningMessage', (...question) => {
      asked.push(question);
      return replies.shift();
    });
    const detail = (): string => (asked.at(-1)?.[1] as vscode.MessageOptions).detail ?? '';
    assert.equal(await saveScript(), undefined);
    assert.match(String(asked[0]?.[0]), /^1 file in .* would be replaced\.$/);
    assert.match(detail(), /^03-select\.csv\.partial\n\nLeft by an earlier save/);
    writeFileSync(path.join(folder, '02-select.csv'), 'old');
    assert.equal(await saveScript(), undefined);
    assert.match(detail(), /^02-select\.csv\n\n.*03-select\.csv\.partial/s);
    assert.deepEqual([names(), text(left)], [['02-select.csv', left], 'kept']);
    rmSync(path.join(folder, '02-select.csv'));
    assert.deepEqual(states(await saveScript()), ['ran', 'saved', 'saved']);
    assert.equal(asked.length, 3);
    assert.deepEqual(names(), ['02-select.csv', '03-select.csv']);
    writeFileSync(path.join(folder, left), 'kept');
    await saveScript({ format: 'CSV', folder, overwrite: true, replacePartial: true });
    assert.deepEqual(names(), ['02-select.csv', '03-select.csv']);
  });

  it('refuses what cannot work before anything runs', async () => {
    mkdirSync(path.join(folder, 'sub'));
    const refused: [script: string, answers: object, problem: RegExp][] = [
      ['-- nothing', { format: 'CSV' }, /no statement in the script/],
      ['SET max_threads = 1;', { format: 'CSV' }, /returns rows, so none was run/],
      ['SELECT * FROM not_there', { format: 'Excel' }, /no format "Excel"/],
      ['SELECT * FROM not_there', { format: 'CSV', options: { colour: 1 } }, /no option "colour"/],
      ['SELECT * FROM not_there', { format: 'CSV', onError: 'ignore' }, /stop or continue/],
    ];
    for (const [script, answers, problem] of refused) {
      await open(script);
      await assert.rejects(saveScript({ folder, ...answers }), problem);
    }
    assert.deepEqual(names(), ['sub']);
  });

  it('takes values for the placeholders of all statements', async () => {
    await open('SELECT {a:UInt8};\nSELECT {b:String}, {a:UInt8};');
    await saveScript({ format: 'CSV', folder, params: { a: 7, b: 'x' } });
    assert.equal(text('01-select.csv'), '7\n');
    assert.equal(text('02-select.csv'), '"x",7\n');
  });
});
