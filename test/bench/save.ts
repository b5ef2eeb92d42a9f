/**
 * Saves a result of 10 million rows through `client.saveTo` and, in turns, with `curl -o`; prints wall
 * time, CPU time and peak memory of both, and the ratio of the medians.
 * `npm run bench -- save [--rows 10000000] [--pairs 5] [--format CSV]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEngine } from '../../src/core/engine/engine.ts';
import { childScript, testProgram } from '../engine/fixture.ts';
import type { SaveJob, Usage } from './saveJob.ts';

const MAX_RATIO = 1.15;
const CLOCK_TICK_MS = 10;
const CHILD = fileURLToPath(new URL('./saveChild.ts', import.meta.url));

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    pairs: { type: 'string', default: '5' },
    format: { type: 'string', default: 'CSV' },
  },
});

async function saveWithClient(job: SaveJob): Promise<Usage> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await success(child, 'the client');
  return JSON.parse(output) as Usage;
}

async function saveWithCurl(job: SaveJob): Promise<Usage> {
  const url = `${job.endpoint.url}/?default_format=${job.format}`;
  const headers = Object.entries(job.endpoint.headers).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ]);
  const started = performance.now();
  const child = spawn(
    'curl',
    ['-sSf', ...headers, '-u', `${job.endpoint.username}:${job.endpoint.password}`].concat([
      '--data-binary',
      job.sql,
      '-o',
      job.path,
      url,
    ]),
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const costs = watchProcess(child.pid ?? 0);
  await success(child, 'curl');
  const wallMs = performance.now() - started;
  return { wallMs, ...costs.stop(), bytes: (await stat(job.path)).size };
}

/** Reads CPU time and peak memory of a running process while it lives; Linux only, else zeros. */
function watchProcess(pid: number): { stop(): { cpuMs: number; peakRssMiB: number } } {
  const last = { cpuMs: 0, peakRssMiB: 0 };
  const timer = setInterval(() => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      last.cpuMs = (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
      const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (peak !== undefined) last.peakRssMiB = Number(peak) / 1_024;
    } catch {
      // The process has ended, or there is no /proc.
    }
  }, 20);
  return {
    stop: () => {
      clearInterval(timer);
      return last;
    },
  };
}

async function success(child: ChildProcess, name: string): Promise<void> {
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function row(name: string, usages: readonly Usage[]): string {
  const column = (pick: (usage: Usage) => number, digits: number): string =>
    median(usages.map(pick)).toFixed(digits);
  const walls = usages.map((usage) => (usage.wallMs / 1_000).toFixed(2)).join(' ');
  return [
    name.padEnd(14),
    column((usage) => usage.wallMs / 1_000, 2).padStart(8),
    column((usage) => usage.cpuMs / 1_000, 2).padStart(8),
    column((usage) => usage.peakRssMiB, 0).padStart(10),
    `   ${walls}`,
  ].join('');
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rowhouse-bench-'));
  const engine = await startEngine({ program: await testProgram(), childScript });
  try {
    const sql = `SELECT number AS id, toString(sipHash64(number)) AS key, number / 7 AS ratio, toDateTime(1700000000 + number, 'UTC') AS at FROM numbers(${values.rows})`;
    const job = (file: string): SaveJob => ({
      endpoint: engine.endpoint,
      sql,
      format: values.format,
      path: join(folder, file),
    });
    const ours: Usage[] = [];
    const curls: Usage[] = [];
    await saveWithCurl(job('warm-up'));
    for (let pair = 0; pair < Number(values.pairs); pair += 1) {
      const runs = [
        async () => ours.push(await saveWithClient(job('client'))),
        async () => curls.push(await saveWithCurl(job('curl'))),
      ];
      for (const run of pair % 2 === 0 ? runs : runs.reverse()) await run();
    }
    const [a, b] = await Promise.all([
      readFile(join(folder, 'client')),
      readFile(join(folder, 'curl')),
    ]);
    const ratio = median(ours.map((u) => u.wallMs)) / median(curls.map((u) => u.wallMs));
    console.log(
      `Save ${values.rows} rows as ${values.format}, ${a.length} bytes, medians of ${values.pairs} alternating runs`,
    );
    console.log(
      `${''.padEnd(14)}${'wall s'.padStart(8)}${'cpu s'.padStart(8)}${'peak MiB'.padStart(10)}   each wall s`,
    );
    console.log(row('client.saveTo', ours));
    console.log(row('curl -o', curls));
    console.log(
      `wall ratio ${ratio.toFixed(2)} (target at most ${MAX_RATIO}); files ${a.equals(b) ? 'identical' : 'DIFFER'}`,
    );
    if (!a.equals(b)) process.exitCode = 1;
  } finally {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
