import type { Dispatcher } from 'undici';
import { Agent, TunnelPool, ProxyAgent } from './agents.ts';
import { through, withLargeReads } from './connector.ts';
import { UsageError } from './errors.ts';
import type { Pool, PoolOptions, ProxyOptions, TlsOptions, Tunnel } from './connectionSurface.ts';

/** How to reach a server, apart from who asks. Equal values share connections. */
export interface Transport {
  readonly tls: TlsOptions | undefined;
  /** Already decided for this server: undefined means a direct connection. */
  readonly proxy: ProxyOptions | undefined;
  /** Equal names share connections. */
  readonly tunnel: Tunnel | undefined;
  readonly connectTimeoutMs: number;
}

/** `control` is kept apart so that cancel and progress work while all data connections are busy. */
export type Lane = 'data' | 'control';

const TCP_KEEPALIVE_MS = 30_000;
/** Progress headers of a long query arrive as one block; undici's default of 16 KiB kills the reply. */
const MAX_HEADER_BYTES = 8 * 1024 * 1024;

interface Lanes extends Record<Lane, Dispatcher> {
  /** `performance.now()` when they were made: no connection of theirs is older. */
  readonly since: number;
}

/** Owns undici agents: one pair (data, control) per way of connecting. */
export class ConnectionPool implements Pool {
  readonly connections: number;
  readonly controlConnections: number;
  readonly #maxAgeMs: number;
  readonly #lanes = new Map<string, Lanes>();
  readonly #retired = new Set<Dispatcher>();
  #closed = false;

  constructor(options: PoolOptions = {}) {
    this.connections = positive('connections', options.connections ?? 8);
    this.controlConnections = positive('controlConnections', options.controlConnections ?? 2);
    this.#maxAgeMs = positive('maxAgeMs', options.maxAgeMs ?? 600_000);
  }

  /** @throws UsageError after `close`. */
  dispatcher(transport: Transport, lane: Lane): Dispatcher {
    if (this.#closed) throw new UsageError('The connection pool is closed.');
    const key = JSON.stringify(transport);
    const now = performance.now();
    let lanes = this.#lanes.get(key);
    if (lanes !== undefined && now - lanes.since > this.#maxAgeMs) {
      this.#retire(lanes);
      lanes = undefined;
    }
    if (lanes === undefined) {
      lanes = {
        since: now,
        data: this.#agent(transport, this.connections),
        control: this.#agent(transport, this.controlConnections),
      };
      this.#lanes.set(key, lanes);
    }
    return lanes[lane];
  }

  async close(options: { drainMs?: number } = {}): Promise<void> {
    this.#closed = true;
    const agents = [...this.#lanes.values()].flatMap((lanes) => [lanes.data, lanes.control]);
    agents.push(...this.#retired);
    this.#lanes.clear();
    await Promise.all(agents.map((agent) => closeAgent(agent, options.drainMs ?? 0)));
  }

  /**
   * Lets old connections finish what they carry. undici's own `clientTtl` leaves requests waiting forever
   * once all connections of a pool are too old at the same time.
   */
  #retire(lanes: Lanes): void {
    for (const agent of [lanes.data, lanes.control]) {
      this.#retired.add(agent);
      void agent.close().finally(() => this.#retired.delete(agent));
    }
  }

  #agent(transport: Transport, connections: number): Dispatcher {
    const { servername, rejectUnauthorized, ca, cert, key, passphrase } = transport.tls ?? {};
    const tls = {
      ...(servername === undefined ? {} : { servername }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
      ...(ca === undefined
        ? {}
        : { ca: Array.isArray(ca) ? [...(ca as string[])] : (ca as string) }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
    };
    const connect = {
      ...tls,
      timeout: transport.connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEPALIVE_MS,
      autoSelectFamily: true,
    };
    const options = {
      connections,
      pipelining: 1,
      allowH2: false,
      // The server's own Keep-Alive header wins; 3 s is the shortest default among servers seen.
      keepAliveTimeout: 2_500,
      keepAliveTimeoutThreshold: 1_000,
      keepAliveMaxTimeout: 60_000,
      maxHeaderSize: MAX_HEADER_BYTES,
      // A query may be silent for hours; idleTimeoutMs of each request decides instead.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect,
    };
    if (transport.proxy === undefined) {
      const direct = withLargeReads(connect);
      const { tunnel } = transport;
      return new Agent({ ...options, connect: tunnel ? through(tunnel, direct) : direct });
    }
    const { url, authorization } = transport.proxy;
    return new ProxyAgent({
      ...options,
      uri: url,
      requestTls: connect,
      // Without it a proxy that never answers holds a request for five minutes.
      clientFactory: (origin: URL, poolOptions: object) =>
        new TunnelPool(origin, { ...poolOptions, headersTimeout: transport.connectTimeoutMs }),
      proxyTls: { timeout: transport.connectTimeoutMs },
      ...(authorization === undefined ? {} : { token: authorization }),
    });
  }
}

async function closeAgent(agent: Dispatcher, drainMs: number): Promise<void> {
  if (drainMs > 0) {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, drainMs);
    });
    await Promise.race([agent.close(), deadline]);
    clearTimeout(timer);
  }
  await agent.destroy();
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`${name} must be a whole number above 0, not ${value}.`);
}

let shared: ConnectionPool | undefined;

/** The pool of all clients that bring none of their own. Never closed: idle connections end by themselves. */
export function sharedPool(): ConnectionPool {
  shared ??= new ConnectionPool();
  return shared;
}

/**
 * Connections to be shared by several clients, apart from the process-wide default.
 * Whoever makes a pool closes it; closing a client leaves it open.
 */
export function createPool(options: PoolOptions = {}): Pool {
  return new ConnectionPool(options);
}

/** @throws UsageError for an object that `createPool` did not make. */
export function asConnectionPool(pool: Pool | undefined): ConnectionPool {
  if (pool === undefined) return sharedPool();
  if (pool instanceof ConnectionPool) return pool;
  throw new UsageError('pool must come from createPool() of the same copy of the library.');
}
