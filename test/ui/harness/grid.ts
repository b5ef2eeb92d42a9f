import type { FrameLocator, Locator, Page } from 'playwright-core';
import { until } from './until.ts';
import { webview } from './views.ts';

/** The page in the Results view. */
export const resultsPage = (page: Page): FrameLocator => webview(page);

export const resultsHeader = (page: Page): Locator =>
  resultsPage(page).locator('header.results-header');

export interface AwaitedResult {
  /** Part of the statement's first line; tells this result from the one before. */
  readonly statement: string;
  /** Default `complete`. */
  readonly state?: 'complete' | 'running' | 'failed' | 'cancelled';
  readonly timeoutMs?: number;
  /** The run that was shown before, of what may be the same statement, as `shownRun` told it. */
  readonly after?: string | undefined;
}

const statementOf = (page: Page): Locator => resultsHeader(page).locator('.statement');

/** Tells the run in the Results view, by its query id, from all others. Undefined: none is shown. */
export async function shownRun(page: Page): Promise<string | undefined> {
  const [title] = await statementOf(page).evaluateAll((elements) =>
    elements.map((statement) => statement.getAttribute('title') ?? ''),
  );
  return title;
}

/** Waits until the Results view shows a run in the given state, and returns its summary. */
export async function waitForResult(
  page: Page,
  { statement, state = 'complete', timeoutMs = 30_000, after }: AwaitedResult,
): Promise<string> {
  const header = resultsHeader(page);
  if (after !== undefined) {
    await until(
      async () => (await shownRun(page)) !== after,
      timeoutMs,
      `a run after that of ${after}`,
    );
  }
  const shown = header.and(resultsPage(page).locator(`[data-state="${state}"]`)).filter({
    has: resultsPage(page).locator('.statement', { hasText: statement }),
  });
  try {
    await shown.waitFor({ timeout: timeoutMs });
  } catch {
    const text = await header.innerText({ timeout: 1_000 }).catch(() => 'nothing');
    throw new Error(`The Results view does not show "${statement}" as ${state}, but: ${text}`);
  }
  return header.locator('.state').innerText();
}

const grid = (page: Page): Locator => resultsPage(page).getByRole('grid');

/** Number of rows of the result by `aria-rowcount`, which counts the header row too. */
export async function rowCount(page: Page): Promise<number> {
  return Number(await grid(page).getAttribute('aria-rowcount')) - 1;
}

export async function columnNames(page: Page): Promise<string[]> {
  return grid(page)
    .getByRole('columnheader')
    .evaluateAll((cells) =>
      cells
        .filter((cell) => !cell.hasAttribute('hidden'))
        .sort((a, b) => Number(a.ariaColIndex) - Number(b.ariaColIndex))
        .map((cell) => cell.firstElementChild?.textContent ?? cell.textContent),
    );
}

/** The texts of the rows that are drawn, in order; undefined while cells are still on their way. */
async function drawnRows(page: Page): Promise<string[][] | undefined> {
  return grid(page).evaluate((element) => {
    if (element.querySelector('[role=row]:not([hidden]) .pending') !== null) return undefined;
    const byIndex = (key: 'ariaRowIndex' | 'ariaColIndex') => (a: Element, b: Element) =>
      Number(a[key]) - Number(b[key]);
    return [...element.querySelectorAll('[role=row]:not([hidden])')]
      .filter((row) => row.querySelector('[role=gridcell]') !== null)
      .sort(byIndex('ariaRowIndex'))
      .map((row) =>
        [...row.querySelectorAll('[role=gridcell]:not([hidden])')]
          .sort(byIndex('ariaColIndex'))
          .map((cell) => cell.textContent),
      );
  });
}

/** Waits for the cells on the screen and returns the first rows of them. */
export async function readRows(page: Page, count: number): Promise<string[][]> {
  let rows: string[][] = [];
  await until(
    async () => {
      rows = (await drawnRows(page)) ?? [];
      return rows.length >= count;
    },
    20_000,
    `${count} rows in the grid`,
  );
  return rows.slice(0, count);
}

/** Puts the focus into the grid, for its keyboard. */
export async function focusGrid(page: Page): Promise<void> {
  await grid(page).focus();
}

/** Presses a button of the results header. */
export async function pressInHeader(page: Page, name: string | RegExp): Promise<void> {
  await resultsHeader(page).getByRole('button', { name }).click();
}
