import assert from 'node:assert/strict';
import { COLUMNS, manyColumns } from './columns.ts';
import { FIRST_ID } from './fakeData.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

const HUGE = 100_000_000;

describe('results grid in a browser', () => {
  let server: PageServer;
  let results: ResultsPage;

  before(async () => {
    server = await PageServer.start();
  });
  after(() => server.stop());

  afterEach(async () => {
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  /** Whether the whole cell lies inside the area that shows rows. */
  async function fullyVisible(row: number, column: number): Promise<boolean> {
    const cell = await results.cell(row, column).boundingBox();
    const body = await results.page.locator('.body').boundingBox();
    assert.ok(cell && body);
    return (
      cell.y >= body.y - 0.5 &&
      cell.y + cell.height <= body.y + body.height + 0.5 &&
      cell.x >= body.x - 0.5 &&
      cell.x + cell.width <= body.x + body.width + 0.5
    );
  }

  const active = () =>
    results.page.evaluate(() => {
      const id = document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant');
      const cell = id ? document.getElementById(id) : null;
      return cell && [Number(cell.parentElement?.ariaRowIndex) - 2, Number(cell.ariaColIndex) - 1];
    });

  async function wheel(x: number, y: number): Promise<void> {
    await results.page.mouse.move(600, 400);
    await results.page.mouse.wheel(x, y);
    await results.settled();
  }

  it('shows exact texts, and NULL apart from the text NULL', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 1_000 });
    await results.settled();
    const row = async (r: number) =>
      await Promise.all(COLUMNS.map((_, c) => results.cell(r, c).textContent()));
    assert.deepEqual(await row(1), [
      String(FIRST_ID + 1n),
      'tab→here 1',
      'tab→here 1',
      '0.125',
      '2023-11-14 23:13:21',
      '2024-10-05',
      'state 1',
    ]);
    // Row 3: the text NULL in one column, a null in the other.
    assert.equal(await results.cell(3, 1).textContent(), 'NULL');
    assert.equal(await results.cell(3, 2).textContent(), 'NULL');
    const style = (column: number) =>
      results.cell(3, column).evaluate((cell) => getComputedStyle(cell).fontStyle);
    assert.equal(await style(1), 'normal');
    assert.equal(await style(2), 'italic');
  });

  it('names columns with their exact types and the zone they print in', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 10 });
    await results.settled();
    const header = results.page.getByRole('columnheader');
    assert.equal(await header.nth(0).getAttribute('title'), 'id\nUInt64');
    assert.equal(
      await header.nth(4).locator('.column-type').textContent(),
      'DateTime · Europe/Berlin',
    );
    assert.match((await header.nth(4).getAttribute('title')) ?? '', /time zone Europe\/Berlin/);
    assert.equal(await results.grid.getAttribute('aria-rowcount'), '11');
    assert.equal(await results.grid.getAttribute('aria-colcount'), '7');
  });

  it('draws the rows that came before it knew of any, and asks for none of them', async () => {
    results = await server.open();
    const columns = COLUMNS.map(([name, kind]) => ({ name, kind }));
    await results.page.evaluate((defined) => {
      window.fakeHost.delay = -1;
      window.fakeHost.sendFirstRows(defined, 256);
    }, columns);
    await results.show(COLUMNS, { rows: 1_000, state: 'running', complete: false });
    await results.settled();
    assert.equal(await results.cell(0, 0).textContent(), String(FIRST_ID));
    assert.deepEqual(await results.page.evaluate(() => window.fakeHost.windows), []);
  });

  for (const rows of [1_000, 1_000_000, HUGE]) {
    it(`moves 25 rows for 600 px of wheel at ${rows} rows`, async () => {
      results = await server.open();
      await results.show(COLUMNS, { rows });
      await results.settled();
      await wheel(0, 600);
      assert.equal((await results.drawnRows())[0], 25);
      await wheel(0, 600);
      assert.equal((await results.drawnRows())[0], 50);
      await wheel(0, -1_200);
      assert.equal((await results.drawnRows())[0], 0);
      assert.equal(await results.cell(0, 0).textContent(), String(FIRST_ID));
    });
  }

  for (const [rows, height] of [
    [HUGE, 800],
    [1_398_200, 333],
    [50, 150],
    [1, 80],
  ] as const) {
    it(`shows the last of ${rows} rows completely in a panel of ${height} px`, async () => {
      results = await server.open({ height });
      await results.show(COLUMNS, { rows });
      await results.settled();
      await results.grid.focus();
      await results.page.keyboard.press('Control+End');
      await results.settled();
      assert.deepEqual(await active(), [rows - 1, COLUMNS.length - 1]);
      assert.equal(await fullyVisible(rows - 1, COLUMNS.length - 1), true);
      assert.equal(
        await results.cell(rows - 1, COLUMNS.length - 1).textContent(),
        `state ${rows - 1}`,
      );
    });
  }

  it('goes to both ends and the middle by the scroll bar', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: HUGE });
    await results.settled();
    const drag = async (share: number): Promise<number> => {
      await results.grid.evaluate((grid, to) => {
        grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * to;
      }, share);
      await results.settled();
      return (await results.drawnRows()).at(-1) ?? -1;
    };
    assert.equal(await drag(1), HUGE - 1);
    assert.equal(await fullyVisible(HUGE - 1, 0), true);
    const middle = await drag(0.5);
    assert.ok(Math.abs(middle - HUGE / 2) < 1_000, `row ${middle}`);
    assert.ok((await drag(0)) < 40);
  });

  it('moves and extends by keyboard', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: HUGE });
    await results.settled();
    await results.grid.focus();
    const { keyboard } = results.page;
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Shift+ArrowDown']) {
      await keyboard.press(key);
    }
    await results.settled();
    assert.deepEqual(await active(), [3, 1]);
    const selected = () =>
      results.page.$$eval('.row:not([hidden]) [aria-selected=true]', (cells) => cells.length);
    assert.equal(await selected(), 2);
    await keyboard.press('Shift+Space');
    await results.settled();
    assert.equal(await selected(), 2 * COLUMNS.length);
    await keyboard.press('Control+ArrowDown');
    await results.settled();
    assert.deepEqual(await active(), [HUGE - 1, 1]);
    assert.equal(await selected(), 1);
    await keyboard.press('PageUp');
    await results.settled();
    const [row = 0] = (await active()) ?? [];
    assert.ok(row < HUGE - 20 && row > HUGE - 40);
    assert.equal(await fullyVisible(row, 1), true);
    await keyboard.press('Control+Home');
    await results.settled();
    assert.deepEqual(await active(), [0, 0]);
    await keyboard.press('Control+a');
    await results.settled();
    assert.equal(await results.page.locator('.row:not([hidden]) [aria-selected=false]').count(), 0);
  });

  it('selects by mouse: cells, rows, columns', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 1_000 });
    await results.settled();
    const box = async (row: number, column: number) => {
      const found = await results.cell(row, column).boundingBox();
      assert.ok(found);
      return { x: found.x + found.width / 2, y: found.y + found.height / 2 };
    };
    const { mouse } = results.page;
    const from = await box(2, 1);
    const to = await box(4, 3);
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(to.x, to.y, { steps: 4 });
    const selected = results.page.locator('.row:not([hidden]) [aria-selected=true]');
    await results.page.waitForFunction(
      () => document.querySelectorAll('.row:not([hidden]) [aria-selected=true]').length === 9,
    );
    await mouse.up();
    assert.deepEqual(await active(), [4, 3]);
    await results.page.locator('.row-number:not([hidden])').nth(6).click();
    await results.settled();
    assert.equal(await selected.count(), COLUMNS.length);
    await results.page.getByRole('columnheader').nth(1).click();
    await results.settled();
    const rows = await results.drawnRows();
    assert.equal(await selected.count(), rows.length);
    assert.equal(await results.cell(rows[0] ?? 0, 1).getAttribute('aria-selected'), 'true');
  });

  it('resizes a column by drag, double click and keyboard', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 1_000 });
    await results.settled();
    const width = async (column: number) =>
      Math.round((await results.cell(0, column).boundingBox())?.width ?? 0);
    const before = await width(1);
    const handle = results.page.locator('.resizer').nth(1);
    const box = await handle.boundingBox();
    assert.ok(box);
    await results.page.mouse.move(box.x + 3, box.y + 10);
    await results.page.mouse.down();
    await results.page.mouse.move(box.x + 3 - 120, box.y + 10, { steps: 3 });
    await results.page.mouse.up();
    await results.settled();
    assert.equal(await width(1), before - 120);
    // The text is cut to the new width.
    assert.match((await results.cell(7, 1).textContent()) ?? '', /^a long text.*…$/);

    await results.page.locator('.resizer').nth(1).dblclick();
    await results.settled();
    assert.ok((await width(1)) > before);
    assert.match((await results.cell(7, 1).textContent()) ?? '', /on and on 7$/);

    await results.grid.focus();
    const first = await width(0);
    await results.page.keyboard.press('Control+Home');
    await results.page.keyboard.press('Alt+Shift+ArrowRight');
    await results.settled();
    assert.equal(await width(0), first + 16);
  });

  it('draws only the columns on screen of 5,000, and reaches the last one', async () => {
    results = await server.open();
    await results.show(manyColumns(5_000), { rows: 1_000_000 });
    await results.settled();
    assert.ok((await results.page.getByRole('columnheader').count()) < 40);
    const windows = await results.page.evaluate(() => window.fakeHost.windows);
    assert.ok(windows.every(({ columns }) => columns.length <= 32));
    await results.grid.focus();
    await results.page.keyboard.press('End');
    await results.settled();
    assert.deepEqual(await active(), [0, 4_999]);
    assert.equal(await fullyVisible(0, 4_999), true);
    await wheel(-500, 0);
    const shown = await results.page.$$eval('[role=columnheader]', (all) =>
      all.map((h) => [h.querySelector('.column-name')?.textContent, Number(h.ariaColIndex) - 1]),
    );
    for (const [name, index] of shown) assert.equal(name, `column ${String(index)}`);
    const cells = await results.page.$$eval('.row:not([hidden])', (rows) =>
      rows.map((row) => [...row.children].map((cell) => Number(cell.ariaColIndex) - 1)),
    );
    for (const row of cells)
      assert.deepEqual(
        row,
        shown.map(([, index]) => index),
      );
  });

  it('keeps its place while rows come, and shows them as they come', async () => {
    results = await server.open();
    const running = { state: 'running', complete: false } as const;
    await results.show(COLUMNS, { ...running, rows: 20 });
    await results.settled();
    assert.equal((await results.drawnRows()).length, 20);
    await results.show(COLUMNS, { ...running, rows: 500_000 });
    await results.settled();
    await wheel(0, 2_400);
    assert.equal((await results.drawnRows())[0], 100);
    for (const rows of [2_000_000, 30_000_000, HUGE]) {
      await results.show(COLUMNS, { ...running, rows });
      await results.settled();
      assert.equal((await results.drawnRows())[0], 100, `${rows} rows`);
      assert.equal(await results.cell(100, 0).textContent(), String(FIRST_ID + 100n));
    }
  });

  it('shows placeholders while it waits, abandons what left the screen, and never mixes rows', async () => {
    results = await server.open();
    await results.page.evaluate(() => {
      window.fakeHost.delay = -1;
    });
    await results.show(COLUMNS, { rows: HUGE });
    await results.page.waitForFunction(() => window.fakeHost.windows.length === 1);
    assert.equal(await results.grid.getAttribute('aria-busy'), 'true');
    assert.equal(await results.cell(0, 0).textContent(), '');
    await results.page.evaluate(() => {
      window.fakeHost.delay = 30;
    });
    await results.grid.focus();
    await results.page.keyboard.press('Control+End');
    await results.settled();
    const abandoned = await results.sent('abandon');
    assert.deepEqual(abandoned, [{ type: 'abandon', requestId: 1 }]);
    assert.equal(
      await results.cell(HUGE - 1, 0).textContent(),
      String(FIRST_ID + BigInt(HUGE - 1)),
    );
  });

  it('reads on when the host answers with fewer rows than asked', async () => {
    results = await server.open();
    await results.page.evaluate(() => {
      window.fakeHost.maxRows = 7;
    });
    await results.show(COLUMNS, { rows: 1_000 });
    await results.settled();
    const rows = await results.drawnRows();
    const last = rows.at(-1) ?? 0;
    assert.ok(last > 20);
    assert.equal(await results.cell(last, 0).textContent(), String(FIRST_ID + BigInt(last)));
  });

  it('says when rows cannot be read, and tries again when told', async () => {
    results = await server.open();
    await results.page.evaluate(() => {
      window.fakeHost.problem = 'The spool file is gone.';
    });
    await results.show(COLUMNS, { rows: 1_000 });
    const notice = results.page.locator('.notice');
    await notice.waitFor();
    assert.match(
      (await notice.textContent()) ?? '',
      /Rows could not be read: The spool file is gone\./,
    );
    await results.page.evaluate(() => {
      window.fakeHost.problem = '';
    });
    await notice.getByRole('button', { name: 'Try again' }).click();
    await results.settled();
    assert.equal(await results.cell(0, 0).textContent(), String(FIRST_ID));
  });

  it('widens a number column rather than cutting a number', async () => {
    results = await server.open();
    await results.show([['ratio', 'float']], { rows: HUGE });
    await results.settled();
    await results.grid.focus();
    await results.page.keyboard.press('Control+End');
    await results.settled();
    assert.equal(await results.cell(HUGE - 1, 0).textContent(), '12499999.875');
  });

  it('comes back to its place and selection after the page was thrown away', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: HUGE });
    await results.settled();
    await results.grid.focus();
    await results.press('ArrowRight', 'Shift+ArrowDown');
    await wheel(0, 24_000);
    await results.page.waitForFunction(() =>
      JSON.stringify(window.fakeHost.state ?? '').includes('"top":24000'),
    );
    const state = await results.page.evaluate(() => window.fakeHost.state);
    await results.close();
    results = await server.open({ state });
    await results.show(COLUMNS, { rows: HUGE });
    await results.settled();
    assert.equal((await results.drawnRows())[0], 1_000);
    await wheel(0, -24_000);
    await results.settled();
    assert.deepEqual(await results.active(), [1, 1]);
    assert.equal(await results.page.locator('.row:not([hidden]) .cell.selected').count(), 2);
    // Another result begins at its beginning.
    await results.show(COLUMNS, { id: 'r2', rows: HUGE });
    await results.settled();
    assert.equal((await results.drawnRows())[0], 0);
    assert.deepEqual(await results.active(), [0, 0]);
    await results.show(COLUMNS, { rows: HUGE });
    await results.settled();
    assert.deepEqual(await results.active(), [1, 1]);
  });

  it('takes the keyboard when the page gets it', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 10 });
    await results.page.evaluate(() => {
      window.dispatchEvent(new FocusEvent('focus'));
    });
    await results.page.waitForFunction(() => document.activeElement?.role === 'grid');
    // What has the focus keeps it.
    await results.page.getByRole('button', { name: 'Find' }).focus();
    await results.page.evaluate(() => {
      window.dispatchEvent(new FocusEvent('focus'));
    });
    assert.notEqual(await results.page.evaluate(() => document.activeElement?.role), 'grid');
  });

  it('goes to a row that the host names, also from a chart, and to the last one for a later row', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: HUGE });
    await results.settled();
    await results.grid.focus();
    await results.press('ArrowRight');
    await results.post({ type: 'goToRow', row: 54_321_000 });
    await results.settled();
    assert.deepEqual(await results.active(), [54_321_000, 1]);
    assert.equal(await results.cell(54_321_000, 0).textContent(), String(FIRST_ID + 54_321_000n));
    await results.page.getByRole('button', { name: 'Chart', exact: true }).click();
    await results.post({ type: 'goToRow', row: HUGE * 2 });
    await results.settled();
    assert.deepEqual(await results.active(), [HUGE - 1, 1]);
  });
});
