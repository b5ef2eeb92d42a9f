import * as zlib from 'node:zlib';
import { isDecodable } from '../../client/decode.ts';
import type { ContentCoding } from '../../client/surface.ts';
import { cancelledHere } from '../cancelled.ts';
import { decodedFile, type PartDecoder, readFrom } from '../decodedFile.ts';
import { fileError } from '../fileErrors.ts';
import { rowCounter, whyNotCounted } from './rowCounter.ts';

/** How many whole rows a file holds, or why that is not known, as a sentence for people. */
export type WholeRows =
  { readonly rows: number } | { readonly rows: undefined; readonly reason: string };

const CHUNK_BYTES = 256 * 1024;

/**
 * Counts the whole rows in a file that may break off anywhere, such as what a failed save left. Header
 * lines are no rows, nor is a row without its end. Streams: memory does not grow with the file, and
 * other work goes on meanwhile.
 * @throws FileError if the file cannot be read; CancelledError once the signal aborts.
 */
export async function countWholeRows(
  path: string,
  file: { readonly format: string; readonly compression?: ContentCoding | 'none' },
  signal?: AbortSignal,
): Promise<WholeRows> {
  const counter = rowCounter(file.format);
  if (counter === undefined) return { rows: undefined, reason: whyNotCounted(file.format) };
  const { compression = 'none' } = file;
  if (compression !== 'none' && !isDecodable(compression)) {
    const reason = `Rows cannot be counted in a file compressed with ${compression}.`;
    return { rows: undefined, reason };
  }
  try {
    const data =
      compression === 'none'
        ? readFrom(path, 0, signal)
        : decodedFile(path, () => cutDecoder(compression), signal);
    for await (const chunk of data as AsyncIterable<Uint8Array>) counter.push(chunk);
    return { rows: counter.rows };
  } catch (error) {
    if (signal?.aborted === true) {
      throw cancelledHere('Counting the rows was cancelled.');
    }
    if (isDamage(error)) {
      return { rows: undefined, reason: 'The compressed data in the file is damaged.' };
    }
    throw fileError(path, `read ${path}`, error);
  }
}

/** A decoder that gives all it can of data that breaks off, where the usual one fails. */
function cutDecoder(coding: ContentCoding): PartDecoder {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = zlib.constants;
  const chunkSize = CHUNK_BYTES;
  switch (coding) {
    case 'gzip':
      return zlib.createGunzip({ chunkSize, finishFlush: Z_SYNC_FLUSH });
    case 'deflate':
      return zlib.createInflate({ chunkSize, finishFlush: Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ chunkSize, finishFlush: BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zlib.createZstdDecompress({ chunkSize, finishFlush: ZSTD_e_flush });
    default:
      throw new TypeError(`No decoder for ${coding}.`);
  }
}

function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(?:Z_|ZSTD_|ERR_BROTLI_|ERR__ERROR_)/.test(code);
}
