/**
 * Saves results to files: `client.saveTo`, with and without its rows and checksum, beside `curl -o`, curl with `sha256sum`
 * reading along, and the official client, with and without what a save promises beside the bytes. Only `saveTo` waits
 * until the file is on the disk, so there are also others that wait for it.
 * `npm run bench -- save [--rows 10000000] [--rounds 5] [--formats CSV,Parquet]`
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';
import {
  type Runner,
  type Usage,
  durable,
  fresh,
  inTurns,
  printTable,
  runCurl,
  runJob,
} from './measure.ts';
import { sampleQuery, withEngine } from './withEngine.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '5' },
    formats: { type: 'string', default: 'CSV,Parquet' },
  },
});

async function save(endpoint: EngineEndpoint, folder: string, format: string): Promise<void> {
  const sql = sampleQuery(Number(values.rows));
  const ours = join(folder, 'ours');
  const theirs = join(folder, 'curl');
  const peers = join(folder, 'peer');
  const url = `${endpoint.url}/?default_format=${format}`;
  const job = { endpoint, sql, format };
  const saveTo = (parts?: { checksum: boolean; countRows?: boolean }): Promise<Usage> =>
    fresh(ours, () => runJob({ kind: 'saveTo', ...job, path: ours, warm: true, ...parts }));
  const curl = (): Promise<Usage> =>
    fresh(theirs, () => runCurl(endpoint, ['--data-binary', sql, '-o', theirs, url]));
  const runners: Runner[] = [
    { name: 'curl -o', run: curl },
    { name: 'curl -o, then fsync', run: async () => durable(theirs, await curl()) },
    { name: 'client.saveTo', run: () => saveTo() },
    { name: 'without checksum', run: () => saveTo({ checksum: false }) },
    { name: 'without rows and checksum', run: () => saveTo({ checksum: false, countRows: false }) },
    {
      name: 'curl | tee | sha256sum',
      run: () =>
        fresh(theirs, () =>
          runCurl(endpoint, ['--data-binary', sql, url], `tee '${theirs}' | sha256sum`),
        ),
    },
    {
      name: '@clickhouse/client',
      run: () => fresh(peers, () => runJob({ kind: 'peerExec', ...job, path: peers })),
    },
    {
      name: 'the same, SHA-256, fsync',
      run: () => fresh(peers, () => runJob({ kind: 'peerSave', ...job, path: peers })),
    },
  ];
  await runners[0]?.run();
  const usages = await inTurns(runners, Number(values.rounds));
  const [a, b] = await Promise.all([readFile(ours), readFile(theirs)]);
  printTable(`Save ${values.rows} rows as ${format}, ${b.length} bytes`, runners, usages, 0);
  if (format !== 'CSV') return;
  console.log(`The files are ${a.equals(b) ? 'identical' : 'DIFFERENT'}.`);
  if (!a.equals(b)) process.exitCode = 1;
}

await withEngine(async (endpoint, folder) => {
  for (const format of values.formats.split(',')) await save(endpoint, folder, format);
  console.log(
    '\nTargets: wall at most 1.15x of curl -o; @clickhouse/client at least 1.5x of saveTo.',
  );
});
