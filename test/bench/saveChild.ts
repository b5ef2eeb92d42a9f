/** The measured process: one save through the client, its costs as JSON on stdout. */
import { createClient } from '../../src/core/client/index.ts';
import type { SaveJob, Usage } from './saveJob.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as SaveJob;
const client = createClient(job.endpoint);
const cpuBefore = process.cpuUsage();
const started = performance.now();
const receipt = await client.saveTo(job.sql, job.path, { format: job.format, overwrite: true });
const wallMs = performance.now() - started;
const cpu = process.cpuUsage(cpuBefore);
const usage: Usage = {
  wallMs,
  cpuMs: (cpu.user + cpu.system) / 1_000,
  peakRssMiB: process.resourceUsage().maxRSS / 1_024,
  bytes: receipt.bytes,
};
process.stdout.write(JSON.stringify(usage));
await client.close();
