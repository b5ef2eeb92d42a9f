import { setTimeout as delay } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { until } from './until.ts';

// The workbench decides between two drag events what would happen; there is no condition to poll.
const BETWEEN_EVENTS_MS = 200;
// copy, link and move: tree views refuse a drag that offers copy alone.
const ALL_OPERATIONS = 19;

async function middle(target: Locator): Promise<{ x: number; y: number }> {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (box === null) throw new Error('The drop target is not visible');
  return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 60) };
}

/** Drops files of the operating system: a real browser drag, hit-tested also into iframes. */
export async function dropFiles(
  page: Page,
  target: Locator,
  files: readonly string[],
  { shift = false } = {},
): Promise<void> {
  const at = await middle(target);
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: ALL_OPERATIONS };
  for (const type of ['dragEnter', 'dragOver', 'dragOver', 'drop'] as const) {
    await cdp.send('Input.dispatchDragEvent', { type, ...at, data, modifiers: shift ? 8 : 0 });
    await delay(BETWEEN_EVENTS_MS);
  }
  await cdp.detach();
}

/**
 * Drags an element of the workbench, for example a file of the explorer, onto another. `via`: first over this one,
 * which brings the other into sight.
 */
export async function dragTo(
  page: Page,
  from: Locator,
  to: Locator,
  { shift = false, via }: { shift?: boolean; via?: Locator } = {},
): Promise<void> {
  const start = await middle(from);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 15, start.y + 5, { steps: 4 });
  if (shift) await page.keyboard.down('Shift');
  if (via) {
    const between = await middle(via);
    // A held drag goes on telling where it is; this one tells it only when it moves.
    let aside = 0;
    await until(async () => {
      aside = aside === 0 ? 2 : 0;
      await page.mouse.move(between.x + aside, between.y);
      return to.isVisible();
    }, 10_000);
  }
  const end = await middle(to);
  await page.mouse.move(end.x, end.y, { steps: 8 });
  await delay(BETWEEN_EVENTS_MS);
  await page.mouse.up();
  if (shift) await page.keyboard.up('Shift');
}
