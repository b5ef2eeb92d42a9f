/**
 * Files into tables: 1 GB of CSV into a MergeTree table beside curl, the memory of a large file, and the plan of a
 * huge one.
 * `npm run bench -- insert [--gigabytes 1] [--rounds 5] [--largeGigabytes 5] [--parts curl,memory,plan]`
 */
import { copyFile, open, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '../../src/core/client/index.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';
import { planInsert } from '../../src/core/transfer/insertPlan.ts';
import {
  type Runner,
  type Usage,
  inTurns,
  median,
  printTable,
  runCurl,
  runJob,
} from './measure.ts';
import { sampleQuery, withEngine } from './withEngine.ts';

const { values } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    largeGigabytes: { type: 'string', default: '5' },
    parts: { type: 'string', default: 'curl,memory,plan' },
  },
});
const MOST_RATIO = 1.15;
const MOST_GROWTH_MIB = 64;
const MOST_PLAN_MS = 1_000;
const HUGE_BYTES = 10 * 1024 ** 3;
/** The sample has about 69 bytes a row. */
const ROWS_PER_GB = 14_500_000;
const TABLE = 'bench_insert';
const COLUMNS = "id UInt64, key String, ratio Float64, at DateTime('UTC')";

async function sampleFile(endpoint: EngineEndpoint, path: string, gigabytes: number) {
  const client = createClient(endpoint);
  const rows = Math.round(gigabytes * ROWS_PER_GB);
  await client.saveTo(sampleQuery(rows), path, { format: 'CSVWithNames', overwrite: true });
  await client.close();
  return (await stat(path)).size;
}

async function emptyTable(endpoint: EngineEndpoint): Promise<void> {
  const client = createClient(endpoint);
  await client.command(`DROP TABLE IF EXISTS ${TABLE} SYNC`);
  await client.command(`CREATE TABLE ${TABLE} (${COLUMNS}) ENGINE = MergeTree ORDER BY id`);
  await client.close();
}

/** Each run into an empty table. */
function intoEmpty(endpoint: EngineEndpoint, run: () => Promise<Usage>): () => Promise<Usage> {
  return async () => {
    await emptyTable(endpoint);
    return run();
  };
}

async function besideCurl(endpoint: EngineEndpoint, path: string): Promise<void> {
  const bytes = await sampleFile(endpoint, path, Number(values.gigabytes));
  const query = encodeURIComponent(`INSERT INTO ${TABLE} FORMAT CSVWithNames`);
  const url = `${endpoint.url}/?async_insert=0&query=${query}`;
  const post = ['-X', 'POST', '-H', 'Content-Type: application/octet-stream', '-T', path, url];
  const runners: Runner[] = [
    { name: 'curl -T', run: intoEmpty(endpoint, () => runCurl(endpoint, post)) },
    {
      name: 'Rowhouse',
      run: intoEmpty(endpoint, () => runJob({ kind: 'insertMany', endpoint, table: TABLE, path })),
    },
  ];
  await runners[0]?.run();
  const usages = await inTurns(runners, Number(values.rounds));
  printTable(`Insert ${bytes} bytes of CSV into a MergeTree table`, runners, usages, 0);
  const [theirs = NaN, ours = NaN] = usages.map((each) => median(each.map((u) => u.wallMs)));
  console.log(`Target: wall at most ${MOST_RATIO}x of curl -T.`);
  if (!(ours <= MOST_RATIO * theirs)) process.exitCode = 1;
}

/** The sample again and again, without making it anew. */
async function largeFile(sample: string, path: string, gigabytes: number): Promise<number> {
  await copyFile(sample, path);
  const part = await open(sample, 'r');
  const large = await open(path, 'r+');
  const { size } = await part.stat();
  const buffer = Buffer.allocUnsafe(8 * 1024 * 1024);
  let end = size;
  while (end < gigabytes * 1e9) {
    // Behind the line with the names.
    for (let at = SAMPLE_HEADER.length; at < size;) {
      const { bytesRead } = await part.read(buffer, 0, buffer.length, at);
      await large.write(buffer, 0, bytesRead, end);
      at += bytesRead;
      end += bytesRead;
    }
  }
  await part.close();
  await large.close();
  return end;
}

const SAMPLE_HEADER = '"id","key","ratio","at"\n';

async function memory(endpoint: EngineEndpoint, folder: string): Promise<void> {
  const sample = join(folder, 'sample.csv');
  const path = join(folder, 'large.csv');
  await sampleFile(endpoint, sample, 0.1);
  const bytes = await largeFile(sample, path, Number(values.largeGigabytes));
  for (const compression of ['none', 'zstd'] as const) {
    const { wallMs, growthMiB, extra } = await intoEmpty(endpoint, () =>
      runJob({ kind: 'insertMany', endpoint, table: TABLE, path, compression }),
    )();
    console.log(
      `\n${(bytes / 1e9).toFixed(2)} GB of CSV, compression on the way ${compression}, in ${(wallMs / 1_000).toFixed(1)} s: ` +
        `grew by ${growthMiB?.toFixed(0)} MiB, the event loop was late by at most ${extra?.['delayMaxMs']?.toFixed(1)} ms`,
    );
    if (growthMiB === undefined || growthMiB > MOST_GROWTH_MIB) process.exitCode = 1;
  }
  console.log(`Target: at most ${MOST_GROWTH_MIB} MiB, whatever the size.`);
}

/** The rest of the file is a hole: what is beyond the beginning must not be read. */
async function plan(endpoint: EngineEndpoint, path: string): Promise<void> {
  await sampleFile(endpoint, path, 0.1);
  await truncate(path, HUGE_BYTES);
  await emptyTable(endpoint);
  for (const serverReadsFiles of [true, false]) {
    const client = createClient(endpoint);
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const started = performance.now();
      const found = await planInsert(client.rawQuery.bind(client), {
        path,
        table: TABLE,
        serverReadsFiles,
      });
      times.push(performance.now() - started);
      if (found.fileColumns?.length !== 4) throw new Error('The plan has other columns.');
    }
    await client.close();
    console.log(
      `\nPlan of a CSV file of 10 GiB, ${serverReadsFiles ? 'read by the engine' : 'by its beginning'}: ` +
        `${times.map((ms) => ms.toFixed(0)).join(', ')} ms`,
    );
    if (Math.max(...times) > MOST_PLAN_MS) process.exitCode = 1;
  }
  console.log(`Target: at most ${MOST_PLAN_MS} ms.`);
}

const parts = values.parts.split(',');
await withEngine(async (endpoint, folder) => {
  if (parts.includes('curl')) await besideCurl(endpoint, join(folder, 'sample.csv'));
  if (parts.includes('memory')) await memory(endpoint, folder);
  if (parts.includes('plan')) await plan(endpoint, join(folder, 'huge.csv'));
});
