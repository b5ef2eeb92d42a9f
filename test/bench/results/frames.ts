import type { CDPSession, Page } from 'playwright-core';
import type { FakeKind } from '../../page/fakeData.ts';
import { PageServer } from '../../page/resultsPage.ts';
import { median } from '../measure.ts';
import { type Figure, printFigures, quantile } from './figures.ts';

const KINDS: FakeKind[] = ['id', 'text', 'float', 'time', 'nullable', 'date'];
const FRAMES = 240;

interface Frames {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Main-thread ms per frame. */
  readonly task: number;
}

type Move = 'smooth' | 'jump' | 'sideways';

interface Round {
  readonly paint: number;
  readonly moves: Readonly<Record<Move, Frames>>;
  readonly heap: number;
}

/** What the own grid's prototype needed, p95 and p99 where they are known (1 million rows x 20 columns). */
const REFERENCE: Record<Move, string> = {
  smooth: 'prototype 16.6/19.7/20.6, task 4.8',
  jump: 'prototype 16.7/19.4/20.4, task 10.3',
  sideways: 'prototype, 1,000 columns: p50 17, p95 25, task 14.6',
};

/**
 * Frame times of the page as it is shipped, in a browser of 1400x800, with a host that answers at once: what the grid
 * itself costs. Medians over `rounds` freshly loaded pages for each size.
 */
export async function measureFrames(
  sizes: readonly (readonly number[])[],
  rounds: number,
): Promise<void> {
  const server = await PageServer.start({ production: true });
  try {
    // The first page of a browser waits for the browser itself.
    await measureRound(server, 1_000, 1);
    for (const [rows = 0, columns = 0] of sizes) {
      const measured: Round[] = [];
      for (let i = 0; i < rounds; i += 1) measured.push(await measureRound(server, rows, columns));
      report(measured, rows, columns);
    }
  } finally {
    await server.stop();
  }
}

function report(measured: readonly Round[], rows: number, columns: number): void {
  const of = (move: Move, name: keyof Frames): number =>
    median(measured.map(({ moves }) => moves[move][name]));
  const frames = (title: string, move: Move, p95?: number, p99?: number): Figure[] => [
    { name: `${title}: frame p50`, value: of(move, 'p50'), unit: 'ms', reference: REFERENCE[move] },
    {
      name: `${title}: frame p95`,
      value: of(move, 'p95'),
      unit: 'ms',
      ...(p95 !== undefined && { target: p95 }),
    },
    {
      name: `${title}: frame p99`,
      value: of(move, 'p99'),
      unit: 'ms',
      ...(p99 !== undefined && { target: p99 }),
    },
    { name: `${title}: main thread per frame`, value: of(move, 'task'), unit: 'ms' },
  ];
  printFigures(
    `${rows.toLocaleString('en-US')} rows x ${columns.toLocaleString('en-US')} columns, medians of ${measured.length}`,
    [
      {
        name: 'result shown to painted',
        value: median(measured.map(({ paint }) => paint)),
        unit: 'ms',
        reference: 'prototype 30 to 84 ms',
      },
      ...frames('smooth, 60 px per frame', 'smooth', 18, 25),
      ...frames('random jump in every frame', 'jump', 30),
      ...frames('sideways, 60 px per frame', 'sideways'),
      {
        name: 'JavaScript heap',
        value: median(measured.map(({ heap }) => heap)),
        unit: 'MB',
        target: 150,
        reference: 'prototype 1.4 MB',
      },
    ],
  );
}

async function measureRound(server: PageServer, rows: number, columns: number): Promise<Round> {
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
  const painted = paintedAt(page);
  const shown = await page.evaluate(() => performance.now());
  await results.show(kinds, { rows, bytes: rows * 100 });
  const paint = (await painted) - shown;
  const moves = {
    smooth: await frames(page, cdp, 'smooth'),
    jump: await frames(page, cdp, 'jump'),
    sideways: await frames(page, cdp, 'sideways'),
  };
  await results.settled();
  const heap = (await metrics(cdp, 'JSHeapUsedSize')) / 1e6;
  await results.close();
  return { paint, moves, heap };
}

/** When the first frame with texts of rows was drawn, on the page's clock. */
function paintedAt(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const channel = new MessageChannel();
        // A task that is posted in a frame runs when that was drawn.
        const next = (): number =>
          requestAnimationFrame(() => {
            channel.port2.postMessage(null);
          });
        channel.port1.onmessage = () => {
          const isThere =
            document.querySelectorAll('.row:not([hidden])').length > 0 &&
            document.querySelector('.row:not([hidden]) .pending') === null;
          if (isThere) resolve(performance.now());
          else next();
        };
        next();
      }),
  );
}

async function metrics(cdp: CDPSession, name: string): Promise<number> {
  const { metrics: all } = await cdp.send('Performance.getMetrics');
  return all.find((metric) => metric.name === name)?.value ?? NaN;
}

async function frames(page: Page, cdp: CDPSession, move: Move): Promise<Frames> {
  const before = await metrics(cdp, 'TaskDuration');
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
  const after = await metrics(cdp, 'TaskDuration');
  return {
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
    task: ((after - before) * 1000) / FRAMES,
  };
}
