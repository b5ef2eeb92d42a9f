import assert from 'node:assert/strict';
import { COLUMNS } from './columns.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';
import { THEMES, type ThemeName } from './themes.ts';

const ERROR = {
  code: 241,
  name: 'MEMORY_LIMIT_EXCEEDED',
  message:
    'Memory limit (for query) exceeded: would use 10.00 GiB (attempt to allocate chunk of 4194304 bytes), maximum: 9.31 GiB.: While executing AggregatingTransform',
  hint: 'Lower max_threads, or raise max_memory_usage for this query.',
};
const ACTIONS = [{ id: 'a', title: 'Open settings' }];
const RUNNING = {
  state: 'running',
  complete: false,
  rows: 1_234_567,
  bytes: 12_300_000,
  readRows: 20_000_000,
  totalRows: 50_000_000,
  elapsedMs: 3_200,
} as const;

/** Everything that the page can show, each with its screenshot. */
const SCENES: Record<string, (results: ResultsPage) => Promise<void>> = {
  rows: async (results) => {
    await results.show(COLUMNS, { rows: 3_000_000, bytes: 1e8 });
    await results.settled();
    await results.grid.focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowRight']) {
      await results.page.keyboard.press(key);
    }
    await results.settled();
  },
  running: async (results) => {
    await results.show(
      [['a rather long name of a column, longer than its values', 'id'], ...COLUMNS],
      {
        ...RUNNING,
        title: `SELECT ${'some_column, '.repeat(30)}`,
      },
    );
    await results.settled();
  },
  'incomplete-error': async (results) => {
    await results.show(COLUMNS, {
      state: 'failed',
      complete: false,
      rows: 123,
      error: ERROR,
      actions: ACTIONS,
    });
    await results.settled();
  },
  error: (results) =>
    results.show([], { state: 'failed', complete: false, error: ERROR, actions: ACTIONS }),
  notice: async (results) => {
    await results.show(COLUMNS, { rows: 100_000_000 });
    await results.settled();
    await results.grid.focus();
    await results.page.keyboard.press('Control+a');
    await results.page.keyboard.press('Control+c');
    await results.page.locator('.notice').waitFor();
  },
  waiting: async (results) => {
    await results.page.evaluate(() => {
      window.fakeHost.delay = -1;
    });
    await results.show(COLUMNS, { ...RUNNING, rows: 12 });
    await results.page.waitForFunction(() => window.fakeHost.windows.length > 0);
  },
  'no-rows': (results) => results.show(COLUMNS, { rows: 0 }),
  message: (results) => results.show([], { message: 'Ok. 3 rows written in 12 ms' }),
  empty: (results) => results.showNothing(),
};

describe('look of the results page', () => {
  let server: PageServer;

  before(async () => {
    server = await PageServer.start();
  });
  after(() => server.stop());

  for (const [scene, play] of Object.entries(SCENES)) {
    it(`${scene}: accessible in every theme, no CSP violation`, async () => {
      const results = await server.open({ width: 1_000, height: 360 });
      await play(results);
      for (const theme of Object.keys(THEMES) as ThemeName[]) {
        await results.setTheme(theme);
        await results.shot(`${scene}-${theme}`);
        assert.deepEqual(await results.axe(), [], theme);
      }
      assert.deepEqual(await results.problems(), []);
      await results.close();
    });
  }

  for (const [scene, play] of Object.entries(SCENES)) {
    it(`${scene} in a narrow, low panel: nothing hangs over`, async () => {
      const results = await server.open({ width: 400, height: 220 });
      await play(results);
      await results.shot(`${scene}-narrow`);
      const width = await results.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 400);
      for (const button of await results.page.getByRole('button').all()) {
        if (!(await button.isVisible())) continue;
        const box = await button.boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= 400, await button.innerText());
      }
      assert.deepEqual(await results.axe(), []);
      await results.close();
    });
  }

  it('shows selection and active cell in forced colours', async () => {
    const results = await server.open({ forcedColors: true, width: 1_000, height: 360 });
    await SCENES['rows']?.(results);
    await results.shot('rows-forced-colors');
    const [selected, other] = await Promise.all(
      [results.cell(1, 1), results.cell(5, 1)].map((cell) =>
        cell.evaluate((e) => getComputedStyle(e).backgroundColor),
      ),
    );
    assert.notEqual(selected, other);
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });
});
