import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { delay } from './abort.ts';
import { Attempt } from './attempt.ts';
import type { Ask } from './cancel.ts';
import { checkedCompression, checkedMs } from './checks.ts';
import { isDecodable } from './decode.ts';
import { type Endpoint, resolveEndpoint } from './endpoint.ts';
import { CancelledError, isClickHouseError, type RowhouseError, UsageError } from './errors.ts';
import { Execution } from './execution.ts';
import { encodeParameters } from './params/encodeParameters.ts';
import { asConnectionPool, type ConnectionPool, type Lane } from './pool.ts';
import { pollProgress } from './progress.ts';
import { readReplyMeta } from './replyMeta.ts';
import { buildRequest, type SessionParams } from './request.ts';
import { retryDelay } from './retry.ts';
import { type Safeguards, safeguards } from './serverEra.ts';
import { askServerInfo } from './serverInfo.ts';
import { coreOf, type Lease } from './sessionCore.ts';
import type {
  ClientOptions,
  Compression,
  QueryProgress,
  RequestOptions,
  ServerInfo,
} from './surface.ts';

/** A statement on its way to the server. */
export interface Statement {
  readonly sql: string;
  readonly options: Omit<RequestOptions, 'onProgress'> & {
    onProgress?: ((progress: QueryProgress) => void) | undefined;
  };
  /** True: it may change data, so it is never repeated once the server may have seen it. */
  readonly writes: boolean;
  readonly buffered?: boolean;
  readonly lane?: Lane;
  /** Data to send; the statement then travels in the URL. */
  readonly upload?: Upload;
  /** Tells the server to drop this session with the statement; takes no turn in its queue. */
  readonly closesSession?: SessionParams;
}

export interface Upload {
  readonly body: string | Uint8Array | Readable | AsyncIterable<Uint8Array>;
  readonly contentEncoding?: string | undefined;
  /** Content-Length, where known. */
  readonly bytes?: number | undefined;
}

interface Run {
  readonly queryId: string;
  readonly params: readonly (readonly [string, string])[];
  readonly lease: Lease | undefined;
  readonly started: number;
  readonly safe: Safeguards;
}

const SESSION_NOT_FOUND = 372;
/** A server that does not stop a query must not keep the window from closing. */
const CLOSE_LIMIT_MS = 5_000;

/** Runs statements against one server: request, retry, session turn, cancel. Everything else is built on it. */
export class Connection {
  readonly endpoint: Endpoint;
  /** The server's URL without credentials and query. */
  readonly url: string;
  readonly #pool: ConnectionPool;
  readonly #running = new Set<Attempt>();
  #closed = false;
  #info: ServerInfo | undefined;

  constructor(options: ClientOptions) {
    this.endpoint = resolveEndpoint(options);
    this.url = `${this.endpoint.origin}${this.endpoint.path}`;
    this.#pool = asConnectionPool(options.pool);
  }

  /**
   * Sends a statement; resolves when the server answered with success and the body can be read.
   * @throws RowhouseError of every kind.
   */
  async run(statement: Statement): Promise<Execution> {
    this.assertOpen();
    return this.#send(statement);
  }

  /** @throws UsageError after `close`. */
  assertOpen(): void {
    if (this.#closed) throw new UsageError('The client is closed.');
  }

  /** Small statements about other statements: control connections, no session, works while closing. */
  readonly ask: Ask = async (sql, params, options = {}) => {
    const execution = await this.#send({
      sql,
      options: {
        params,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        idleTimeoutMs: shorter(options.timeoutMs ?? 0, this.endpoint.idleTimeoutMs),
        compression: 'none',
      },
      writes: true,
      buffered: true,
      lane: 'control',
    });
    return (await execution.collect(1024 * 1024)).toString('utf8');
  };

  /** Asked once; kept when it succeeded. */
  async serverInfo(signal?: AbortSignal): Promise<ServerInfo> {
    this.assertOpen();
    this.#info ??= await askServerInfo(this.ask, signal);
    return this.#info;
  }

  /** Ends the client: what runs may finish within `drainMs`, the rest is cancelled. */
  async close(options: { drainMs?: number } = {}): Promise<void> {
    this.#closed = true;
    // A copy: cancelling adds the statements that kill to the set.
    const attempts = [...this.#running];
    const ended = new AbortController();
    // Ends the waits below: a timer that is left behind keeps the process alive.
    void Promise.all(attempts.map((attempt) => attempt.released)).then(() => {
      ended.abort();
    });
    const drainMs = options.drainMs ?? 0;
    if (drainMs > 0) await delay(drainMs, ended.signal);
    for (const attempt of attempts) attempt.cancel('The client was closed.');
    await delay(CLOSE_LIMIT_MS, ended.signal);
  }

  async #send(statement: Statement): Promise<Execution> {
    const { options } = statement;
    const { signal, session } = options;
    if (isAborted(signal)) throw cancelledBeforeSend();
    const params = encodeParameters(statement.sql, options.params ?? {});
    const lease = session === undefined ? undefined : await coreOf(session).acquire(signal);
    // With the turn taken: waiting before it would let a later call overtake this one.
    const safe = await this.#safeguards(statement).catch((error: unknown) => {
      lease?.release();
      throw error;
    });
    if (isAborted(signal)) {
      lease?.release();
      throw cancelledBeforeSend();
    }
    const queryId = options.queryId ?? randomUUID();
    const started = performance.now();
    for (let tries = 0; ; tries += 1) {
      const attemptId = tries === 0 ? queryId : `${queryId}-r${tries}`;
      const run = { queryId: attemptId, params, lease, started, safe };
      let attempt: Attempt;
      try {
        attempt = this.#attempt(statement, run);
      } catch (error) {
        lease?.release();
        throw error;
      }
      try {
        return await this.#open(attempt, statement, run);
      } catch (error) {
        const pause = retryDelay(error, {
          tries,
          elapsedMs: performance.now() - started,
          replayable: isReplayable(statement),
          writes: statement.writes,
          holdsSession: lease !== undefined,
          deduplicated: isDeduplicated(statement),
          reusedConnection: attempt.reusedConnection,
          answerStarted: attempt.answerStarted,
        });
        if (pause === undefined) {
          void attempt.released.then(() => lease?.release());
          throw this.#sessionError(error, lease, attemptId);
        }
        await delay(pause, signal);
        if (isAborted(signal)) {
          lease?.release();
          throw cancelledBeforeSend();
        }
      }
    }
  }

  /** What protects this statement's result; asks an unknown server only where nothing else would do. */
  async #safeguards({ options, buffered = false }: Statement): Promise<Safeguards> {
    const compression = checkedCompression(options.compression ?? this.endpoint.compression);
    const coding = passedThrough(compression);
    const opaque = coding !== undefined && !isDecodable(coding);
    if (opaque && !buffered) await this.#version(options.signal);
    const settings = { ...this.endpoint.settings, ...options.settings };
    return safeguards(this.#info, { settings, buffered, opaque });
  }

  async #version(signal?: AbortSignal): Promise<string | undefined> {
    try {
      return (await this.serverInfo(signal)).version;
    } catch {
      return undefined;
    }
  }

  #attempt(statement: Statement, run: Run): Attempt {
    const { options, upload } = statement;
    // A call that was still waiting when the client was closed; nothing would end it later.
    if (this.#closed && statement.lane !== 'control') {
      throw cancelledBeforeSend('The client was closed before the query was sent.');
    }
    const built = buildRequest(this.endpoint, {
      ...options,
      settings: { ...options.settings, ...run.safe.settings },
      sql: statement.sql,
      queryId: run.queryId,
      params: run.params,
      session: run.lease?.core.params() ?? statement.closesSession,
      buffered: run.safe.buffered,
      carriesData: upload !== undefined,
      contentEncoding: upload?.contentEncoding,
      contentLength: upload?.bytes,
    });
    const attempt = new Attempt(
      this.#pool.dispatcher(this.endpoint.transport, statement.lane ?? 'data'),
      {
        origin: this.endpoint.origin,
        path: built.path,
        headers: built.headers,
        body: upload?.body ?? built.body ?? '',
        idleTimeoutMs: checkedMs(
          'idleTimeoutMs',
          options.idleTimeoutMs ?? this.endpoint.idleTimeoutMs,
        ),
      },
      {
        url: this.url,
        proxy: this.endpoint.transport.proxy?.url,
        queryId: run.queryId,
        writes: statement.writes,
        uploads: upload !== undefined,
        killable: statement.lane !== 'control',
        ask: this.ask,
        signal: options.signal,
        onCancel: () => run.lease?.core.markCancelling(),
      },
    );
    this.#running.add(attempt);
    void attempt.released.then(() => this.#running.delete(attempt));
    return attempt;
  }

  async #open(attempt: Attempt, statement: Statement, run: Run): Promise<Execution> {
    const { onProgress, compression } = statement.options;
    const poller =
      onProgress === undefined ? undefined : pollProgress(this.ask, run.queryId, onProgress);
    try {
      const reply = await attempt.reply();
      run.lease?.core.markUsed();
      void attempt.released.then(() => run.lease?.release());
      const meta = readReplyMeta(reply.status, reply.headers, run.queryId);
      // An old server: know its version before its next result, and before this one ends.
      if (meta.exceptionTag === undefined && !run.safe.buffered && !this.#closed)
        void this.#version();
      return new Execution(attempt, reply, {
        meta,
        inFormatErrors: run.safe.inFormatErrors,
        serverVersion: () => this.#version(statement.options.signal),
        writes: statement.writes,
        passthrough: passedThrough(compression ?? this.endpoint.compression) !== undefined,
        started: run.started,
        progress: poller,
        onEnd: (error) => {
          if (error === undefined) run.lease?.core.record(statement.sql);
        },
      });
    } catch (error) {
      poller?.stop();
      throw error;
    }
  }

  #sessionError(error: unknown, lease: Lease | undefined, queryId: string): unknown {
    if (lease === undefined || !isClickHouseError(error) || error.code !== SESSION_NOT_FOUND) {
      return error;
    }
    return lease.core.lose(error, queryId);
  }
}

/** An insert of data that names itself, so that the server drops a second copy. */
function isDeduplicated({ upload, options }: Statement): boolean {
  return upload !== undefined && (options.settings?.['insert_deduplication_token'] ?? '') !== '';
}

/** Of two limits, 0 meaning none. */
function shorter(first: number, second: number): number {
  return first === 0 || second === 0 ? Math.max(first, second) : Math.min(first, second);
}

function passedThrough(compression: Compression): string | undefined {
  const prefix = 'passthrough:';
  return compression.startsWith(prefix) ? compression.slice(prefix.length) : undefined;
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** A stream can be sent once. */
function isReplayable({ upload, options }: Statement): boolean {
  const bodies = [
    ...(upload === undefined ? [] : [upload.body]),
    ...Object.values(options.externalData ?? {}).map((table) => table.source),
  ];
  return bodies.every(
    (body) => typeof body === 'string' || body instanceof Uint8Array || body instanceof Blob,
  );
}

function cancelledBeforeSend(
  message = 'The query was cancelled before it was sent.',
): RowhouseError {
  return new CancelledError(message, Promise.resolve({ outcome: 'notFound', elapsedMs: 0 }));
}
