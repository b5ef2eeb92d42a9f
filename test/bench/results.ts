/**
 * Takes a result into its spool, as the grid does, and, in turns, the same bytes with `curl -o`; with the delay of the
 * event loop meanwhile, and how long after the reply's first bytes the first rows can be shown.
 * `npm run bench -- results [--rows 10000000] [--rounds 5]`
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GridSettings } from '../../src/core/arrow/spool/gridSettings.ts';
import { createClient } from '../../src/core/client/index.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';
import {
  type Runner,
  type Usage,
  fresh,
  inTurns,
  median,
  printTable,
  runCurl,
  runJob,
} from './measure.ts';
import { sampleQuery, withEngine } from './withEngine.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '5' },
  },
});

await withEngine(async (endpoint, folder) => {
  const sql = sampleQuery(Number(values.rows));
  const theirs = join(folder, 'curl');
  const ours = join(folder, 'spool');
  const settings = await settingsOf(endpoint);
  const url = `${endpoint.url}/?${new URLSearchParams({ ...settings, default_format: 'ArrowStream' }).toString()}`;
  const curl = ['--data-binary', sql, '-o', theirs, url];
  let bytes = 0;
  const runners: Runner[] = [
    {
      name: 'loadResult into a spool',
      run: () => fresh(ours, () => runJob({ kind: 'loadResult', endpoint, sql, path: ours })),
    },
    { name: 'curl -o', run: () => fresh(theirs, () => runCurl(endpoint, curl)) },
  ];
  await runners[1]?.run();
  const usages = await inTurns(runners, Number(values.rounds));
  ({ size: bytes } = await stat(theirs));
  const title = `${values.rows} rows as ArrowStream, ${bytes} bytes, into a spool`;
  printTable(title, runners, usages, 1);
  const [mine = []] = usages;
  const of = (name: string): number => median(mine.map(({ extra }: Usage) => extra?.[name] ?? NaN));
  console.log(
    `Event-loop delay p99 ${of('delayP99Ms').toFixed(1)} ms, longest ${of('delayMaxMs').toFixed(1)} ms; ` +
      `first rows ${of('firstRowsMs').toFixed(1)} ms after the reply's headers; ${of('bytes')} bytes spooled.`,
  );
  console.log(
    'Targets: wall ratio at most 1.25, delay p99 at most 30 ms, first rows within 150 ms.',
  );
});

/** The settings that a grid query sends, so that both take the same bytes. */
async function settingsOf(endpoint: EngineEndpoint): Promise<Record<string, string>> {
  const client = createClient(endpoint);
  const own = await new GridSettings(client).forRun('none');
  await client.close();
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)]));
}
