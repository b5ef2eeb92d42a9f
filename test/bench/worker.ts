/** The measured process: performs one job and prints its costs as JSON. */
import { type Job, perform } from './jobs.ts';
import type { Usage } from './measure.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
const rssBefore = process.memoryUsage().rss;
const cpuBefore = process.cpuUsage();
const started = performance.now();
await perform(job);
const wallMs = performance.now() - started;
const cpu = process.cpuUsage(cpuBefore);
const usage: Usage = {
  wallMs,
  cpuMs: (cpu.user + cpu.system) / 1_000,
  peakRssMiB: process.resourceUsage().maxRSS / 1_024,
  growthMiB: process.resourceUsage().maxRSS / 1_024 - rssBefore / 1_024 / 1_024,
};
process.stdout.write(JSON.stringify(usage));
