import { createHash, randomUUID } from 'node:crypto';
import { createDecoder, isDecodable } from '../../client/decode.ts';
import { isCancelledError, UsageError } from '../../client/errors.ts';
import { cancelledHere, untilTold } from '../cancelled.ts';
import { decodedFile, type PartDecoder } from '../decodedFile.ts';
import { FileChunks } from '../fileChunks.ts';
import { fileError, systemCode } from '../fileErrors.ts';
import { rowsAlreadyThere, rowsOfFailedInsert, type WrittenRows } from '../insertAccount.ts';
import { changedFile, changedSince, checkMapping, hasChanged } from '../insertFile.ts';
import type { FileReport, FileToInsert, InsertManyOptions } from '../insertMany.ts';
import { type InsertPlan, planInsert } from '../insertPlan.ts';
import { checkWindow, type DedupWindow, dedupWindow, mayForget } from './dedupWindow.ts';
import { fileHash } from './fileHash.ts';
import { CHUNK_LIMITS, hasRowChunks, type RowChunk, rowChunks } from './rowChunks.ts';
import { columnsOf, fileSettings, type InsertRunner, reportOf } from './sendFile.ts';

/** Each chunk must be one block, and the same one each time: the server recognises blocks. */
const ONE_BLOCK = {
  max_insert_block_size: 1_048_449,
  min_insert_block_size_rows: 1_048_449,
  min_insert_block_size_bytes: 268_402_944,
};

interface Done {
  chunks: number;
  /** In the table. */
  rows: number;
  /** As the server counts them: of all targets. */
  written: number;
}

/**
 * Inserts one file in chunks of whole rows, each with a token made of the file's SHA-256 and the place of the
 * chunk in it: a server that remembers the token adds nothing. So a file that failed or was cancelled is
 * repeated, and only what is missing is added. Never rejects for what happens to the file.
 */
export async function insertInChunks(
  runner: InsertRunner,
  options: InsertManyOptions,
  { file, index }: { file: FileToInsert; index: number },
): Promise<FileReport> {
  const started = performance.now();
  const queryId = randomUUID();
  const done: Done = { chunks: 0, rows: 0, written: 0 };
  const query = runner.rawQuery.bind(runner);
  let window: DedupWindow | undefined;
  try {
    const plan = file.plan ?? (await lookAt(runner, options, file));
    if (await hasChanged(plan)) throw changedSince(plan.path);
    checkMapping(file.choices?.mapping, plan);
    window = await checked(runner, options, plan);
    options.onFingerprint?.(file);
    const hash = await fileHash(plan.path, options.signal);
    await sendChunks(runner, options, { file, index, plan, hash, queryId, done });
    if (await hasChanged(plan)) throw changedFile(plan.path);
    const repeated = await rowsAlreadyThere(query, queryId, options.table);
    return reportOf(file, {
      state: 'inserted',
      rows: { atLeast: done.written, atMost: done.written, by: 'reply' },
      ms: performance.now() - started,
      note: noteOf(done, repeated, await repeatNote(query, options, window, done.chunks)),
    });
  } catch (error) {
    const failure = error instanceof ChunkFailure ? error : undefined;
    const cause = failure ? failure.cause : error;
    if (failure) options.onAccount?.(file);
    await untilTold(cause);
    const sent = done.chunks + (failure ? 1 : 0);
    return reportOf(file, {
      state: isCancelledError(cause) ? 'cancelled' : 'failed',
      rows: await rowsThere(runner, options, { done, failure }),
      error: cause,
      ms: performance.now() - started,
      note: window && sent > 0 ? await repeatNote(query, options, window, sent) : undefined,
    });
  }
}

/** @throws as `planInsert` */
async function lookAt(
  runner: InsertRunner,
  { table, signal }: InsertManyOptions,
  { path, format, contentEncoding }: FileToInsert,
): Promise<InsertPlan> {
  const query = runner.rawQuery.bind(runner);
  return planInsert(query, { path, table, format, contentEncoding, signal });
}

/** @throws UsageError for files that cannot be cut and tables that remember too little. */
async function checked(
  runner: InsertRunner,
  { table, chunkLimits = CHUNK_LIMITS }: InsertManyOptions,
  { format, coding, bytes }: InsertPlan,
): Promise<DedupWindow> {
  if (!hasRowChunks(format)) {
    throw new UsageError(`A ${format} file cannot be cut into repeatable pieces.`, {
      hint: 'That works for CSV, TSV and JSON lines. Nothing was sent. Choose all or nothing instead.',
    });
  }
  if (coding !== undefined && !isDecodable(coding)) {
    throw new UsageError(`A file compressed with ${coding} cannot be cut into repeatable pieces.`, {
      hint: 'Nothing was sent. Unpack it first, or compress it with gzip or zstd.',
    });
  }
  const window = await dedupWindow(runner.rawQuery.bind(runner), table);
  // Of a compressed file at least so many.
  checkWindow(window, Math.max(1, Math.ceil(bytes / chunkLimits.bytes)), table);
  return window;
}

interface ChunkedFile {
  readonly file: FileToInsert;
  readonly index: number;
  readonly plan: InsertPlan;
  readonly hash: string;
  readonly queryId: string;
  /** Counted up. */
  readonly done: Done;
}

/** @throws ChunkFailure for a chunk that the server did not take; the errors of reading the file. */
async function sendChunks(
  runner: InsertRunner,
  options: InsertManyOptions,
  chunked: ChunkedFile,
): Promise<void> {
  const { signal, chunkLimits } = options;
  const { plan } = chunked;
  const source = new SourceBytes(plan, signal);
  const delimiter = fileSettings({ ...chunked.file, plan })['format_csv_delimiter'];
  const chunks = rowChunks(source.bytes(), plan.format, {
    delimiter: typeof delimiter === 'string' ? delimiter : undefined,
    limits: chunkLimits,
  });
  const started = performance.now();
  let next = chunks.next();
  try {
    for (;;) {
      const result = await source.explained(next);
      if (signal?.aborted === true) throw cancelledHere('The insert was cancelled.');
      if (result.done === true) return;
      const { read } = source;
      // The next chunk is cut while the server works on this one.
      next = chunks.next();
      next.catch(() => undefined);
      await sendChunk(runner, options, chunked, result.value);
      options.onProgress?.(chunked.file, chunked.index, {
        bytes: read,
        totalBytes: plan.bytes,
        ms: performance.now() - started,
      });
    }
  } finally {
    await next.catch(() => undefined);
    await chunks.return(undefined);
  }
}

async function sendChunk(
  runner: InsertRunner,
  { table, signal, compression }: InsertManyOptions,
  { file, plan, hash, queryId, done }: ChunkedFile,
  chunk: RowChunk,
): Promise<void> {
  const id = `${queryId}-${done.chunks}`;
  try {
    const summary = await runner.rawInsert({
      table,
      format: plan.format,
      source: chunk.bytes,
      queryId: id,
      dedupToken: `${hash}-${chunk.from}-${chunk.to}${markOf(file)}`,
      ...columnsOf(file),
      settings: { ...ONE_BLOCK, ...fileSettings({ ...file, plan }) },
      compression: plan.coding === undefined ? (compression ?? 'auto') : 'auto',
      ...(signal && { signal }),
    });
    const { writtenRows = chunk.rows } = summary;
    done.written += writtenRows;
    done.rows += Math.min(writtenRows, chunk.rows);
    done.chunks += 1;
  } catch (error) {
    throw new ChunkFailure(id, chunk.rows, error);
  }
}

/** The same rows read otherwise are other rows. */
function markOf({ choices }: FileToInsert): string {
  const text = JSON.stringify(choices ?? {});
  if (/^\{(?:"settings":\{\})?\}$/.test(text)) return '';
  return `-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** A chunk may or may not be in the table. */
class ChunkFailure extends Error {
  readonly queryId: string;
  readonly rows: number;

  constructor(queryId: string, rows: number, cause: unknown) {
    super('A chunk was not inserted.', { cause });
    this.queryId = queryId;
    this.rows = rows;
  }
}

/** The chunks before are there, whoever put them there; of the failed one an earlier insert may have put all. */
async function rowsThere(
  runner: InsertRunner,
  { table }: InsertManyOptions,
  { done, failure }: { done: Done; failure: ChunkFailure | undefined },
): Promise<WrittenRows> {
  if (!failure) return { atLeast: done.rows, atMost: done.rows, by: 'reply' };
  const own = await rowsOfFailedInsert(runner.rawQuery.bind(runner), {
    error: failure.cause,
    queryId: failure.queryId,
    table,
    rowsInFile: failure.rows,
  });
  return { atLeast: done.rows + own.atLeast, atMost: done.rows + failure.rows, by: own.by };
}

function noteOf(done: Done, repeated: number | undefined, ofRepeat: string): string {
  const parts = [`Sent in ${done.chunks === 1 ? 'one piece' : `${done.chunks} pieces`}.`];
  if (repeated !== undefined && repeated > 0) {
    parts.push(`${repeated} of its rows were in the table already and were not added again.`);
  }
  parts.push(ofRepeat);
  return parts.join(' ');
}

/** What becomes of the rows when the file is inserted once more. */
async function repeatNote(
  query: InsertRunner['rawQuery'],
  { table }: InsertManyOptions,
  window: DedupWindow,
  sent: number,
): Promise<string> {
  const { blocks, seconds } = window;
  if (await mayForget(query, table, window, sent)) {
    return `Repeated, it may add rows twice: the table remembers only the last ${blocks} blocks of rows.`;
  }
  const within = seconds === undefined ? '' : ` within ${Math.round(seconds / 60)} minutes`;
  return `Repeated${within}, it adds nothing twice.`;
}

/** The decoded bytes of a file, and how far in the file as it lies there they are. */
class SourceBytes {
  read = 0;
  readonly #plan: InsertPlan;
  readonly #signal: AbortSignal | undefined;

  constructor(plan: InsertPlan, signal: AbortSignal | undefined) {
    this.#plan = plan;
    this.#signal = signal;
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    const { path, bytes, coding } = this.#plan;
    if (coding !== undefined) {
      const decoder = (): PartDecoder => createDecoder(coding) as PartDecoder;
      yield* decodedFile(path, decoder, this.#signal, (read) => (this.read = read));
      return;
    }
    const chunks = new FileChunks(path, bytes);
    for await (const chunk of chunks) {
      this.read += chunk.byteLength;
      yield chunk;
    }
    if (chunks.endedEarly) throw changedFile(path);
  }

  /** Tells errors of the file as such. */
  async explained<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading;
    } catch (error) {
      if (this.#signal?.aborted === true) throw cancelledHere('The insert was cancelled.');
      const { path, coding } = this.#plan;
      if (systemCode(error) === undefined) throw error;
      throw fileError(path, coding === undefined ? `read ${path}` : `unpack ${path}`, error);
    }
  }
}
