import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/lib/paths.mjs';
import { openFile, setText, showTab } from './harness/editor.ts';
import { readRows, waitForResult } from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import { Workbench } from './harness/workbench.ts';

async function runText(page: Page, sql: string): Promise<void> {
  await setText(page, sql);
  await page.keyboard.press('Control+Enter');
  await waitForResult(page, { statement: sql });
}

describe('two tabs', function () {
  this.timeout(60_000);
  let workbench: Workbench;
  watch(() => workbench);

  before(async () => {
    workbench = await Workbench.start({
      extensions: [root],
      files: { 'a.sql': '\n', 'b.sql': '\n' },
    });
    await openFile(workbench.page, 'a.sql');
    await openFile(workbench.page, 'b.sql');
  });
  after(async () => {
    await workbench.stop();
  });

  it('have settings of their own', async () => {
    const { page } = workbench;
    await showTab(page, 'a.sql');
    await runText(page, 'SET max_threads = 3');
    await showTab(page, 'b.sql');
    await runText(page, 'SET max_threads = 5');
    for (const [name, threads] of [
      ['a.sql', '3'],
      ['b.sql', '5'],
    ] as const) {
      await showTab(page, name);
      await runText(page, `SELECT getSetting('max_threads') AS "${name}"`);
      assert.deepEqual(await readRows(page, 1), [[threads]]);
    }
  });

  it('have temporary tables of their own', async () => {
    const { page } = workbench;
    await showTab(page, 'a.sql');
    await runText(page, 'CREATE TEMPORARY TABLE mine AS SELECT 42 AS answer');
    await runText(page, 'SELECT answer FROM mine');
    assert.deepEqual(await readRows(page, 1), [['42']]);
    await showTab(page, 'b.sql');
    await setText(page, 'SELECT answer FROM mine');
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'FROM mine', state: 'failed' });
  });

  it('run at the same time', async () => {
    const { page } = workbench;
    await showTab(page, 'a.sql');
    const slow = 'SELECT sleepEachRow(0.1) FROM numbers(60) SETTINGS max_block_size = 1';
    await setText(page, slow);
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: slow, state: 'running' });
    await showTab(page, 'b.sql');
    await runText(page, "SELECT 'meanwhile' AS b");
    await showTab(page, 'a.sql');
    await waitForResult(page, { statement: slow, state: 'running', timeoutMs: 1_000 });
    await waitForResult(page, { statement: slow });
  });
});
