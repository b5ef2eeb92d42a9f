import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { saveShownResult } from '../../test/ui/harness/jobs.ts';
import { type CheckContext, expectSame } from './step.ts';

const FORMATS = [
  { label: 'CSV', name: 'flights.csv', format: 'CSVWithNames' },
  { label: 'TSV', name: 'flights.tsv', format: 'TSVWithNames' },
  { label: 'Parquet', name: 'flights.parquet', format: 'Parquet' },
];

/** Saves the shown result through the dialog, and lets another ClickHouse read each file. */
export async function saveFiles({ page, folder, readBack, say }: CheckContext): Promise<void> {
  const source = await readBack(`SELECT count(), sum(delay), sum(distance) FROM ${source3m()}`);
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
  }
}

function source3m(): string {
  const file = join(import.meta.dirname, '../../samples/data/flights-3m.parquet');
  return `file('${file}', 'Parquet')`;
}
