import assert from 'node:assert/strict';
import type { Chart } from '../../src/shared/chart.ts';
import type { ResultSnapshot } from '../../src/shared/protocol.ts';
import { CHART_COLUMNS, CHARTS, CROWDED } from './charts.ts';
import { PageServer, type OpenOptions, type ResultsPage } from './resultsPage.ts';
import { THEMES } from './themes.ts';

describe('chart of a result', () => {
  let server: PageServer;

  before(async () => {
    server = await PageServer.start();
  });
  after(() => server.stop());

  /** What the host answers from now on. */
  async function answer(results: ResultsPage, chart: Chart): Promise<void> {
    await results.page.evaluate((made) => {
      window.fakeHost.chart = { type: 'chart', chart: made };
    }, chart);
  }

  const drawn = (results: ResultsPage): Promise<void> =>
    results.page.locator('.chart-plot canvas').waitFor();

  async function openChart(
    chart: Chart,
    { snapshot = {}, ...options }: OpenOptions & { snapshot?: Partial<ResultSnapshot> } = {},
  ): Promise<ResultsPage> {
    const results = await server.open({ width: 1_000, height: 420, ...options });
    await answer(results, chart);
    await results.show(CHART_COLUMNS, { rows: 10_000_000, ...snapshot });
    await results.page.getByRole('button', { name: 'Chart', exact: true }).click();
    return results;
  }

  /** Share of the pixels of the drawing that have any of these colours. */
  async function share(results: ResultsPage, colors: string[]): Promise<number> {
    return results.page.evaluate((wanted) => {
      const canvas = document.querySelector('canvas');
      const pen = canvas?.getContext('2d');
      if (!canvas || !pen) return 0;
      const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) {
        const hex = [0, 1, 2].map((n) => (data[i + n] ?? 0).toString(16).padStart(2, '0')).join('');
        if (data[i + 3] === 255 && wanted.includes(`#${hex}`)) found++;
      }
      return (found / data.length) * 4;
    }, colors);
  }

  for (const [kind, chart] of Object.entries(CHARTS)) {
    it(`${kind}: drawn in the theme's colours, accessible, no CSP violation`, async () => {
      const results = await openChart(chart);
      await drawn(results);
      await results.lookInEachTheme(`chart-${kind}`, async (theme) => {
        const { variables } = THEMES[theme];
        const color = variables['charts-blue'] ?? '';
        await results.page.waitForFunction(() => document.querySelector('canvas') !== null);
        assert.ok((await share(results, [color])) > 0.0005, `${theme}: ${color}`);
      });
      assert.deepEqual(await results.problems(), []);
      await results.close();
    });
  }

  it('asks the host for a chart of the rows that are shown, and of what is chosen', async () => {
    const results = await openChart(CHARTS.line);
    await drawn(results);
    const { page } = results;
    assert.deepEqual((await results.sent('chart'))[0]?.asked, {});
    await answer(results, CHARTS.bar);
    await page.getByLabel('Kind of chart').selectOption('Bars');
    await page.getByRole('application', { name: /Sum of price by country/ }).waitFor();
    await page.getByLabel('Values that fall together').selectOption('Median');
    await page.getByLabel('X axis', { exact: true }).selectOption('at');
    const asked = (await results.sent('chart')).map((message) => message.asked);
    assert.deepEqual(asked.slice(1), [
      { kind: 'bar' },
      { ...CHARTS.bar.spec, aggregate: 'median' },
      { kind: 'bar', x: 0, y: [2], series: -1 },
    ]);
    await answer(results, CHARTS.line);
    await page.getByLabel('Kind of chart').selectOption('Line');
    await page.getByLabel(/^Y axis: price/).click();
    await page.getByRole('checkbox', { name: 'quantity' }).uncheck();
    const last = (await results.sent('chart')).at(-1);
    assert.deepEqual(last?.asked, { ...CHARTS.line.spec, y: [2] });
    assert.equal(last.zone, undefined);
    await page.evaluate(() => {
      window.fakeHost.post({ type: 'showTimes', display: 'utc' });
    });
    await page.waitForFunction(() =>
      window.fakeHost.sent.some((message) => message.type === 'chart' && message.zone === 'UTC'),
    );
    await results.close();
  });

  it('moves through the points by keyboard, tells and shows each exactly', async () => {
    const results = await openChart(CHARTS.line);
    await drawn(results);
    const { page } = results;
    const said = page.getByRole('status');
    const tooltip = page.locator('.chart-tooltip');
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await said.innerText(), 'at 2024-03-30 21:00:00, Average of price: 187.5');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const value = CHARTS.line.series[1]?.texts[1] ?? '';
    assert.equal(await said.innerText(), `at 2024-03-30 22:00:00, Average of quantity: ${value}`);
    assert.match(
      await tooltip.innerText(),
      /2024-03-30 22:00:00[^]*Average of price[^]*Average of quantity/,
    );
    assert.ok((await tooltip.innerText()).includes(value), 'every digit');
    await results.shot('chart-tooltip');
    await page.keyboard.press('End');
    assert.match(await said.innerText(), /^at 2024-04-04 /);
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    assert.match(await said.innerText(), /^at 2024-03-30 21:00:00/);
    await page.keyboard.press('Escape');
    assert.ok(await tooltip.isHidden());
    await results.close();
  });

  it('follows the mouse: the nearest point, and all at its place', async () => {
    const results = await openChart(CHARTS.bar);
    await drawn(results);
    const { page } = results;
    const area = await page.locator('.u-over').boundingBox();
    assert.ok(area);
    const tooltip = page.locator('.chart-tooltip');
    for (const [index, name] of CHARTS.bar.xTexts.entries()) {
      await page.mouse.move(area.x + (area.width * (index + 0.5)) / 6, area.y + area.height / 2);
      assert.equal(await tooltip.locator('.chart-x').innerText(), name);
      assert.equal(
        await tooltip.locator('.chart-value').innerText(),
        CHARTS.bar.series[0]?.texts[index],
      );
      const box = await tooltip.boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= 1_000 && box.y + box.height <= 420);
    }
    await page.mouse.move(5, 5);
    assert.ok(await tooltip.isHidden());
    await answer(results, CHARTS.scatter);
    await page.getByLabel('Kind of chart').selectOption('Points');
    await page.getByRole('application', { name: /quantity by price/ }).waitFor();
    await drawn(results);
    await page.mouse.move(area.x + 300, area.y + 60);
    assert.equal(await tooltip.locator('.chart-told').count(), 1);
    await results.close();
  });

  it('has its data as a table, which stays shown', async () => {
    const results = await openChart(CHARTS.line);
    await drawn(results);
    const { page } = results;
    const toggle = page.locator('vscode-button[aria-label="Show data"]');
    assert.equal(await toggle.getAttribute('aria-pressed'), 'false');
    await toggle.click();
    const table = page.getByRole('table');
    assert.deepEqual(await table.getByRole('columnheader').allInnerTexts(), [
      'at',
      'Average of price',
      'Average of quantity',
    ]);
    assert.equal(await table.getByRole('row').count(), 121);
    const { xTexts, series } = CHARTS.line;
    assert.deepEqual(await table.getByRole('row').nth(120).locator('th, td').allInnerTexts(), [
      xTexts[119],
      series[0]?.texts[119],
      series[1]?.texts[119],
    ]);
    await results.lookInEachTheme('chart-table');
    await page.getByRole('button', { name: 'Grid', exact: true }).click();
    await results.settled();
    await page.getByRole('button', { name: 'Chart', exact: true }).click();
    await table.waitFor();
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  it('remembers for each statement whether it is a chart, and which', async () => {
    const results = await openChart(CHARTS.line);
    await drawn(results);
    const { page } = results;
    await answer(results, CHARTS.bar);
    await page.getByLabel('Kind of chart').selectOption('Bars');
    await page.getByRole('application', { name: /Sum of price by country/ }).waitFor();
    await results.show(CHART_COLUMNS, { id: 'r2', title: 'SELECT other', rows: 10 });
    await results.settled();
    assert.equal(await page.locator('canvas').count(), 0);
    const asked = (await results.sent('chart')).length;
    await results.show(CHART_COLUMNS, { id: 'r3', rows: 10_000_000 });
    await drawn(results);
    assert.deepEqual((await results.sent('chart'))[asked]?.asked, { kind: 'bar' });
    await page.waitForFunction(
      () => (window.fakeHost.state as { charts?: unknown[] } | undefined)?.charts?.length === 1,
    );
    const state = await page.evaluate(() => window.fakeHost.state);
    await results.close();
    const again = await server.open({ state });
    await answer(again, CHARTS.bar);
    await again.show(CHART_COLUMNS, { id: 'r1', rows: 10_000_000 });
    await drawn(again);
    await again.close();
  });

  it('waits for rows that still come, and draws anew when others are shown', async () => {
    const running = { state: 'running', complete: false } as const;
    const results = await openChart(CHARTS.bar, { snapshot: running });
    const { page } = results;
    await page.getByText('Rows are still coming.').waitFor();
    assert.equal((await results.sent('chart')).length, 0);
    await results.shot('chart-coming');
    assert.deepEqual(await results.axe(), []);
    await results.show(CHART_COLUMNS, { rows: 10_000_000 });
    await drawn(results);
    assert.equal((await results.sent('chart')).length, 1);
    await results.show(CHART_COLUMNS, { rows: 10_000_000 });
    const view = { sort: [], filters: [] };
    await results.show(CHART_COLUMNS, {
      rows: 10_000_000,
      view: { id: 'v2', view, rows: 5, bytes: 0 },
    });
    await page.waitForFunction(() =>
      window.fakeHost.sent.some((message) => message.type === 'chart' && message.view === 'v2'),
    );
    assert.equal((await results.sent('chart')).length, 2);
    await results.close();
  });

  it('says what is missing and offers what helps', async () => {
    const results = await server.open({ width: 1_000, height: 420 });
    const { page } = results;
    await page.evaluate(() => {
      window.fakeHost.chart = {
        type: 'noChart',
        problem: {
          message: 'This needs a local ClickHouse. There is no local ClickHouse on this machine.',
          hint: 'Install it (about 570 MB, from npm).',
          actions: [{ id: 'rowhouse.installLocalEngine', title: 'Install local ClickHouse' }],
        },
      };
    });
    await results.show(CHART_COLUMNS, { rows: 100 });
    await page.getByRole('button', { name: 'Chart', exact: true }).click();
    await page.getByText('This needs a local ClickHouse.').first().waitFor();
    assert.match(await page.getByRole('status').innerText(), /This needs a local ClickHouse/);
    await results.shot('chart-no-engine');
    assert.deepEqual(await results.axe(), []);
    await page.getByRole('button', { name: 'Install local ClickHouse' }).click();
    assert.equal((await results.sent('action'))[0]?.action, 'rowhouse.installLocalEngine');
    await answer(results, CHARTS.bar);
    await page.getByRole('button', { name: 'Try again' }).click();
    await drawn(results);
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  it('says that it computes, how far it is, and stops when it is told to', async () => {
    const results = await server.open({ width: 1_000, height: 420 });
    const { page } = results;
    await results.show(CHART_COLUMNS, { rows: 100 });
    await page.getByRole('button', { name: 'Chart', exact: true }).click();
    await page.getByText('Computing the chart…').waitFor();
    const [request] = await results.sent('chart');
    await page.evaluate((requestId) => {
      window.fakeHost.post({ type: 'charting', requestId, readRows: 1_234_567 });
    }, request?.requestId ?? 0);
    await page.getByText('1,234,567 rows read').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The chart was cancelled.').first().waitFor();
    assert.deepEqual(
      (await results.sent('abandon')).map(({ requestId }) => requestId),
      [request?.requestId],
    );
    await results.close();
  });

  it('goes to the host as an image, and to the clipboard where that takes one', async () => {
    const results = await openChart(CHARTS.line);
    await drawn(results);
    const { page } = results;
    await page.getByRole('button', { name: 'Save chart as PNG…' }).click();
    assert.equal((await results.sent('saveChart')).length, 1);
    for (const ticket of [1, 2]) {
      await page.evaluate((asked) => {
        window.fakeHost.post({ type: 'takeChart', ticket: asked });
      }, ticket);
      await page.waitForFunction(
        (asked) =>
          window.fakeHost.sent.some(
            (message) => message.type === 'chartImage' && message.ticket === asked,
          ),
        ticket,
      );
      // The second image is taken while the table is shown.
      await page.getByRole('button', { name: 'Show data' }).click();
    }
    const sizes = await page.evaluate(async () => {
      const images = window.fakeHost.sent.filter((message) => message.type === 'chartImage');
      return Promise.all(
        images.map(async ({ png = new Uint8Array() }) => {
          const { width, height } = await createImageBitmap(
            new Blob([new Uint8Array(png)], { type: 'image/png' }),
          );
          return [width, height];
        }),
      );
    });
    const [width = 0, height = 0] = sizes[0] ?? [];
    assert.ok(width === 1_000 && height > 300, String(sizes));
    assert.deepEqual(sizes[1]?.[0], width);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy chart' }).click();
    await page.locator('.notice', { hasText: 'Chart copied' }).waitFor();
    const types = await page.evaluate(async () =>
      (await navigator.clipboard.read()).flatMap((item) => item.types),
    );
    assert.deepEqual(types, ['image/png']);
    await page.evaluate(() => {
      navigator.clipboard.write = () => Promise.reject(new Error('not allowed'));
    });
    await page.getByRole('button', { name: 'Copy chart' }).click();
    await page.locator('.notice', { hasText: 'was not copied' }).waitFor();
    await results.shot('chart-not-copied');
    await page.locator('.notice').getByRole('button', { name: 'Save chart as PNG…' }).click();
    assert.equal((await results.sent('saveChart')).length, 2);
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  it('hides and shows series', async () => {
    const results = await openChart(CHARTS.line);
    await drawn(results);
    const { page } = results;
    // The theme's orange lets the page through; a line of it must not.
    const orange = '#ea5c00';
    assert.ok((await share(results, [orange])) > 0.0005);
    const legend = page.getByRole('group', { name: 'Series' });
    await legend.getByRole('button', { name: 'Average of quantity' }).click();
    await page.waitForFunction(() => true);
    assert.equal(await share(results, [orange]), 0);
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.locator('.chart-told').count(), 1);
    await results.close();
  });

  it('takes long names, many of them, in a narrow and low panel', async () => {
    const results = await openChart(CROWDED);
    await drawn(results);
    await results.shot('chart-crowded');
    assert.deepEqual(await results.axe(), []);
    await results.page.setViewportSize({ width: 400, height: 240 });
    await results.page.waitForFunction(
      () => (document.querySelector('canvas')?.getBoundingClientRect().width ?? 999) <= 400,
    );
    await results.shot('chart-crowded-narrow');
    assert.deepEqual(await results.axe(), []);
    const wide = await results.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 400, `${wide} px`);
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });
});
