import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';
import type { Job } from './jobs.ts';

export interface Usage {
  readonly wallMs: number;
  /** User and system time together. */
  readonly cpuMs: number;
  readonly peakRssMiB: number;
  /** Peak memory beyond what the process held before the job, its code included; unknown for curl. */
  readonly growthMiB?: number;
  /** What else the job measured, by name. */
  readonly extra?: Readonly<Record<string, number>>;
}

const CLOCK_TICK_MS = 10;
const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Runs a job of jobs.ts in a process of its own, so that its peak memory is its own. */
export async function runJob(job: Job): Promise<Usage> {
  const child = spawn(process.execPath, [WORKER, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await success(child, job.kind);
  return JSON.parse(output) as Usage;
}

/**
 * Runs curl against an engine; `args` come after the sign-in.
 * @param into a shell command for its output; its own costs are not counted
 */
export async function runCurl(
  endpoint: EngineEndpoint,
  args: readonly string[],
  into?: string,
): Promise<Usage> {
  const headers = Object.entries(endpoint.headers).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ]);
  const started = performance.now();
  const signIn = ['-u', `${endpoint.username}:${endpoint.password}`];
  const curl = ['-sSf', ...headers, ...signIn, ...args];
  const [program, argv] =
    into === undefined ? ['curl', curl] : ['sh', ['-c', `curl "$@" | ${into}`, 'sh', ...curl]];
  const child: ChildProcess = spawn(program, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  const costs = watchProcess(child.pid ?? 0);
  await success(child, 'curl');
  const wallMs = performance.now() - started;
  return { wallMs, ...costs.stop() };
}

/** Adds the time until the file is on the disk. */
export async function durable(path: string, usage: Usage): Promise<Usage> {
  const started = performance.now();
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
  return { ...usage, wallMs: usage.wallMs + performance.now() - started };
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

export interface Runner {
  readonly name: string;
  readonly run: () => Promise<Usage>;
}

/** Runs without the file of the run before: truncating it takes long, and not always equally long. */
export async function fresh(path: string, run: () => Promise<Usage>): Promise<Usage> {
  await rm(path, { force: true });
  return run();
}

/** Runs all in turns, in the other direction every second time, so that a drift of the machine hits all alike. */
export async function inTurns(runners: readonly Runner[], rounds: number): Promise<Usage[][]> {
  const usages: Usage[][] = runners.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    const order = [...runners.keys()];
    for (const index of round % 2 === 0 ? order : order.reverse()) {
      const runner = runners[index];
      if (runner) usages[index]?.push(await runner.run());
    }
  }
  return usages;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Prints medians of each runner, and the ratio of its wall and CPU time to those of `base`. */
export function printTable(
  title: string,
  runners: readonly Runner[],
  usages: readonly Usage[][],
  base: number,
): void {
  const wall = (index: number): number => median((usages[index] ?? []).map((u) => u.wallMs));
  const cpu = (index: number): number => median((usages[index] ?? []).map((u) => u.cpuMs));
  const heads = ['wall s', 'cpu s', 'peak MiB', 'growth MiB', 'wall ratio', 'cpu ratio'];
  console.log(`\n${title}, medians of ${usages[0]?.length ?? 0} runs in turns`);
  console.log(`${''.padEnd(28)}${heads.map((head) => head.padStart(11)).join('')}   each wall s`);
  runners.forEach(({ name }, index) => {
    const mine = usages[index] ?? [];
    const cells = [
      (wall(index) / 1_000).toFixed(2),
      (cpu(index) / 1_000).toFixed(2),
      median(mine.map((u) => u.peakRssMiB)).toFixed(0),
      mine[0]?.growthMiB === undefined ? '' : median(mine.map((u) => u.growthMiB ?? 0)).toFixed(0),
      (wall(index) / wall(base)).toFixed(2),
      (cpu(index) / cpu(base)).toFixed(2),
    ];
    const each = mine.map((u) => (u.wallMs / 1_000).toFixed(2)).join(' ');
    console.log(`${name.padEnd(28)}${cells.map((cell) => cell.padStart(11)).join('')}   ${each}`);
  });
}
