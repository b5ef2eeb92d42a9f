import { createSecureContext } from 'node:tls';
import { UsageError } from './errors.ts';
import type { ProxyOptions, TlsOptions } from './connectionSurface.ts';
import type { Compression, Settings, SettingValue } from './surface.ts';

const COMPRESSIONS = new Set(['none', 'gzip', 'zstd', 'br', 'deflate']);
const CODINGS = new Set(['gzip', 'zstd', 'br', 'deflate', 'lz4', 'xz', 'bz2', 'snappy']);
/** `setTimeout` takes no more, and would fire at once. */
const MAX_MS = 2 ** 31 - 1;
const SETTING_NAME = /^[A-Za-z_][\w.]*$/;
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Bytes 0x80 to 0xff are allowed, other control characters would end the header. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The server takes these URL names as its own parameters, so they are no settings. */
const RESERVED = new Set([
  'add_http_cors_header',
  'buffer_size',
  'client_protocol_version',
  'close_session',
  'compress',
  'database',
  'decompress',
  'default_format',
  'password',
  'query',
  'query_id',
  'quota_key',
  'role',
  'session_check',
  'session_id',
  'session_timeout',
  'stacktrace',
  'user',
  'wait_end_of_query',
]);

/** @throws UsageError for anything but a whole number of milliseconds that timers can count. */
export function checkedMs(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= MAX_MS) return value;
  throw new UsageError(`${name} must be a whole number of milliseconds, not ${String(value)}.`, {
    hint: name === 'idleTimeoutMs' ? '0 means no limit.' : `At most ${MAX_MS}.`,
  });
}

/** @throws UsageError for an empty name. */
export function checkedCluster(cluster: string | undefined): string | undefined {
  if (cluster?.trim() !== '') return cluster;
  throw new UsageError('The name of the cluster is empty.', {
    hint: 'Give a name of system.clusters, or leave it out.',
  });
}

/** @throws UsageError */
export function checkedCompression(compression: Compression): Compression {
  const passed = /^passthrough:(.*)$/.exec(compression)?.[1];
  if (passed === undefined ? COMPRESSIONS.has(compression) : CODINGS.has(passed)) {
    return compression;
  }
  throw new UsageError(`There is no compression "${compression}".`, {
    hint: `Use one of ${[...COMPRESSIONS].join(', ')}, or passthrough: with one of ${[...CODINGS].join(', ')}.`,
  });
}

/** @throws UsageError for names and values that are not settings. The server judges the rest. */
export function checkedSettings(settings: Settings): [string, SettingValue][] {
  return Object.entries(settings).map(([name, value]) => {
    if (RESERVED.has(name) || name.startsWith('param_')) {
      throw new UsageError(
        `"${name}" is not a setting: the server reads it as part of the request.`,
        {
          hint: 'Use the option for it: params, format, database, role, queryId or session.',
        },
      );
    }
    if (!SETTING_NAME.test(name)) throw new UsageError(`"${name}" is not a setting's name.`);
    if (!isSettingValue(value)) {
      throw new UsageError(`The setting ${name} has no value that can be sent.`, {
        hint: 'Give text, a number, true, false, or a record of texts; leave the setting away for its default.',
      });
    }
    return [name, value];
  });
}

/** Types do not hold for callers in JavaScript. */
function isSettingValue(value: unknown): value is SettingValue {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.values(value).every((text) => typeof text === 'string');
  }
  return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean';
}

/** @throws UsageError for a header that HTTP cannot carry; the value is not repeated, it may be secret. */
export function checkedHeaders(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) throw new UsageError(`"${name}" is not a header's name.`);
    if (typeof value !== 'string' || !HEADER_VALUE.test(value)) {
      throw new UsageError(`The value of the header ${name} cannot be sent.`, {
        hint: 'It must be one line of text without control characters.',
      });
    }
  }
  return headers;
}

/** @throws UsageError for certificates and keys that OpenSSL cannot read. */
export function checkedTls(tls: TlsOptions | undefined): TlsOptions | undefined {
  if (tls === undefined) return undefined;
  const { ca, cert, key, passphrase } = tls;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError('A client certificate needs both tls.cert and tls.key.');
  }
  const authorities =
    ca === undefined ? [] : Array.isArray(ca) ? (ca as (string | Buffer)[]) : [ca as string];
  for (const authority of authorities) {
    if (!authority.toString().includes('-----BEGIN')) {
      throw new UsageError('tls.ca is no certificate.', {
        hint: 'Give the text of a PEM file ("-----BEGIN CERTIFICATE-----"), not its path.',
      });
    }
  }
  try {
    createSecureContext({
      ca: authorities,
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (cause) {
    throw new UsageError('The certificates or the key in tls cannot be read.', {
      hint: 'They must be PEM texts that belong together; an encrypted key needs tls.passphrase.',
      cause,
    });
  }
  return tls;
}

/** @throws UsageError for a proxy that is no HTTP proxy. */
export function checkedProxy(proxy: ProxyOptions | undefined): ProxyOptions | undefined {
  if (proxy === undefined) return undefined;
  const url = URL.canParse(proxy.url) ? new URL(proxy.url) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return proxy;
  throw new UsageError('The proxy URL is no URL of an HTTP proxy.', {
    hint: 'Write it as http://host:port.',
  });
}
