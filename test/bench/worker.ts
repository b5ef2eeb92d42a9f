/** The measured process: performs one job and prints its costs as JSON. */
import { readFileSync } from 'node:fs';
import { type Job, perform, prepare } from './jobs.ts';
import type { Usage } from './measure.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
await prepare(job);
const rssBefore = process.memoryUsage().rss;
const cpuBefore = process.cpuUsage();
const started = performance.now();
const extra = await perform(job);
const wallMs = performance.now() - started;
const cpu = process.cpuUsage(cpuBefore);
const peakRssMiB = peakMiB();
const usage: Usage = {
  wallMs,
  cpuMs: (cpu.user + cpu.system) / 1_000,
  peakRssMiB,
  growthMiB: peakRssMiB - rssBefore / 1_024 / 1_024,
  ...(extra && { extra }),
};
process.stdout.write(JSON.stringify(usage));

/** Not `resourceUsage`: on Linux that also counts what the process held before it became this program. */
function peakMiB(): number {
  try {
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (peak !== undefined) return Number(peak) / 1_024;
  } catch {
    // There is no /proc.
  }
  return process.resourceUsage().maxRSS / 1_024;
}
