import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/lib/paths.mjs';
import { useEngine } from '../engine/fixture.ts';
import { takeToast, toast } from './harness/dialogs.ts';
import { openFile, setText, showTab } from './harness/editor.ts';
import { pressInHeader, resultsPage } from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import { runText, saveShownResult } from './harness/jobs.ts';
import { chooseOwnFile, ownFiles } from './harness/ownMachine.ts';
import {
  chooseFolder,
  confirmOverwrite,
  dismiss,
  pick,
  pressGear,
  runCommand,
  saveAs,
} from './harness/quickInput.ts';
import { until } from './harness/until.ts';
import { Workbench } from './harness/workbench.ts';

const QUERY = `SELECT number AS n, toString(number) || ' "quoted", and more' AS text, if(number % 7 = 0, NULL, number / 3) AS third FROM numbers(200000)`;

const FORMATS = [
  { label: 'CSV', name: 'saved.csv', format: 'CSVWithNames' },
  { label: 'TSV', name: 'saved.tsv', format: 'TabSeparatedWithNames' },
  { label: 'Parquet', name: 'saved.parquet', format: 'Parquet' },
  { label: 'JSON Lines', name: 'saved.jsonl', format: 'JSONEachRow' },
];

/** In the options of CSV. The list comes anew under the same title: what is pressed before that is lost. */
async function resetOptions(page: Page): Promise<void> {
  await pick(page, 'Reset', 'CSV Options');
  await page.locator('.monaco-list-row', { hasText: /Byte order mark.*Off/ }).waitFor();
  await page.locator('.monaco-list-row.focused', { hasText: 'Continue' }).waitFor();
  await page.keyboard.press('Enter');
}

describe('saving a result', function () {
  this.timeout(60_000);
  const endpoint = useEngine();
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-save-'));
  let workbench: Workbench;
  watch(() => workbench);

  /** What a plain HTTP client gets for the same query and format from a ClickHouse. */
  async function serverBytes(format: string): Promise<Buffer> {
    const { url, username, password, headers } = endpoint();
    const login = Buffer.from(`${username}:${password}`).toString('base64');
    const reply = await fetch(`${url}/?default_format=${format}`, {
      method: 'POST',
      headers: { ...headers, Authorization: `Basic ${login}` },
      body: QUERY,
    });
    assert.equal(reply.status, 200);
    return Buffer.from(await reply.arrayBuffer());
  }

  before(async () => {
    workbench = await Workbench.start({ extensions: [root], files: { 'query.sql': '\n' } });
    await openFile(workbench.page, 'query.sql');
    await runText(workbench.page, QUERY);
  });
  after(async () => {
    await workbench.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { label, name, format } of FORMATS) {
    it(`writes the server's bytes as ${label}`, async () => {
      const target = join(folder, name);
      assert.match(
        await saveShownResult(workbench.page, label, target),
        /^Saved 200,000 rows, .*B, in .* to saved\./,
      );
      const expected = await serverBytes(format);
      assert.ok(readFileSync(target).equals(expected), `${name} differs from the server's bytes`);
    });
  }

  it('writes a compressed file with options that are asked for by the gear', async () => {
    const { page } = workbench;
    const target = join(folder, 'semicolon.csv.gz');
    await pressInHeader(page, 'Save results as…');
    await pressGear(page, 'CSV');
    await pick(page, 'Delimiter', 'CSV Options');
    await pick(page, 'Semicolon', 'Delimiter');
    await pick(page, 'Compression', 'CSV Options');
    await pick(page, 'gzip', 'Compression');
    await pick(page, 'Continue', 'CSV Options');
    await saveAs(page, 'Save Results As', target);
    await takeToast(page, /Saved /);
    const expected = await serverBytes('CSVWithNames&format_csv_delimiter=%3B');
    assert.ok(gunzipSync(readFileSync(target)).equals(expected));
    // The choices are those of the next save, until they are reset.
    await pressInHeader(page, 'Save results as…');
    await page.getByText('semicolon, gzip').first().waitFor();
    await pressGear(page, 'CSV');
    await resetOptions(page);
    await saveAs(page, 'Save Results As', join(folder, 'reset.csv'));
    await takeToast(page, /Saved /);
  });

  it('takes the format saved last by Enter alone, and the Excel preset by its name', async () => {
    const { page } = workbench;
    const target = join(folder, 'excel.csv');
    await pressInHeader(page, 'Save results as…');
    await pick(page, 'CSV for Excel', 'Save Results: Format');
    await saveAs(page, 'Save Results As CSV', target);
    await takeToast(page, /Saved /);
    assert.ok(readFileSync(target, 'utf8').startsWith('\ufeff"n","text","third"\r\n'));
    await pressInHeader(page, 'Save results as…');
    await page.locator('.monaco-list-row.focused', { hasText: 'CSV for Excel' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-title', { hasText: 'Save Results As CSV' }).waitFor();
    await dismiss(page);
    // A preset is a whole answer in the options, too: Continue is highlighted, and says what it continues with.
    await pressInHeader(page, 'Save results as…');
    await pressGear(page, 'CSV');
    await pick(page, 'Excel', 'CSV Options');
    await page.locator('.monaco-list-row.focused', { hasText: /Continue.*Excel/ }).waitFor();
    await resetOptions(page);
    await saveAs(page, 'Save Results As CSV', join(folder, 'plain.csv'));
    await takeToast(page, /Saved /);
  });

  it('replaces a file only after a question', async () => {
    const { page } = workbench;
    const target = join(folder, 'mine.csv');
    writeFileSync(target, 'mine');
    await pressInHeader(page, 'Save results as…');
    await pick(page, 'CSV');
    await saveAs(page, 'Save Results As', target);
    await confirmOverwrite(page, false);
    await dismiss(page);
    assert.equal(readFileSync(target, 'utf8'), 'mine');
    await pressInHeader(page, 'Save results as…');
    await pick(page, 'CSV');
    await saveAs(page, 'Save Results As', target);
    await confirmOverwrite(page, true);
    await takeToast(page, /Saved /);
    assert.ok(readFileSync(target).equals(await serverBytes('CSVWithNames')));
  });

  it("goes to the user's own machine through the browser, and back to where the window runs", async () => {
    const { page } = workbench;
    await chooseOwnFile(page, 'own.csv');
    await pressInHeader(page, 'Save results as…');
    await pick(page, 'Save on your own machine instead…', 'Save Results: Format');
    await pick(page, 'CSV', 'Save Results: Format (on your own machine)');
    assert.match(await takeToast(page, /Saved /), /^Saved 200,000 rows, .* to own\.csv/);
    const expected = await serverBytes('CSVWithNames');
    assert.deepEqual(await ownFiles(page, 'own.csv'), {
      names: ['own.csv'],
      sha256: createHash('sha256').update(expected).digest('hex'),
    });
    await pressInHeader(page, 'Save results as…');
    await pick(page, 'Save on the remote machine instead…');
    await pick(page, 'CSV', 'Save Results: Format');
    await saveAs(page, `(on ${hostname()}, which runs this window)`, join(folder, 'here.csv'));
    await takeToast(page, /Saved /);
    assert.ok(expected.equals(readFileSync(join(folder, 'here.csv'))));
  });

  it('leaves no file when the statement fails half-way', async () => {
    const { page } = workbench;
    const target = join(folder, 'failed.csv');
    await setText(page, "SELECT throwIf(number = 2000000, 'half-way') FROM numbers(3000000)");
    await runCommand(page, 'ClickHouse: Save Results As…');
    await pick(page, 'CSV');
    await saveAs(page, 'Save Results As', target);
    const told = toast(page, 'half-way');
    await told.waitFor();
    assert.equal(existsSync(target), false);
    await told.getByRole('button', { name: 'Remove' }).click();
    await until(
      () => Promise.resolve(!existsSync(`${target}.partial`)),
      10_000,
      'the partial file is gone',
    );
  });

  it('leaves no file and an untouched folder when the dialog is dismissed', async () => {
    const { page } = workbench;
    await runCommand(page, 'ClickHouse: Save Results As…');
    await pick(page, 'TSV');
    await page.locator('.quick-input-title', { hasText: 'Save Results As' }).waitFor();
    await dismiss(page);
    assert.equal(existsSync(workbench.path('query.tsv')), false);
  });

  it('writes a file for each statement of a script into a folder', async () => {
    const { page } = workbench;
    await setText(page, `SET format_csv_delimiter = ';';\n${QUERY};\nSELECT 1 AS one, 2 AS two;`);
    await runCommand(page, 'ClickHouse: Save Results of All Statements to Folder');
    await pick(page, 'CSV', 'Save Results: Format');
    const all = join(folder, 'all');
    mkdirSync(all);
    await chooseFolder(page, {
      title: 'Save Results of All Statements to Folder',
      button: 'Save here',
      folder: all,
    });
    const told = toast(page, /Saved 2 files/);
    await told.waitFor();
    assert.deepEqual(readdirSync(all).sort(), ['02-numbers.csv', '03-select.csv']);
    const expected = await serverBytes('CSVWithNames&format_csv_delimiter=%3B');
    assert.ok(readFileSync(join(all, '02-numbers.csv')).equals(expected));
    assert.equal(readFileSync(join(all, '03-select.csv'), 'utf8'), '"one";"two"\n1;2\n');
    await told.getByRole('button', { name: 'Show summary' }).click();
    await page.locator('.tabs-container .tab.active', { hasText: 'Untitled' }).waitFor();
    await page.locator('.view-line', { hasText: 'Results of a script' }).waitFor();
    await showTab(page, 'query.sql');
  });

  it('shows how it goes in the Results view too, and cancels from there', async () => {
    const { page } = workbench;
    // Slow enough not to reach the limit of rows before it is cancelled.
    await setText(
      page,
      "SELECT number AS endless, repeat('x', 50), sleepEachRow(0.00001) FROM system.numbers",
    );
    await page.keyboard.press('Control+Enter');
    await resultsPage(page).getByRole('gridcell', { name: 'xxx' }).first().waitFor();
    await pressInHeader(page, 'Cancel');
    await resultsPage(page).locator('header[data-state="cancelled"]').waitFor();
    await pressInHeader(page, 'Save results as…');
    await pick(page, 'Run again in full', 'Save Results: Rows');
    await pick(page, 'TSV', 'Save Results: Format');
    await saveAs(page, 'Save Results As', join(folder, 'endless.tsv'));
    await resultsPage(page)
      .locator('.saving-text', { hasText: /Saving endless\.tsv: .*MB/ })
      .waitFor();
    await resultsPage(page).getByRole('button', { name: 'Cancel saving' }).click();
    const told = toast(page, 'What came by then is in endless.tsv.partial');
    await told.waitFor();
    await resultsPage(page).locator('.saving').waitFor({ state: 'hidden' });
    await told.getByRole('button', { name: 'Remove' }).click();
    await until(
      () => Promise.resolve(!readdirSync(folder).some((name) => name.startsWith('endless'))),
      10_000,
      'the partial file is gone',
    );
  });
});

describe('a save when its window closes', function () {
  this.timeout(60_000);

  it('leaves nothing that looks like the result', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rowhouse-closing-'));
    const workbench = await Workbench.start({ extensions: [root], files: { 'query.sql': '\n' } });
    const { page } = workbench;
    try {
      await openFile(page, 'query.sql');
      await setText(page, 'SELECT number AS endless FROM system.numbers');
      await runCommand(page, 'ClickHouse: Save Results As…');
      await pick(page, 'CSV');
      await saveAs(page, 'Save Results As', join(folder, 'endless.csv'));
      await toast(page, /Saving endless\.csv: .*MB/)
        .first()
        .waitFor();
      assert.deepEqual(readdirSync(folder), ['endless.csv.partial']);
    } catch (error) {
      await workbench.capture('save-closing');
      throw error;
    } finally {
      await workbench.stop();
    }
    assert.deepEqual(readdirSync(folder), []);
    rmSync(folder, { recursive: true, force: true });
  });
});
