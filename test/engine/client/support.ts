import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineEndpoint } from '../../../src/core/engine/probe.ts';

const run = promisify(execFile);

/** A folder for the enclosing `describe`, removed at its end. */
export function useFolder(): () => string {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-test-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}

/** What `curl` gets for a query: the bytes to compare files with. */
export async function curl(
  endpoint: EngineEndpoint,
  sql: string,
  params: Readonly<Record<string, string>>,
  accept?: string,
): Promise<Buffer> {
  const headers = Object.entries({
    ...endpoint.headers,
    ...(accept === undefined ? {} : { 'Accept-Encoding': accept }),
  }).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const { stdout } = await run(
    'curl',
    [
      '-sSf',
      '-u',
      `${endpoint.username}:${endpoint.password}`,
      ...headers,
      '--data-binary',
      sql,
      `${endpoint.url}/?${new URLSearchParams(params).toString()}`,
    ],
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 },
  );
  return stdout;
}

/** Waits until a condition holds; fails after `timeoutMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('The condition did not come true.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A query that runs for minutes and can be killed at any moment. */
export const ENDLESS = 'SELECT sum(sleepEachRow(0.01)) FROM numbers(1000000)';
export const ENDLESS_SETTINGS = {
  max_block_size: 10,
  function_sleep_max_microseconds_per_block: 0,
};

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
