import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { createDecoder, isDecodable } from '../../client/decode.ts';
import type { ContentCoding } from '../../client/surface.ts';
import { systemCode } from '../fileErrors.ts';

/**
 * The start of a compressed file, decoded as far as it goes, and little further than `mostBytes`: it may stand for
 * gigabytes. Undefined: it cannot be decoded here.
 */
export async function decodeStart(
  start: Buffer,
  coding: ContentCoding,
  mostBytes: number,
): Promise<Buffer | undefined> {
  const decoder = startDecoder(coding);
  if (decoder === undefined) return undefined;
  const parts: Buffer[] = [];
  let size = 0;
  decoder.end(start);
  try {
    for await (const part of decoder as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size > mostBytes) break;
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts);
}

/** Decoding it all would take too long where little stands for very much. */
const MOST_CHECKED_BYTES = 4 * 1024 * 1024;

/** Whether the compressed data of a file, which is all here, breaks off. */
export async function endsEarly(bytes: Buffer, coding: ContentCoding): Promise<boolean> {
  if (!isDecodable(coding)) return false;
  const decoder = createDecoder(coding);
  let size = 0;
  decoder?.end(bytes);
  try {
    for await (const part of (decoder ?? []) as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MOST_CHECKED_BYTES) return false;
    }
    return false;
  } catch (error) {
    return systemCode(error) === 'Z_BUF_ERROR';
  }
}

/** A decoder that takes it that its input is cut. */
function startDecoder(coding: ContentCoding): Transform | undefined {
  const zstd = zlib.createZstdDecompress as typeof zlib.createZstdDecompress | undefined;
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = zlib.constants;
  switch (coding) {
    case 'gzip':
      return zlib.createGunzip({ finishFlush: Z_SYNC_FLUSH });
    case 'deflate':
      return zlib.createInflate({ finishFlush: Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zstd?.({ finishFlush: ZSTD_e_flush });
    case 'lz4':
    case 'xz':
    case 'bz2':
    case 'snappy':
      return undefined;
  }
}
