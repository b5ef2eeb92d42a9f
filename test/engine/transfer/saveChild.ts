/**
 * A save in a process of its own, under limits that only a process can have. The job is its argument, as
 * JSON; it prints a line when the first bytes are in the partial file, and at the end one with the outcome.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createClient, isFileError } from '../../../src/core/client/index.ts';
import type { ClientOptions, SaveOptions } from '../../../src/core/client/surface.ts';

export interface ChildJob {
  readonly endpoint: ClientOptions;
  readonly sql: string;
  readonly target: string;
  readonly options: SaveOptions;
  /** Nobody may write into the target's folder from the middle of the save on. */
  readonly closeFolder?: boolean;
}

export interface ChildOutcome {
  readonly code: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  /** What is in the target's folder then. */
  readonly names: readonly string[];
  readonly target: string | undefined;
  /** Bytes of the partial file that the save told of. */
  readonly partialBytes: number | undefined;
}

const NOBODY = 65_534;

// Its default action would end the process before the write fails.
process.on('SIGXFSZ', () => undefined);
const { endpoint, sql, target, options, closeFolder } = JSON.parse(
  process.argv[2] ?? '{}',
) as ChildJob;
const folder = dirname(target);
const client = createClient(endpoint);
let told = false;
let partialBytes: number | undefined;
// Also loads what is loaded late, before rights are given up.
await client.serverInfo();
// Rights do not hold for the superuser.
if (closeFolder === true && process.getuid?.() === 0) process.seteuid?.(NOBODY);
let outcome: Pick<ChildOutcome, 'code' | 'message' | 'hint'>;
try {
  await client.saveTo(sql, target, {
    ...options,
    onPartial: ({ bytes }) => (partialBytes = bytes),
    onProgress: () => {
      const partial = statSync(`${target}.partial`, { throwIfNoEntry: false });
      if (told || partial === undefined || partial.size === 0) return;
      told = true;
      if (closeFolder === true) chmodSync(folder, 0o555);
      process.stdout.write('writing\n');
    },
  });
  outcome = { code: 'saved', message: '', hint: '' };
} catch (error) {
  if (!isFileError(error)) throw error;
  const { code, message, hint } = error;
  outcome = { code, message, hint };
}
if (closeFolder === true) chmodSync(folder, 0o755);
const report: ChildOutcome = {
  ...outcome,
  names: readdirSync(folder).filter((name) => name.startsWith(basename(target))),
  target: existsSync(target) ? readFileSync(target, 'utf8').slice(0, 100) : undefined,
  partialBytes,
};
process.stdout.write(JSON.stringify(report));
await client.close();
