import assert from 'node:assert/strict';
import type { ColumnStatistics } from '../../src/shared/columnStatistics.ts';
import type { ViewProblem, ViewSnapshot, ViewSpec } from '../../src/shared/resultView.ts';
import { COLUMNS } from './columns.ts';
import { fakeText } from './fakeData.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

const WHOLE: ViewSpec = { sort: [], filters: [] };
const FILTERED: ViewSpec = {
  sort: [{ column: 0, direction: 'descending' }],
  filters: [{ column: 1, operator: 'contains', values: ['lorem'] }],
};

function snapshot(id: string, view: ViewSpec, rows: number): ViewSnapshot {
  return { id, view, rows, bytes: 10 };
}

describe('sort, filters, search and statistics on the page', () => {
  let server: PageServer;
  let results: ResultsPage;

  before(async () => {
    server = await PageServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 1_000 });
    await results.settled();
  });
  afterEach(async () => {
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  /** The views that the page asked for. */
  const asked = async (): Promise<ViewSpec[]> =>
    (await results.sent('view')).map(({ view }) => view);
  const lastAsked = async (): Promise<ViewSpec | undefined> => (await asked()).at(-1);
  const show = async (view: ViewSnapshot): Promise<void> => {
    await results.show(COLUMNS, { rows: 1_000, view });
    await results.settled();
  };
  const header = (at: number) => results.page.getByRole('columnheader').nth(at);
  const chips = () => results.page.locator('.chip').allInnerTexts();

  it('sorts by the control of a header, with Shift by a second one', async () => {
    const control = (at: number) => header(at).locator('.sort-control');
    await header(0).hover();
    await control(0).click();
    const ascending: ViewSpec = { sort: [{ column: 0, direction: 'ascending' }], filters: [] };
    assert.deepEqual(await lastAsked(), ascending);
    await show(snapshot('v1', ascending, 1_000));
    assert.equal(await header(0).getAttribute('aria-sort'), 'ascending');
    await header(1).hover();
    await control(1).click({ modifiers: ['Shift'] });
    const both: ViewSpec = {
      ...ascending,
      sort: [...ascending.sort, { column: 1, direction: 'ascending' }],
    };
    assert.deepEqual(await lastAsked(), both);
    await show(snapshot('v2', both, 1_000));
    await control(0).click({ modifiers: ['Shift'] });
    assert.deepEqual((await lastAsked())?.sort[0], { column: 0, direction: 'descending' });
    assert.deepEqual(await chips(), [
      `sorted by ${COLUMNS[0]?.[0]}, descending`,
      `then by ${COLUMNS[1]?.[0]}`,
    ]);
    const columnSelected = await results.page.locator('.head-cell.in-range').count();
    assert.equal(columnSelected, 1, 'the control selects no column');
  });

  it('takes what is quickly done after another as the next step', async () => {
    const control = header(0).locator('.sort-control');
    await header(0).hover();
    // The host has not answered the first click.
    await control.click();
    await control.click();
    const descending: ViewSpec = { sort: [{ column: 0, direction: 'descending' }], filters: [] };
    assert.deepEqual(await lastAsked(), descending);
    assert.deepEqual(await chips(), [`sorted by ${COLUMNS[0]?.[0]}, descending`]);
    await results.post({ type: 'filter', column: 1, operator: 'isNull' });
    assert.deepEqual((await lastAsked())?.sort, descending.sort);
    await results.page.getByRole('button', { name: 'Remove: sorted by' }).click();
    assert.deepEqual((await lastAsked())?.sort, []);
    await show(snapshot('r1', WHOLE, 1_000));
  });

  it('comes back to its place in sorted rows after the window was loaded again, and begins a new sort at its top', async () => {
    const { sort } = FILTERED;
    const sorted: ViewSpec = { sort, filters: [] };
    await show(snapshot('v1', sorted, 1_000));
    await results.grid.focus();
    await results.press('ArrowRight');
    await results.post({ type: 'goToRow', row: 700 });
    await results.page.waitForFunction(() =>
      JSON.stringify(window.fakeHost.state ?? '').includes('"row":700'),
    );
    const state = await results.page.evaluate(() => window.fakeHost.state);
    await results.close();
    results = await server.open({ state });
    // The host sorts again, into other rows of the same order.
    await results.show(COLUMNS, { rows: 1_000 });
    await results.settled();
    assert.deepEqual(await results.active(), [0, 0]);
    await show(snapshot('v2', sorted, 1_000));
    assert.deepEqual(await results.active(), [700, 1]);
    await results.post({ type: 'clearView' });
    await show(snapshot('r1', WHOLE, 1_000));
    await results.post({ type: 'sort', columns: [0], direction: 'descending', add: false });
    await show(snapshot('v3', sorted, 1_000));
    assert.equal((await results.active())?.[0], 0);
  });

  it('keeps the header where it is when the line of what is applied comes', async () => {
    const place = () => header(0).boundingBox();
    const before = await place();
    await header(0).hover();
    await header(0).locator('.sort-control').dblclick();
    assert.equal((await asked()).length, 2, 'both clicks are on the control');
    await show(snapshot('v1', FILTERED, 17));
    assert.equal(await results.page.locator('.view-bar').isVisible(), true);
    assert.deepEqual(await place(), before);
    await show(snapshot('r1', WHOLE, 1_000));
    assert.deepEqual(await place(), before);
  });

  it('sorts by key, and the same key again ends it', async () => {
    await results.grid.focus();
    await results.press('ArrowRight', 'Alt+ArrowDown');
    const sorted: ViewSpec = { sort: [{ column: 1, direction: 'descending' }], filters: [] };
    assert.deepEqual(await lastAsked(), sorted);
    await show(snapshot('v1', sorted, 1_000));
    await results.press('Alt+ArrowDown');
    assert.deepEqual(await lastAsked(), WHOLE);
  });

  it('shows the rows of the view: windows, copies and the row count are its own', async () => {
    await results.grid.focus();
    await results.press('ArrowRight', 'End', 'Home', 'ArrowRight', 'Control+ArrowDown');
    await show(snapshot('v1', FILTERED, 17));
    assert.equal(await results.grid.getAttribute('aria-rowcount'), '18');
    assert.deepEqual(await results.active(), [0, 1], 'the active column stays');
    assert.deepEqual(await results.page.evaluate(() => window.fakeHost.windows.at(-1)?.view), 'v1');
    await results.press('Control+a', 'Control+c');
    const [copy] = await results.sent('copyAs');
    assert.equal(copy?.view, 'v1');
    assert.deepEqual(copy.blocks[0]?.rows, [{ first: 0, last: 16 }]);
    assert.match(await results.page.locator('.view-rows').innerText(), /^17 of 1,000 rows$/);
    await show(snapshot('r1', WHOLE, 1_000));
    assert.equal(await results.grid.getAttribute('aria-rowcount'), '1001');
    assert.equal(await results.page.locator('.chip').count(), 0);
  });

  it('removes one chip, all of them, and changes a filter', async () => {
    await show(snapshot('v1', FILTERED, 17));
    const name = COLUMNS[1]?.[0] ?? '';
    await results.page.getByRole('button', { name: 'Remove: sorted by' }).click();
    assert.deepEqual(await lastAsked(), { ...FILTERED, sort: [] });
    assert.deepEqual(await chips(), [`${name} contains "lorem"`]);
    await show(snapshot('v2', { ...FILTERED, sort: [] }, 17));
    await show(snapshot('v1', FILTERED, 17));
    await results.page.getByRole('button', { name: 'Clear all' }).click();
    assert.deepEqual(await lastAsked(), WHOLE);
    await show(snapshot('r1', WHOLE, 1_000));
    await show(snapshot('v1', FILTERED, 17));
    await results.page.getByRole('button', { name: `Change the filter: ${name}` }).click();
    const value = results.page.getByRole('textbox', { name: 'Value' });
    assert.equal(await value.inputValue(), 'lorem');
    await value.fill('ipsum');
    await value.press('Enter');
    assert.deepEqual((await lastAsked())?.filters, [
      { column: 1, operator: 'contains', values: ['ipsum'] },
    ]);
    assert.deepEqual(await results.page.evaluate(() => document.activeElement?.role), 'grid');
  });

  it('writes filters: a list, NULL, and orders only where the type has one', async () => {
    await results.post({ type: 'filter', column: 2 });
    const group = results.page.getByRole('group', { name: 'Filter', exact: true });
    await group.getByRole('combobox', { name: 'Comparison' }).selectOption('in');
    await group.getByRole('textbox', { name: 'Values' }).fill('a, b\nc\n');
    await group.getByRole('textbox', { name: 'Values' }).press('Control+Enter');
    assert.deepEqual((await lastAsked())?.filters, [
      { column: 2, operator: 'in', values: ['a, b', 'c'] },
    ]);
    await results.post({ type: 'filter', column: 2 });
    await group.getByRole('combobox', { name: 'Comparison' }).selectOption('isNull');
    assert.equal(await group.getByRole('textbox').count(), 0);
    await group.getByRole('button', { name: 'Apply' }).click();
    assert.deepEqual((await lastAsked())?.filters.at(-1), {
      column: 2,
      operator: 'isNull',
      values: [],
    });
    const json = COLUMNS.findIndex(([, kind]) => kind === 'server');
    await results.post({ type: 'filter', column: json });
    const offered = group.getByRole('combobox', { name: 'Comparison' }).locator('option');
    assert.deepEqual(await offered.allTextContents(), [
      ...['=', '≠', 'contains', 'starts with', 'in list', 'is NULL', 'is not NULL'],
    ]);
    await results.page.keyboard.press('Escape');
    assert.equal(await group.count(), 0);
  });

  it('filters by the value of a cell, and excludes it', async () => {
    await results.grid.focus();
    await results.press('ArrowDown', 'ArrowRight');
    await results.post({ type: 'filterByValue', exclude: false });
    const [, active] = (await results.active()) ?? [];
    await results.page.waitForFunction(() => window.fakeHost.sent.some((m) => m.type === 'view'));
    const [filter] = (await lastAsked())?.filters ?? [];
    assert.deepEqual([filter?.column, filter?.operator, active], [1, 'equal', 1]);
    // The cell shows the tab as a symbol; the filter has the value itself.
    assert.equal(filter?.values[0], fakeText(1));
    await results.post({ type: 'filterByValue', exclude: true });
    await results.page.waitForFunction(
      () => window.fakeHost.sent.filter((m) => m.type === 'view').length === 2,
    );
    assert.deepEqual(
      (await lastAsked())?.filters.map(({ operator }) => operator),
      ['equal', 'notEqual'],
    );
  });

  it('shows what is being made, and cancels it', async () => {
    await show({
      ...snapshot('r1', WHOLE, 1_000),
      working: { view: FILTERED, readRows: 420, elapsedMs: 900 },
    });
    assert.match(await results.page.locator('.view-rows').innerText(), /42 % read/);
    assert.equal((await chips()).length, 2);
    await results.page.locator('.view-bar').getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(await results.sent('cancelView'), [{ type: 'cancelView', resultId: 'r1' }]);
  });

  it('says why there is no view, and offers the engine', async () => {
    const problem: ViewProblem = {
      message: 'This needs a local ClickHouse. There is no local ClickHouse on this machine.',
      hint: 'Install it.',
      actions: [{ id: 'rowhouse.installLocalEngine', title: 'Install local ClickHouse' }],
    };
    await show({ ...snapshot('r1', WHOLE, 1_000), problem });
    const bar = results.page.locator('.view-bar');
    await bar.getByText('This needs a local ClickHouse').waitFor();
    assert.match(
      (await results.page.getByRole('status').textContent()) ?? '',
      /needs a local ClickHouse/,
    );
    await bar.getByRole('button', { name: 'Install local ClickHouse' }).click();
    const [action] = await results.sent('action');
    assert.equal(action?.action, 'rowhouse.installLocalEngine');
    await bar.getByRole('button', { name: 'Dismiss' }).click();
    assert.deepEqual(await lastAsked(), WHOLE);
  });

  it('finds, steps through the matches, and shows only those rows', async () => {
    await results.page.evaluate(() => {
      window.fakeHost.answers.find = {
        type: 'found',
        matches: 3,
        rows: new Uint8Array(new Float64Array([5, 700, 901]).buffer),
        columns: new Uint8Array(new Int32Array([1, 2, 1]).buffer),
      };
    });
    await results.grid.focus();
    await results.press('Control+f');
    const input = results.page.getByRole('textbox', { name: 'Find in result' });
    await input.fill('lorem');
    await input.press('Enter');
    const count = results.page.locator('.find-count');
    await count.filter({ hasText: '1 of 3 rows' }).waitFor();
    await results.settled();
    assert.deepEqual(await results.active(), [5, 1]);
    // A row that left the screen waits hidden, as it was last drawn.
    const matches = results.page.locator('.row:not([hidden]) .cell.match');
    const highlighted = await matches.allTextContents();
    assert.ok(highlighted.length > 0);
    for (const text of highlighted) assert.match(text, /lorem/i);
    await results.lookInEachTheme('find');
    await input.press('Enter');
    await results.settled();
    assert.deepEqual(await results.active(), [700, 2]);
    await input.press('Shift+Enter');
    await input.press('Shift+Enter');
    await results.settled();
    assert.deepEqual(await results.active(), [901, 1]);
    assert.match(await count.innerText(), /^3 of 3 rows$/);
    await results.page.getByRole('button', { name: 'Show only these rows' }).click();
    assert.deepEqual(await lastAsked(), { ...WHOLE, search: { text: 'lorem', matchCase: false } });
    await input.press('Escape');
    assert.equal(await input.count(), 0);
    await results.settled();
    assert.equal(await matches.count(), 0);
    assert.deepEqual(await results.page.evaluate(() => document.activeElement?.role), 'grid');
  });

  it('says what is missing for a search', async () => {
    await results.page.evaluate(() => {
      window.fakeHost.answers.find = {
        type: 'failed',
        message: 'This needs a local ClickHouse.',
        actions: [{ id: 'rowhouse.installLocalEngine', title: 'Install local ClickHouse' }],
      };
    });
    await results.post({ type: 'findInResult', text: 'x' });
    await results.page.getByRole('button', { name: 'Install local ClickHouse' }).waitFor();
  });

  it('shows the statistics of a column, of other rows when they come, and filters by a value', async () => {
    const statistics: ColumnStatistics = {
      column: 1,
      rows: 1_000,
      nulls: 12,
      distinct: 3,
      exact: true,
      min: 'a',
      max: 'z',
      top: [{ text: 'lorem', rows: 900 }],
      histogram: [
        { rows: 10, from: '0', to: '4' },
        { rows: 0, from: '', to: '' },
        { rows: 3, from: '8', to: '9' },
      ],
    };
    await results.page.evaluate((answer) => {
      window.fakeHost.answers.columnStatistics = { type: 'columnStatistics', statistics: answer };
    }, statistics);
    await results.post({ type: 'showColumnStatistics', column: 1 });
    const pane = results.page.getByRole('complementary', { name: 'Column statistics' });
    await pane.getByText('12 (1.2 %)').waitFor();
    assert.equal(await pane.locator('svg rect').count(), 2);
    await pane.getByText('As a table').click();
    await pane.getByRole('cell', { name: '0 – 4' }).waitFor();
    await pane.getByRole('button', { name: 'lorem' }).click();
    assert.deepEqual((await lastAsked())?.filters, [
      { column: 1, operator: 'equal', values: ['lorem'] },
    ]);
    await show(snapshot('v1', FILTERED, 17));
    assert.equal((await results.sent('columnStatistics')).at(-1)?.view, 'v1');
    await pane.getByRole('button', { name: 'Close' }).click();
    assert.equal(await pane.count(), 0);
  });
});
