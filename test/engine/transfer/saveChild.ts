/**
 * A save in a process of its own, for limits and rights that only a process can have. Its argument is the
 * job as JSON. It prints a line when first bytes are in the partial file, and one with the outcome.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createClient, isFileError } from '../../../src/core/client/index.ts';
import type { ClientOptions, SaveOptions } from '../../../src/core/client/surface.ts';

export interface ChildJob {
  readonly endpoint: ClientOptions;
  readonly sql: string;
  readonly target: string;
  readonly options: SaveOptions;
  /** A file of this size is made under the final name before, within whatever limits there are. */
  readonly oldBytes?: number;
  /** Save as a user without the superuser's rights. */
  readonly asNobody?: boolean;
  /** The target's folder becomes read-only in the middle. */
  readonly closeFolder?: boolean;
}

export interface ChildOutcome {
  /** Of the FileError. */
  readonly code: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  /** What is in the target's folder then. */
  readonly names: readonly string[];
  /** True: under the final name is what was there before. */
  readonly untouched: boolean;
  /** The partial file that the save told of, and its size. */
  readonly partial: { readonly told: number; readonly size: number } | undefined;
}

const NOBODY = 65_534;

// Its default action would end the process before the write fails.
process.on('SIGXFSZ', () => undefined);
const job = JSON.parse(process.argv[2] ?? '{}') as ChildJob;
const { target, oldBytes } = job;
const folder = dirname(target);
const partialPath = `${target}.partial`;
if (oldBytes !== undefined) writeFileSync(target, 'o'.repeat(oldBytes));
const old = content();
const client = createClient(job.endpoint);
// Whatever is loaded late is loaded before rights are given up.
await client.serverInfo();
if (job.asNobody === true && process.getuid?.() === 0) process.seteuid?.(NOBODY);
let writing = false;
let partial: ChildOutcome['partial'];
let error: unknown;
try {
  await client.saveTo(job.sql, target, {
    ...job.options,
    onPartial: ({ bytes }) => (partial = { told: bytes, size: statSync(partialPath).size }),
    onProgress: () => {
      const { size = 0 } = statSync(partialPath, { throwIfNoEntry: false }) ?? {};
      if (writing || size === 0) return;
      writing = true;
      if (job.closeFolder === true) chmodSync(folder, 0o555);
      process.stdout.write('writing\n');
    },
  });
} catch (thrown) {
  error = thrown;
}
if (!isFileError(error)) throw new Error('It did not fail as it should.', { cause: error });
const outcome: ChildOutcome = {
  code: error.code,
  message: error.message,
  hint: error.hint,
  names: readdirSync(folder),
  untouched: content() === old,
  partial,
};
process.stdout.write(`${JSON.stringify(outcome)}\n`);
await client.close();

function content(): string | undefined {
  return existsSync(target) ? readFileSync(target, 'utf8') : undefined;
}
