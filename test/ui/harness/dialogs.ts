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

/** Waits for a toast, returns its text and closes it. */
export async function takeToast(
  page: Page,
  text: string | RegExp,
  timeout?: number,
): Promise<string> {
  const shown = toast(page, text).first();
  await shown.waitFor(timeout === undefined ? {} : { timeout });
  const message = await shown.locator('.notification-list-item-message').innerText();
  await shown.hover();
  await shown.getByRole('button', { name: /^Clear Notification/ }).click();
  return message;
}
