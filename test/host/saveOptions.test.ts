import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import { answer, answerPicks, type PickAnswer, restoreDialogs } from './dialogs.ts';
import { closeEditors, openSql, rowhouse } from './support.ts';

/** Would fail with UNKNOWN_TABLE if it ever ran. */
const NEVER_RUNS = 'SELECT * FROM must_not_run';

describe('a save with options of the format', () => {
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

  const label = (wanted: string) => (items: readonly vscode.QuickPickItem[]) =>
    items.find((item) => item.label === wanted);

  const gearOf =
    (format: string) =>
    (items: readonly vscode.QuickPickItem[]): PickAnswer | undefined => {
      const item = label(format)(items);
      return item && { gear: item };
    };

  /** Answers each question of the picks by its turn. */
  function steps(...turns: ((items: readonly vscode.QuickPickItem[]) => PickAnswer | undefined)[]) {
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

  it('remembers a preset, which is an entry of its own, and comes first then', async () => {
    answer('showSaveDialog', () => vscode.Uri.file(at('y.csv')));
    answerPicks((items) => items[0]);
    await save();
    assert.equal(readFileSync(at('y.csv'), 'utf8'), '\ufeff"one";"two"\r\n1;2\r\n');
    answerPicks(label('CSV'));
    await save();
    assert.equal(readFileSync(at('y.csv'), 'utf8'), '"one","two"\n1,2\n');
    answerPicks(label('CSV for Excel'));
    await save();
    assert.equal(readFileSync(at('y.csv'), 'utf8'), '\ufeff"one","two"\r\n1,2\r\n');
  });

  it('keeps the choices of the format and those of a preset apart, whatever a statement settles', async () => {
    answer('showSaveDialog', (options) => {
      const { defaultUri } = options as vscode.SaveDialogOptions;
      return vscode.Uri.file(at(defaultUri?.path.endsWith('.gz') ? 'x.csv.gz' : 'x.csv'));
    });
    steps(
      gearOf('CSV'),
      label('$(discard) Reset'),
      label('Delimiter'),
      label('Vertical bar'),
      label('Compression'),
      label('gzip'),
      label('$(check) Continue'),
    );
    assert.equal((await save())?.path, at('x.csv.gz'));
    answerPicks(label('CSV for Excel'));
    assert.equal((await save())?.path, at('x.csv'));
    assert.equal(readFileSync(at('x.csv'), 'utf8'), '\ufeff"one","two"\r\n1,2\r\n');
    uri = (await openSql('SELECT 1 AS one SETTINGS output_format_csv_crlf_end_of_line = 0'))
      .document.uri;
    let first: string | undefined;
    answerPicks((items) => {
      first = items[0]?.label;
      return label('CSV')(items);
    });
    assert.equal((await save())?.path, at('x.csv.gz'));
    assert.equal(first, 'CSV for Excel');
    assert.equal(gunzipSync(readFileSync(at('x.csv.gz'))).toString(), '"one"\n1\n');
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
    await assert.rejects(save({ ...answers, options: { delimiter: ';;' } }), /one ASCII character/);
    await assert.rejects(
      save({ ...answers, options: { quotes: 'none', tuplesAsColumns: true } }),
      /"Tuples as separate columns" would not be followed without quotes/,
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
    // Choices hold for the whole window: the tests after this one begin without any.
    await openSql('SELECT 1 AS one');
    steps(gearOf('TSV'), label('$(discard) Reset'), label('$(check) Continue'));
    assert.equal((await save())?.format, 'TabSeparatedWithNames');
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
