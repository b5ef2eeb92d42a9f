import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { sourceBytes, sourceChunks } from './byteSource.ts';
import { compressed, compressedBytes, type UploadCoding } from './compress.ts';
import type { Connection } from './connection.ts';
import type { Upload } from './statement.ts';
import { isClickHouseError, UsageError } from './errors.ts';
import type {
  ByteSource,
  InsertSummary,
  MappedColumn,
  RawInsertOptions,
  Settings,
  TableName,
  UploadProgress,
} from './surface.ts';
import { tableSql } from './tableName.ts';
import { uploadCoding } from './uploadCoding.ts';

const MAX_REPLY_BYTES = 1024 * 1024;
const FORMAT_NAME = /^\w+$/;
/** Smaller uploads are sent without asking for the table first. */
const UNCHECKED_BYTES = 8 * 1024 * 1024;
/** UNKNOWN_TABLE, UNKNOWN_DATABASE: the insert cannot work. Other refusals are the insert's own to report. */
const NO_TABLE: readonly number[] = [60, 81];

/** What the caller of `rawInsert` found out before. */
interface KnownSource {
  /** Bytes of a streamed source: the server then notices when the upload is cut. */
  readonly totalBytes?: number;
  readonly tableIsThere?: boolean;
}

/**
 * Sends bytes into a table; they travel unchanged unless they are to be compressed. Blocks that the server had complete before a failure
 * stay, so an error means that between 0 and all rows may have been written.
 * @throws RowhouseError; `ambiguous` says that rows may have been written.
 */
export async function rawInsert(
  connection: Connection,
  options: RawInsertOptions,
  known: KnownSource = {},
): Promise<InsertSummary> {
  const started = performance.now();
  const { table, columns, mapping, format, source, dedupToken, onProgress, ...rest } = options;
  const { contentEncoding, compression = 'none', ...shared } = rest;
  const totalBytes = known.totalBytes ?? sourceBytes(source);
  const isLarge = totalBytes === undefined || totalBytes > UNCHECKED_BYTES;
  if (isLarge && known.tableIsThere !== true) await checkTable(connection, options);
  const counter = new UploadCounter(totalBytes, onProgress);
  const compressWith =
    contentEncoding === undefined && compression !== 'none'
      ? await uploadCoding(connection, { compression, format, bytes: totalBytes })
      : undefined;
  const execution = await connection.run({
    sql: insertSql({ table, columns, mapping, format }),
    options: { ...shared, settings: { ...dedupSettings(dedupToken), ...options.settings } },
    writes: true,
    upload:
      compressWith === undefined
        ? { ...plainBody(source, counter), contentEncoding }
        : {
            body: await compressedBody(source, counter, compressWith),
            contentEncoding: compressWith,
          },
  });
  await execution.collect(MAX_REPLY_BYTES);
  const { summary } = execution.meta;
  return {
    queryId: execution.queryId,
    writtenRows: summary?.writtenRows,
    writtenBytes: summary?.writtenBytes,
    bytes: counter.bytes,
    ms: performance.now() - started,
    meta: execution.meta,
  };
}

function plainBody(source: ByteSource, counter: UploadCounter): Upload {
  const isWhole = typeof source === 'string' || source instanceof Uint8Array;
  return {
    body: isWhole ? counter.whole(source) : counter.counted(sourceChunks(source)),
    bytes: counter.totalBytes,
  };
}

/** Of bytes in memory all at once, so that they can be sent again. */
async function compressedBody(
  source: ByteSource,
  counter: UploadCounter,
  coding: UploadCoding,
): Promise<Upload['body']> {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
    return compressed(counter.complete(sourceChunks(source)), coding);
  }
  return compressedBytes(counter.whole(source), coding);
}

/** A server reads a whole upload before it answers, even for a table that does not exist. */
async function checkTable(connection: Connection, options: RawInsertOptions): Promise<void> {
  const { session, database, role, headers, signal, table } = options;
  const given = { session, database, role, headers, signal };
  const present = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  try {
    const execution = await connection.run({
      sql: `DESCRIBE TABLE ${tableSql(table)}`,
      options: present,
      writes: false,
      buffered: true,
    });
    await execution.collect(MAX_REPLY_BYTES);
  } catch (error) {
    if (!isClickHouseError(error) || NO_TABLE.includes(error.code)) throw error;
  }
}

/** The statement that the data goes with. @throws UsageError for what is no name of a table or format. */
export function insertSql({
  table,
  columns,
  mapping,
  format,
}: Pick<RawInsertOptions, 'table' | 'format'> & {
  columns?: RawInsertOptions['columns'] | undefined;
  mapping?: RawInsertOptions['mapping'] | undefined;
}): string {
  if (!FORMAT_NAME.test(format)) throw new UsageError(`"${format}" is not a format name.`);
  if (mapping !== undefined) return `${mappedInsert(table, mapping)} FORMAT ${format}`;
  const list = columns === undefined ? '' : ` (${columns.map(quoteIdentifier).join(', ')})`;
  return `INSERT INTO ${tableSql(table)}${list} FORMAT ${format}`;
}

function mappedInsert(table: TableName, mapping: readonly MappedColumn[]): string {
  const used = mapping.flatMap(({ name, target }) =>
    target === undefined ? [] : [[quoteIdentifier(target), quoteIdentifier(name)] as const],
  );
  if (used.length === 0) throw new UsageError('No column of the data goes into the table.');
  const structure = mapping.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ');
  const targets = used.map(([target]) => target).join(', ');
  const names = used.map(([, name]) => name).join(', ');
  return `INSERT INTO ${tableSql(table)} (${targets}) SELECT ${names} FROM input(${quoteLiteral(structure)})`;
}

/**
 * Parallel parsing cuts blocks at changing places, and collecting inserts mixes them with those of others;
 * both defeat the token (ClickHouse/ClickHouse#27667).
 */
function dedupSettings(token: string | undefined): Settings {
  if (token === undefined) return {};
  return {
    insert_deduplication_token: token,
    insert_deduplicate: 1,
    async_insert: 0,
    input_format_parallel_parsing: 0,
  };
}

class UploadCounter {
  bytes = 0;
  readonly totalBytes: number | undefined;
  readonly #onProgress: ((progress: UploadProgress) => void) | undefined;
  readonly #started = performance.now();

  constructor(
    totalBytes: number | undefined,
    onProgress: ((progress: UploadProgress) => void) | undefined,
  ) {
    this.totalBytes = totalBytes;
    this.#onProgress = onProgress;
  }

  whole<T extends string | Uint8Array>(body: T): T {
    this.#add(this.totalBytes ?? 0);
    return body;
  }

  async *counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#add(chunk.byteLength);
      yield chunk;
    }
  }

  /**
   * As `counted`. Compressed, an upload of fewer bytes than said would pass as whole.
   * @throws Error then.
   */
  async *complete(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* this.counted(chunks);
    if (this.totalBytes !== undefined && this.bytes < this.totalBytes) {
      throw new Error(`The source ended after ${this.bytes} of ${this.totalBytes} bytes.`);
    }
  }

  #add(bytes: number): void {
    this.bytes += bytes;
    this.#onProgress?.({
      bytes: this.bytes,
      totalBytes: this.totalBytes,
      ms: performance.now() - this.#started,
    });
  }
}
