import assert from 'node:assert/strict';
import type { ResultSnapshot, ResultTab } from '../../src/shared/protocol.ts';
import { COLUMNS } from './columns.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

const tab = (id: string, change: Partial<ResultTab> = {}): ResultTab => ({
  id,
  title: `SELECT '${id}'`,
  source: 'tour.sql',
  state: 'done',
  complete: true,
  kind: 'rows',
  pinned: false,
  ...change,
});

const TABS: ResultTab[] = [
  tab('r0', { kind: 'message', title: 'CREATE TABLE t' }),
  tab('r1'),
  tab('r2', { state: 'failed', complete: false }),
  tab('r3', { pinned: true, source: 'other.sql' }),
];

describe('tabs of several results in a browser', () => {
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

  async function show(tabs: ResultTab[], part: Partial<ResultSnapshot> = {}): Promise<void> {
    await results.show(COLUMNS, { rows: 50, ...part }, tabs);
    await results.settled();
  }

  const names = async (): Promise<(string | null)[]> =>
    results.page
      .getByRole('tab')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));

  it('say what each result is', async () => {
    results = await server.open();
    await show(TABS);
    assert.deepEqual(await names(), [
      'CREATE TABLE t, tour.sql',
      "SELECT 'r1', tour.sql",
      "SELECT 'r2', tour.sql, failed",
      "SELECT 'r3', other.sql, pinned",
    ]);
    const selected = results.page.getByRole('tab', { selected: true });
    assert.equal(await selected.getAttribute('aria-label'), "SELECT 'r1', tour.sql");
    assert.equal(await results.page.locator('#result').count(), 1, 'what the tabs control');
  });

  it('are not there for a single result, unless it is pinned', async () => {
    results = await server.open();
    await show([tab('r1')]);
    assert.equal(await results.page.getByRole('tablist').isVisible(), false);
    await show([tab('r1', { pinned: true })]);
    assert.equal(await results.page.getByRole('tablist').isVisible(), true);
  });

  it('are chosen, unpinned and closed by the mouse', async () => {
    results = await server.open();
    await show(TABS);
    const tabs = results.page.getByRole('tab');
    await tabs.nth(2).click();
    await tabs.nth(3).locator('.tab-button').click();
    await tabs.nth(1).locator('.tab-button').click();
    await tabs.nth(0).click({ button: 'middle' });
    assert.deepEqual(await results.sent('selectTab'), [{ type: 'selectTab', resultId: 'r2' }]);
    assert.deepEqual(await results.sent('pin'), [{ type: 'pin', resultId: 'r3', pinned: false }]);
    assert.deepEqual(await results.sent('closeTab'), [
      { type: 'closeTab', resultId: 'r1' },
      { type: 'closeTab', resultId: 'r0' },
    ]);
  });

  it('are chosen and closed by the keyboard, and keep the focus', async () => {
    results = await server.open();
    await show(TABS);
    await results.page.getByRole('tab', { selected: true }).focus();
    await results.press('ArrowRight', 'ArrowLeft', 'Home', 'End', 'Delete');
    assert.deepEqual(
      (await results.sent('selectTab')).map(({ resultId }) => resultId),
      ['r2', 'r0', 'r0', 'r3'],
    );
    assert.deepEqual(await results.sent('closeTab'), [{ type: 'closeTab', resultId: 'r1' }]);
    await show(TABS, { id: 'r2' });
    const focused = await results.page.evaluate(() => document.activeElement?.id);
    assert.equal(focused, 'tab-r2');
  });

  it('say that there is more than the limit, with a way to have it', async () => {
    results = await server.open();
    await results.show(COLUMNS, {
      rows: 50,
      complete: false,
      limit: 'First 50 rows, more available.',
      actions: [{ id: 'rowhouse.fetchAll', title: 'Fetch all' }],
    });
    await results.page.getByText('First 50 rows, more available.').waitFor();
    await results.page.getByRole('button', { name: 'Fetch all' }).click();
    assert.deepEqual(await results.sent('action'), [
      { type: 'action', resultId: 'r1', action: 'rowhouse.fetchAll' },
    ]);
  });

  it('have no accessibility problem in any theme', async () => {
    results = await server.open();
    await show(TABS);
    await results.lookInEachTheme('tabs');
  });
});
