import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { answerModal, toast } from './harness/dialogs.ts';
import { focusEditor, openFile, setText, tab } from './harness/editor.ts';
import {
  pressInHeader,
  readRows,
  resultsHeader,
  resultsPage,
  waitForResult,
} from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import { runText } from './harness/jobs.ts';
import { dismiss, pick, sessionLine, showSession } from './harness/quickInput.ts';
import { until } from './harness/until.ts';
import { Workbench } from './harness/workbench.ts';

const SLOWLY = 'SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0';
/** Writes, so that another statement waits for it; ends when it is cancelled. */
const WRITING = `INSERT INTO mine SELECT sleepEachRow(0.1) FROM numbers(6000) ${SLOWLY}`;

describe('sessions that people see', function () {
  this.timeout(60_000);
  let workbench: Workbench;
  watch(() => workbench);

  before(async () => {
    workbench = await Workbench.start({
      extensions: [root],
      files: { 'a.sql': '\n', 'b.sql': '\n' },
    });
    await openFile(workbench.page, 'a.sql');
    await runText(workbench.page, 'SET max_threads = 3');
    await runText(workbench.page, 'CREATE TEMPORARY TABLE mine (x UInt8)');
  });
  after(async () => {
    await workbench.stop();
  });

  it('are named in the status bar, and list what they hold', async () => {
    const { page } = workbench;
    const tooltip = page.locator('.monaco-hover', { hasText: 'Temporary tables: mine' });
    await until(
      async () => {
        // An open tooltip keeps its text, and closes when the entry in the status bar is drawn anew.
        await page.mouse.move(0, 0);
        await page.locator('.statusbar-item', { hasText: 'Local ClickHouse' }).hover();
        return tooltip.waitFor({ timeout: 2000 }).then(
          () => true,
          () => false,
        );
      },
      20_000,
      'the tooltip',
    );
    const said = await tooltip.innerText();
    assert.match(said, /Settings: max_threads = 3/);
    assert.match(said, /The session is kept alive while its tab is open/);
    await showSession(page, 'a.sql');
    assert.match(await sessionLine(page, 'max_threads').innerText(), /max_threads\s*3/);
    assert.match(await sessionLine(page, 'mine').innerText(), /CREATE TEMPORARY TABLE mine/);
    assert.match(
      await sessionLine(page, 'Session').innerText(),
      /kept alive while its tab is open/,
    );
    await sessionLine(page, 'Reset session').waitFor();
    await dismiss(page);
  });

  it('tell what a statement waits for, and let it be taken out of the queue', async () => {
    const { page } = workbench;
    await setText(page, WRITING);
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'INSERT INTO mine', state: 'running' });
    await setText(page, "SELECT 'waits'");
    await page.keyboard.press('Control+Enter');
    await answerModal(page, 'Run after it');
    const waits = resultsPage(page).getByText('Waiting behind “INSERT INTO mine');
    await waits.first().waitFor();
    await showSession(page, 'a.sql');
    await sessionLine(page, 'Running since').filter({ hasText: 'INSERT INTO mine' }).waitFor();
    await sessionLine(page, 'Waiting since').filter({ hasText: "SELECT 'waits'" }).click();
    await waitForResult(page, { statement: "SELECT 'waits'", state: 'cancelled' });
    assert.match(await resultsPage(page).locator('#result').innerText(), /before it was sent/);
  });

  it('say when a cancelled statement has stopped on the server', async () => {
    const { page } = workbench;
    await resultsPage(page).getByRole('tab', { name: 'INSERT INTO mine' }).click();
    await waitForResult(page, { statement: 'INSERT INTO mine', state: 'running' });
    await pressInHeader(page, 'Cancel');
    await waitForResult(page, { statement: 'INSERT INTO mine', state: 'cancelled' });
    await resultsPage(page)
      .getByText(/^Stopped on the server after \d/)
      .first()
      .waitFor();
  });

  it('show what a run cost', async () => {
    const { page } = workbench;
    await runText(page, 'SELECT sum(number) FROM numbers(1000000)');
    await pressInHeader(page, 'Statistics of this run');
    const card = resultsPage(page).getByRole('region', { name: 'Statistics of this run' });
    await card.getByText('1,000,000 rows').first().waitFor();
    await card.getByText('Peak memory').waitFor();
    await pressInHeader(page, 'Statistics of this run');
    await card.waitFor({ state: 'hidden' });
  });

  it('are forked into a new editor with the same settings, and reset', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await showSession(page, 'a.sql');
    await pick(page, 'Fork into new editor…');
    assert.match(await answerModal(page, 'Without tables'), /no temporary tables/);
    await page.locator('.tabs-container .tab.active', { hasText: 'Untitled-1' }).waitFor();
    await runText(page, "SELECT getSetting('max_threads') AS forked");
    assert.deepEqual(await readRows(page, 1), [['3']]);
    await showSession(page, 'Untitled-1');
    await pick(page, 'Reset session');
    await runText(page, "SELECT getSetting('max_threads') = 3 AS still");
    assert.deepEqual(await readRows(page, 1), [['0']]);
  });

  it('ask about a statement that still writes when its tab is closed', async () => {
    const { page } = workbench;
    await openFile(page, 'b.sql');
    await runText(page, 'CREATE TEMPORARY TABLE mine (x UInt8)');
    await setText(page, WRITING);
    await page.keyboard.press('Control+s');
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'INSERT INTO mine', state: 'running' });
    await tab(page, 'b.sql').click({ button: 'middle' });
    const question = toast(page, 'b.sql was closed, but its statement still runs').first();
    await question.waitFor();
    await question.getByRole('button', { name: 'Cancel it' }).click();
    await tab(page, 'a.sql').click();
    await until(
      async () => !(await resultsHeader(page).innerText()).includes('INSERT INTO mine'),
      10_000,
      'the result of the closed editor to go',
    );
  });
});
