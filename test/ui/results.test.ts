import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { focusEditor, openFile, setText } from './harness/editor.ts';
import { readRows, resultsPage, waitForResult } from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
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
    workbench = await Workbench.start({ extensions: [root], files: { 'script.sql': '\n' } });
    await openFile(workbench.page, 'script.sql');
  });
  after(async () => {
    await workbench.stop();
  });

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

  it('are there again, with their rows, after the window was loaded again', async () => {
    const { page } = workbench;
    await page.keyboard.press('Control+s');
    await page.reload();
    await page.locator('.tabs-container .tab.active', { hasText: 'script.sql' }).waitFor();
    await waitForResult(page, { statement: 'SELECT sum(x)', timeoutMs: 45_000 });
    assert.equal(await tabs().count(), SCRIPT.length);
    await tabs().nth(2).click();
    await waitForResult(page, { statement: 'SELECT x' });
    assert.deepEqual(await readRows(page, 2), [
      ['1', '1930-01-01 12:00:00'],
      ['2', '1930-01-01 12:00:00'],
    ]);
  });

  it('move into editor tabs', async () => {
    const { page } = workbench;
    await page.getByRole('button', { name: 'Move Result into Editor' }).click();
    await page.locator('.tabs-container .tab.active', { hasText: 'SELECT x' }).waitFor();
    await page.locator('.tabs-container .tab', { hasText: 'script.sql' }).click();
    await focusEditor(page);
    assert.equal(await tabs().count(), SCRIPT.length - 1);
  });
});
