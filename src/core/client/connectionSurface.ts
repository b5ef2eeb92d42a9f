/** The public types of the ways to servers. Types only, as in `surface.ts`. */

export interface TlsOptions {
  /** Certificates to trust, PEM; replaces the system's list. */
  ca?: string | Buffer | readonly (string | Buffer)[];
  /** Client certificate, PEM. */
  cert?: string | Buffer;
  /** Key of the client certificate, PEM. */
  key?: string | Buffer;
  passphrase?: string;
  /** Name to verify and to send as SNI, when it differs from the host of the URL. */
  servername?: string;
  /** Default true. False accepts any certificate: for tests only. */
  rejectUnauthorized?: boolean;
}

export interface ProxyOptions {
  /** `http://host:port` or `https://host:port` of an HTTP proxy. */
  url: string;
  /** Value of `Proxy-Authorization`, for example `Basic …`. */
  authorization?: string;
  /** Hosts reached directly: exact names, or suffixes that start with a dot; `*` is all. */
  noProxy?: readonly string[];
}

export interface PoolOptions {
  /** Connections per server for queries and inserts. Default 8. */
  connections?: number;
  /** Further connections per server for cancel, progress and ping. Default 2. */
  controlConnections?: number;
  /** A connection is not reused after this many milliseconds. Default 600 000. */
  maxAgeMs?: number;
}

/** Connections that several clients may share. Made by `createPool`, never by hand. */
export interface Pool {
  readonly connections: number;
  readonly controlConnections: number;
  /** Closes all connections: waits for requests that run, at most `drainMs` (default 0: at once). */
  close(options?: { drainMs?: number }): Promise<void>;
}

/** A way to a server that ends on this machine, for example an SSH tunnel. */
export interface Tunnel {
  /** What the tunnel is, for example its command: equal names share connections. */
  readonly name: string;
  /**
   * Called for each new connection; opens the tunnel at need. Where to connect to instead of the URL's host, whose name
   * stays in requests, TLS and messages. What it throws ends the call.
   */
  open(): Promise<{ readonly host: string; readonly port: number }>;
  /** Why the tunnel's other end did not reach the server just now, if it said so; told when a call fails. */
  problem?(): string | undefined;
}

/** Another server with the same data, that takes the same user. */
export interface HostOptions {
  /** As `ClientOptions.url`. */
  url: string | URL;
  proxy?: ProxyOptions;
  tunnel?: Tunnel;
}

export interface HostState {
  readonly url: string;
  /** New statements go to it. */
  readonly inUse: boolean;
  /** It failed last, and is looked after again later. */
  readonly failed: boolean;
  /** Name of the tunnel to it. */
  readonly tunnel: string | undefined;
}
