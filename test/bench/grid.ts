/**
 * Frame times of the results grid in a real browser, by number of rows and columns. Prints a table:
 * `node test/bench/grid.ts [rows x columns ...]`, for example `1e6x20`.
 */
import type { CDPSession, Page } from 'playwright-core';
import type { FakeKind } from '../page/fakeData.ts';
import { PageServer } from '../page/resultsPage.ts';

const KINDS: FakeKind[] = ['id', 'text', 'float', 'time', 'nullable', 'date'];
const FRAMES = 240;

interface Frames {
  p50: number;
  p95: number;
  p99: number;
  /** Main-thread ms per frame. */
  task: number;
}

type Move = 'smooth' | 'jump' | 'sideways';

async function metrics(cdp: CDPSession): Promise<Map<string, number>> {
  const { metrics: all } = await cdp.send('Performance.getMetrics');
  return new Map(all.map(({ name, value }) => [name, value]));
}

async function frames(page: Page, cdp: CDPSession, move: Move): Promise<Frames> {
  const before = (await metrics(cdp)).get('TaskDuration') ?? 0;
  const times = await page.evaluate(
    ([how, count]) =>
      new Promise<number[]>((resolve) => {
        const grid = document.querySelector('.grid');
        const view = document.querySelector('.view');
        const seen: number[] = [];
        let last = 0;
        const step = (now: number): void => {
          if (last > 0) seen.push(now - last);
          last = now;
          if (seen.length === count || !grid || !view) {
            resolve(seen);
            return;
          }
          if (how === 'jump') grid.scrollTop = Math.random() * grid.scrollHeight;
          else {
            const delta = how === 'smooth' ? { deltaY: 60 } : { deltaX: 60 };
            view.dispatchEvent(
              new WheelEvent('wheel', { ...delta, bubbles: true, cancelable: true }),
            );
          }
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    [move, FRAMES] as const,
  );
  const after = (await metrics(cdp)).get('TaskDuration') ?? 0;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), task: ((after - before) * 1000) / FRAMES };
}

const text = ({ p50, p95, p99, task }: Frames): string =>
  `${p50.toFixed(1)}/${p95.toFixed(1)}/${p99.toFixed(1)} ${task.toFixed(1)}`;

async function measure(server: PageServer, rows: number, columns: number): Promise<void> {
  const results = await server.open();
  const { page } = results;
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await page.evaluate(() => {
    window.fakeHost.reuse = true;
  });
  const kinds = Array.from({ length: columns }, (_, i) => {
    const kind = KINDS[i % KINDS.length] ?? 'id';
    return [`${kind} ${i}`, kind] as const;
  });
  const paint = await page.evaluate(() => performance.now());
  await results.show(kinds, { rows, bytes: rows * 100 });
  await results.settled();
  const painted = (await page.evaluate(() => performance.now())) - paint;
  const smooth = await frames(page, cdp, 'smooth');
  const jump = await frames(page, cdp, 'jump');
  const sideways = await frames(page, cdp, 'sideways');
  await results.settled();
  const heap = ((await metrics(cdp)).get('JSHeapUsedSize') ?? 0) / 1e6;
  console.log(
    [
      `${rows.toExponential(0)} x ${columns}`.padEnd(12),
      `${painted.toFixed(0)} ms`.padEnd(12),
      text(smooth).padEnd(22),
      text(jump).padEnd(22),
      text(sideways).padEnd(22),
      `${heap.toFixed(1)} MB`,
    ].join(''),
  );
  await results.close();
}

const asked = process.argv.slice(2).map((arg) => arg.split('x').map(Number));
const sizes =
  asked.length > 0
    ? asked
    : [
        [1e3, 20],
        [1e6, 20],
        [1e8, 20],
        [1e6, 1000],
      ];
const server = await PageServer.start({ production: true });
try {
  console.log('frame ms: p50/p95/p99 and main-thread ms per frame');
  console.log(
    ['rows x cols', 'first paint', 'smooth 60 px', 'random jumps', 'sideways 60 px', 'heap']
      .map((title, i) => title.padEnd([12, 12, 22, 22, 22, 0][i] ?? 0))
      .join(''),
  );
  for (const [rows = 0, columns = 0] of sizes) await measure(server, rows, columns);
} finally {
  await server.stop();
}
