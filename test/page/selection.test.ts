import assert from 'node:assert/strict';
import { COLUMNS } from './columns.ts';
import { FIRST_ID } from './fakeData.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

describe('selection and footer', () => {
  let server: PageServer;
  let results: ResultsPage;

  before(async () => {
    server = await PageServer.start();
  });
  after(() => server.stop());

  beforeEach(async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 100_000 });
    await results.settled();
    await results.grid.focus();
  });
  afterEach(async () => {
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  const selected = () =>
    results.page.$$eval('.row:not([hidden]) [aria-selected=true]', (cells) => cells.length);
  const stats = () => results.page.locator('.stats');

  it('adds parts by Ctrl+click on cells, rows and columns', async () => {
    await results.cell(1, 1).click();
    await results.cell(3, 2).click({ modifiers: ['Control'] });
    await results.cell(5, 4).click({ modifiers: ['Control', 'Shift'] });
    await results.settled();
    assert.equal(await selected(), 1 + 3 * 3);
    await results.page
      .locator('.row-number:not([hidden])')
      .nth(8)
      .click({ modifiers: ['Control'] });
    await results.settled();
    assert.equal(await selected(), 10 + COLUMNS.length);
    await results.page
      .getByRole('columnheader')
      .nth(0)
      .click({ modifiers: ['Control'] });
    await results.settled();
    const rows = (await results.drawnRows()).length;
    assert.equal(await selected(), 10 + COLUMNS.length + rows - 1);
    await results.press('Escape');
    await results.settled();
    assert.equal(await selected(), 1);
  });

  it('adds parts by keyboard and says so', async () => {
    await results.press('Shift+ArrowDown', 'Shift+F8');
    await results.page.getByText('Adding to the selection').waitFor({ state: 'attached' });
    await results.press('ArrowDown', 'ArrowDown', 'Shift+ArrowRight');
    assert.equal(await selected(), 2 + 2);
    await stats().getByText('4 cells selected').waitFor();
  });

  it('adds up whole numbers exactly', async () => {
    await results.press('Shift+ArrowDown', 'Shift+ArrowDown');
    const sum = 3n * FIRST_ID + 3n;
    await stats()
      .getByText(
        `3 cells selected · count 3 · sum ${sum} · average ${FIRST_ID + 1n} · min ${FIRST_ID} · max ${FIRST_ID + 2n}`,
      )
      .waitFor();
  });

  it('reads rows that are not on screen to add them up', async () => {
    await results.press('Control+Space');
    const sum = 100_000n * FIRST_ID + (99_999n * 100_000n) / 2n;
    await stats().getByText(`sum ${sum} ·`).waitFor();
    await stats()
      .getByText(`max ${FIRST_ID + 99_999n}`)
      .waitFor();
  });

  const asked = async () => (await results.sent('sumCells')).at(-1);
  const addUp = () => results.page.getByRole('button', { name: 'Add up' });

  /** What is asked about the selection at rest. */
  async function selectAll(): Promise<number> {
    await results.press('Control+a');
    await stats().getByText('700,000 cells selected').waitFor();
    await results.page.waitForFunction(() =>
      window.fakeHost.sent.some(({ type }) => type === 'sumCells'),
    );
    return (await asked())?.requestId ?? 0;
  }

  it('starts no engine for a selection that rests: a button does', async () => {
    const requestId = await selectAll();
    assert.equal((await asked())?.start, false);
    assert.equal(await stats().textContent(), '700,000 cells selected');
    await results.post({ type: 'cellSums', requestId });
    await addUp().click();
    await stats().getByText('700,000 cells selected · adding up…').waitFor();
    const { start, requestId: second = 0 } = (await asked()) ?? {};
    assert.equal(start, true);
    const sums = [{ kind: 'counted' as const, cells: 700_000, nulls: 0 }];
    await results.post({ type: 'cellSums', requestId: second, sums });
    await stats().getByText('count 700,000').waitFor();
    assert.equal(await addUp().count(), 0);
  });

  it('asks nobody to add up a whole large result: a button does', async () => {
    await results.show(COLUMNS, { id: 'large', rows: 10_000_000 });
    await results.settled();
    await results.grid.focus();
    await results.press('Control+a');
    await addUp().waitFor();
    assert.equal(await stats().textContent(), '70,000,000 cells selected');
    assert.deepEqual(await results.sent('sumCells'), []);
    await addUp().click();
    await stats().getByText('adding up…').waitFor();
    assert.equal((await asked())?.start, true);
  });

  it('has the host add up what is much, says how far it is, and stops it', async () => {
    await results.post({ type: 'working', requestId: await selectAll(), fraction: 0 });
    await stats().getByText('700,000 cells selected · adding up…').waitFor();
    const first = await asked();
    assert.deepEqual(
      first?.blocks.map(({ rows }) => rows),
      [[{ first: 0, last: 99_999 }]],
    );
    assert.deepEqual(first.blocks[0]?.columns[0], { column: 0, kind: 'exact' });
    await results.post({ type: 'working', requestId: first.requestId, fraction: 0.425 });
    await stats().getByText('adding up… 42 %').waitFor();
    await results.page.getByRole('button', { name: 'Stop adding up' }).focus();
    await results.page.keyboard.press('Enter');
    await stats().getByText('700,000 cells selected · not added up').waitFor();
    assert.equal((await results.sent('abandon')).at(-1)?.requestId, first.requestId);
    // The button that takes its place has the focus.
    await results.page.keyboard.press('Enter');
    await stats().getByText('adding up…').waitFor();
    const second = await asked();
    assert.ok(second && second.requestId > first.requestId);
    const sums = [
      { kind: 'exact' as const, cells: 400_000, nulls: 5, sum: '12.50', min: '-1', max: '7.25' },
      { kind: 'exact' as const, cells: 300_000, nulls: 0, sum: '0', min: '-2', max: '2' },
    ];
    await results.post({ type: 'cellSums', requestId: second.requestId, sums });
    await stats()
      .getByText(
        '700,000 cells selected · count 699,995 · 5 NULL · sum 12.5 · average ≈ 0.0000179 · min -2 · max 7.25',
      )
      .waitFor();
  });

  it('says what is missing to add up what is much', async () => {
    await results.post({ type: 'cellSums', requestId: await selectAll() });
    await addUp().click();
    const missing = {
      type: 'failed' as const,
      message: 'This needs a local ClickHouse.',
      hint: 'Install it.',
      actions: [{ id: 'rowhouse.installLocalEngine', title: 'Install' }],
    };
    await results.post({ ...missing, requestId: (await asked())?.requestId ?? 0 });
    await stats().getByText('not added up: This needs a local ClickHouse.').waitFor();
    assert.equal(await stats().getAttribute('title'), 'This needs a local ClickHouse. Install it.');
    await results.page.getByRole('button', { name: 'Install' }).click();
    assert.equal((await results.sent('action')).at(-1)?.action, 'rowhouse.installLocalEngine');
    // Once it is installed the sum comes by itself.
    await results.post({ type: 'engineRuns' });
    await stats().getByText('adding up…').waitFor();
    await results.post({ ...missing, requestId: (await asked())?.requestId ?? 0 });
    await results.page.getByRole('button', { name: 'Install' }).waitFor();
    // A small selection needs nobody.
    await results.grid.focus();
    await results.press('Control+Home', 'Shift+ArrowDown');
    await stats().getByText('2 cells selected · count 2').waitFor();
    assert.equal(await results.page.getByRole('button', { name: 'Install' }).count(), 0);
  });

  it('counts NULLs, compares times, and adds up no texts', async () => {
    await results.press('ArrowRight', 'ArrowRight');
    for (let i = 0; i < 10; i++) await results.page.keyboard.press('Shift+ArrowDown');
    await stats().getByText('11 cells selected · count 9 · 2 NULL').waitFor();
    assert.doesNotMatch((await stats().textContent()) ?? '', /sum|min/);
    await results.press(
      'ArrowRight',
      'ArrowRight',
      'Control+Home',
      'End',
      'ArrowLeft',
      'ArrowLeft',
    );
    await results.press('Shift+ArrowDown');
    await stats()
      .getByText('2 cells selected · count 2 · min 2023-11-14 23:13:20 · max 2023-11-14 23:13:21')
      .waitFor();
  });

  it('selects what a context menu is opened on, unless it is selected with more', async () => {
    await results.cell(2, 2).click({ button: 'right' });
    await results.settled();
    assert.deepEqual(await results.active(), [2, 2]);
    await results.press('Shift+ArrowDown');
    await results.cell(2, 2).click({ button: 'right' });
    await results.settled();
    assert.equal(await selected(), 2);
    await results.page.getByRole('columnheader').nth(1).click({ button: 'right' });
    await results.settled();
    assert.equal(await selected(), (await results.drawnRows()).length);
  });

  it("opens the keyboard's context menu at the active cell", async () => {
    await results.press('ArrowDown', 'ArrowRight');
    // Two steps: while the page is busy, keys may come before what is evaluated after them.
    const opened = await results.page.evaluateHandle(() => {
      const place = new Promise<[number, number, unknown]>((resolve) => {
        addEventListener('contextmenu', (event) => {
          event.preventDefault();
          const area = (event.target as HTMLElement).closest<HTMLElement>('[data-vscode-context]');
          const context: unknown = JSON.parse(area?.dataset['vscodeContext'] ?? '');
          resolve([event.clientX, event.clientY, context]);
        });
      });
      return { place };
    });
    await results.page.keyboard.press('Shift+F10');
    const [x, y, context] = await opened.evaluate(({ place }) => place);
    const box = await results.cell(1, 1).boundingBox();
    assert.ok(box && x > box.x && x < box.x + box.width && y > box.y && y <= box.y + box.height);
    assert.deepEqual(context, {
      webviewSection: 'cells',
      preventDefaultContextMenuItems: true,
      rowhouseResult: 'r1',
      rowhousePinned: false,
      rowhouseDerived: false,
    });
  });

  it('is kept at once when the page is left: it may be hidden in the same moment', async () => {
    const state = await results.page.evaluate(() => {
      const key = new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true });
      document.activeElement?.dispatchEvent(key);
      window.dispatchEvent(new Event('blur'));
      return JSON.stringify(window.fakeHost.state ?? '');
    });
    assert.match(state, /"focus":\{"row":1,"column":0\}/);
  });
});
