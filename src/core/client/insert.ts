import { quoteIdentifier } from '../sql/quote.ts';
import { sourceBytes, sourceChunks } from './byteSource.ts';
import type { Connection } from './connection.ts';
import { UsageError } from './errors.ts';
import type { InsertSummary, RawInsertOptions, Settings, UploadProgress } from './surface.ts';
import { tableSql } from './tableName.ts';

const MAX_REPLY_BYTES = 1024 * 1024;
const FORMAT_NAME = /^\w+$/;

/**
 * Sends bytes into a table; they travel unchanged. Blocks that the server had complete before a failure
 * stay, so an error means that between 0 and all rows may have been written.
 * @throws RowhouseError; `ambiguous` says that rows may have been written.
 */
export async function rawInsert(
  connection: Connection,
  options: RawInsertOptions,
  /** Bytes of a streamed source, where known: the server then notices when the upload is cut. */
  totalBytes = sourceBytes(options.source),
): Promise<InsertSummary> {
  const started = performance.now();
  const { table, columns, format, source, contentEncoding, dedupToken, onProgress, ...rest } =
    options;
  const counter = new UploadCounter(totalBytes, onProgress);
  const execution = await connection.run({
    sql: insertSql(table, columns, format),
    options: { ...rest, settings: { ...dedupSettings(dedupToken), ...options.settings } },
    writes: true,
    upload: {
      body:
        typeof source === 'string' || source instanceof Uint8Array
          ? counter.whole(source)
          : counter.counted(sourceChunks(source)),
      contentEncoding,
      bytes: totalBytes,
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

function insertSql(
  table: RawInsertOptions['table'],
  columns: readonly string[] | undefined,
  format: string,
): string {
  if (!FORMAT_NAME.test(format)) throw new UsageError(`"${format}" is not a format name.`);
  const list = columns === undefined ? '' : ` (${columns.map(quoteIdentifier).join(', ')})`;
  return `INSERT INTO ${tableSql(table)}${list} FORMAT ${format}`;
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
  readonly #totalBytes: number | undefined;
  readonly #onProgress: ((progress: UploadProgress) => void) | undefined;
  readonly #started = performance.now();

  constructor(
    totalBytes: number | undefined,
    onProgress: ((progress: UploadProgress) => void) | undefined,
  ) {
    this.#totalBytes = totalBytes;
    this.#onProgress = onProgress;
  }

  whole<T extends string | Uint8Array>(body: T): T {
    this.#add(this.#totalBytes ?? 0);
    return body;
  }

  async *counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#add(chunk.byteLength);
      yield chunk;
    }
  }

  #add(bytes: number): void {
    this.bytes += bytes;
    this.#onProgress?.({
      bytes: this.bytes,
      totalBytes: this.#totalBytes,
      ms: performance.now() - this.#started,
    });
  }
}
