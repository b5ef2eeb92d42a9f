/**
 * The client core beside curl and the official client: results to files, a file into a table, small queries.
 * `npm run bench -- client [--rows 10000000] [--rounds 5] [--queries 5000] [--insertRows 26000000]
 * [--parts csv,parquet,insert,small,memory]`
 */
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createClient } from '../../src/core/client/index.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';
import { type Runner, fresh, inTurns, printTable, runCurl, runJob } from './measure.ts';
import { withEngine } from './withEngine.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '5' },
    queries: { type: 'string', default: '5000' },
    parts: { type: 'string', default: 'csv,parquet,insert,small,memory' },
    insertRows: { type: 'string', default: '26000000' },
  },
});
const rounds = Number(values.rounds);
const ROWS_PER_GB = 26_000_000;

/** Four columns of different kinds, about 39 bytes a row as CSV. */
function sampleQuery(rows: number): string {
  return (
    'SELECT number AS id, toString(number % 1000000) AS key, number / 8 AS ratio, ' +
    `toDate(19000 + number % 1000) AS d FROM numbers(${rows})`
  );
}

async function toFile(endpoint: EngineEndpoint, folder: string, format: string): Promise<void> {
  const sql = sampleQuery(Number(values.rows));
  const path = join(folder, `result.${format}`);
  const job = { endpoint, sql, format, path };
  const url = `${endpoint.url}/?default_format=${format}`;
  const curl = ['--data-binary', sql, '-o', path, url];
  const runners: Runner[] = [
    { name: 'curl -o', run: () => fresh(path, () => runCurl(endpoint, curl)) },
    { name: 'rawStream', run: () => fresh(path, () => runJob({ kind: 'rawStream', ...job })) },
    {
      name: 'saveTo (with fsync)',
      run: () => fresh(path, () => runJob({ kind: 'saveTo', ...job })),
    },
    {
      name: '@clickhouse/client exec',
      run: () => fresh(path, () => runJob({ kind: 'peerExec', ...job })),
    },
  ];
  await runners[0]?.run();
  const usages = await inTurns(runners, rounds);
  const { size } = await stat(path);
  printTable(`${values.rows} rows as ${format}, ${size} bytes, to a file`, runners, usages, 0);
}

async function insert(endpoint: EngineEndpoint, folder: string): Promise<void> {
  const client = createClient(endpoint);
  const path = join(folder, 'insert.csv');
  await client.saveTo(sampleQuery(Number(values.insertRows)), path, { format: 'CSV' });
  const table = 'bench_insert';
  const columns = 'id UInt64, key String, ratio Float64, d Date';
  await client.command(`CREATE TABLE ${table} (${columns}) ENGINE = Null`);
  const query = encodeURIComponent(`INSERT INTO ${table} FORMAT CSV`);
  const url = `${endpoint.url}/?async_insert=0&query=${query}`;
  const post = ['-X', 'POST', '-H', 'Content-Type: application/octet-stream'];
  const runners: Runner[] = [
    { name: 'curl -T', run: () => runCurl(endpoint, [...post, '-T', path, url]) },
    { name: 'rawInsert', run: () => runJob({ kind: 'rawInsert', endpoint, table, path }) },
    { name: 'insertFile', run: () => runJob({ kind: 'insertFile', endpoint, table, path }) },
    {
      name: 'rawInsert, createReadStream',
      run: () => runJob({ kind: 'rawInsertReadable', endpoint, table, path }),
    },
  ];
  await runners[0]?.run();
  const usages = await inTurns(runners, rounds);
  const { size } = await stat(path);
  printTable(`Insert ${size} bytes of CSV`, runners, usages, 0);
  await client.close();
}

/** The same peak whatever the size: what a result needs must not depend on how long it is. */
async function memory(endpoint: EngineEndpoint, folder: string): Promise<void> {
  const path = join(folder, 'large.csv');
  const runners = [1, 4].map((gigabytes): Runner => {
    const sql = sampleQuery(gigabytes * ROWS_PER_GB);
    const job = { endpoint, sql, format: 'CSV', path };
    return {
      name: `rawStream of ${gigabytes} GB`,
      run: () => runJob({ kind: 'rawStream', ...job }),
    };
  });
  printTable('Memory (target: growth at most 48 MiB)', runners, await inTurns(runners, 1), 0);
}

async function small(endpoint: EngineEndpoint): Promise<void> {
  const count = Number(values.queries);
  const runners: Runner[] = [
    { name: '@clickhouse/client query', run: () => runJob({ kind: 'peerSmall', endpoint, count }) },
    { name: 'rawQuery', run: () => runJob({ kind: 'small', endpoint, count }) },
  ];
  printTable(`${count} times SELECT 1`, runners, await inTurns(runners, rounds), 0);
}

const parts = values.parts.split(',');
await withEngine(async (endpoint, folder) => {
  if (parts.includes('csv')) await toFile(endpoint, folder, 'CSV');
  if (parts.includes('parquet')) await toFile(endpoint, folder, 'Parquet');
  if (parts.includes('insert')) await insert(endpoint, folder);
  if (parts.includes('small')) await small(endpoint);
  if (parts.includes('memory')) await memory(endpoint, folder);
});
