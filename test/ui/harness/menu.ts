import { setTimeout as delay } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';

// A menu ignores the mouse for a moment after it opens, so that the click that opened it chooses nothing.
const DEAF_MS = 200;

/** Chooses an entry of an element's context menu. */
export async function chooseInMenu(page: Page, target: Locator, label: string): Promise<void> {
  await target.click({ button: 'right' });
  const entry = page.locator('.monaco-menu').getByText(label, { exact: true });
  await entry.waitFor();
  await delay(DEAF_MS);
  await entry.click();
  await entry.waitFor({ state: 'hidden' });
}
