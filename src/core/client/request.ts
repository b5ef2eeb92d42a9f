import { checkedCompression, checkedHeaders, checkedSettings } from './checks.ts';
import { asList, lowerCaseNames, type Endpoint } from './endpoint.ts';
import { UsageError } from './errors.ts';
import { externalTableParams, type MultipartBody, multipartBody } from './multipart.ts';
import type { Compression, ExternalTable, Settings, SettingValue } from './surface.ts';

/** One statement with everything that shapes its HTTP request; parameters are already encoded. */
export interface StatementRequest {
  readonly sql: string;
  readonly queryId: string;
  readonly format?: string | undefined;
  readonly database?: string | undefined;
  readonly settings?: Settings | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly role?: string | readonly string[] | undefined;
  readonly compression?: Compression | undefined;
  /** Name and wire text of each `{name:Type}` value. */
  readonly params?: readonly (readonly [string, string])[] | undefined;
  readonly session?: SessionParams | undefined;
  /** True: the server holds the reply back until the query ended, so that errors have a status. */
  readonly buffered?: boolean | undefined;
  /** True: the body is data and the statement goes into the URL. */
  readonly carriesData?: boolean | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentLength?: number | undefined;
  readonly externalData?: Readonly<Record<string, ExternalTable>> | undefined;
}

export interface SessionParams {
  readonly id: string;
  readonly timeoutSec: number;
  /** True: the session must exist already (else error 372). */
  readonly check: boolean;
  readonly close?: boolean;
}

export interface BuiltRequest {
  /** Path and query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  /** The statement or a form; undefined when the caller sends data. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
}

/** Longer parameters travel in the body: URLs end up in logs of proxies and have limits there. */
const MAX_URL_PARAMS = 4_096;
/** A form field is limited to 128 KiB, a URL to 1 MiB; statements up to this size go into the URL. */
const MAX_URL_SQL_BYTES = 16 * 1024;

/**
 * URL and headers of one statement. Order: query id, database, session, role, settings, format,
 * parameters, statement.
 * @throws UsageError for settings, headers and codings that cannot be sent.
 */
export function buildRequest(endpoint: Endpoint, request: StatementRequest): BuiltRequest {
  const coding = acceptedCoding(checkedCompression(request.compression ?? endpoint.compression));
  const query = urlParams(endpoint, request, coding);
  const params = (request.params ?? []).map(([name, wire]): [string, string] => [
    `param_${name}`,
    wire,
  ]);
  const tables = request.externalData ?? {};
  const carriesData = request.carriesData === true;
  if (carriesData && Object.keys(tables).length > 0) {
    throw new UsageError('An insert of data cannot carry external data too.');
  }
  const asForm =
    !carriesData && (Object.keys(tables).length > 0 || encodeQuery(params).length > MAX_URL_PARAMS);
  const form = asForm ? formFor(request.sql, params, tables) : undefined;
  query.push(...(form?.query ?? params));
  if (carriesData) query.push(['query', request.sql]);
  return {
    path: `${endpoint.path}?${encodeQuery(query)}`,
    body: form?.body ?? (carriesData ? undefined : request.sql),
    headers: {
      ...endpoint.headers,
      'content-type':
        form?.contentType ??
        (carriesData ? 'application/octet-stream' : 'text/plain; charset=utf-8'),
      'accept-encoding': coding,
      ...(request.contentEncoding === undefined
        ? {}
        : { 'content-encoding': request.contentEncoding }),
      ...(request.contentLength === undefined
        ? {}
        : { 'content-length': String(request.contentLength) }),
      ...lowerCaseNames(checkedHeaders(request.headers ?? {})),
    },
  };
}

function formFor(
  sql: string,
  params: readonly [string, string][],
  tables: Readonly<Record<string, ExternalTable>>,
): { query: [string, string][]; contentType: string; body: MultipartBody['body'] } {
  const query = externalTableParams(tables);
  const sqlField: [string, string] = ['query', sql];
  if (Buffer.byteLength(sql) <= MAX_URL_SQL_BYTES) {
    return { query: [...query, sqlField], ...multipartBody(params, tables) };
  }
  return { query, ...multipartBody([sqlField, ...params], tables) };
}

function urlParams(
  endpoint: Endpoint,
  request: StatementRequest,
  coding: string,
): [string, string][] {
  const params: [string, string][] = [['query_id', request.queryId]];
  const database = request.database ?? endpoint.database;
  if (database !== undefined) params.push(['database', database]);
  if (request.session !== undefined) params.push(...sessionParams(request.session));
  const roles = request.role === undefined ? endpoint.roles : asList(request.role);
  params.push(...roles.map((role): [string, string] => ['role', role]));
  if (coding !== 'identity') params.push(['enable_http_compression', '1']);
  if (request.buffered === true) params.push(['wait_end_of_query', '1']);
  for (const [name, value] of checkedSettings({ ...endpoint.settings, ...request.settings })) {
    params.push([name, settingText(value)]);
  }
  if (request.format !== undefined) params.push(['default_format', request.format]);
  return params;
}

function sessionParams(session: SessionParams): [string, string][] {
  return [
    ['session_id', session.id],
    ['session_timeout', String(session.timeoutSec)],
    ...(session.check ? [['session_check', '1'] satisfies [string, string]] : []),
    ...(session.close === true ? [['close_session', '1'] satisfies [string, string]] : []),
  ];
}

/** `encodeURIComponent` so that `+`, which the server reads as a space, becomes `%2B`. */
export function encodeQuery(params: readonly (readonly [string, string])[]): string {
  return params
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

function acceptedCoding(compression: Compression): string {
  if (compression === 'none') return 'identity';
  return compression.startsWith('passthrough:')
    ? compression.slice('passthrough:'.length)
    : compression;
}

function settingText(value: SettingValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).map(([key, text]) => `${quoted(key)}: ${quoted(text)}`);
  return `{${entries.join(', ')}}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
