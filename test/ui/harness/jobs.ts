// What users do with Rowhouse, as they do it: keys, buttons, dialogs, drags.
import type { Locator, Page } from 'playwright-core';
import { takeToast } from './dialogs.ts';
import { insertPage, lookedAt, pressInsert } from './insertPage.ts';
import { dropFiles } from './drag.ts';
import { setText } from './editor.ts';
import { pressInHeader, shownRun, waitForResult } from './grid.ts';
import { pick, runCommand, saveAs } from './quickInput.ts';
import { expand, showContainer, treeRow } from './views.ts';

/** Replaces the text of the active editor by one statement and runs it. Returns the run's summary. */
export async function runText(page: Page, sql: string, timeoutMs = 30_000): Promise<string> {
  await setText(page, sql);
  const after = await shownRun(page);
  await page.keyboard.press('Control+Enter');
  return waitForResult(page, { statement: sql.split('\n')[0] ?? '', timeoutMs, after });
}

/** Saves the shown result by the button above the grid. Returns the toast's text. */
export async function saveShownResult(page: Page, format: string, target: string): Promise<string> {
  await pressInHeader(page, 'Save results as…');
  await pick(page, format);
  await saveAs(page, 'Save Results As', target);
  return takeToast(page, /Saved /, 120_000);
}

/** The row of a table of the local ClickHouse in the Connections view. */
export async function tableRow(page: Page, database: string, table: string): Promise<Locator> {
  await showContainer(page, 'ClickHouse');
  await runCommand(page, 'ClickHouse: Refresh');
  await expand(treeRow(page, 'Local ClickHouse'));
  await expand(treeRow(page, database));
  const row = treeRow(page, table);
  await row.waitFor();
  return row;
}

/** Drops a file of the operating system on a table and agrees. Returns the page's title and the toast. */
export async function insertByDrop(
  page: Page,
  target: Locator,
  file: string,
): Promise<{ question: string; outcome: string }> {
  await dropFiles(page, target, [file]);
  await lookedAt(page);
  const question = await insertPage(page).getByRole('heading', { level: 1 }).innerText();
  await pressInsert(page);
  return { question, outcome: await takeToast(page, /Inserted /, 60_000) };
}
