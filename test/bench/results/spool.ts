import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { createClient } from '../../../src/core/client/index.ts';
import type { EngineEndpoint } from '../../../src/core/engine/probe.ts';
import { type Runner, fresh, inTurns, median, printTable, runCurl, runJob } from '../measure.ts';
import { sampleQuery, withEngine } from '../withEngine.ts';
import { printFigures } from './figures.ts';

/** Takes a result into its spool, as the grid does, and, in turns, the same bytes with `curl -o`. */
export async function measureSpool(rows: number, rounds: number): Promise<void> {
  await withEngine(async (endpoint, folder) => {
    const sql = sampleQuery(rows);
    const theirs = join(folder, 'curl');
    const ours = join(folder, 'spool');
    const settings = await settingsOf(endpoint);
    const url = `${endpoint.url}/?${new URLSearchParams({ ...settings, default_format: 'ArrowStream' }).toString()}`;
    const curl = ['--data-binary', sql, '-o', theirs, url];
    const runners: Runner[] = [
      {
        name: 'loadResult into a spool',
        run: () => fresh(ours, () => runJob({ kind: 'loadResult', endpoint, sql, path: ours })),
      },
      { name: 'curl -o', run: () => fresh(theirs, () => runCurl(endpoint, curl)) },
    ];
    await runners[1]?.run();
    const usages = await inTurns(runners, rounds);
    const { size } = await stat(theirs);
    printTable(`${rows} rows as ArrowStream, ${size} bytes, into a spool`, runners, usages, 1);

    const [mine = [], curls = []] = usages;
    const extra = (name: string): number => median(mine.map((usage) => usage.extra?.[name] ?? NaN));
    if (extra('bytes') !== size) throw new Error(`${extra('bytes')} bytes were spooled.`);
    const wall = (all: typeof mine): number => median(all.map(({ wallMs }) => wallMs));
    printFigures('Into a spool, in a process of its own', [
      {
        name: 'wall time beside curl -o',
        value: wall(mine) / wall(curls),
        unit: 'x',
        target: 1.25,
        reference: 'undici.stream into a file: 1.15 x',
      },
      { name: 'event-loop delay, p99', value: extra('delayP99Ms'), unit: 'ms', target: 30 },
      { name: 'event-loop delay, longest', value: extra('delayMaxMs'), unit: 'ms' },
      { name: "first rows after the reply's headers", value: extra('firstRowsMs'), unit: 'ms' },
    ]);
  });
}

/** The settings that a grid query sends, so that both take the same bytes. */
async function settingsOf(endpoint: EngineEndpoint): Promise<Record<string, string>> {
  const client = createClient(endpoint);
  const own = await new GridSettings(client).forRun('none');
  await client.close();
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)]));
}
