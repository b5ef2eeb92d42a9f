import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The button of a view container in the activity bar. */
export const containerButton = (page: Page, name: string): Locator =>
  page.locator('.activitybar .action-item', { has: page.locator(`[aria-label^="${name}"]`) });

/** Opens a view container of the activity bar unless its side bar is shown already. */
export async function showContainer(page: Page, name: string): Promise<void> {
  const item = containerButton(page, name);
  if (!/\bchecked\b/.test((await item.getAttribute('class')) ?? '')) await item.click();
}

/** A file of the workspace in the explorer. */
export const explorerItem = (page: Page, name: string): Locator =>
  page.locator('.explorer-folders-view').getByRole('treeitem', { name, exact: true });

/** The row of a tree in the side bar whose label is exactly this. */
export const treeRow = (page: Page, label: string): Locator =>
  page
    .locator('.part.sidebar .monaco-list-row', {
      has: page.locator('.label-name').getByText(label, { exact: true }),
    })
    .first();

/** Expands a tree row unless it is expanded. */
export async function expand(row: Locator): Promise<void> {
  await row.waitFor();
  if ((await row.getAttribute('aria-expanded')) !== 'true') {
    await row.locator('.monaco-tl-twistie').click();
  }
}

/** The page inside a webview. There are two frames: VS Code's own, and the extension's in it. */
export const webview = (page: Page, index = 0): FrameLocator =>
  page
    .locator('iframe.webview.ready')
    .nth(index)
    .contentFrame()
    .locator('iframe#active-frame')
    .contentFrame();
