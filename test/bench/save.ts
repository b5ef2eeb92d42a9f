/**
 * Saves a result through `client.saveTo` and, in turns, with `curl -o`.
 * `npm run bench -- save [--rows 10000000] [--pairs 5] [--format CSV]`
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Runner, fresh, inTurns, printTable, runCurl, runJob } from './measure.ts';
import { sampleQuery, withEngine } from './withEngine.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    pairs: { type: 'string', default: '5' },
    format: { type: 'string', default: 'CSV' },
  },
});

await withEngine(async (endpoint, folder) => {
  const { format } = values;
  const sql = sampleQuery(Number(values.rows));
  const ours = join(folder, 'client');
  const theirs = join(folder, 'curl');
  const url = `${endpoint.url}/?default_format=${format}`;
  const curl = ['--data-binary', sql, '-o', theirs, url];
  const runners: Runner[] = [
    {
      name: 'client.saveTo',
      run: () => fresh(ours, () => runJob({ kind: 'saveTo', endpoint, sql, format, path: ours })),
    },
    { name: 'curl -o', run: () => fresh(theirs, () => runCurl(endpoint, curl)) },
  ];
  await runners[1]?.run();
  const usages = await inTurns(runners, Number(values.pairs));
  const [a, b] = await Promise.all([readFile(ours), readFile(theirs)]);
  printTable(`Save ${values.rows} rows as ${format}, ${a.length} bytes`, runners, usages, 1);
  console.log(
    `Files are ${a.equals(b) ? 'identical' : 'DIFFERENT'}; target: wall ratio at most 1.15.`,
  );
  if (!a.equals(b)) process.exitCode = 1;
});
