import { cancelOnServer, toldByCluster } from './cancel.ts';
import { clusterNodes } from './cluster/clusterNodes.ts';
import { runningQueries } from './cluster/runningQueries.ts';
import { Connection } from './connection.ts';
import { isRowhouseError, ProtocolError, type RowhouseError, UsageError } from './errors.ts';
import { pollProgress, type QueryPlace } from './progress.ts';
import { createRunner } from './runner.ts';
import { createSession } from './session.ts';
import type { CancelOptions, CancelOutcome } from './cancelSurface.ts';
import type { Client, ClientOptions, PingResult } from './surface.ts';

const PING_TIMEOUT_MS = 3_000;

/**
 * A client for one ClickHouse server and user. It holds no state between calls, so any number of calls
 * may run at once; what must share state on the server runs in a `session()`.
 * @throws UsageError for a bad URL, credentials in the URL, or several kinds of credentials.
 */
export function createClient(options: ClientOptions): Client {
  const connection = new Connection(options);
  const own = options.autogenerateSessionId === true ? createSession(connection, {}) : undefined;
  return {
    ...createRunner(connection, () => own),
    get url() {
      return connection.hosts.inUse.url;
    },
    get hosts() {
      return connection.hosts.states;
    },
    session: (sessionOptions = {}) => {
      connection.assertOpen();
      return createSession(connection, sessionOptions);
    },
    ping: (pingOptions = {}) => ping(connection, pingOptions),
    serverInfo: (infoOptions = {}) => connection.serverInfo(infoOptions.signal),
    cancel: async (queryId, cancelOptions = {}) => {
      connection.assertOpen();
      return await cancelOnHosts(connection, queryId, cancelOptions);
    },
    runningQueries: async ({ signal } = {}) => {
      connection.assertOpen();
      return await runningQueries(connection.ask, connection.cluster, signal);
    },
    clusterNodes: async ({ cluster = connection.cluster, signal } = {}) => {
      connection.assertOpen();
      if (cluster === undefined) throw new UsageError('Name a cluster, here or for the client.');
      return await clusterNodes(connection.ask, cluster, signal);
    },
    progress: (queryId, onProgress) => {
      connection.assertOpen();
      const where = (): QueryPlace => {
        const { host, queryId: id } = connection.whereRuns(queryId);
        return { ask: host.ask, queryId: id };
      };
      return pollProgress(where, onProgress, connection.cluster);
    },
    close: async (closeOptions = {}) => {
      await connection.close(closeOptions);
    },
  };
}

/** A query that this client did not start may run on any of its hosts. */
async function cancelOnHosts(
  connection: Connection,
  calledId: string,
  options: CancelOptions,
): Promise<CancelOutcome> {
  const { host: first, queryId } = connection.whereRuns(calledId);
  let at = first;
  let told = await cancelOnServer(first.ask, queryId, options);
  for (const host of connection.hosts.all) {
    if (told.outcome !== 'notFound') break;
    if (host === first) continue;
    at = host;
    told = await cancelOnServer(host.ask, queryId, options);
  }
  return toldByCluster(at.ask, queryId, told, connection.clusterBeside(at), options);
}

/** A query rather than `/ping`, which proxies answer and which knows nothing of the password. */
async function ping(
  connection: Connection,
  options: { timeoutMs?: number; signal?: AbortSignal },
): Promise<PingResult> {
  const started = performance.now();
  const timeout = AbortSignal.timeout(options.timeoutMs ?? PING_TIMEOUT_MS);
  const signal =
    options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  try {
    await connection.ask('SELECT 1', {}, { signal });
    return { ok: true, ms: performance.now() - started };
  } catch (cause) {
    return { ok: false, ms: performance.now() - started, error: asRowhouseError(cause) };
  }
}

function asRowhouseError(cause: unknown): RowhouseError {
  if (isRowhouseError(cause)) return cause;
  return new ProtocolError('The server could not be asked.', undefined, { cause });
}
