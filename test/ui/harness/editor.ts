import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';
import { explorerItem, showContainer } from './views.ts';

/** The Monaco editor that has the focus group. */
export const editor = (page: Page): Locator =>
  page.locator('.editor-group-container.active .monaco-editor').first();

/** A tab of an open file. */
export const tab = (page: Page, name: string): Locator =>
  page.locator('.tabs-container .tab', { hasText: name });

/** Opens a file of the workspace from the explorer, in a tab that stays. */
export async function openFile(page: Page, name: string): Promise<void> {
  await showContainer(page, 'Explorer');
  await explorerItem(page, name).dblclick();
  await page.locator('.tabs-container .tab.active', { hasText: name }).waitFor();
  await editor(page).locator('.view-line').first().waitFor();
}

/** Makes the tab of an open file the active one, and puts the focus into its editor. */
export async function showTab(page: Page, name: string): Promise<void> {
  await tab(page, name).click();
  await page.locator('.tabs-container .tab.active', { hasText: name }).waitFor();
  await focusEditor(page);
}

/** Puts the focus into the active editor without moving its cursor. */
export async function focusEditor(page: Page): Promise<void> {
  await editor(page).locator('.native-edit-context, textarea.inputarea').first().focus();
}

/** Puts the cursor at a line and column, both from 1, by "Go to Line". */
export async function goTo(page: Page, line: number, column = 1): Promise<void> {
  await focusEditor(page);
  await page.keyboard.press('Control+g');
  await page.locator('.quick-input-widget input:visible').first().fill(`:${line}:${column}`);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** Selects whole lines, from 1, without the line break after the last. */
export async function selectLines(page: Page, first: number, last: number): Promise<void> {
  await goTo(page, first);
  await page.keyboard.press('Home');
  for (let line = first; line < last; line += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+End');
}

/** Replaces the whole text of the active editor by pasting: typing would close brackets by itself. */
export async function setText(page: Page, text: string): Promise<void> {
  await focusEditor(page);
  await page.keyboard.press('Control+a');
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await page.keyboard.press('Control+v');
  // The paste arrives later than the keys that follow it.
  const lines = editor(page).locator('.view-lines');
  const end = text.trimEnd().split('\n').at(-1) ?? '';
  await until(
    async () => (await lines.innerText()).replaceAll('\u00a0', ' ').trimEnd().endsWith(end),
    10_000,
    `"${end}" at the end of the editor`,
  );
}
