import assert from 'node:assert/strict';
import type { ColumnStatistics } from '../../src/shared/columnStatistics.ts';
import { COLUMNS } from './columns.ts';
import { PROGRESS, STATISTICS } from './progress.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

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
  progress: PROGRESS,
  elapsedMs: 3_200,
} as const;

const VIEW = {
  view: {
    sort: [
      { column: 1, direction: 'descending' as const },
      { column: 2, direction: 'ascending' as const },
    ],
    filters: [
      {
        column: 0,
        operator: 'contains' as const,
        values: ['a rather long text to look for in cells'],
      },
      { column: 3, operator: 'in' as const, values: ['1', '2', '3', '4', '5'] },
    ],
  },
};

const COLUMN_STATISTICS: ColumnStatistics = {
  column: 1,
  rows: 1_000,
  nulls: 12,
  distinct: 321,
  exact: true,
  min: '-17.25',
  max: '9007199254740993',
  mean: '123.45678901234567',
  top: [
    { text: 'lorem ipsum dolor sit amet, consectetur adipiscing elit', rows: 600 },
    { text: '', rows: 30 },
    { text: '42', rows: 1 },
  ],
  histogram: Array.from({ length: 20 }, (_, i) => ({
    rows: Math.round(100 * Math.exp(-((i - 8) ** 2) / 12)),
    from: String(i * 50),
    to: String(i * 50 + 49),
  })),
};

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
  totals: async (results) => {
    await results.show(COLUMNS, {
      rows: 1_234,
      bytes: 1e5,
      beside: (['totals', 'minimum', 'maximum'] as const).map((kind) => ({
        kind,
        texts: COLUMNS.map((_, i) => (i === 1 ? null : 'a value '.repeat(1 + (i % 4) ** 3))),
      })),
    });
    await results.settled();
    await results.page.getByRole('group', { name: 'Totals' }).getByText('NULL').waitFor();
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
  statistics: async (results) => {
    await results.show(COLUMNS, { rows: 1_399_999, bytes: 1e7, statistics: STATISTICS });
    await results.settled();
    await results.post({ type: 'toggleStatistics' });
    await results.page.getByText('1,368 of 1,954').waitFor();
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
  'may-add-up': async (results) => {
    await results.show(COLUMNS, { rows: 100_000_000 });
    await results.settled();
    await results.grid.focus();
    await results.page.keyboard.press('Control+a');
    await results.page.getByRole('button', { name: 'Add up' }).waitFor();
  },
  'adding-up': async (results) => {
    await results.show(COLUMNS, { rows: 100_000_000 });
    await results.settled();
    await results.grid.focus();
    await results.page.keyboard.press('Control+a');
    await results.page.getByRole('button', { name: 'Add up' }).click();
    await results.page.getByRole('button', { name: 'Stop adding up' }).waitFor();
  },
  'not-added-up': async (results) => {
    await results.show(COLUMNS, { rows: 100_000_000 });
    await results.settled();
    await results.grid.focus();
    await results.page.keyboard.press('Control+a');
    await results.page.getByRole('button', { name: 'Add up' }).click();
    await results.page.getByRole('button', { name: 'Stop adding up' }).waitFor();
    const { requestId = 0 } = (await results.sent('sumCells')).at(-1) ?? {};
    await results.post({
      ...{ type: 'failed', requestId },
      message: 'This needs a local ClickHouse. There is no local ClickHouse on this machine.',
      hint: 'Install it (about 570 MB, from npm), name a clickhouse binary in the settings, or add a server.',
      actions: [{ id: 'rowhouse.installLocalEngine', title: 'Install local ClickHouse' }],
    });
    await results.page.getByRole('button', { name: 'Install local ClickHouse' }).waitFor();
  },
  waiting: async (results) => {
    await results.page.evaluate(() => {
      window.fakeHost.delay = -1;
    });
    await results.show(COLUMNS, { ...RUNNING, rows: 12 });
    await results.page.waitForFunction(() => window.fakeHost.windows.length > 0);
  },
  columns: async (results) => {
    await results.show(COLUMNS, { rows: 3_000_000, bytes: 1e8 });
    await results.settled();
    await results.post({ type: 'columns', command: 'pin', columns: [4] });
    await results.post({ type: 'columns', command: 'hide', columns: [2] });
    await results.post({ type: 'showTimes', display: 'utc' });
    await results.grid.focus();
    await results.press('Control+Home', 'ArrowRight', 'Shift+ArrowDown', 'Shift+F8');
    await results.press('ArrowDown', 'ArrowDown', 'Shift+ArrowDown');
    await results.page.locator('.stats', { hasText: 'sum' }).waitFor();
  },
  value: async (results) => {
    await results.show([['a rather long name of a column', 'json'], ...COLUMNS], { rows: 1_000 });
    await results.settled();
    await results.grid.focus();
    await results.press('Space');
    await results.page.getByRole('treeitem').nth(2).waitFor();
  },
  times: async (results) => {
    await results.show([['at', 'time'], ...COLUMNS], { rows: 1_000 });
    await results.settled();
    await results.grid.focus();
    await results.press('Space');
    await results.page.locator('.value-times').waitFor();
  },
  hex: async (results) => {
    await results.show([['bytes', 'bytes'], ...COLUMNS], { rows: 1_000 });
    await results.settled();
    await results.grid.focus();
    await results.press('Space');
    await results.page.getByRole('tab', { name: 'Hex' }).waitFor();
  },
  view: async (results) => {
    await results.show([['a rather long name of a column', 'json'], ...COLUMNS], {
      rows: 1_000_000,
      view: { ...VIEW, id: 'v1', rows: 12_345, bytes: 1e6 },
    });
    await results.settled();
    await results.post({ type: 'filter', column: 1 });
    await results.post({ type: 'findInResult' });
  },
  'view-working': async (results) => {
    const working = { view: VIEW.view, readRows: 400_000, elapsedMs: 900 };
    await results.show(COLUMNS, {
      rows: 1_000_000,
      view: { view: { sort: [], filters: [] }, id: 'r1', rows: 1_000_000, bytes: 0, working },
    });
    await results.settled();
  },
  'view-problem': async (results) => {
    await results.show(COLUMNS, {
      rows: 1_000,
      view: {
        ...{ view: { sort: [], filters: [] }, id: 'r1', rows: 1_000, bytes: 0 },
        problem: {
          message: 'This needs a local ClickHouse. There is no local ClickHouse on this machine.',
          hint: 'Install it (about 570 MB, from npm), name a clickhouse binary in the settings, or add a server.',
          actions: [{ id: 'rowhouse.installLocalEngine', title: 'Install local ClickHouse' }],
        },
      },
    });
    await results.settled();
  },
  'column-statistics': async (results) => {
    await results.page.evaluate((statistics) => {
      window.fakeHost.answers.columnStatistics = { type: 'columnStatistics', statistics };
    }, COLUMN_STATISTICS);
    await results.show(COLUMNS, { rows: 1_000 });
    await results.settled();
    await results.post({ type: 'showColumnStatistics', column: 1 });
    await results.page.locator('.facts').waitFor();
  },
  'no-rows': (results) => results.show(COLUMNS, { rows: 0 }),
  message: (results) => results.show([], { message: 'Ok. 3 rows written in 12 ms' }),
  empty: (results) => results.showNothing(),
};

/** Buttons that hang over the page, or whose text hangs over the button. */
async function overhanging(results: ResultsPage): Promise<string[]> {
  return await results.page.$$eval('vscode-button', (buttons) =>
    buttons.flatMap((button) => {
      const box = button.getBoundingClientRect();
      const label = (
        button.querySelector('.codicon ~ div') ?? button.lastElementChild
      )?.getBoundingClientRect();
      const inPage = box.left >= 0 && box.right <= innerWidth;
      const inButton =
        label === undefined ||
        (label.left >= box.left && label.right <= box.right && label.bottom <= box.bottom);
      return inPage && inButton ? [] : [button.textContent];
    }),
  );
}

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
      await results.lookInEachTheme(scene, async (theme) => {
        assert.deepEqual(await overhanging(results), [], theme);
      });
      assert.deepEqual(await results.problems(), []);
      await results.close();
    });
  }

  for (const [scene, play] of Object.entries(SCENES)) {
    it(`${scene} in a narrow, low panel: nothing hangs over`, async () => {
      const results = await server.open({ width: 400, height: 220 });
      await play(results);
      await results.shot(`${scene}-narrow`);
      assert.deepEqual(await overhanging(results), []);
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
    const width = (await results.cell(0, 0).boundingBox())?.width ?? 0;
    assert.ok(width > 140, `16 digits in ${width} px`);
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });
});
