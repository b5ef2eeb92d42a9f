import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { focusEditor, goTo, openFile, selectLines, setText, tab } from './harness/editor.ts';
import {
  columnNames,
  focusGrid,
  pressInHeader,
  readRows,
  resultsHeader,
  resultsPage,
  rowCount,
  waitForResult,
} from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import { setTheme } from './harness/theme.ts';
import { toast } from './harness/dialogs.ts';
import { until } from './harness/until.ts';
import { Workbench } from './harness/workbench.ts';

const QUERIES = `SELECT 'first';

SELECT
    number AS n,
    toString(number) AS text
FROM numbers(100000);

-- the third
SELECT 'third' AS name, 18446744073709551615::UInt64 AS big, NULL AS nothing;
-- only a comment
`;

describe('running a statement', function () {
  this.timeout(60_000);
  let workbench: Workbench;
  watch(() => workbench);

  before(async () => {
    workbench = await Workbench.start({
      extensions: [root],
      files: { 'query.sql': QUERIES, 'other.sql': 'SELECT 1\n' },
    });
    await openFile(workbench.page, 'query.sql');
  });
  after(async () => {
    await workbench.stop();
  });

  it('runs the statement at the cursor', async () => {
    const { page } = workbench;
    await goTo(page, 5);
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'SELECT' });
    assert.deepEqual(await columnNames(page), ['n', 'text']);
    assert.equal(await rowCount(page), 100_000);
    assert.deepEqual(await readRows(page, 2), [
      ['0', '0'],
      ['1', '1'],
    ]);
  });

  it('shows the last row when the keyboard goes there', async () => {
    const { page } = workbench;
    await focusGrid(page);
    await page.keyboard.press('Control+End');
    const active = resultsPage(page).locator('[role=gridcell].active');
    await until(async () => (await active.innerText()) === '99999', 10_000, 'the last row');
  });

  it('runs what is selected', async () => {
    const { page } = workbench;
    await selectLines(page, 9, 9);
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: "SELECT 'third'" });
    assert.deepEqual(await readRows(page, 1), [['third', '18446744073709551615', 'NULL']]);
  });

  it('says so when there is nothing to run', async () => {
    const { page } = workbench;
    await selectLines(page, 10, 10);
    await page.keyboard.press('Control+Enter');
    await toast(page, 'Nothing to run').first().waitFor();
  });

  it('shows an error with its code and marks its place', async () => {
    const { page } = workbench;
    await openFile(page, 'other.sql');
    await setText(page, 'SELECT nothing_like_this FROM numbers(3)');
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'nothing_like_this', state: 'failed' });
    const error = await resultsPage(page).getByRole('region', { name: 'Error' }).innerText();
    assert.match(error, /Code 47\b.*UNKNOWN_IDENTIFIER/);
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
  });

  it('cancels on the server', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await setText(page, 'SELECT sleepEachRow(0.1) FROM numbers(600) SETTINGS max_block_size = 1');
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'sleepEachRow', state: 'running' });
    await pressInHeader(page, 'Cancel');
    await waitForResult(page, { statement: 'sleepEachRow', state: 'cancelled' });
    await setText(
      page,
      "SELECT count() AS still FROM system.processes WHERE query LIKE '%sleepEachRow(0.1)%' AND query NOT LIKE '%still%'",
    );
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'AS still' });
    assert.deepEqual(await readRows(page, 1), [['0']]);
  });

  it('follows the active editor', async () => {
    const { page } = workbench;
    await tab(page, 'query.sql').click();
    await waitForResult(page, { statement: "SELECT 'third'" });
    await tab(page, 'other.sql').click();
    await waitForResult(page, { statement: 'AS still' });
  });

  it('is readable in every theme', async () => {
    for (const theme of ['light', 'highContrast', 'highContrastLight', 'dark'] as const) {
      await setTheme(workbench, theme);
      await resultsHeader(workbench.page).waitFor();
      await workbench.capture(`theme-${theme}`);
    }
  });
});
