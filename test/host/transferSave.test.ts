import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { isCancelledError } from '../../src/core/client/errors.ts';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import {
  answer,
  answerFormat,
  answerPicks,
  cancelWhen,
  listen,
  type PickAnswer,
  restoreDialogs,
} from './dialogs.ts';
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
  const run = async (sql: string): Promise<void> => {
    assert.equal((await (await rowhouse()).run({ uri, sql }))?.error, undefined);
  };

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

  describe('with options of the format', () => {
    const label = (wanted: string) => (items: readonly vscode.QuickPickItem[]) =>
      items.find((item) => item.label === wanted);

    const gearOf =
      (format: string) =>
      (items: readonly vscode.QuickPickItem[]): PickAnswer | undefined => {
        const item = label(format)(items);
        return item && { gear: item };
      };

    /** Answers each question of the picks by its turn. */
    function steps(
      ...turns: ((items: readonly vscode.QuickPickItem[]) => PickAnswer | undefined)[]
    ) {
      const titles: string[] = [];
      answerPicks((items, title) => {
        titles.push(title);
        return turns.shift()?.(items);
      });
      return titles;
    }

    it('asks for them only when the gear is pressed, and takes a preset', async () => {
      answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
      const titles = steps(gearOf('CSV'), label('Excel, semicolon'), label('$(check) Continue'));
      await save();
      assert.deepEqual(titles, ['Save Results: Format', 'CSV Options', 'CSV Options']);
      assert.equal(readFileSync(at('x.csv'), 'utf8'), '\ufeff"one";"two"\r\n1;2\r\n');
    });

    it('remembers them for the format, and tells them in the list', async () => {
      answer('showSaveDialog', () => vscode.Uri.file(at('y.csv')));
      let told: string | undefined;
      answerPicks((items) => {
        const item = label('CSV')(items);
        told = item?.description;
        return item;
      });
      await save();
      assert.match(told ?? '', /^Excel, semicolon · /);
      assert.ok(readFileSync(at('y.csv'), 'utf8').startsWith('\ufeff"one";"two"\r\n'));
    });

    it('changes one by one, through the last entry, which means the highlighted format', async () => {
      answer('showSaveDialog', (options) => {
        const { defaultUri } = options as vscode.SaveDialogOptions;
        return vscode.Uri.file(at(`z.${(defaultUri?.path ?? '').split('.').slice(-2).join('.')}`));
      });
      const titles = steps(
        label('$(gear) Options…'),
        label('$(discard) Reset'),
        label('Delimiter'),
        label('Vertical bar'),
        label('Header'),
        label('None'),
        label('Compression'),
        label('gzip'),
        label('$(check) Continue'),
      );
      const receipt = await save();
      assert.equal(titles[1], 'CSV Options');
      assert.equal(receipt?.format, 'CSV');
      assert.equal(receipt.path, at('z.csv.gz'));
      assert.equal(gunzipSync(readFileSync(at('z.csv.gz'))).toString(), '1|2\n');
    });

    it('leads back, and resets', async () => {
      answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
      const titles = steps(
        gearOf('CSV'),
        () => 'back',
        gearOf('CSV'),
        label('$(discard) Reset'),
        label('$(check) Continue'),
      );
      await save();
      assert.equal(titles[2], 'Save Results: Format');
      assert.equal(readFileSync(at('x.csv'), 'utf8'), '"one","two"\n1,2\n');
    });

    it('given in advance has no others than those given', async () => {
      const options = { delimiter: ';', nullText: 'none' };
      const sql = 'SELECT 1, NULL';
      await save({ uri, sql, format: 'CSV', options, target: at('x.csv') });
      assert.equal(readFileSync(at('x.csv'), 'utf8'), '1;none\n');
    });

    it('refuses options that the format does not take, before anything runs', async () => {
      const answers = { uri, sql: NEVER_RUNS, format: 'CSV', target: at('x.csv') };
      await assert.rejects(save({ ...answers, options: { colour: 'red' } }), /no option "colour"/);
      await assert.rejects(
        save({ ...answers, options: { delimiter: ';;' } }),
        /one ASCII character/,
      );
      const header = { sql: `${NEVER_RUNS} FORMAT CSV`, options: { header: 'names' } };
      await assert.rejects(
        save({ ...answers, ...header }),
        /says FORMAT CSV, but the options stand for CSVWithNames/,
      );
      assert.deepEqual(names(), []);
    });

    it('shows what holds without a choice: what the server, the session and the statement say', async () => {
      uri = (
        await openSql(
          'SELECT 1 AS one, 2 AS two, NULL AS n SETTINGS output_format_csv_crlf_end_of_line = 1',
        )
      ).document.uri;
      await run("SET format_csv_delimiter = '|', format_csv_null_representation = 'none'");
      answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
      const shown: string[] = [];
      steps(gearOf('CSV'), (items) => {
        for (const item of items) shown.push(`${item.label}: ${item.description ?? ''}`);
        return label('$(check) Continue')(items);
      });
      await save();
      assert.ok(shown.includes('Delimiter: Vertical bar'));
      assert.ok(shown.includes('Text for NULL: none'));
      // The statement has settled that: it cannot be chosen.
      assert.ok(!shown.some((line) => line.startsWith('Windows line ends')));
      assert.equal(readFileSync(at('x.csv'), 'utf8'), '"one"|"two"|"n"\r\n1|2|none\r\n');
    });

    it("keeps to the statement's own FORMAT, whatever was chosen for that format before", async () => {
      answer('showSaveDialog', () => vscode.Uri.file(at('x.tsv')));
      steps(gearOf('TSV'), label('Header'), label('None'), label('$(check) Continue'));
      assert.equal((await save())?.format, 'TabSeparated');
      uri = (await openSql('SELECT 1 AS one FORMAT TSVWithNames')).document.uri;
      answer('showSaveDialog', () => vscode.Uri.file(at('y.tsv')));
      const shown: string[] = [];
      steps(gearOf('TSV'), (items) => {
        shown.push(...items.map((item) => item.label));
        return label('$(check) Continue')(items);
      });
      await save();
      assert.ok(shown.includes('Windows line ends') && !shown.includes('Header'));
      assert.equal(readFileSync(at('y.tsv'), 'utf8'), 'one\n1\n');
    });

    it('does not remember the table of the INSERT statements', async () => {
      for (const [name, chooses] of [
        ['x.sql', true],
        ['y.sql', false],
      ] as const) {
        answer('showSaveDialog', () => vscode.Uri.file(at(name)));
        answer('showInputBox', () => 'db.visits');
        const turns = chooses ? [label('Table name')] : [];
        steps(gearOf('SQLInsert'), ...turns, label('$(check) Continue'));
        await save();
      }
      assert.match(readFileSync(at('x.sql'), 'utf8'), /^INSERT INTO db\.visits /);
      assert.match(readFileSync(at('y.sql'), 'utf8'), /^INSERT INTO table /);
    });

    it('refuses an option that the SETTINGS of the statement settle, before anything runs', async () => {
      const sql = `${NEVER_RUNS} SETTINGS format_csv_delimiter = '|'`;
      const answers = { uri, sql, format: 'CSV', options: { delimiter: ';' }, target: at('x.csv') };
      await assert.rejects(
        save(answers),
        /says SETTINGS format_csv_delimiter, so the option "Delimiter" would not be followed/,
      );
      assert.deepEqual(names(), []);
    });

    it('writes all rows in formats that the server cuts for the screen', async () => {
      const sql = 'SELECT number FROM numbers(3000)';
      await save({ uri, sql, format: 'PrettyCompactMonoBlock', target: at('x.txt') });
      assert.match(readFileSync(at('x.txt'), 'utf8'), /\b1500\b/);
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

  it('ends with a receipt that others can check', async () => {
    answer('showInformationMessage', () => 'Copy Receipt');
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

  describe('that failed half-way', () => {
    const HALF = `SELECT toString(number), if(number = 3000000, throwIf(1, 'half-way'), 0) FROM numbers(4000000)`;

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
      const said = await fail('Keep Partial File');
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
      await fail('Keep Partial File');
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

  it('that was cancelled offers what came', async () => {
    let said = '';
    cancelWhen(/\d MB/);
    answer('showSaveDialog', () => vscode.Uri.file(at('x.csv')));
    answer('showWarningMessage', (text) => {
      said = String(text);
      return 'Keep Partial File';
    });
    const sql = 'SELECT number FROM system.numbers';
    assert.equal(await save({ uri, sql, format: 'CSV' }), undefined);
    await until(() => said !== '', 'the outcome is told');
    assert.match(said, /^The result was not saved.*stopped on the server.*in x\.csv\.partial: /);
    assert.deepEqual(names(), ['x.csv.partial']);
    assert.ok(readFileSync(at('x.csv.partial'), 'utf8').startsWith('0\n1\n2\n'));
  });

  it('with all answers given rejects when it is cancelled, and leaves nothing', async () => {
    cancelWhen(/\d MB/);
    const sql = 'SELECT number FROM system.numbers';
    await assert.rejects(save({ uri, sql, format: 'CSV', target: at('x.csv') }), isCancelledError);
    assert.deepEqual(names(), []);
  });
});
