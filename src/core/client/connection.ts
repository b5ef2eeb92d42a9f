import { randomUUID } from 'node:crypto';
import { delay } from './abort.ts';
import { Attempt } from './attempt.ts';
import { cancelledBeforeSend, cancelledBetween } from './cancelledEarly.ts';
import type { Ask } from './cancel.ts';
import type { QueryCluster } from './cluster/stopParts.ts';
import { checkedCluster, checkedCompression, checkedMs } from './checks.ts';
import { isDecodable } from './decode.ts';
import { type Endpoint, resolveEndpoints } from './endpoint.ts';
import {
  type ClickHouseError,
  IdleTimeoutError,
  isClickHouseError,
  isConnectError,
  UsageError,
} from './errors.ts';
import type { HttpReply } from './exchange.ts';
import { Execution } from './execution.ts';
import { Route } from './failover.ts';
import { type Host, Hosts } from './hosts.ts';
import { encodeParameters } from './params/encodeParameters.ts';
import { asConnectionPool, type ConnectionPool } from './pool.ts';
import { pollProgress } from './progress.ts';
import { readReplyMeta } from './replyMeta.ts';
import { buildRequest } from './request.ts';
import { type Safeguards, safeguards } from './serverEra.ts';
import { askServerInfo } from './serverInfo.ts';
import { coreOf, type Lease, SESSION_NOT_FOUND } from './sessionCore.ts';
import { answers, EAGER, isGone, patient, type Patience } from './silence.ts';
import { isDeduplicated, isReplayable, type Statement } from './statement.ts';
import type { ClientOptions, Compression, ParameterValues, ServerInfo } from './surface.ts';

interface Run {
  readonly route: Route;
  readonly queryId: string;
  /** Before it was repeated. */
  readonly calledId: string;
  readonly params: readonly (readonly [string, string])[];
  readonly lease: Lease | undefined;
  readonly started: number;
  readonly safe: Safeguards;
}

interface RunsAt {
  readonly host: Host;
  /** The id that its call has; a repeated statement runs under another one. */
  readonly calledId: string;
}

/** A server that does not stop a query must not keep the window from closing. */
const CLOSE_LIMIT_MS = 5_000;
const LOOK_AFTER_MS = 2_000;

/** Runs statements against one server, or several with the same data: request, retry, session turn, cancel. */
export class Connection {
  readonly hosts: Hosts;
  /** Name of the cluster whose nodes take part in queries. */
  readonly cluster: string | undefined;
  readonly #pool: ConnectionPool;
  readonly #running = new Map<Attempt, RunsAt>();
  #closed = false;

  constructor(options: ClientOptions) {
    const [first, ...others] = resolveEndpoints(options);
    this.hosts = new Hosts([this.#host(first), ...others.map((each) => this.#host(each))], (host) =>
      options.onHostChange?.(host.url),
    );
    this.cluster = checkedCluster(options.cluster);
    this.#pool = asConnectionPool(options.pool);
  }

  /** Where a query runs and the id it has there, which differs once its statement was repeated; else the host in use. */
  whereRuns(queryId: string): { host: Host; queryId: string } {
    let found = { host: this.hosts.inUse, queryId };
    // The last one, since an attempt that failed may still be ending.
    for (const [attempt, { host, calledId }] of this.#running) {
      if (attempt.queryId === queryId || calledId === queryId) {
        found = { host, queryId: attempt.queryId };
      }
    }
    return found;
  }

  /** The cluster as a query of `host` needs it when it is cancelled. */
  clusterBeside(host: Host): QueryCluster | undefined {
    if (this.cluster === undefined) return undefined;
    const others = this.hosts.all.filter((each) => each !== host);
    return { name: this.cluster, hosts: others.map(({ ask }) => ask) };
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
  readonly ask: Ask = (sql, params, options) => this.#ask({ sql, params, writes: true }, options);

  /** Asked once for each host; kept when it succeeded. */
  async serverInfo(signal?: AbortSignal): Promise<ServerInfo> {
    this.assertOpen();
    let host = this.hosts.inUse;
    if (host.info !== undefined) return host.info;
    const onReply = (answering: Host): void => {
      host = answering;
    };
    const ask: Ask = (sql, params, options) =>
      this.#ask({ sql, params, writes: false, onReply }, options);
    const info = await askServerInfo(ask, signal);
    host.info = info;
    return info;
  }

  /** Ends the client: what runs may finish within `drainMs`, the rest is cancelled. */
  async close(options: { drainMs?: number } = {}): Promise<void> {
    this.#closed = true;
    // A copy: cancelling adds the statements that kill to the set.
    const attempts = [...this.#running.keys()];
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
    const queryId = options.queryId ?? randomUUID();
    const { sql } = statement;
    const lease =
      session === undefined ? undefined : await coreOf(session).acquire(signal, { sql, queryId });
    const started = performance.now();
    const route = new Route(this.hosts, lease?.core, statement.host);
    this.#lookAfterHosts(statement);
    let wasSent = false;
    for (let tries = 0; ; tries += 1) {
      const attemptId = tries === 0 ? queryId : `${queryId}-r${tries}`;
      let run: Run;
      let attempt: Attempt;
      try {
        // With the turn taken: waiting before it would let a later call overtake this one.
        const safe = await this.#safeguards(statement, route.host);
        if (isAborted(signal)) throw cancelledBetween(wasSent);
        run = { route, queryId: attemptId, calledId: queryId, params, lease, started, safe };
        attempt = this.#attempt(statement, run);
      } catch (error) {
        lease?.release();
        throw error;
      }
      try {
        return await this.#open(attempt, statement, run);
      } catch (error) {
        wasSent ||= attempt.sent;
        if (renewed(error, lease, statement)) continue;
        const pause = route.after(error, {
          replayable: isReplayable(statement),
          writes: statement.writes,
          deduplicated: isDeduplicated(statement),
          usesSession: lease !== undefined || statement.closesSession !== undefined,
          reusedConnection: attempt.reusedConnection,
          answerStarted: attempt.answerStarted,
        });
        if (pause === undefined) {
          if (attempt.sent) lease?.core.recordFailure(statement.sql, error);
          const told = await this.#sessionError(error, lease, attemptId);
          void attempt.released.then(() => lease?.release());
          throw route.failure(told);
        }
        await delay(pause, signal);
        if (isAborted(signal)) {
          lease?.release();
          throw cancelledBetween(wasSent);
        }
      }
    }
  }

  /** What protects this statement's result; asks an unknown server only where nothing else would do. */
  async #safeguards({ options, buffered = false }: Statement, host: Host): Promise<Safeguards> {
    const compression = checkedCompression(options.compression ?? host.endpoint.compression);
    const coding = passedThrough(compression);
    const opaque = coding !== undefined && !isDecodable(coding);
    if (opaque && !buffered) await this.#version(host, options.signal);
    const settings = { ...host.endpoint.settings, ...options.settings };
    return safeguards(host.info, { settings, buffered, opaque });
  }

  async #version(host: Host, signal?: AbortSignal): Promise<string | undefined> {
    try {
      host.info ??= await askServerInfo(host.ask, signal);
      return host.info.version;
    } catch {
      return undefined;
    }
  }

  #host(endpoint: Endpoint): Host {
    const host: Host = {
      endpoint,
      url: `${endpoint.origin}${endpoint.path}`,
      ask: (sql, params, options) => this.#ask({ sql, params, writes: true, host }, options),
      info: undefined,
    };
    return host;
  }

  async #ask(
    statement: Pick<Statement, 'sql' | 'writes' | 'host' | 'onReply'> & {
      readonly params: ParameterValues;
    },
    { signal, timeoutMs = 0 }: Parameters<Ask>[2] = {},
  ): Promise<string> {
    const { params, ...sent } = statement;
    const { idleTimeoutMs } = (statement.host ?? this.hosts.inUse).endpoint;
    const execution = await this.#send({
      ...sent,
      options: {
        params,
        ...(signal === undefined ? {} : { signal }),
        idleTimeoutMs: shorter(timeoutMs, idleTimeoutMs),
        compression: 'none',
      },
      buffered: true,
      lane: 'control',
    });
    return (await execution.collect(1024 * 1024)).toString('utf8');
  }

  /** With the next statement, never while idle. */
  #lookAfterHosts({ lane }: Statement): void {
    if (lane === 'control' || this.hosts.all.length === 1) return;
    this.hosts.lookAfterFailed((host) => answers(host, LOOK_AFTER_MS));
  }

  #attempt(statement: Statement, run: Run): Attempt {
    const { options, upload } = statement;
    const { host } = run.route;
    const { endpoint } = host;
    // A call that was still waiting when the client was closed; nothing would end it later.
    if (this.#closed && statement.lane !== 'control') {
      throw cancelledBeforeSend('The client was closed before the query was sent.');
    }
    const built = buildRequest(endpoint, {
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
      this.#pool.dispatcher(endpoint.transport, statement.lane ?? 'data'),
      {
        origin: endpoint.origin,
        path: built.path,
        headers: built.headers,
        body: upload?.body ?? built.body ?? '',
        idleTimeoutMs: checkedMs('idleTimeoutMs', options.idleTimeoutMs ?? endpoint.idleTimeoutMs),
      },
      {
        url: host.url,
        proxy: endpoint.transport.proxy?.url,
        tunnel: endpoint.transport.tunnel,
        queryId: run.queryId,
        writes: statement.writes,
        uploads: upload !== undefined,
        killable: statement.lane !== 'control',
        ask: host.ask,
        cluster: this.clusterBeside(host),
        signal: options.signal,
        onCancel: () => run.lease?.core.markCancelling(),
      },
    );
    this.#running.set(attempt, { host, calledId: run.calledId });
    void attempt.released.then(() => this.#running.delete(attempt));
    return attempt;
  }

  async #open(attempt: Attempt, statement: Statement, run: Run): Promise<Execution> {
    const { onProgress, compression } = statement.options;
    const { host } = run.route;
    const poller =
      onProgress === undefined
        ? undefined
        : pollProgress(() => ({ ask: host.ask, queryId: run.queryId }), onProgress, this.cluster);
    try {
      const reply = await this.#reply(attempt, statement, run.route);
      this.hosts.answered(host);
      statement.onReply?.(host);
      run.lease?.core.markUsed(host);
      void attempt.released.then(() => run.lease?.release());
      const meta = readReplyMeta(reply.status, reply.headers, run.queryId);
      // An old server: know its version before its next result, and before this one ends.
      if (meta.exceptionTag === undefined && !run.safe.buffered && !this.#closed)
        void this.#version(host);
      return new Execution(attempt, reply, {
        meta,
        inFormatErrors: run.safe.inFormatErrors,
        serverVersion: () => this.#version(host, statement.options.signal),
        writes: statement.writes,
        passthrough: passedThrough(compression ?? host.endpoint.compression) !== undefined,
        started: run.started,
        progress: poller,
        onEnd: (error) => {
          const { sql, options, upload } = statement;
          if (error !== undefined) {
            run.lease?.core.recordFailure(sql, error);
            return;
          }
          run.lease?.core.record(sql, options.params ?? {}, upload !== undefined);
        },
      });
    } catch (error) {
      poller?.stop();
      throw error;
    }
  }

  /**
   * The reply of a statement. A read is given up for a host that answers; anything else, and what has begun to
   * answer, only where its host has not answered any question for long.
   */
  async #reply(attempt: Attempt, statement: Statement, route: Route): Promise<HttpReply> {
    const { host, others } = route;
    const hasReply = new AbortController();
    const giveUpWhenGone = async (
      alternatives: readonly Host[],
      patience: Patience,
      until: AbortSignal,
    ): Promise<void> => {
      const gone = await isGone(host, alternatives, patience, until);
      if (gone) attempt.giveUp(silent(host, attempt.queryId, statement.writes));
    };
    if (!statement.writes && others.length > 0) {
      void giveUpWhenGone(others, EAGER, hasReply.signal);
    }
    const { deadHostMs } = host.endpoint;
    // Small questions have limits of their own.
    if (statement.lane !== 'control' && deadHostMs > 0) {
      const over = new AbortController();
      void attempt.released.then(() => {
        over.abort();
      });
      void giveUpWhenGone([], patient(deadHostMs), over.signal);
    }
    try {
      return await attempt.reply();
    } finally {
      hasReply.abort();
    }
  }

  /** An error in a session, told as its loss where the server has lost it, or only another host can be reached. */
  async #sessionError(error: unknown, lease: Lease | undefined, queryId: string): Promise<unknown> {
    if (lease === undefined || lease.warms) return error;
    const { core } = lease;
    if (isLoss(error)) return core.lose(error, queryId);
    if (!core.isBound || !isConnectError(error) || error.phase !== 'connect') return error;
    const others = this.hosts.all.filter((host) => host !== core.host);
    const found = await Promise.all(others.map((host) => answers(host, LOOK_AFTER_MS)));
    return found.includes(true) ? core.loseHost(error, queryId) : error;
  }
}

function isLoss(error: unknown): error is ClickHouseError {
  return isClickHouseError(error) && error.code === SESSION_NOT_FOUND;
}

/** True: the session is gone but held nothing, so that the statement may run in a new one of the same id. */
function renewed(error: unknown, lease: Lease | undefined, statement: Statement): boolean {
  if (lease === undefined || !isLoss(error)) return false;
  if (lease.warms || !lease.core.holdsNothing || !isReplayable(statement)) return false;
  lease.core.leaveHost();
  return true;
}

function silent({ url }: Host, queryId: string, writes: boolean): IdleTimeoutError {
  return new IdleTimeoutError(`${url} does not answer any more.`, {
    queryId,
    retryable: !writes,
    ambiguous: writes,
    hint: 'Check the network and the server. The query may still run there.',
  });
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
