/**
 * Saves a small and a very large result through `client.saveTo`, each in a process of its own, and tells
 * how far each grew beyond what it held with its code loaded.
 * `npm run bench -- saveMemory [--gigabytes 5] [--format TSV]`
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fresh, runJob } from './measure.ts';
import { withEngine } from './withEngine.ts';

const MOST_GROWTH_MIB = 64;
const ROW_BYTES = 1_000;

const { values } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '5' },
    format: { type: 'string', default: 'TSV' },
  },
});

await withEngine(async (endpoint, folder) => {
  const { format } = values;
  const path = join(folder, 'result');
  for (const gigabytes of [0.05, Number(values.gigabytes)]) {
    const rows = Math.round((gigabytes * 1e9) / ROW_BYTES);
    const sql = `SELECT repeat('x', ${ROW_BYTES - 1}) FROM numbers(${rows})`;
    const { wallMs, peakRssMiB, growthMiB } = await fresh(path, () =>
      runJob({ kind: 'saveTo', endpoint, sql, format, path }),
    );
    const { size } = await stat(path);
    console.log(
      `${(size / 1e9).toFixed(2)} GB as ${format} in ${(wallMs / 1_000).toFixed(1)} s: ` +
        `grew by ${growthMiB?.toFixed(0)} MiB, to ${peakRssMiB.toFixed(0)} MiB at most`,
    );
    if (growthMiB === undefined || growthMiB > MOST_GROWTH_MIB) process.exitCode = 1;
  }
  console.log(`Target: at most ${MOST_GROWTH_MIB} MiB, whatever the size.`);
});
