import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { takeToast } from './harness/dialogs.ts';
import { dragTo, dropFiles } from './harness/drag.ts';
import { openFile } from './harness/editor.ts';
import { readRows, resultsPage } from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import { insertPage, lookedAt, pressInsert } from './harness/insertPage.ts';
import { runText, tableRow } from './harness/jobs.ts';
import { pick } from './harness/quickInput.ts';
import { containerButton, explorerItem, showContainer, treeRow } from './harness/views.ts';
import { Workbench } from './harness/workbench.ts';

describe('dropping files', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-drops-'));
  let workbench: Workbench;
  watch(() => workbench);

  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  /** Agrees to the page and returns its title. */
  const agree = async (): Promise<string> => {
    const { page } = workbench;
    await lookedAt(page);
    const title = await insertPage(page).getByRole('heading', { level: 1 }).innerText();
    await pressInsert(page);
    assert.match(await takeToast(page, /Inserted /), /^Inserted 2 rows/);
    return title;
  };
  const sums = async (table: string): Promise<string[]> => {
    await openFile(workbench.page, 'query.sql');
    await runText(workbench.page, `SELECT count(), sum(n) FROM ${table}`);
    return (await readRows(workbench.page, 1))[0] ?? [];
  };
  const explorerFile = async (name: string): Promise<Locator> => {
    await showContainer(workbench.page, 'Explorer');
    return explorerItem(workbench.page, name);
  };

  before(async () => {
    workbench = await Workbench.start({
      extensions: [root],
      files: {
        'query.sql': '\n',
        'lines.jsonl': '{"n":1}\n{"n":2}\n',
        'parts.jsonl': '{"n":3}\n{"n":4}\n',
      },
    });
    await openFile(workbench.page, 'query.sql');
    for (const table of ['goods', 'things', 'parts', 'results', 'shifted']) {
      await runText(workbench.page, `CREATE TABLE ${table} (n UInt32) ORDER BY n`);
    }
  });
  after(async () => {
    await workbench.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('on a database takes a file to the table that has its name', async () => {
    const { page } = workbench;
    await tableRow(page, 'default', 'goods');
    await dropFiles(page, treeRow(page, 'default'), [file('goods.csv', 'n\n10\n20\n')]);
    assert.equal(await agree(), 'Insert goods.csv into default.goods');
    assert.deepEqual(await sums('goods'), ['2', '30']);
  });

  it('on a table and on a database takes files of the explorer', async () => {
    const { page } = workbench;
    await tableRow(page, 'default', 'things');
    const via = containerButton(page, 'ClickHouse');
    await dragTo(page, await explorerFile('lines.jsonl'), treeRow(page, 'things'), { via });
    assert.equal(await agree(), 'Insert lines.jsonl into default.things');
    await dragTo(page, await explorerFile('parts.jsonl'), treeRow(page, 'default'), { via });
    assert.equal(await agree(), 'Insert parts.jsonl into default.parts');
    assert.deepEqual(await sums('things'), ['2', '3']);
    assert.deepEqual(await sums('parts'), ['2', '7']);
  });

  it('on the results asks for the table, that of the statement first', async () => {
    const { page } = workbench;
    assert.deepEqual(await sums('results'), ['0', '0']);
    const results = resultsPage(page).locator('#results');
    await dropFiles(page, results, [file('other.csv', 'n\n100\n200\n')]);
    const first = page.locator('.quick-input-widget .monaco-list-row .label-name').first();
    await first.waitFor();
    assert.equal(await first.innerText(), 'default.results');
    await pick(page, 'default.results', 'Insert other.csv into a table of Local ClickHouse');
    assert.equal(await agree(), 'Insert other.csv into default.results');
    assert.deepEqual(await sums('results'), ['2', '300']);
  });

  it('on the results takes files of the explorer while Shift is held', async () => {
    const { page } = workbench;
    const results = resultsPage(page).locator('#results');
    await dragTo(page, await explorerFile('lines.jsonl'), results, { shift: true });
    await pick(page, 'default.shifted', 'Insert lines.jsonl into a table of Local ClickHouse');
    assert.equal(await agree(), 'Insert lines.jsonl into default.shifted');
    assert.deepEqual(await sums('shifted'), ['2', '3']);
  });
});
