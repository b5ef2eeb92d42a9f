import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

const widget = (page: Page): Locator => page.locator('.quick-input-widget');
const box = (page: Page): Locator => widget(page).locator('input[type=text]:visible').first();

/** For a step of a poll: the dialog may close at any moment, and then there is nothing to wait for. */
const SOON = { timeout: 1_000 };
const ignored = (): undefined => undefined;

/** Runs a command by its title in the command palette (`Category: Title` narrows it down). */
export async function runCommand(page: Page, title: string): Promise<void> {
  const row = widget(page).locator('.monaco-list-row', { hasText: title }).first();
  // A webview that just closed may still have the keyboard, and a menu that closes takes it from the palette.
  await until(
    async () => {
      await page.keyboard.press('F1');
      return box(page)
        .fill(`>${title}`, { timeout: 2_000 })
        .then(() => row.waitFor({ timeout: 2_000 }))
        .then(
          () => true,
          () => false,
        );
    },
    20_000,
    `the command ${title}`,
  );
  await page.keyboard.press('Enter');
}

/**
 * Chooses the entry of an open quick pick that has exactly this label. `title` tells the pick from one that
 * is still open before it.
 */
export async function pick(page: Page, label: string, title?: string): Promise<void> {
  if (title !== undefined) {
    await widget(page).locator('.quick-input-title').getByText(title, { exact: true }).waitFor();
  }
  const name = page.locator('.label-name').getByText(label, { exact: true });
  const row = widget(page).locator('.monaco-list-row', { has: name }).first();
  await widget(page).locator('.monaco-list-row').first().waitFor();
  // A long list draws only some of its rows, and a pick that opens anew under the same title forgets the text.
  await until(
    async () => {
      await box(page).fill(label);
      return row.isVisible();
    },
    20_000,
    `the entry ${label}`,
  );
  await row.click();
}

/** Opens Show Session by its entry in the status bar. */
export async function showSession(page: Page, document: string): Promise<void> {
  await page.locator('.statusbar-item', { hasText: 'Local ClickHouse' }).locator('a').click();
  const title = widget(page).locator('.quick-input-title', { hasText: `Session of ${document}` });
  await title.waitFor();
}

/** A line of the list that Show Session has open. */
export const sessionLine = (page: Page, label: string): Locator =>
  widget(page)
    .locator('.monaco-list-row', { has: page.locator('.label-name', { hasText: label }) })
    .first();

/** Presses the gear of the entry of an open quick pick that has exactly this label. */
export async function pressGear(page: Page, label: string): Promise<void> {
  const name = page.locator('.label-name').getByText(label, { exact: true });
  const row = widget(page).locator('.monaco-list-row', { has: name }).first();
  await row.hover();
  await row.getByRole('button').click();
}

/** Answers an open input box whose prompt or title holds `title`. */
export async function answer(page: Page, title: string | RegExp, text: string): Promise<void> {
  await widget(page).filter({ hasText: title }).waitFor();
  await box(page).fill(text);
  await page.keyboard.press('Enter');
}

/** Closes whatever quick input is open. */
export async function dismiss(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await widget(page).waitFor({ state: 'hidden' });
}

/**
 * Saves under `target` (absolute) in the file dialog. The box must hold its default name before it
 * is filled: the dialog writes it late, over what was typed. And OK does nothing while the dialog
 * still lists the folder that was typed, so it is pressed until the dialog goes on.
 */
export async function saveAs(page: Page, title: string, target: string): Promise<void> {
  const heading = widget(page).locator('.quick-input-title', { hasText: title });
  await heading.waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLInputElement>('.quick-input-widget input[type=text]')].some(
      (input) => input.offsetParent !== null && /[^/\\]$/.test(input.value),
    ),
  );
  await box(page).fill(target);
  const goneOn = async (): Promise<boolean> =>
    !(await heading.isVisible()) || (await overwriteQuestion(page).isVisible());
  await until(
    async () => {
      if (await goneOn()) return true;
      // The default name may come late, over what was filled in.
      if ((await box(page).inputValue(SOON).catch(ignored)) !== target) {
        await box(page).fill(target, SOON).catch(ignored);
        return false;
      }
      await widget(page).getByRole('button', { name: 'OK' }).click(SOON).catch(ignored);
      return until(goneOn, 2_000).then(
        () => true,
        () => false,
      );
    },
    20_000,
    `${target} accepted by the file dialog`,
  );
}

/**
 * Chooses a folder (absolute) in the file dialog, which has to list it before it takes it.
 * @param button the one that takes it.
 */
export async function chooseFolder(
  page: Page,
  { title, button, folder }: { title: string; button: string; folder: string },
): Promise<void> {
  const heading = widget(page).locator('.quick-input-title', { hasText: title });
  await heading.waitFor();
  const wanted = `${folder}/`;
  await until(
    async () => {
      if (!(await heading.isVisible())) return true;
      if ((await box(page).inputValue(SOON).catch(ignored)) === wanted) {
        await widget(page).getByRole('button', { name: button }).click(SOON).catch(ignored);
      } else {
        await box(page).fill(wanted, SOON).catch(ignored);
      }
      return false;
    },
    20_000,
    `${folder} accepted by the file dialog`,
  );
}

const overwriteQuestion = (page: Page): Locator =>
  widget(page).filter({ hasText: 'already exists' });

/** Answers the file dialog's question about a file that already exists. */
export async function confirmOverwrite(page: Page, overwrite: boolean): Promise<void> {
  await overwriteQuestion(page).waitFor();
  await widget(page)
    .getByRole('button', { name: overwrite ? 'OK' : 'Cancel' })
    .click();
}
