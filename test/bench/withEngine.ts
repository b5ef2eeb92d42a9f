import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../../src/core/engine/engine.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';
import { childScript, testProgram } from '../engine/fixture.ts';

/** Four columns of different kinds, about 70 bytes a row as CSV. */
export function sampleQuery(rows: number): string {
  return (
    `SELECT number AS id, toString(sipHash64(number)) AS key, number / 7 AS ratio, ` +
    `toDateTime(1700000000 + number, 'UTC') AS at FROM numbers(${rows})`
  );
}

/** Runs a measurement with an engine and a folder of its own, and removes both. */
export async function withEngine(
  measure: (endpoint: EngineEndpoint, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rowhouse-bench-'));
  const engine = await startEngine({ program: await testProgram(), childScript });
  try {
    await measure(engine.endpoint, folder);
  } finally {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
