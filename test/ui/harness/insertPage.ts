import type { FrameLocator, Locator, Page } from 'playwright-core';

const frames = (page: Page): Locator => page.locator('iframe.webview.ready');

const frame = (page: Page): FrameLocator =>
  frames(page).last().contentFrame().locator('iframe#active-frame').contentFrame();

/** The insert page: the webview that came last. */
export const insertPage = (page: Page): Locator => frame(page).locator('#insert');

/** A button of the insert page. */
export const insertButton = (page: Page, name: string): Locator =>
  insertPage(page).getByRole('button', { name, exact: true });

/** Waits until the file has been looked at. */
export async function lookedAt(page: Page): Promise<void> {
  await insertPage(page).locator('vscode-progress-ring.idle').waitFor({ state: 'attached' });
}

/** Waits until the page shows what a change of it is to bring. */
export async function lookedAgain(page: Page, text: RegExp): Promise<void> {
  await lookedAt(page);
  await insertPage(page).getByText(text).first().waitFor();
}

/** Agrees to what the page shows, once it has looked at the file. */
export async function pressInsert(page: Page, name = 'Insert'): Promise<void> {
  await lookedAt(page);
  await insertButton(page, name).click();
}
