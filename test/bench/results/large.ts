import type { Frame } from 'playwright-core';
import { type Figure, printFigures, quantile } from './figures.ts';
import { MeasuredEditor } from './measuredEditor.ts';

const JUMPS = 100;

/** 20 columns of which no value is long, so that 100 million rows need about 5 GB of disk. */
const COLUMNS = [
  'number AS id',
  ...Array.from({ length: 3 }, (_, i) => `toUInt32(number * ${i + 3}) AS u32_${i}`),
  "toDateTime(1700000000 + number % 1000000, 'UTC') AS at",
  ...Array.from({ length: 3 }, (_, i) => `toUInt16(number * ${i + 7}) AS u16_${i}`),
  'toDate(20000 + number % 1000) AS day',
  'toFloat32(number) AS f32',
  ...Array.from({ length: 8 }, (_, i) => `toUInt8(number + ${i}) AS u8_${i}`),
  'number % 3 = 0 AS flag',
  "CAST(number % 2, 'Enum8(\\'even\\' = 0, \\'odd\\' = 1)') AS parity",
];

/** A real VS Code with a result on disk that is larger than memory should ever hold. */
export async function measureLarge(rows: number): Promise<void> {
  const editor = await MeasuredEditor.start();
  try {
    const before = await editor.host({ reset: true });
    const sql = `SELECT ${COLUMNS.join(', ')} FROM numbers(${rows}) SETTINGS max_threads = 1`;
    const started = performance.now();
    await editor.run(sql);
    const seconds = (performance.now() - started) / 1000;
    const loaded = await editor.host({ reset: true });
    const frame = await editor.results();
    const jumps = await jump(frame, rows);
    const heap = await editor.heap();
    const after = await editor.host();
    const figures: Figure[] = [
      { name: 'jump to any row until painted, p50', value: quantile(jumps, 0.5), unit: 'ms' },
      {
        name: 'jump to any row until painted, p95',
        value: quantile(jumps, 0.95),
        unit: 'ms',
        target: 60,
        reference: 'window out of a spool without an editor: p95 4.2 ms',
      },
      { name: 'jump to any row until painted, p99', value: quantile(jumps, 0.99), unit: 'ms' },
      {
        name: 'JavaScript heap of the page, VS Code itself included',
        value: heap,
        unit: 'MB',
        target: 150,
      },
      {
        name: 'host memory beyond that before, rows open',
        value: after.rss - before.rss,
        unit: 'MB',
        target: 150,
      },
      {
        name: 'host memory beyond that before, highest',
        value: after.peakRss - before.rss,
        unit: 'MB',
      },
      {
        name: 'event-loop delay of the host while they came, p99',
        value: loaded.delayP99,
        unit: 'ms',
        target: 30,
      },
    ];
    const title = `${rows} rows x ${COLUMNS.length} columns in VS Code, spooled in ${seconds.toFixed(1)} s`;
    printFigures(`${title}; ${JUMPS} jumps`, figures);
  } finally {
    await editor.stop();
  }
}

/** ms of each jump, from when the page learns of the scroll bar's new place until the rows there are painted. */
function jump(frame: Frame, rows: number): Promise<number[]> {
  return frame.evaluate(
    async ([count, wanted]) => {
      const channel = new MessageChannel();
      /** After the next frame was drawn: its tasks come before this one. */
      const drawn = (): Promise<void> =>
        new Promise((resolve) => {
          channel.port1.onmessage = () => {
            resolve();
          };
          requestAnimationFrame(() => {
            channel.port2.postMessage(null);
          });
        });
      const grid = document.querySelector('.grid');
      if (!grid || Number(grid.ariaRowCount) !== wanted + 1) throw new Error('Rows are missing.');
      const first = (): string | null | undefined =>
        document.querySelector('.row:not([hidden])')?.ariaRowIndex;
      let scrolledAt = 0;
      grid.addEventListener('scroll', () => (scrolledAt = performance.now()), { capture: true });
      const times: number[] = [];
      for (let i = 0; i < count; i += 1) {
        const old = first();
        grid.scrollTop = Math.random() * (grid.scrollHeight - grid.clientHeight);
        do await drawn();
        while (
          first() === old ||
          grid.ariaBusy !== 'false' ||
          document.querySelector('.row:not([hidden]) .pending') !== null
        );
        times.push(performance.now() - scrolledAt);
      }
      return times;
    },
    [JUMPS, rows] as const,
  );
}
