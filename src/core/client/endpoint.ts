import {
  checkedCompression,
  checkedHeaders,
  checkedMs,
  checkedProxy,
  checkedSettings,
  checkedTls,
} from './checks.ts';
import { UsageError } from './errors.ts';
import type { Transport } from './pool.ts';
import type { ProxyOptions } from './connectionSurface.ts';
import type { ClientOptions, Compression, Settings } from './surface.ts';

/** `ClientOptions` checked once and brought into one shape. */
export interface Endpoint {
  readonly origin: string;
  /** Path of the URL, verbatim; `/` when it has none. */
  readonly path: string;
  /** Lower-case names; at most one of them carries credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly database: string | undefined;
  readonly settings: Settings;
  readonly roles: readonly string[];
  readonly compression: Compression;
  readonly idleTimeoutMs: number;
  /** 0: no limit. */
  readonly deadHostMs: number;
  readonly transport: Transport;
  /** True when the server is this machine. */
  readonly loopback: boolean;
}

const VERSION = '0.1.0';
const DEAD_HOST_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** With another host at hand, waiting for one that drops packets helps nobody. */
const CONNECT_TIMEOUT_OF_SEVERAL_MS = 2_000;

/** Those of all hosts of a client, the preferred one first. @throws UsageError as `resolveEndpoint` */
export function resolveEndpoints(options: ClientOptions): [Endpoint, ...Endpoint[]] {
  const { hosts = [] } = options;
  if (hosts.length === 0) return [resolveEndpoint(options)];
  const shared = { ...options };
  delete shared.proxy;
  delete shared.tunnel;
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_OF_SEVERAL_MS;
  return [
    resolveEndpoint({ ...options, connectTimeoutMs }),
    ...hosts.map((host) => resolveEndpoint({ ...shared, connectTimeoutMs, ...host })),
  ];
}

/** @throws UsageError for a bad URL, credentials in the URL, or several kinds of credentials. */
export function resolveEndpoint(options: ClientOptions): Endpoint {
  const url = parseUrl(options.url);
  if (options.tunnel !== undefined && options.proxy !== undefined) {
    throw new UsageError('Give either a tunnel or a proxy for one server.');
  }
  // What comes through a tunnel is slow like the tunnel.
  const loopback = isLoopback(url.hostname) && options.tunnel === undefined;
  return {
    origin: url.origin,
    path: url.pathname === '' ? '/' : url.pathname,
    headers: {
      ...checkedHeaders({ 'user-agent': userAgent(options.application) }),
      ...lowerCaseNames(checkedHeaders(options.headers ?? {})),
      ...checkedHeaders(credentials(options)),
    },
    database: options.database,
    settings: Object.fromEntries(checkedSettings(options.settings ?? {})),
    roles: asList(options.role),
    compression: checkedCompression(options.compression ?? (loopback ? 'none' : 'gzip')),
    idleTimeoutMs: checkedMs('idleTimeoutMs', options.idleTimeoutMs ?? 0),
    deadHostMs: checkedMs('deadHostMs', options.deadHostMs ?? DEAD_HOST_MS),
    transport: {
      tls: checkedTls(options.tls),
      proxy: proxyFor(url.hostname, checkedProxy(options.proxy)),
      tunnel: options.tunnel,
      connectTimeoutMs: checkedMs(
        'connectTimeoutMs',
        options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      ),
    },
    loopback,
  };
}

export function asList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

export function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function parseUrl(text: string | URL): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new UsageError('The server URL is not a URL.', {
      hint: 'Write it as http://host:8123 or https://host:8443.',
      cause,
    });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UsageError(`The server URL starts with ${url.protocol}//, which is not supported.`, {
      hint: 'Use the HTTP interface: http://host:8123 or https://host:8443.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('The server URL contains credentials.', {
      hint: 'Give username and password as options: a URL ends up in logs.',
    });
  }
  if (url.search !== '' || url.hash !== '') {
    throw new UsageError('The server URL has a query or fragment.', {
      hint: 'Give settings and database as options.',
    });
  }
  return url;
}

/** The server refuses requests with two kinds of credentials (error 516), so exactly one is built. */
function credentials(options: ClientOptions): Record<string, string> {
  const { username, password, accessToken, tls } = options;
  if (accessToken !== undefined) {
    if (username !== undefined || password !== undefined) {
      throw new UsageError('Give either accessToken, or username and password.');
    }
    return { authorization: `Bearer ${accessToken}` };
  }
  if (tls?.cert !== undefined && username !== undefined && password === undefined) {
    return {
      'x-clickhouse-user': encodeLatin1(username),
      'x-clickhouse-ssl-certificate-auth': 'on',
    };
  }
  if (username === undefined && password === undefined) return {};
  if (username?.includes(':') === true) {
    return {
      'x-clickhouse-user': encodeLatin1(username),
      'x-clickhouse-key': encodeLatin1(password ?? ''),
    };
  }
  const pair = Buffer.from(`${username ?? 'default'}:${password ?? ''}`, 'utf8');
  return { authorization: `Basic ${pair.toString('base64')}` };
}

/** Header values travel as Latin-1; this keeps UTF-8 bytes intact. */
function encodeLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function userAgent(application: string | undefined): string {
  const own = `rowhouse/${VERSION} (lv:nodejs/${process.versions.node}; os:${process.platform})`;
  return application === undefined ? own : `${application} ${own}`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function proxyFor(hostname: string, proxy: ProxyOptions | undefined): ProxyOptions | undefined {
  const direct = (proxy?.noProxy ?? []).some(
    (entry) =>
      entry === '*' || entry === hostname || (entry.startsWith('.') && hostname.endsWith(entry)),
  );
  return direct ? undefined : proxy;
}
