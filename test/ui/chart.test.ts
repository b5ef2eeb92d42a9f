import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { pressInHeader, readRows, resultsPage } from './harness/grid.ts';
import { saveAs } from './harness/quickInput.ts';
import { setTheme } from './harness/theme.ts';
import { until } from './harness/until.ts';
import { useShownQuery } from './harness/shownQuery.ts';

// Hours of ten days; every hour has two rows, so that there is something to add up.
const QUERY = `SELECT toDateTime('2024-03-25 00:00:00', 'Europe/Oslo') + intDiv(number, 2) * 3600 AS at,
  ['Norway', 'Peru', 'Japan'][number % 3 + 1] AS country,
  toDecimal64(number, 2) / 4 AS price
FROM numbers(480)
`;
const PNG = [0x89, 0x50, 0x4e, 0x47];

describe('the chart of a result in VS Code', function () {
  this.timeout(60_000);
  const workbench = useShownQuery(QUERY, 'SELECT toDateTime');

  const results = () => resultsPage(workbench().page);
  const table = () => results().getByRole('region', { name: 'Data of the chart' });
  const tableRows = async (): Promise<string[][]> =>
    table()
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent)),
      );

  it('is drawn with defaults that suit the columns', async () => {
    await pressInHeader(workbench().page, 'Chart');
    await results()
      .getByRole('application', { name: /price by at/ })
      .waitFor();
    const chosen = (name: string | RegExp) => results().getByLabel(name).first();
    assert.equal(await chosen('Kind of chart').inputValue(), 'line');
    for (const theme of ['light', 'highContrast', 'dark'] as const) {
      await setTheme(workbench(), theme);
      await results().locator('canvas').waitFor();
      await workbench().capture(`chart-line-${theme}`);
    }
  });

  it('shows exactly what the rows say, as a table too', async () => {
    await results().getByLabel('Kind of chart').selectOption('Bars');
    await results().getByLabel('X axis', { exact: true }).selectOption('country');
    await results().getByLabel('Values that fall together').selectOption('Sum');
    await results()
      .getByRole('application', { name: /Sum of price by country/ })
      .waitFor();
    await workbench().capture('chart-bars');
    await results().getByRole('button', { name: 'Show data' }).click();
    await table().waitFor();
    const sum = (first: number): string => {
      let quarters = 0;
      for (let n = first; n < 480; n += 3) quarters += n;
      return String(quarters / 4);
    };
    const rows = await tableRows();
    assert.deepEqual(
      new Map(rows.map(([country = '', value]) => [country, value])),
      new Map([
        ['Norway', sum(0)],
        ['Peru', sum(1)],
        ['Japan', sum(2)],
      ]),
    );
    await workbench().capture('chart-data');
    await results().getByRole('button', { name: 'Show data' }).click();
    await results().locator('canvas').waitFor();
  });

  it('is saved and copied as an image', async () => {
    const { page } = workbench();
    const target = workbench().path('chart.png');
    await results().getByRole('button', { name: 'Save chart as PNG…' }).click();
    await saveAs(page, 'Save Chart as PNG', target);
    await until(() => existsSync(target) && readFileSync(target).length > 1_000, 20_000, target);
    assert.deepEqual([...readFileSync(target).subarray(0, 4)], PNG);
    await results().getByRole('button', { name: 'Copy chart' }).click();
    await results().getByText('Chart copied').first().waitFor();
    const types = await page.evaluate(async () =>
      (await navigator.clipboard.read()).flatMap(({ types: found }) => found),
    );
    assert.deepEqual(types, ['image/png']);
  });

  it('gives way to the grid and back', async () => {
    const { page } = workbench();
    await pressInHeader(page, 'Grid');
    assert.equal((await readRows(page, 1))[0]?.[0], '2024-03-25 00:00:00');
    await pressInHeader(page, 'Chart');
    await results()
      .getByRole('application', { name: /Sum of price by country/ })
      .waitFor();
  });
});
