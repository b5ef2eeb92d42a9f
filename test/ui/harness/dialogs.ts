import type { Locator, Page } from 'playwright-core';

/** The modal question that is open. */
export const modal = (page: Page): Locator => page.locator('.monaco-dialog-box');

/** Presses a button of the modal question and returns the question's text. */
export async function answerModal(page: Page, button: string | RegExp): Promise<string> {
  const dialog = modal(page);
  await dialog.waitFor();
  const text = await dialog.locator('.dialog-message-container').innerText();
  await dialog.getByRole('button', { name: button }).click();
  await dialog.waitFor({ state: 'hidden' });
  return text;
}

/** A notification toast. Toasts are never shown under `smokeTestDriver`. */
export const toast = (page: Page, text: string | RegExp): Locator =>
  page.locator('.notification-toast', { hasText: text });

/** What the bell has: all notifications, also those whose toasts are gone. */
async function allNotifications(page: Page): Promise<string> {
  await page.locator('[id="status.notifications"] a').click();
  return page.locator('.notifications-center').innerText();
}

/**
 * Waits for a toast, returns its text and closes it. It is read and closed at once and without the pointer: the
 * toast moves when one below it goes, as a progress does just after its outcome came, and hides its buttons
 * when it is not pointed at.
 */
export async function takeToast(
  page: Page,
  text: string | RegExp,
  timeout?: number,
): Promise<string> {
  const shown = toast(page, text).first();
  const options = timeout === undefined ? {} : { timeout };
  try {
    await shown.waitFor(options);
  } catch (error) {
    throw new Error(`No toast ${String(text)}, but: ${await allNotifications(page)}`, {
      cause: error,
    });
  }
  const handle = await shown.elementHandle(options);
  const message = await handle.evaluate((element) => {
    const words = element.querySelector<HTMLElement>('.notification-list-item-message')?.innerText;
    element.querySelector<HTMLElement>('.codicon-notifications-clear')?.click();
    return words ?? '';
  });
  await handle.waitForElementState('hidden');
  return message;
}
