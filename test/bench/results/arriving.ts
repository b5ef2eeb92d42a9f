import { setTimeout as delay } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { median } from '../measure.ts';
import { sampleQuery } from '../withEngine.ts';
import { printFigures } from './figures.ts';
import { MeasuredEditor } from './measuredEditor.ts';

interface Arrival {
  /** ms from the reply's headers in the extension host to a frame with the first rows. */
  readonly paint: number;
  readonly delayP99: number;
  readonly delayMax: number;
}

/** Rows that come into a real VS Code while nobody touches it. */
export async function measureArriving(rows: number, rounds: number): Promise<void> {
  const editor = await MeasuredEditor.start();
  try {
    const arrivals: Arrival[] = [];
    for (let round = 0; round < rounds; round += 1) {
      arrivals.push(await arrive(editor, `run_${round}`, rows));
    }
    const of = (name: keyof Arrival): number => median(arrivals.map((one) => one[name]));
    printFigures(`${rows} rows x 4 columns arrive in VS Code, medians of ${rounds}`, [
      {
        name: "first rows painted after the reply's headers",
        value: of('paint'),
        unit: 'ms',
        target: 150,
        reference: 'Chromium by itself, 1 M x 50: 380 ms; 10 M x 4: 160 ms',
      },
      { name: 'event-loop delay of the host, p99', value: of('delayP99'), unit: 'ms', target: 30 },
      { name: 'event-loop delay of the host, longest', value: of('delayMax'), unit: 'ms' },
    ]);
  } finally {
    await editor.stop();
  }
}

async function arrive(editor: MeasuredEditor, name: string, rows: number): Promise<Arrival> {
  // What the round before left behind must not count.
  await delay(500);
  const painted = paintedWith(await editor.results(), name);
  await editor.host({ reset: true });
  await editor.run(sampleQuery(rows).replace('AS id', `AS ${name}`));
  const { delayP99, delayMax, replyAt } = await editor.host();
  return { paint: (await painted) - replyAt, delayP99, delayMax };
}

/** ms since 1970 when the first frame with a column of this name and the texts of its rows was drawn. */
function paintedWith(frame: Frame, name: string): Promise<number> {
  return frame.evaluate(
    (column) =>
      new Promise<number>((resolve) => {
        const channel = new MessageChannel();
        const look = (): void => {
          const header = document.querySelector('.column-name');
          const rows = document.querySelectorAll('.row:not([hidden])');
          const isThere =
            header?.textContent === column &&
            rows.length > 1 &&
            document.querySelector('.row:not([hidden]) .pending') === null;
          if (isThere) resolve(performance.timeOrigin + performance.now());
          else requestAnimationFrame(after);
        };
        // A task that is posted in a frame runs when that was drawn.
        const after = (): void => {
          channel.port2.postMessage(null);
        };
        channel.port1.onmessage = look;
        requestAnimationFrame(after);
      }),
    name,
  );
}
