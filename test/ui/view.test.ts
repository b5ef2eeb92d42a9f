import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { focusEditor } from './harness/editor.ts';
import { focusGrid, readRows, resultsPage, rowCount, waitForResult } from './harness/grid.ts';
import { chooseInMenu } from './harness/menu.ts';
import { answer, runCommand } from './harness/quickInput.ts';
import { until } from './harness/until.ts';
import { useShownQuery } from './harness/shownQuery.ts';

// Numbers 0 to 999, every tenth without a price.
const QUERY = `SELECT number AS n,
  ['Norway', 'Peru', 'Japan'][number % 3 + 1] AS country,
  if(number % 10 = 0, NULL, toDecimal64(number, 2) / 4) AS price
FROM numbers(1000)
`;

describe('sort, filters, find and statistics of a result in VS Code', function () {
  this.timeout(60_000);
  const workbench = useShownQuery(QUERY, 'SELECT number AS n');

  const results = () => resultsPage(workbench().page);
  const header = (name: string) =>
    results().getByRole('columnheader').filter({ hasText: name }).first();
  const chips = () => results().locator('.chip').allInnerTexts();
  const firstIs = (row: string[]) =>
    until(
      async () => (await readRows(workbench().page, 1))[0]?.join() === row.join(),
      20_000,
      `${row.join()} first`,
    );

  it('sorts by a click in the header of a column', async () => {
    const { page } = workbench();
    await header('n').hover();
    await header('n').locator('.sort-control').click();
    await header('n').locator('.sort-control').click();
    await firstIs(['999', 'Norway', '249.75']);
    assert.deepEqual(await chips(), ['sorted by n, descending']);
    assert.equal(await header('n').getAttribute('aria-sort'), 'descending');
    assert.equal(await rowCount(page), 1_000);
  });

  it('filters by what is written for a column, and by the value of a cell', async () => {
    const { page } = workbench();
    await chooseInMenu(page, header('country'), 'Filter Column…');
    await results().getByRole('textbox', { name: 'Value' }).fill('Peru');
    await page.keyboard.press('Enter');
    await firstIs(['997', 'Peru', '249.25']);
    assert.equal(await rowCount(page), 333);
    const cell = results().getByRole('gridcell').getByText('247.75', { exact: true });
    await chooseInMenu(page, cell, 'Filter by This Value');
    await firstIs(['991', 'Peru', '247.75']);
    assert.equal(await rowCount(page), 1);
    assert.deepEqual(await chips(), [
      'country = "Peru"',
      'price = "247.75"',
      'sorted by n, descending',
    ]);
    await workbench().capture('view-chips');
  });

  it('removes one of them by one click', async () => {
    const { page } = workbench();
    await results().getByRole('button', { name: 'Remove: price = "247.75"' }).click();
    await firstIs(['997', 'Peru', '249.25']);
    await results().getByRole('button', { name: 'Remove: sorted by n, descending' }).click();
    await firstIs(['1', 'Peru', '0.25']);
    assert.equal(await rowCount(page), 333);
    await results().getByRole('button', { name: 'Remove: country = "Peru"' }).click();
    await firstIs(['0', 'Norway', 'NULL']);
    assert.deepEqual(await chips(), []);
  });

  it('finds in all cells, goes from match to match, and shows where they are', async () => {
    const { page } = workbench();
    await focusGrid(page);
    await page.keyboard.press('Control+f');
    const bar = results().getByRole('search');
    await bar.getByRole('textbox').fill('24.25');
    // 97, 497 and 897 have 24.25, 124.25 and 224.25.
    await bar.getByText('1 of 3 rows').waitFor();
    await page.keyboard.press('Enter');
    await bar.getByText('2 of 3 rows').waitFor();
    const active = results().locator('[role=gridcell].active');
    await until(async () => (await active.innerText()) === '124.25', 10_000, 'the second match');
    assert.deepEqual(await results().locator('.row:not([hidden]) .cell.match').allInnerTexts(), [
      '124.25',
    ]);
    await workbench().capture('view-find');
    await page.keyboard.press('Escape');
    await bar.waitFor({ state: 'detached' });
    await until(
      async () => (await results().locator('.row:not([hidden]) .cell.match').count()) === 0,
      10_000,
      'nothing highlighted',
    );
  });

  it('tells what a column holds', async () => {
    const { page } = workbench();
    await chooseInMenu(page, header('price'), 'Column Statistics');
    const pane = results().getByRole('complementary', { name: 'Column statistics' });
    await pane.getByText('900', { exact: true }).waitFor();
    const facts = (await pane.locator('.facts').innerText()).split('\n');
    const of = (name: string): string | undefined => facts[facts.indexOf(name) + 1];
    assert.deepEqual(['Rows', 'NULL', 'Different values', 'Lowest', 'Highest'].map(of), [
      '1,000',
      '100 (10.0 %)',
      '900',
      '0.25',
      '249.75',
    ]);
    await workbench().capture('view-statistics');
    await page.keyboard.press('Escape');
  });

  it('is done by keyboard too, from the editor on', async () => {
    const { page } = workbench();
    await focusEditor(page);
    await runCommand(page, 'Focus on Results View');
    await results().locator('[role=grid]:focus').waitFor();
    await page.keyboard.press('Control+g');
    await answer(page, 'Go to Row', '500');
    const active = results().locator('[role=gridcell].active');
    await until(async () => (await active.innerText()) === '124.75', 10_000, 'row 500');
    await results().locator('[role=grid]:focus').waitFor();
    await page.keyboard.press('Home');
    await until(async () => (await active.innerText()) === '499', 10_000, 'its first cell');
    for (const key of ['Control+Home', 'Alt+ArrowDown']) await page.keyboard.press(key);
    await firstIs(['999', 'Norway', '249.75']);
    await page.keyboard.press('Alt+ArrowDown');
    await firstIs(['0', 'Norway', 'NULL']);
    assert.deepEqual(await chips(), []);
  });

  it('adds up more selected cells than the page does by itself', async () => {
    const { page } = workbench();
    await focusEditor(page);
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('SELECT number AS many FROM numbers(300000)');
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'SELECT number AS many' });
    await focusGrid(page);
    await page.keyboard.press('Control+a');
    const sums = results().getByText(
      '300,000 cells selected · count 300,000 · sum 44999850000 · average 149999.5 · min 0 · max 299999',
    );
    await sums.waitFor({ timeout: 30_000 });
    await workbench().capture('view-sums');
    // It does not start the engine anew by itself.
    await runCommand(page, 'ClickHouse: Stop Local ClickHouse');
    await focusGrid(page);
    await page.keyboard.press('Control+Home');
    await sums.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+a');
    const addUp = results().getByRole('button', { name: 'Add up' });
    await addUp.waitFor();
    await workbench().capture('view-may-add-up');
    await addUp.click();
    await sums.waitFor({ timeout: 30_000 });
  });
});
