import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { head, LAST_CHUNK } from './scriptedServer.ts';

/** Versions that stand for the four ways of reporting an error after the first bytes. */
export const ERAS = {
  tagged: '26.7.2.1',
  untagged: '25.3.2.39',
  inFormat: '24.3.5.46',
  appended: '18.16.1',
} as const;
export type Era = keyof typeof ERAS;

export const CODINGS = ['identity', 'gzip', 'zstd', 'br', 'deflate'] as const;
export type Coding = (typeof CODINGS)[number];

export const TAG = 'abcdefghijklmnop';
/** The text forges a name and another error before its own. */
export const MESSAGE =
  "Code: 395. DB::Exception: stop — 'Code: 60. DB::Exception: x (UNKNOWN_TABLE)'. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 25.3.2.39 (official build))";
export const OLD_MESSAGE =
  'Code: 395, e.displayText() = DB::Exception: stop, e.what() = DB::Exception\n';

/** The frame of servers since 25.11 with the length as the server counts it. */
export function frame(message: string, tag = TAG): string {
  const length = Buffer.byteLength(message) + 1;
  return `\r\n__exception__\r\n${tag}\r\n${message}\n${length} ${tag}\r\n__exception__\r\n`;
}

export function encode(body: string | Buffer, coding: Coding): Buffer {
  const bytes = Buffer.from(body as string);
  switch (coding) {
    case 'identity':
      return bytes;
    case 'gzip':
      return gzipSync(bytes);
    case 'zstd':
      return zstdCompressSync(bytes);
    case 'br':
      return brotliCompressSync(bytes);
    case 'deflate':
      return deflateSync(bytes);
  }
}

/** The header block of a result. */
export function resultHead(
  era: Era,
  coding: Coding,
  headers: Readonly<Record<string, string>> = {},
): string {
  return head('200 OK', {
    'X-ClickHouse-Query-Id': 'q',
    ...(era === 'tagged' ? { 'X-ClickHouse-Exception-Tag': TAG } : {}),
    ...(coding === 'identity' ? {} : { 'Content-Encoding': coding }),
    ...headers,
  });
}

/** HTTP chunks of a body, in pieces of `size` bytes (Infinity: one). */
export function chunked(body: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, Math.min(body.length, at + size));
    chunks.push(
      Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
    );
  }
  return chunks;
}

export { LAST_CHUNK };
