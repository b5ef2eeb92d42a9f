import assert from 'node:assert/strict';
import { COLUMNS, manyColumns } from './columns.ts';
import { FIRST_ID } from './fakeData.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

const NAMES = COLUMNS.map(([name]) => name);

describe('columns of the grid', () => {
  let server: PageServer;
  let results: ResultsPage;

  before(async () => {
    server = await PageServer.start();
  });
  after(() => server.stop());

  beforeEach(async () => {
    results = await server.open({ width: 1_800 });
    await results.show(COLUMNS, { rows: 1_000 });
    await results.settled();
    await results.grid.focus();
  });
  afterEach(async () => {
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  const header = (name: string) =>
    results.page.getByRole('columnheader').filter({
      has: results.page.locator('.column-name', { hasText: new RegExp(`^${name}$`) }),
    });

  async function drag(from: string, to: string, share: number): Promise<void> {
    const a = await header(from).boundingBox();
    const b = await header(to).boundingBox();
    assert.ok(a && b);
    const { mouse } = results.page;
    await mouse.move(a.x + a.width / 2, a.y + 10);
    await mouse.down();
    await mouse.move(b.x + b.width * share, b.y + 10, { steps: 5 });
    await results.page.locator('.drop-mark:not([hidden])').waitFor();
    await mouse.up();
    await results.settled();
  }

  const width = async (name: string) => Math.round((await header(name).boundingBox())?.width ?? 0);

  it('moves a column by dragging its header, with its cells', async () => {
    await drag('id', 'ratio', 0.8);
    assert.deepEqual(await results.columnNames(), [
      'text',
      'maybe',
      'ratio',
      'id',
      'at',
      'day',
      'state',
    ]);
    assert.equal(await results.cell(5, 3).textContent(), String(FIRST_ID + 5n));
    await drag('state', 'text', 0.2);
    assert.equal((await results.columnNames())[0], 'state');
    assert.equal(await results.page.locator('.drop-mark:not([hidden])').count(), 0);
  });

  it('moves and resizes the active column by keyboard, and says so', async () => {
    await results.press('Alt+ArrowRight', 'Alt+ArrowRight');
    assert.equal((await results.columnNames())[2], 'id');
    assert.deepEqual(await results.active(), [0, 2]);
    await results.page.getByText('Column id moved to position 3').waitFor({ state: 'attached' });
    const before = await width('id');
    await results.press('Alt+Shift+ArrowRight');
    assert.equal(await width('id'), before + 16);
  });

  it('hides columns and says how many; shows the chosen ones again', async () => {
    await results.press('ArrowRight', 'Shift+ArrowRight');
    await results.post({ type: 'columns', command: 'hide' });
    assert.deepEqual(
      await results.columnNames(),
      NAMES.filter((name) => name !== 'text' && name !== 'maybe'),
    );
    await results.page.getByText('2 hidden').waitFor();
    assert.equal(await results.grid.getAttribute('aria-colcount'), '5');
    await results.page.getByRole('button', { name: 'Choose columns' }).click();
    assert.deepEqual(await results.sent('pickColumns'), [
      { type: 'pickColumns', resultId: 'r1', shown: [0, 3, 4, 5, 6] },
    ]);
    await results.post({ type: 'columns', command: 'show', columns: [0, 1, 3, 4, 5, 6] });
    assert.deepEqual(
      await results.columnNames(),
      NAMES.filter((name) => name !== 'maybe'),
    );
    assert.equal(await results.cell(1, 1).textContent(), 'tab→here 1');
  });

  it('keeps pinned columns on screen, as cells of the same rows', async () => {
    await results.show(manyColumns(60), { id: 'r2', rows: 1_000_000 });
    await results.settled();
    await results.post({ type: 'columns', command: 'pin', columns: [7] });
    assert.equal((await results.columnNames())[0], 'column 7');
    await results.press('End', 'ArrowDown');
    assert.deepEqual(await results.active(), [1, 59]);
    const pinned = results.page.locator('.pinned-body .row:not([hidden]) .cell');
    assert.equal(await pinned.nth(1).textContent(), String(FIRST_ID + 1n));
    const box = await pinned.nth(1).boundingBox();
    const gutter = await results.page.locator('.gutter').boundingBox();
    assert.ok(box && gutter);
    assert.ok(Math.abs(box.x - gutter.x - gutter.width) <= 1);
    assert.deepEqual(await results.axe(), []);

    // Selected, reached and scrolled with the others.
    await pinned.nth(3).click();
    await results.settled();
    assert.deepEqual(await results.active(), [3, 0]);
    await results.press('Shift+Space');
    assert.equal(await pinned.nth(3).getAttribute('aria-selected'), 'true');
    await results.press('Control+ArrowDown');
    assert.equal(await results.cell(999_999, 0).textContent(), String(FIRST_ID + 999_999n));
    assert.deepEqual(await results.active(), [999_999, 0]);
    await results.post({ type: 'columns', command: 'unpin', columns: [7] });
    await results.press('Home');
    assert.equal((await results.columnNames())[7], 'column 7');
    assert.equal(await pinned.count(), 0);
  });

  it('leaves room for other columns where the pinned ones are too wide', async () => {
    await results.page.setViewportSize({ width: 420, height: 400 });
    await results.post({ type: 'columns', command: 'pin', columns: [0, 1, 2, 3] });
    const body = await results.page.locator('.body').boundingBox();
    assert.ok((body?.width ?? 0) > 100);
    await results.press('Control+End');
    assert.deepEqual(await results.active(), [999, 6]);
  });

  it('keeps widths, order, hidden and pinned columns while rows come and when the statement runs again', async () => {
    await results.press('Alt+ArrowRight', 'Alt+Shift+ArrowRight');
    await results.post({ type: 'columns', command: 'hide', columns: [3] });
    await results.post({ type: 'columns', command: 'pin', columns: [4] });
    const names = await results.columnNames();
    assert.deepEqual(names, ['at', 'text', 'id', 'maybe', 'day', 'state']);
    const idWidth = await width('id');
    await results.show(COLUMNS, { rows: 500_000 });
    await results.settled();
    assert.deepEqual(await results.columnNames(), names);
    await results.show(COLUMNS, { id: 'again', rows: 10 });
    await results.settled();
    assert.deepEqual(await results.columnNames(), names);
    assert.equal(await width('id'), idWidth);
    // Another statement with the same columns has its own.
    await results.show(COLUMNS, { id: 'other', title: 'SELECT 2', rows: 10 });
    await results.settled();
    assert.deepEqual(await results.columnNames(), NAMES);

    // Also after the page was thrown away.
    await results.page.waitForFunction(() =>
      JSON.stringify(window.fakeHost.state ?? '').includes('"hidden":[3]'),
    );
    const state = await results.page.evaluate(() => window.fakeHost.state);
    await results.close();
    results = await server.open({ state, width: 1_800 });
    await results.show(COLUMNS, { id: 'later', rows: 10 });
    await results.settled();
    assert.deepEqual(await results.columnNames(), names);
    await results.post({ type: 'resetColumns' });
    assert.deepEqual(await results.columnNames(), NAMES);
  });

  it('fits all columns to their values', async () => {
    await results.post({ type: 'autosizeColumns' });
    assert.match((await results.cell(7, 1).textContent()) ?? '', /on and on 7$/);
  });

  it('shows times in the zone of the switch, says so in the header, and keeps copies as they are', async () => {
    const at = COLUMNS.findIndex(([name]) => name === 'at');
    assert.equal(await results.cell(0, at).textContent(), '2023-11-14 23:13:20');
    const times = results.page.getByRole('combobox', { name: 'Time zone of the times on screen' });
    await times.selectOption({ label: 'Times: UTC' });
    await results.settled();
    assert.equal(await results.cell(0, at).textContent(), '2023-11-14 22:13:20');
    assert.equal(
      await header('at').locator('.column-type').textContent(),
      'DateTime · shown in UTC',
    );
    assert.match((await header('at').getAttribute('title')) ?? '', /copies and files keep/);
    // A search is for the text in the column's own zone.
    await results.page.evaluate(() => {
      window.fakeHost.answers.find = {
        type: 'found',
        matches: 1,
        rows: new Uint8Array(new Float64Array([0]).buffer),
        columns: new Uint8Array(new Int32Array([0]).buffer),
      };
    });
    await results.press('Control+f');
    const input = results.page.getByRole('textbox', { name: 'Find in result' });
    await input.fill('2023-11-14 23:13:20');
    await input.press('Enter');
    await results.page.locator('.cell.match').first().waitFor();
    const found = await results.page.locator('.cell.match').allTextContents();
    assert.deepEqual([...new Set(found)], ['2023-11-14 22:13:20']);
    await input.press('Escape');
    // Dates and other columns say nothing of zones.
    assert.equal(await header('day').locator('.column-type').textContent(), 'Date');
    await results.post({ type: 'showTimes', display: 'server' });
    assert.equal(await results.cell(0, at).textContent(), '2023-11-14 23:13:20');
    await times.selectOption({ label: "Times: column's zone" });
    await results.settled();
    assert.equal(
      await header('at').locator('.column-type').textContent(),
      'DateTime · Europe/Berlin',
    );
  });

  it('tells VS Code which column a context menu is for', async () => {
    await results.post({ type: 'columns', command: 'pin', columns: [2] });
    const context = async (name: string): Promise<unknown> =>
      JSON.parse((await header(name).getAttribute('data-vscode-context')) ?? '{}');
    assert.deepEqual(await context('maybe'), {
      webviewSection: 'header',
      rowhouseColumn: 2,
      rowhousePinned: true,
      rowhouseSorted: false,
    });
    assert.deepEqual(await context('ratio'), {
      webviewSection: 'header',
      rowhouseColumn: 3,
      rowhousePinned: false,
      rowhouseSorted: false,
    });
  });
});
