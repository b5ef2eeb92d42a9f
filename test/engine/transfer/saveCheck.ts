import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as zlib from 'node:zlib';
import { isFileError, isRowhouseError } from '../../../src/core/client/index.ts';
import type { RowhouseError } from '../../../src/core/client/errors.ts';
import type {
  Client,
  ContentCoding,
  PartialSave,
  SaveOptions,
  SaveReceipt,
} from '../../../src/core/client/surface.ts';

export const OLD = Buffer.from('the old file\n');

/** What is there before a save, and what the save may do with it. */
export const SITUATIONS = [
  { name: 'over an old file', old: OLD, options: { overwrite: true } },
  { name: 'as a new file', old: undefined, options: {} },
  { name: 'as a new file, partial kept', old: undefined, options: { keepPartial: true } },
  { name: 'added to an old file', old: OLD, options: { append: true } },
  {
    name: 'added to an old file, partial kept',
    old: OLD,
    options: { append: true, keepPartial: true },
  },
] as const satisfies readonly Situation[];

export interface Situation {
  readonly name: string;
  readonly old: Buffer | undefined;
  readonly options: Partial<SaveOptions>;
}

export interface Save {
  readonly client: Client;
  readonly sql: string;
  readonly target: string;
  readonly options: SaveOptions;
  /** What is under the final name before. */
  readonly old?: Buffer | undefined;
  /** The whole result, uncompressed, as curl got it. */
  readonly reference: Buffer;
}

export interface Outcome {
  readonly receipt?: SaveReceipt;
  readonly error?: RowhouseError;
  readonly partial?: PartialSave;
}

/** Saves, and looks at what is on the disk afterwards; whatever happened, nothing there may be wrong. */
export async function save(what: Save): Promise<Outcome> {
  const { client, sql, target, old } = what;
  if (old !== undefined) await writeFile(target, old);
  const options: SaveOptions = {
    queryId: crypto.randomUUID(),
    ...what.options,
    onPartial: (told) => (outcome.partial = told),
  };
  const outcome: { -readonly [key in keyof Outcome]: Outcome[key] } = {};
  try {
    outcome.receipt = await client.saveTo(sql, target, options);
  } catch (error) {
    assert.ok(isRowhouseError(error), String(error));
    outcome.error = error;
    namesWhatFailed(error, target, options);
  }
  if (outcome.receipt === undefined) checkFailed(what, outcome.partial);
  else checkWhole(what, outcome.receipt);
  return outcome;
}

/** Every error tells the file, or the statement by its id. */
function namesWhatFailed(error: RowhouseError, target: string, { queryId }: SaveOptions): void {
  if (isFileError(error)) {
    assert.equal(error.path, target);
    assert.ok(error.message.includes(target), error.message);
    assert.ok(error.hint !== undefined, error.message);
  } else if (error.queryId !== undefined) {
    assert.ok(error.queryId.startsWith(queryId ?? '?'));
  } else {
    assert.equal(error.kind, 'cancelled');
  }
}

function checkWhole({ target, options, old, reference }: Save, receipt: SaveReceipt): void {
  const added = unpacked(readFileSync(target), options.compression);
  const start = options.append === true && old !== undefined ? old : Buffer.alloc(0);
  assert.ok(added?.equals(Buffer.concat([start, reference])), `${target} is not the whole result`);
  assert.equal(receipt.bytes, readFileSync(target).length);
  assert.ok(!existsSync(`${target}.partial`));
}

function checkFailed(
  { target, options, old, reference }: Save,
  partial: PartialSave | undefined,
): void {
  checkUntouched(target, old);
  const path = `${target}.partial`;
  assert.equal(existsSync(path), partial !== undefined);
  if (partial === undefined) return;
  assert.ok(options.keepPartial);
  assert.equal(partial.path, path);
  const kept = readFileSync(path);
  assert.equal(kept.length, partial.bytes);
  const start = options.append === true && old !== undefined ? old : Buffer.alloc(0);
  assert.ok(kept.length > start.length);
  const content = unpacked(kept, options.compression);
  if (content !== undefined) checkStart(content, Buffer.concat([start, reference]));
}

/** Some first bytes of the result, and nothing else. */
export function checkStart(content: Buffer, whole: Buffer): void {
  assert.ok(content.length <= whole.length);
  assert.ok(whole.subarray(0, content.length).equals(content), 'not the start of the result');
}

/** Under the final name is what was there before. */
export function checkUntouched(target: string, old: Buffer | undefined): void {
  assert.equal(existsSync(target), old !== undefined);
  if (old !== undefined) assert.ok(readFileSync(target).equals(old), 'the old file was changed');
}

const { BROTLI_OPERATION_FLUSH, ZSTD_e_flush, Z_SYNC_FLUSH } = zlib.constants;
const UNPACK: Partial<Record<ContentCoding, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => zlib.gunzipSync(bytes, { finishFlush: Z_SYNC_FLUSH }),
  deflate: (bytes) => zlib.inflateSync(bytes, { finishFlush: Z_SYNC_FLUSH }),
  br: (bytes) => zlib.brotliDecompressSync(bytes, { finishFlush: BROTLI_OPERATION_FLUSH }),
  zstd: (bytes) => zlib.zstdDecompressSync(bytes, { finishFlush: ZSTD_e_flush }),
};

/** The content of a compressed file, or the start of it when the file is cut; undefined where Node cannot. */
function unpacked(bytes: Buffer, coding: SaveOptions['compression']): Buffer | undefined {
  return coding === undefined || coding === 'none' ? bytes : UNPACK[coding]?.(bytes);
}
