/**
 * The public types of the client core: what `import { createClient } from 'rowhouse/client'` offers.
 * Types only, so that every layer may import them without loading the HTTP stack.
 */
import type { Readable } from 'node:stream';
import type { CancelOutcome, RunningQueries, ClusterNode, CancelOptions } from './cancelSurface.ts';
import type {
  TlsOptions,
  ProxyOptions,
  Pool,
  Tunnel,
  HostOptions,
  HostState,
} from './connectionSurface.ts';
import type { RowhouseError } from './errors.ts';

/**
 * How the server compresses a reply. Always exactly one coding is offered, because the server picks by
 * its own fixed order when several are. `passthrough:<coding>` leaves the compressed bytes as they are.
 */
export type Compression =
  'none' | 'gzip' | 'zstd' | 'br' | 'deflate' | `passthrough:${ContentCoding}`;

/** Content codings that ClickHouse understands for request and reply bodies. */
export type ContentCoding = 'gzip' | 'zstd' | 'br' | 'deflate' | 'lz4' | 'xz' | 'bz2' | 'snappy';

/**
 * How plain data is compressed on its way to the server. `auto`: text for servers that are not this machine, with
 * zstd where Node and server have it, else gzip.
 */
export type UploadCompression = 'auto' | 'none' | 'gzip' | 'zstd';

/** A value of a ClickHouse setting. Booleans are sent as 1 and 0, records as a Map literal. */
export type SettingValue = string | number | bigint | boolean | Readonly<Record<string, string>>;
export type Settings = Readonly<Record<string, SettingValue>>;

/** Values for `{name:Type}` placeholders; how a value is written follows the type in the SQL. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** Bytes to send: text (UTF-8), bytes, a Blob or File, a Node stream, or any iterable of chunks. */
export type ByteSource =
  | string
  | Uint8Array
  | Blob
  | Readable
  | Iterable<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

/** A table sent along with a query; it exists for that query only. */
export interface ExternalTable {
  /** The rows, in `format`. */
  source: ByteSource;
  /** A ClickHouse input format, for example `TSV`. */
  format: string;
  /** Columns and types, for example `id UInt64, name String`. */
  structure: string;
}

export interface ClientOptions {
  /** `http(s)://host:port[/base/path]`. Credentials in the URL are refused. */
  url: string | URL;
  /** Default: what the server takes for a request without a user, `default`. */
  username?: string;
  password?: string;
  /** A bearer token (ClickHouse Cloud). Not together with `username` or `password`. */
  accessToken?: string;
  /** Default: the user's own default database. */
  database?: string;
  /** Settings for every request of this client. */
  settings?: Settings;
  /** Headers for every request; a request's own `headers` win. */
  headers?: Readonly<Record<string, string>>;
  /** Role or roles for every request. */
  role?: string | readonly string[];
  tls?: TlsOptions;
  proxy?: ProxyOptions;
  /** Not together with `proxy`. */
  tunnel?: Tunnel;
  /** Used, in this order, while the server of `url` fails: for what was not sent yet, and for reads. */
  hosts?: readonly HostOptions[];
  /**
   * Name of a cluster, as in `system.clusters`, whose nodes take part in this client's queries: cancel and progress look
   * at all of them.
   */
  cluster?: string;
  /** Told the URL of the host that new statements go to from now on. */
  onHostChange?: (url: string) => void;
  /** Default: `none` when the host is this machine, `gzip` otherwise. */
  compression?: Compression;
  /** Milliseconds for name lookup, TCP and TLS together. Default 10 000; 2 000 with several hosts. */
  connectTimeoutMs?: number;
  /** Milliseconds without a byte from the server until a request fails. Default 0: no limit. */
  idleTimeoutMs?: number;
  /**
   * Milliseconds for which a host may answer nothing at all, no small question beside the statement either, until what
   * runs there is given up with `IdleTimeoutError`. Default 60 000; 0: no limit.
   */
  deadHostMs?: number;
  /** Shown by the server as the user agent: `<application> rowhouse/<version>`. */
  application?: string;
  /** Default: one pool shared by all clients of the process. */
  pool?: Pool;
  /** True: all calls of this client run in one session of its own, as the Python client does. Default false. */
  autogenerateSessionId?: boolean;
}

/** What every call takes. */
export interface RequestOptions {
  /** Values for the `{name:Type}` placeholders of the statement, bound by the server. */
  params?: ParameterValues;
  settings?: Settings;
  /** Format when the statement names none (sent as `default_format`; the SQL stays untouched). */
  format?: string;
  database?: string;
  externalData?: Readonly<Record<string, ExternalTable>>;
  headers?: Readonly<Record<string, string>>;
  role?: string | readonly string[];
  /** Default: a new UUID. Must not be in use by a running query (error 216). Sent again, it runs with `-r1`, `-r2`, … added. */
  queryId?: string;
  /** Aborting ends the call at once with `CancelledError` and kills the query on the server. */
  signal?: AbortSignal;
  /** Runs the call in this session. */
  session?: Session;
  compression?: Compression;
  /** Called while the query runs, from polls of `system.processes` on a control connection. */
  onProgress?: (progress: QueryProgress) => void;
  /** Milliseconds without a byte from the server until the call fails. Default: the client's. */
  idleTimeoutMs?: number;
}

export interface RawQueryOptions extends RequestOptions {
  /** Default true: the server buffers the whole result, so that any error has an HTTP status. */
  buffered?: boolean;
  /** The call fails with `ResultTooLargeError` beyond this many bytes. Default 64 MiB. */
  maxBytes?: number;
}

/** What the reply's headers say, known before the first byte of the body. */
export interface ReplyMeta {
  readonly queryId: string;
  readonly httpStatus: number;
  /** The format that the server really sends (`X-ClickHouse-Format`). */
  readonly format: string | undefined;
  /** The server's (or session's) time zone. */
  readonly timezone: string | undefined;
  readonly serverName: string | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** Servers since 25.11 mark an exception inside the body with this tag. */
  readonly exceptionTag: string | undefined;
  /** Seconds that the server keeps an idle connection. */
  readonly keepAliveTimeoutSec: number | undefined;
  /** `X-ClickHouse-Summary`: final for buffered replies and for statements without a result. */
  readonly summary: ServerSummary | undefined;
}

/** Numbers of `X-ClickHouse-Summary`. */
export interface ServerSummary {
  readonly readRows: number;
  readonly readBytes: number;
  /** Rows written to all targets, materialized views included. */
  readonly writtenRows: number;
  readonly writtenBytes: number;
  readonly totalRowsToRead: number;
  readonly resultRows: number;
  readonly resultBytes: number;
  readonly elapsedNs: number;
}

/** At the verified end of a reply. */
export interface Summary {
  readonly queryId: string;
  /** Body bytes handed to the caller (decoded, unless passed through). */
  readonly bytes: number;
  /** Milliseconds from the call to the end of the body. */
  readonly ms: number;
  /** `X-ClickHouse-Summary`; partial in streamed replies, where it is sent before the first row. */
  readonly server: ServerSummary | undefined;
  /** The last numbers seen while it ran, when `onProgress` was given. */
  readonly progress: QueryProgress | undefined;
}

export interface QueryProgress {
  readonly queryId: string;
  readonly readRows: number;
  readonly readBytes: number;
  /** The server's estimate of the rows it will read; 0 when it has none. */
  readonly totalRows: number;
  readonly writtenRows: number;
  /** In use at this moment; on all nodes, when the client has a cluster. */
  readonly memoryBytes: number;
  /** Of each node its own peak, added up. */
  readonly peakMemoryBytes: number;
  /** Threads that took part so far; on all nodes, when the client has a cluster. */
  readonly threads: number;
  readonly elapsedMs: number;
}

export interface RawResult {
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8 text. */
  text(): string;
  readonly meta: ReplyMeta;
  readonly summary: Summary;
}

/**
 * The body of a running query. Read it to its end or call `abort()`: an unread stream holds a connection
 * and its session. It can be read once; leaving the loop early cancels the query.
 */
export interface RawStreamOptions extends RequestOptions {
  /**
   * True: a chunk of the iteration may be overwritten once the next one is asked for. Costs half the processor time
   * of large results, and memory does not grow. Default false: chunks may be kept. `toReadable` always gives chunks to keep.
   */
  reuseMemory?: boolean;
}

export interface RawStream extends AsyncIterable<Uint8Array>, AsyncDisposable {
  readonly meta: ReplyMeta;
  /** Settles with the stream: resolves at the verified end, rejects with the error that iteration throws. */
  readonly done: Promise<Summary>;
  toReadable(): Readable;
  /** Stops delivery and kills the query on the server. Does nothing after the end. */
  abort(reason?: unknown): void;
}

/** A column of data, read as this type, and the table's column that it goes to; without one it goes nowhere. */
export interface MappedColumn {
  readonly name: string;
  readonly type: string;
  readonly target: string | undefined;
}

/** A table by name: `table`, `db.table` (quoted parts allowed), or its parts, which are quoted for you. */
export type TableName = string | { readonly database?: string; readonly table: string };

export interface RawInsertOptions extends Omit<
  RequestOptions,
  'format' | 'onProgress' | 'compression'
> {
  table: TableName;
  /** Columns in the order of the data. Default: all, or the names in the data for formats that have them. */
  columns?: readonly string[];
  /**
   * The columns of the data, by name or in order as the format has it, where they are called otherwise in the
   * table or not all of them are wanted. In place of `columns`.
   */
  mapping?: readonly MappedColumn[];
  /** A ClickHouse input format; there is no hidden default. */
  format: string;
  source: ByteSource;
  /** How `source` is already compressed; the server decompresses. */
  contentEncoding?: ContentCoding;
  /** On the way to the server, where there is no `contentEncoding`. Default `none`. */
  compression?: UploadCompression;
  /** Makes a repeated insert of the same data harmless (`insert_deduplication_token`). */
  dedupToken?: string;
  /** Called with the bytes of the source that were taken to be sent so far. */
  onProgress?: (progress: UploadProgress) => void;
}

export interface UploadProgress {
  readonly bytes: number;
  /** Bytes of the whole source, where known. */
  readonly totalBytes: number | undefined;
  readonly ms: number;
}

export interface InsertSummary {
  readonly queryId: string;
  /** Rows written to all targets, materialized views included; undefined when the server did not say. */
  readonly writtenRows: number | undefined;
  readonly writtenBytes: number | undefined;
  /** Bytes of the source that were sent; on the way they may have been compressed. */
  readonly bytes: number;
  readonly ms: number;
  readonly meta: ReplyMeta;
}

export interface CommandResult {
  readonly queryId: string;
  /** What the statement printed; mostly empty. */
  readonly text: string;
  readonly meta: ReplyMeta;
  readonly summary: Summary;
}

export interface SaveOptions extends Omit<RequestOptions, 'format' | 'compression' | 'onProgress'> {
  /** A ClickHouse output format. */
  format: string;
  /** The server compresses and its bytes go to the file untouched. Default: none. */
  compression?: ContentCoding | 'none';
  /** Default false: an existing target is refused. */
  overwrite?: boolean;
  /** Adds the result to the end of an existing file instead of replacing it. Default false. */
  append?: boolean;
  /** Bytes at the start of a new file, before the server's, for example a byte order mark. */
  leading?: Uint8Array;
  /**
   * Default true: the receipt has the file's SHA-256. On processors without instructions for it the sum costs more time
   * than the rest of a save.
   */
  checksum?: boolean;
  /**
   * Default false. True: the receipt has the rows of every format that they can be told from for certain, counted while
   * they are written. Not for statements WITH TOTALS and the setting `extremes`: in most formats what they add looks like
   * rows.
   */
  countRows?: boolean;
  /** Default false: on failure `<path>.partial` is removed. */
  keepPartial?: boolean;
  /** Called with the absolute path of the partial file, once it is there: it is this save's until its end. */
  onCreated?: (partialPath: string) => void;
  /**
   * Called before a failure is thrown, when something stays in `<path>.partial`: with `keepPartial`, or because it
   * cannot be removed.
   */
  onPartial?: (partial: PartialSave) => void;
  /** What to do when the statement's own FORMAT differs from `format`. Default `refuse`. */
  otherFormat?: 'refuse' | 'accept';
  /** At most ten times a second, and once at the end. */
  onProgress?: (progress: SaveProgress) => void;
  /** As `onProgress` of the other calls: what the server has read so far. */
  onQueryProgress?: (progress: QueryProgress) => void;
}

export interface SaveProgress {
  /** Bytes received so far. */
  readonly bytes: number;
  readonly ms: number;
}

/** What a save that failed or was cancelled left behind: data only, the server's error text cut off. */
export interface PartialSave {
  /** Absolute path of the partial file. */
  readonly path: string;
  /** Bytes of the whole partial file. */
  readonly bytes: number;
  /** When it was last written, in ms since 1970: tells it from a later file of its name. */
  readonly modifiedMs: number;
  /** Bytes at its beginning that are of the file that was appended to. */
  readonly startBytes: number;
  /** The query's format; how to count the rows depends on it. */
  readonly format: string;
  readonly compression: ContentCoding | 'none';
}

export interface SaveReceipt {
  /** Absolute path of the finished file. */
  readonly path: string;
  /** Bytes of the whole file. */
  readonly bytes: number;
  /** SHA-256 of the whole file, hexadecimal, as `sha256sum` prints it; undefined with `checksum: false`. */
  readonly sha256: string | undefined;
  /** Rows that were saved, where the server, the end of the file (Parquet, ORC) or `countRows` tells them. */
  readonly rows: number | undefined;
  readonly ms: number;
  readonly queryId: string;
  /** The format that the server really sent. */
  readonly format: string;
  readonly compression: ContentCoding | 'none';
  readonly serverVersion: string | undefined;
}

export interface InsertFileOptions extends Omit<
  RawInsertOptions,
  'format' | 'source' | 'contentEncoding'
> {
  path: string;
  /** Default: by the file's suffix. */
  format?: string;
  /** Default: by the file's suffix, checked against its first bytes. */
  contentEncoding?: ContentCoding | 'none';
  /** On the way to the server, of files that are not compressed already. Default `auto`. */
  compression?: UploadCompression;
  /** As the file was when it was decided about; another one is refused before anything is sent. */
  seen?: SeenFile;
}

/** How a changed file is told from an unchanged one. */
export interface SeenFile {
  readonly bytes: number;
  /** Milliseconds. */
  readonly modified: number;
}

export type PingResult =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly ms: number; readonly error: RowhouseError };

export interface ServerInfo {
  readonly version: string;
  readonly timezone: string;
  readonly user: string;
  readonly database: string;
  /** The `readonly` setting of this user: 0 anything, 1 reads only and no settings, 2 reads and settings. */
  readonly readonly: number;
}

export interface SessionOptions {
  /** Default: a new UUID. */
  id?: string;
  /** Seconds that the server keeps an idle session; at most its `max_session_timeout` (3 600). Default 600. */
  timeoutSec?: number;
  /** A second call while one runs waits (`queue`) or fails with `SessionBusyError` (`reject`). Default `queue`. */
  onBusy?: 'queue' | 'reject';
  /** Calls that may wait. Default 64. */
  maxQueue?: number;
  /**
   * An idle session that holds settings or temporary tables is kept alive for this many seconds after its
   * last call. Default 14 400; 0: not at all; Infinity: until it is closed.
   */
  maxIdleSec?: number;
  /** For messages, for example the name of the editor tab. */
  label?: string;
  /** Called after `state`, `turns` or `holds` changed. */
  onChange?: () => void;
}

/** Progress of a session. `cancelling`: a cancelled query still holds the session on the server. */
export type SessionState = 'new' | 'idle' | 'busy' | 'cancelling' | 'lost' | 'closed';

/** The calls that run statements; the same on a client and on a session. */
export interface StatementRunner {
  /** The whole result in memory, buffered on the server. */
  rawQuery(sql: string, options?: RawQueryOptions): Promise<RawResult>;
  /** The result as it comes. Resolves at the reply's headers, so an error before the first row rejects here. */
  rawStream(sql: string, options?: RawStreamOptions): Promise<RawStream>;
  /** Sends bytes into a table. Never repeated by itself: an error says what may have been written. */
  rawInsert(options: RawInsertOptions): Promise<InsertSummary>;
  /** DDL, SET, SYSTEM, or any statement whose output is short. */
  command(sql: string, options?: RequestOptions): Promise<CommandResult>;
  /** Streams a result into a file: `<path>.partial`, verified end, fsync, rename. */
  saveTo(sql: string, path: string, options: SaveOptions): Promise<SaveReceipt>;
  /** Streams a file into a table. */
  insertFile(options: InsertFileOptions): Promise<InsertSummary>;
}

/** A statement that has a session, or waits for it. */
export interface SessionTurn {
  readonly sql: string;
  readonly queryId: string;
  /** `cancelling`: it is cancelled, but the server still holds the session for it. */
  readonly state: 'running' | 'cancelling' | 'waiting';
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** How long an idle session lasts when nothing else runs in it. */
export interface SessionExpiry {
  /** Infinity: it is kept until it is closed. */
  readonly expiresInMs: number;
  /** True: it holds something, so it is kept alive until then. */
  readonly isKept: boolean;
}

/** One state on the server (settings, temporary tables, current database); one statement at a time. */
export interface Session extends StatementRunner {
  readonly id: string;
  readonly label: string | undefined;
  readonly timeoutSec: number;
  readonly state: SessionState;
  /** Statements that wait for their turn. */
  readonly waiting: number;
  /** The statement that runs, then those that wait, in order. */
  readonly turns: readonly SessionTurn[];
  /** Undefined while the server has no such session, or a statement runs in it. */
  readonly expiry: SessionExpiry | undefined;
  /** What would be lost with the session, as far as seen: SET and USE statements, temporary tables. */
  readonly holds: SessionHoldings;
  /** URL of the host that has it; undefined while none has. A session that holds something stays there. */
  readonly host: string | undefined;
  /**
   * Waits for a turn and keeps it for several calls, so that no other statement comes between them.
   * @throws SessionBusyError, SessionLostError, UsageError when closed, CancelledError when aborted.
   */
  reserve(options: ReserveOptions): Promise<ReservedSession>;
  /** Ends the waiting of a statement of `turns`, with CancelledError. @returns false when none of this id waits. */
  cancelWaiting(queryId: string): boolean;
  /** Tells the server to drop the session, once nothing runs in it. Waiting calls fail. Never throws. */
  close(): Promise<void>;
}

export interface ReserveOptions {
  /** How the turn is named in `turns`. */
  sql: string;
  queryId: string;
  /** Ends the waiting. */
  signal?: AbortSignal;
  /** The statements before this one; called while it waits, whenever they change. */
  onAhead?: (ahead: readonly SessionTurn[]) => void;
}

/** A session whose calls take no turn of their own. */
export interface ReservedSession extends Session {
  /** Must be called once; the next statement gets its turn when the last call has ended. */
  release(): void;
}

/** What a statement changed in a session, by the name and the text of the statement. */
export interface SessionSetting {
  /** `param_…` for a query parameter. */
  readonly name: string;
  /** As it stood in the SET statement. */
  readonly value: string;
}

/** A statement that left something in a session; run in order they make it again. */
export interface SessionStep {
  readonly kind: 'set' | 'use' | 'create' | 'write' | 'drop';
  readonly sql: string;
  readonly params: ParameterValues;
  /** The temporary table that it is about. */
  readonly table: string | undefined;
  /** True: it fills a table from a SELECT, whose rows may be others by now. */
  readonly reads: boolean;
  /** False: the data came beside the statement, or there were too many to keep them. */
  readonly repeatable: boolean;
}

export interface SessionHoldings {
  /** SET and USE statements that succeeded and still count, in order. */
  readonly statements: readonly string[];
  /** Names of temporary tables created and not dropped. */
  readonly temporaryTables: readonly string[];
  /** What SET statements set and did not set back, query parameters among them. */
  readonly settings: readonly SessionSetting[];
  /** Of the last USE. */
  readonly database: string | undefined;
  readonly inTransaction: boolean;
  readonly steps: readonly SessionStep[];
  /** Statements that were sent and whose end nobody saw: what they set or make may hold, or not. */
  readonly perhaps: readonly string[];
}

export interface Client extends StatementRunner {
  /** The server's URL without credentials and query; with several hosts that of the one in use. */
  readonly url: string;
  /** All hosts, in the order of preference. */
  readonly hosts: readonly HostState[];
  /** A new session; it exists on the server from its first statement on. */
  session(options?: SessionOptions): Session;
  /** Reaches the server without a query; never throws. */
  ping(options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<PingResult>;
  /** Version, time zone, user and rights; asked once and kept. */
  serverInfo(options?: { signal?: AbortSignal }): Promise<ServerInfo>;
  /** Kills a query on a control connection and watches it leave. */
  cancel(queryId: string, options?: CancelOptions): Promise<CancelOutcome>;
  /** What runs on the server, or on all nodes of the client's cluster. */
  runningQueries(options?: { signal?: AbortSignal }): Promise<RunningQueries>;
  /** The nodes of a cluster, each asked whether it answers. Default: the client's cluster. */
  clusterNodes(options?: { cluster?: string; signal?: AbortSignal }): Promise<ClusterNode[]>;
  /** Polls the progress of a running query until it is gone or `stop()` is called. */
  progress(
    queryId: string,
    onProgress: (progress: QueryProgress) => void,
  ): { readonly done: Promise<void>; stop(): void };
  /** Ends the client: calls that run may finish within `drainMs` (default 0), then they are cancelled. */
  close(options?: { drainMs?: number }): Promise<void>;
}
