import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { focusEditor, openFile, setText, showTab, tab } from './harness/editor.ts';
import { focusGrid, readRows, resultsHeader, resultsPage, waitForResult } from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import { runCommand, saveAs } from './harness/quickInput.ts';
import { until } from './harness/until.ts';
import { Workbench } from './harness/workbench.ts';

const SCRIPT = [
  'CREATE TEMPORARY TABLE t (x UInt8)',
  'INSERT INTO t VALUES (1), (2)',
  "SELECT x, toDateTime64('1930-01-01 12:00:00', 0, 'Europe/Amsterdam') AS at FROM t ORDER BY x",
  'SELECT sum(x) FROM t',
];

describe('several results', function () {
  this.timeout(90_000);
  let workbench: Workbench;
  watch(() => workbench);

  before(async () => {
    workbench = await Workbench.start({
      extensions: [root],
      files: { 'script.sql': '\n', 'numbers.sql': '\n' },
    });
    await openFile(workbench.page, 'script.sql');
  });
  after(async () => {
    await workbench.stop();
  });

  const closeTab = async (name: string): Promise<void> => {
    const one = tab(workbench.page, name);
    await one.hover();
    await one.getByRole('button', { name: /^Close/ }).click();
    await one.waitFor({ state: 'detached' });
  };
  const tabs = () => resultsPage(workbench.page).getByRole('tab');

  it('have a tab for each statement of a script', async () => {
    const { page } = workbench;
    await setText(page, SCRIPT.join(';\n'));
    await page.keyboard.press('Control+Shift+Enter');
    await waitForResult(page, { statement: 'SELECT sum(x)' });
    assert.equal(await tabs().count(), SCRIPT.length);
    await tabs().nth(1).click();
    await resultsPage(page).locator('#result', { hasText: '2 rows written' }).waitFor();
    await tabs().nth(2).click();
    await waitForResult(page, { statement: 'SELECT x' });
    assert.deepEqual(await readRows(page, 2), [
      ['1', '1930-01-01 12:00:00'],
      ['2', '1930-01-01 12:00:00'],
    ]);
  });

  it('are there again, with their rows as they were sorted, after the window was loaded again', async () => {
    const { page } = workbench;
    await focusGrid(page);
    await page.keyboard.press('Alt+ArrowDown');
    await resultsPage(page).locator('.chip', { hasText: 'sorted by x, descending' }).waitFor();
    await until(
      async () => (await readRows(page, 1))[0]?.[0] === '2',
      20_000,
      'the rows in another order',
    );
    await page.keyboard.press('Control+s');
    await page.reload();
    await page.locator('.tabs-container .tab.active', { hasText: 'script.sql' }).waitFor();
    await waitForResult(page, { statement: 'SELECT sum(x)', timeoutMs: 45_000 });
    assert.equal(await tabs().count(), SCRIPT.length);
    await tabs().nth(2).click();
    await waitForResult(page, { statement: 'SELECT x' });
    await resultsPage(page).locator('.chip', { hasText: 'sorted by x, descending' }).waitFor();
    await until(
      async () => (await readRows(page, 1))[0]?.[0] === '2',
      45_000,
      'the order of before',
    );
    assert.deepEqual(await readRows(page, 2), [
      ['2', '1930-01-01 12:00:00'],
      ['1', '1930-01-01 12:00:00'],
    ]);
  });

  it('are there, too, in a window that begins before the one before has ended', async () => {
    const { page, server } = workbench;
    // VS Code gives this one a storage folder of its own, as after a reload that the old extension host outlives.
    const next = await page.context().newPage();
    await next.goto(server.url(), { waitUntil: 'commit' });
    await next.locator('.tabs-container .tab.active', { hasText: 'script.sql' }).waitFor();
    await waitForResult(next, { statement: 'SELECT sum(x)', timeoutMs: 45_000 });
    assert.equal(await resultsPage(next).getByRole('tab').count(), SCRIPT.length);
    await next.goto('about:blank');
    await next.close();
  });

  it('keep place and selection while the panel is hidden, and while another editor is active', async () => {
    const { page } = workbench;
    await openFile(page, 'numbers.sql');
    await setText(page, 'SELECT number FROM numbers(100000)');
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'numbers(100000)' });
    await focusGrid(page);
    for (const key of ['Control+End', 'Shift+ArrowUp', 'Shift+ArrowUp']) {
      await page.keyboard.press(key);
    }
    const selected = () =>
      resultsPage(page).locator('.row:not([hidden]) .cell.selected').allInnerTexts();
    const isThere = () =>
      until(
        async () => (await selected()).sort().join() === '99997,99998,99999',
        20_000,
        'the last three rows selected',
      );
    await isThere();
    await runCommand(page, 'View: Toggle Panel Visibility');
    await resultsHeader(page).waitFor({ state: 'hidden' });
    await runCommand(page, 'View: Toggle Panel Visibility');
    await waitForResult(page, { statement: 'numbers(100000)' });
    await isThere();
    await showTab(page, 'script.sql');
    await waitForResult(page, { statement: 'SELECT x' });
    await showTab(page, 'numbers.sql');
    await waitForResult(page, { statement: 'numbers(100000)' });
    await isThere();
  });

  it('move into editor tabs', async () => {
    const { page } = workbench;
    await showTab(page, 'script.sql');
    await waitForResult(page, { statement: 'SELECT x' });
    await page.getByRole('button', { name: 'Move Result into Editor' }).click();
    await page.locator('.tabs-container .tab.active', { hasText: 'SELECT x' }).waitFor();
    await page.locator('.tabs-container .tab', { hasText: 'script.sql' }).click();
    await focusEditor(page);
    assert.equal(await tabs().count(), SCRIPT.length - 1);
    await closeTab('SELECT x');
  });

  it('stay when the tab of their document moves to another group, and when it is saved under another name', async () => {
    const { page } = workbench;
    await runCommand(page, 'View: Move Editor into Right Group');
    await until(
      async () => (await page.locator('.editor-group-container').count()) === 2,
      20_000,
      'two groups of editors',
    );
    // The results of a document that really closes are gone in the same time.
    await showTab(page, 'script.sql');
    await page.keyboard.press('Control+s');
    await closeTab('script.sql');
    await waitForResult(page, { statement: 'numbers(100000)' });
    await showTab(page, 'numbers.sql');
    await runCommand(page, 'File: Save As...');
    await saveAs(page, 'Save As', workbench.path('renamed.sql'));
    await tab(page, 'renamed.sql').waitFor();
    await waitForResult(page, { statement: 'numbers(100000)' });
    await openFile(page, 'script.sql');
    await until(
      async () =>
        (await resultsHeader(page).count()) === 0 || !(await resultsHeader(page).isVisible()),
      20_000,
      'no result of the closed document',
    );
    await showTab(page, 'renamed.sql');
    await waitForResult(page, { statement: 'numbers(100000)' });
  });
});
