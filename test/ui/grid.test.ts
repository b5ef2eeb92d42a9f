import { describe, it } from 'mocha';
import { columnNames, focusGrid, readRows, resultsPage } from './harness/grid.ts';
import { chooseInMenu } from './harness/menu.ts';
import { pick, runCommand } from './harness/quickInput.ts';
import { until } from './harness/until.ts';
import { useShownQuery } from './harness/shownQuery.ts';

const QUERY = `SELECT number AS n, concat('it''s ', toString(number)) AS text,
  toDateTime(number, 'Asia/Tokyo') AS at, repeat('xyz', 1000000) AS large
FROM numbers(3)
`;

describe('the grid in VS Code', function () {
  this.timeout(60_000);
  const workbench = useShownQuery(QUERY, 'SELECT number AS n');

  const header = (name: string) =>
    resultsPage(workbench().page).getByRole('columnheader').filter({ hasText: name });
  const clipboard = () => workbench().page.evaluate(() => navigator.clipboard.readText());
  const copied = (text: string) =>
    until(async () => (await clipboard()) === text, 10_000, `${text} on the clipboard`);

  it('pins, hides and moves columns by the context menu of a header', async () => {
    const { page } = workbench();
    await chooseInMenu(page, header('text'), 'Pin Column');
    await until(async () => (await columnNames(page))[0] === 'text', 10_000, 'text first');
    await chooseInMenu(page, header('text'), 'Unpin Column');
    await until(async () => (await columnNames(page))[0] === 'n', 10_000, 'n first');
    await chooseInMenu(page, header('at'), 'Move Column Left');
    await until(async () => (await columnNames(page))[1] === 'at', 10_000, 'at second');
    await chooseInMenu(page, header('text'), 'Hide Column');
    await until(async () => (await columnNames(page)).length === 3, 10_000, 'three columns');
    await runCommand(page, 'ClickHouse: Reset Columns');
    await until(
      async () => (await columnNames(page)).join() === 'n,text,at,large',
      10_000,
      'all columns',
    );
  });

  it('copies by key, by the context menu of the keyboard, and in the format that is picked', async () => {
    const { page } = workbench();
    await focusGrid(page);
    for (const key of ['Control+Home', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Control+c']) {
      await page.keyboard.press(key);
    }
    await copied("0\tit's 0\n1\tit's 1");
    await page.keyboard.press('Shift+F10');
    const entry = page
      .locator('.monaco-menu')
      .getByText('Copy Cells with Column Names', { exact: true });
    await entry.waitFor();
    await page.waitForTimeout(250);
    await entry.click();
    await copied("n\ttext\n0\tit's 0\n1\tit's 1");
    await runCommand(page, 'ClickHouse: Copy Cells As');
    await pick(page, 'INSERT', 'Copy Cells As');
    await copied("INSERT INTO table_name (`n`, `text`) VALUES\n(0, 'it\\'s 0'),\n(1, 'it\\'s 1');");
  });

  it('lets the columns be chosen in a quick pick', async () => {
    const { page } = workbench();
    await resultsPage(page).getByRole('button', { name: 'Choose columns' }).click();
    const quick = page.locator('.quick-input-widget');
    await quick.locator('.monaco-list-row', { hasText: 'large' }).click();
    await quick.getByRole('button', { name: 'OK' }).click();
    await until(async () => (await columnNames(page)).join() === 'n,text,at', 10_000, 'no large');
    await runCommand(page, 'ClickHouse: Reset Columns');
    await until(async () => (await columnNames(page)).length === 4, 10_000, 'all columns');
  });

  it('shows a long value whole and copies it whole', async () => {
    const { page } = workbench();
    await focusGrid(page);
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    const pane = resultsPage(page).getByRole('complementary', { name: 'Whole value' });
    await pane.getByText('3,000,000 characters, 3.0 MB').waitFor();
    await page.keyboard.press('Control+c');
    await until(async () => (await clipboard()).length === 3_000_000, 20_000, 'all characters');
    await page.keyboard.press('Escape');
    await pane.waitFor({ state: 'detached' });
  });

  it('shows times in another zone, copies keep theirs', async () => {
    const { page } = workbench();
    await runCommand(page, 'ClickHouse: Show Times In');
    await pick(page, 'UTC', 'Show Times In');
    const at = async () => (await readRows(page, 1))[0]?.[2];
    await until(async () => (await at()) === '1970-01-01 00:00:00', 10_000, 'UTC');
    await focusGrid(page);
    for (const key of ['Control+Home', 'ArrowRight', 'ArrowRight', 'Control+c']) {
      await page.keyboard.press(key);
    }
    await copied('1970-01-01 09:00:00');
  });
});
