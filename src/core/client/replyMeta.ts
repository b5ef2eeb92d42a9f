import type { HttpHeaders } from './exchange.ts';
import type { ReplyMeta, ServerSummary } from './surface.ts';

/** The value of a header; the last one when it was sent several times. */
export function header(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.at(-1) : value;
}

/** `X-ClickHouse-Exception-Code` as a number, when the server sent one. */
export function exceptionCode(headers: HttpHeaders): number | undefined {
  const text = header(headers, 'x-clickhouse-exception-code');
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** What the headers of a reply say. */
export function readReplyMeta(status: number, headers: HttpHeaders, queryId: string): ReplyMeta {
  const keepAlive = /timeout=(\d+)/.exec(header(headers, 'keep-alive') ?? '')?.[1];
  return {
    queryId: header(headers, 'x-clickhouse-query-id') ?? queryId,
    httpStatus: status,
    format: header(headers, 'x-clickhouse-format'),
    timezone: header(headers, 'x-clickhouse-timezone'),
    serverName: header(headers, 'x-clickhouse-server-display-name'),
    contentType: header(headers, 'content-type'),
    contentEncoding: header(headers, 'content-encoding'),
    exceptionTag: header(headers, 'x-clickhouse-exception-tag'),
    keepAliveTimeoutSec: keepAlive === undefined ? undefined : Number(keepAlive),
    summary: parseSummary(header(headers, 'x-clickhouse-summary')),
  };
}

function parseSummary(text: string | undefined): ServerSummary | undefined {
  if (text === undefined) return undefined;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const number = (name: string): number => Number(fields[name] ?? 0);
  return {
    readRows: number('read_rows'),
    readBytes: number('read_bytes'),
    writtenRows: number('written_rows'),
    writtenBytes: number('written_bytes'),
    totalRowsToRead: number('total_rows_to_read'),
    resultRows: number('result_rows'),
    resultBytes: number('result_bytes'),
    elapsedNs: number('elapsed_ns'),
  };
}
