import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { samples } from '../../scripts/samples.mjs';
import { takeToast } from './harness/dialogs.ts';
import { dropFiles } from './harness/drag.ts';
import { openFile } from './harness/editor.ts';
import { readRows } from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import {
  insertButton,
  insertPage,
  lookedAgain,
  lookedAt,
  pressInsert,
} from './harness/insertPage.ts';
import { insertByDrop, runText, tableRow } from './harness/jobs.ts';
import { chooseInMenu } from './harness/menu.ts';
import { pick } from './harness/quickInput.ts';
import { explorerItem, showContainer } from './harness/views.ts';
import { Workbench } from './harness/workbench.ts';

describe('inserting a file', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-insert-'));
  let workbench: Workbench;
  watch(() => workbench);

  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const rowsOf = async (table: string): Promise<string[][]> => {
    await openFile(workbench.page, 'query.sql');
    await runText(workbench.page, `SELECT count(), sum(n), max(s) FROM ${table}`);
    return readRows(workbench.page, 1);
  };

  before(async () => {
    workbench = await Workbench.start({
      extensions: [root],
      files: { 'query.sql': '\n', 'lines.jsonl': '{"n":7,"s":"seven"}\n{"n":8,"s":"eight"}\n' },
    });
    await openFile(workbench.page, 'query.sql');
    await runText(workbench.page, 'CREATE TABLE words (n UInt32, s String) ORDER BY n');
    await runText(
      workbench.page,
      `CREATE TABLE flights ORDER BY tuple() EMPTY AS SELECT * FROM file('${join(samples, 'data/flights-3m.parquet')}')`,
    );
  });
  after(async () => {
    await workbench.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows what will happen, and inserts a dropped CSV file', async () => {
    const { page } = workbench;
    const dropped = file('words.csv', 'n,s\n1,one\n2,"two, too"\n');
    const row = await tableRow(page, 'default', 'words');
    const { question, outcome } = await insertByDrop(page, row, dropped);
    assert.equal(question, 'Insert words.csv into default.words');
    assert.match(outcome, /^Inserted 2 rows into default\.words from words\.csv/);
    assert.deepEqual(await rowsOf('words'), [['2', '3', 'two, too']]);
  });

  it('inserts nothing when the question is cancelled', async () => {
    const { page } = workbench;
    const row = await tableRow(page, 'default', 'words');
    await dropFiles(page, row, [file('more.csv', 'n,s\n100,no\n')]);
    const header = insertPage(page).getByRole('columnheader', { name: /UInt32/ });
    await header.hover();
    assert.equal(await header.locator('.sort-control').isVisible(), false, 'nothing to sort here');
    await insertButton(page, 'Cancel').click();
    assert.deepEqual(await rowsOf('words'), [['2', '3', 'two, too']]);
  });

  it('takes a Parquet file of 3,000,000 rows', async () => {
    const { page } = workbench;
    const row = await tableRow(page, 'default', 'flights');
    const { outcome } = await insertByDrop(page, row, join(samples, 'data/flights-3m.parquet'));
    assert.match(outcome, /^Inserted 3,000,000 rows/);
  });

  it('tells why a file does not fit, and promises nothing about its rows', async () => {
    const { page } = workbench;
    const row = await tableRow(page, 'default', 'words');
    await dropFiles(page, row, [file('bad.csv', 'n,s\n5,five\nnot a number,six\n')]);
    await pressInsert(page);
    const told = await takeToast(page, /bad\.csv was not inserted/);
    assert.match(told, /^bad\.csv was not inserted as a whole: none of its rows are in/);
    assert.match(told, /Cannot parse input: expected ','/);
    assert.equal(told.split('CANNOT_PARSE_INPUT_ASSERTION_FAILED').length, 2, told);
    assert.doesNotMatch(told, /parsed text/);
    // What the engine really did: it inserts whole blocks, and this one was never whole.
    assert.deepEqual(await rowsOf('words'), [['2', '3', 'two, too']]);
  });

  it('tells before an insert that a file cannot be read, or is empty', async () => {
    const { page } = workbench;
    for (const [content, told] of [
      ['n,s\n1,one\n2,two\n3,bad,extra\n', /Row 3: There is no line feed/],
      ['', /The file is empty\./],
    ] as const) {
      const row = await tableRow(page, 'default', 'words');
      await dropFiles(page, row, [file('odd.csv', content)]);
      await lookedAt(page);
      assert.match(await insertPage(page).innerText(), told);
      await insertButton(page, 'Cancel').click();
    }
    assert.deepEqual(await rowsOf('words'), [['2', '3', 'two, too']]);
  });

  it("is in the context menu of VS Code's explorer", async () => {
    const { page } = workbench;
    await showContainer(page, 'Explorer');
    await chooseInMenu(page, explorerItem(page, 'lines.jsonl'), 'Insert File into Table…');
    await pick(page, 'default.words');
    await pressInsert(page);
    assert.match(await takeToast(page, /Inserted /), /Inserted 2 rows/);
    assert.deepEqual(await rowsOf('words'), [['4', '18', 'two, too']]);
  });

  it('reads the file as the page says', async () => {
    const { page } = workbench;
    const row = await tableRow(page, 'default', 'words');
    await dropFiles(page, row, [file('bars.csv', 'n,s\n40,forty;1\nbad,x\n41,fortyone\n')]);
    await lookedAt(page);
    const shown = insertPage(page);
    await shown.getByLabel('Delimiter').selectOption(';');
    // The lines have not the same number of values then.
    await lookedAgain(page, /No rows to show/);
    assert.doesNotMatch(await shown.innerText(), /Its rows are not shown/);
    await shown.getByLabel('Delimiter').selectOption(',');
    await lookedAgain(page, /1 row of the first 3 rows cannot be read: the insert will fail/);
    await shown.getByLabel('Leave out rows that cannot be read, at most').check();
    await lookedAgain(page, /1 row of the first 3 rows cannot be read and will be left out/);
    await pressInsert(page);
    assert.match(await takeToast(page, /Inserted /), /^Inserted 2 rows/);
    assert.deepEqual(await rowsOf('words WHERE n >= 40'), [['2', '81', 'fortyone']]);
  });

  it('copies cells of the first rows', async () => {
    const { page } = workbench;
    const row = await tableRow(page, 'default', 'words');
    await dropFiles(page, row, [file('copied.csv', 'n,s\n50,fifty\n')]);
    await lookedAt(page);
    await insertPage(page).getByRole('gridcell', { name: 'fifty' }).click();
    await page.keyboard.press('Control+c');
    await insertPage(page).getByText('1 cell copied').first().waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'fifty');
    await insertButton(page, 'Cancel').click();
  });

  it('creates a table for the file, as the page says', async () => {
    const { page } = workbench;
    const row = await tableRow(page, 'default', 'words');
    await dropFiles(page, row, [file('made.csv', 'n,s\n1,one\n2,two\n')]);
    await lookedAt(page);
    await insertButton(page, 'New table…').click();
    await insertButton(page, 'Create and insert').waitFor();
    await lookedAt(page);
    const shown = insertPage(page);
    await shown.getByLabel('Name of the table').fill('made_here');
    await shown.getByLabel('Type of n').fill('UInt16');
    await shown.getByLabel('Sorting key').fill('n');
    await shown.getByLabel('Sorting key').blur();
    await lookedAgain(page, /as read for the table/);
    await pressInsert(page, 'Create and insert');
    assert.match(await takeToast(page, /Inserted /), /^Inserted 2 rows into default\.made_here/);
    assert.deepEqual(await rowsOf('made_here'), [['2', '3', 'two']]);
    await runText(page, 'SELECT toTypeName(n), 1 FROM made_here LIMIT 1');
    assert.deepEqual(await readRows(page, 1), [['UInt16', '1']]);
  });

  it('creates no table when the page is cancelled', async () => {
    const { page } = workbench;
    const row = await tableRow(page, 'default', 'words');
    await dropFiles(page, row, [file('unmade.csv', 'n,s\n1,one\n')]);
    await lookedAt(page);
    await insertButton(page, 'New table…').click();
    await insertButton(page, 'Create and insert').waitFor();
    await insertButton(page, 'Cancel').click();
    await openFile(page, 'query.sql');
    await runText(page, "SELECT count(), 0, '' FROM system.tables WHERE name = 'unmade'");
    assert.deepEqual(await readRows(page, 1), [['0', '0', '']]);
  });
});
