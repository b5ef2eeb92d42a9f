import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { isDecodable } from '../client/decode.ts';
import type { ContentCoding } from '../client/surface.ts';
import { cancelledHere } from './cancelled.ts';
import { fileError } from './fileErrors.ts';
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
      compression === 'none' ? read(path, 0, signal) : decodeAll(path, compression, signal);
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

function read(path: string, start: number, signal: AbortSignal | undefined): ReadStream {
  return createReadStream(path, { start, highWaterMark: CHUNK_BYTES, ...(signal && { signal }) });
}

/** The data of all compressed parts of a file, one after the other: appended files have several. */
async function* decodeAll(
  path: string,
  coding: ContentCoding,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const { size } = await stat(path);
  let start = 0;
  while (start < size) {
    const decoder = cutDecoder(coding);
    const source = read(path, start, signal);
    source.on('error', (error) => decoder.destroy(error));
    source.pipe(decoder);
    try {
      yield* decoder as AsyncIterable<Uint8Array>;
    } finally {
      source.destroy();
      decoder.destroy();
    }
    // Other than gzip's, these decoders stop at the end of the first part.
    if (decoder.bytesWritten === 0) return;
    start += decoder.bytesWritten;
  }
}

/** A decoder that gives all it can of data that breaks off, where the usual one fails. */
function cutDecoder(coding: ContentCoding): Transform & { readonly bytesWritten: number } {
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
