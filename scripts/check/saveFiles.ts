import { createHash } from 'node:crypto';
import { createReadStream, existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { saveShownResult } from '../../test/ui/harness/jobs.ts';
import { FLIGHTS } from './runSelection.ts';
import { type CheckContext, expectSame } from './step.ts';

const FORMATS = [
  { label: 'CSV', name: 'flights.csv', format: 'CSVWithNames' },
  { label: 'TSV', name: 'flights.tsv', format: 'TSVWithNames' },
  { label: 'Parquet', name: 'flights.parquet', format: 'Parquet' },
];

/** Saves the shown result through the dialog, and lets another ClickHouse read each file. */
export async function saveFiles({
  page,
  folder,
  readBack,
  download,
  say,
}: CheckContext): Promise<void> {
  const source = await readBack(`SELECT count(), sum(delay), sum(distance) FROM ${source3m()}`);
  await readBack(
    `CREATE TABLE flights ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM ${source3m()}`,
  );
  for (const { label, name, format } of FORMATS) {
    const target = join(folder, name);
    const toast = await saveShownResult(page, label, target);
    if (existsSync(`${target}.partial`)) throw new Error(`${name}.partial was left behind`);
    const back = await readBack(
      `SELECT count(), sum(delay), sum(distance) FROM file('${name}', '${format}')`,
    );
    const [rows = ''] = back.split('\t');
    say(`    ${toast}`);
    say(`        ${name}: ${statSync(target).size} bytes, ${rows} rows read back`);
    expectSame(`rows and sums of ${name}`, back, source);
    expectSame(`rows of ${name}`, rows, '3000000');
    const plain = `${target}.plain`;
    const by = await download({ sql: FLIGHTS, format, target: plain });
    const isSame = (await hashOf(target)) === (await hashOf(plain));
    rmSync(plain);
    if (!isSame) throw new Error(`${name} has other bytes than ${by} gets`);
    say(`        byte-identical to what ${by} gets for the same query and format`);
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function source3m(): string {
  const file = join(import.meta.dirname, '../../samples/data/flights-3m.parquet');
  return `file('${file}', 'Parquet')`;
}
