import { throttled } from './throttle.ts';
import type { Connection } from '../client/connection.ts';
import { FileError, type RowhouseError, UsageError } from '../client/errors.ts';
import type { Execution } from '../client/execution.ts';
import type { SaveOptions, SaveReceipt } from '../client/surface.ts';
import { classify } from '../sql/kind.ts';
import { isRead, returnsRows } from '../sql/statementKind.ts';
import { cancelledHere } from './cancelled.ts';
import { isDecodable } from '../client/decode.ts';
import { fileError } from './fileErrors.ts';
import { FileSink } from './fileSink.ts';
import { isSameFormat } from './formats.ts';
import { type ExistingFile, PartialFile } from './partialFile.ts';
import { refusedSetting } from './refusedSetting.ts';
import { resultRows } from './rows/resultRows.ts';
import { rowsInFile } from './rows/rowsInFile.ts';

/** Servers before this one may end a failed reply as if it were whole. */
const TAGGED_SINCE = [25, 11] as const;

/**
 * Streams the result of a statement into a file, byte for byte as the server sends it. The file gets
 * its name only after the verified end of the result; until then `<path>.partial` beside it grows.
 * @throws UsageError for a statement without a result, FileError for everything about the file (codes
 *   `EXISTS`, `FORMAT`, or the system's), and what any statement throws. An existing target is untouched.
 */
export async function saveTo(
  connection: Connection,
  sql: string,
  path: string,
  options: SaveOptions,
): Promise<SaveReceipt> {
  const started = performance.now();
  requireResult(sql);
  requireVisibleErrors(sql, options);
  connection.assertOpen();
  const existing = whatMayHappen(options);
  const partial = await PartialFile.create(path, existing);
  options.onCreated?.(partial.partialPath);
  try {
    const version = await serverVersion(connection, options.signal);
    const received = await receive(connection, sql, partial, options, version);
    const { execution, bytes, sha256 } = received;
    if (options.signal?.aborted === true) {
      throw cancelledHere('Saving was cancelled.', true);
    }
    await partial.commit(bytes, existing !== 'refuse');
    const { compression = 'none' } = options;
    const format = execution.meta.format ?? options.format;
    const told = needsBuffering(version) ? execution.meta.summary?.resultRows : received.rows;
    return {
      path: partial.path,
      bytes,
      sha256,
      rows: told ?? (await rowsAtEnd(partial.path, { format, compression })),
      ms: performance.now() - started,
      queryId: execution.queryId,
      format,
      compression,
      serverVersion: version,
    };
  } catch (error) {
    const kept = await partial.discard(options.keepPartial ?? false);
    if (kept !== undefined) {
      const { format, compression = 'none' } = options;
      options.onPartial?.({ ...kept, startBytes: partial.startBytes, format, compression });
    }
    throw error;
  }
}

interface Received {
  readonly execution: Execution;
  readonly bytes: number;
  readonly sha256: string | undefined;
  /** Counted, where that was wanted and is certain. */
  readonly rows: number | undefined;
}

/** The file is whole by now, whether it can be read or not. */
async function rowsAtEnd(
  path: string,
  file: Pick<SaveReceipt, 'format' | 'compression'>,
): Promise<number | undefined> {
  return rowsInFile(path, file).catch(() => undefined);
}

function whatMayHappen({ append, overwrite }: SaveOptions): ExistingFile {
  if (append !== true) return overwrite === true ? 'replace' : 'refuse';
  if (overwrite !== true) return 'append';
  throw new UsageError('A save cannot append to a file and overwrite it at once.');
}

/** A file that is appended to has its beginning already. */
function leading(options: SaveOptions, partial: PartialFile): Buffer {
  return Buffer.from(partial.startBytes === 0 ? (options.leading ?? []) : []);
}

async function receive(
  connection: Connection,
  sql: string,
  partial: PartialFile,
  options: SaveOptions,
  version: string | undefined,
): Promise<Received> {
  const { format, compression = 'none', checksum = true, countRows = false, ...others } = options;
  const { onProgress, onQueryProgress, ...rest } = others;
  const started = performance.now();
  const running = connection.run({
    sql,
    options: {
      ...rest,
      format,
      compression: compression === 'none' ? 'none' : `passthrough:${compression}`,
      onProgress: onQueryProgress,
    },
    writes: !isRead(classify(sql)),
    buffered: needsBuffering(version),
  });
  const execution = await running.catch((error: unknown) => {
    throw refusedSetting(error, options);
  });
  checkReply(execution, partial.path, options);
  const report = throttled((bytes: number) => {
    onProgress?.({ bytes, ms: performance.now() - started });
  });
  let writeError: RowhouseError | undefined;
  const file = { start: partial.startBytes, sums: checksum };
  const sink = new FileSink(partial.file, file, {
    drain: () => {
      execution.resume();
    },
    error: (error) => {
      writeError = fileError(partial.path, `write ${partial.path}`, error);
      execution.abort('Writing the file failed.');
    },
  });
  const before = leading(options, partial);
  sink.write(before);
  const counter = countRows ? resultRows(execution.meta.format ?? format) : undefined;
  try {
    await execution.deliver({
      write: (chunk) => {
        const ready = sink.write(chunk);
        if (compression === 'none') counter?.push(chunk);
        report(sink.bytes);
        return ready;
      },
      ...(counter && {
        inspect: (data) => {
          counter.push(data);
        },
      }),
    });
    const sha256 = await sink.end();
    report.last(sink.bytes);
    const bytes = partial.startBytes + sink.bytes;
    const isSeen = compression === 'none' || isDecodable(compression);
    return { execution, bytes, sha256, rows: isSeen ? counter?.rows : undefined };
  } catch (error) {
    // What came so far may be kept.
    await sink.end().catch(() => undefined);
    await sink.stop();
    await partial.cutTo(partial.startBytes + before.length + execution.dataBytes);
    throw writeError ?? error;
  } finally {
    await sink.stop();
  }
}

/** @throws UsageError: running it would change something and leave an empty file. */
function requireResult(sql: string): void {
  const kind = classify(sql);
  if (returnsRows(kind)) return;
  throw new UsageError(`This statement (${kind}) has no result to save. It was not run.`, {
    hint: 'Save the result of a SELECT, SHOW, DESCRIBE or EXPLAIN.',
  });
}

/**
 * The statement itself can ask for errors as a part of JSON and XML results, which then end in an orderly
 * way. They are found by looking into the bytes, which some compressions do not allow.
 */
function requireVisibleErrors(sql: string, { compression = 'none' }: SaveOptions): void {
  if (compression === 'none' || isDecodable(compression)) return;
  if (!/http_write_exception_in_output_format/i.test(sql)) return;
  throw new UsageError(
    `With http_write_exception_in_output_format and ${compression} a failed result cannot be told from a whole one. The statement was not run.`,
    { hint: 'Remove that setting from the statement, or save with gzip or without compression.' },
  );
}

/** The SQL may carry its own FORMAT, and a server may not know the compression. */
function checkReply(execution: Execution, path: string, options: SaveOptions): void {
  const sent = execution.meta.format;
  if (
    sent !== undefined &&
    !isSameFormat(sent, options.format) &&
    options.otherFormat !== 'accept'
  ) {
    execution.abort('The format is not the chosen one.');
    throw new FileError(
      path,
      `The statement itself asks for the format ${sent}, not ${options.format}.`,
      'FORMAT',
      { hint: `Remove FORMAT ${sent} from the statement, or save as ${sent}.` },
    );
  }
  const coding = execution.meta.contentEncoding ?? 'identity';
  const wanted = options.compression ?? 'none';
  if ((wanted === 'none' ? 'identity' : wanted) === coding) return;
  execution.abort('The compression is not the chosen one.');
  throw new FileError(
    path,
    `The server did not compress with ${wanted}: it sent ${coding}.`,
    'COMPRESSION',
    { hint: 'Choose another compression, or none.' },
  );
}

async function serverVersion(
  connection: Connection,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  return (await connection.serverInfo(signal)).version;
}

/** True for servers whose errors in the middle of a result cannot be told from data. */
function needsBuffering(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const [sinceMajor, sinceMinor] = TAGGED_SINCE;
  return major < sinceMajor || (major === sinceMajor && minor < sinceMinor);
}
