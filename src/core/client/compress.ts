import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { UsageError } from './errors.ts';

/** Codings that data is compressed with on its way to a server. */
export type UploadCoding = 'gzip' | 'zstd';

/** Of larger ones more megabytes wait for the garbage collector, and nothing is faster. */
const CHUNK_BYTES = 16 * 1024;
/** The fastest: an upload mostly waits for the line or for the server that parses it. */
const LEVEL = 1;

/** False before Node 22.15. */
export function canEncodeZstd(): boolean {
  return 'createZstdCompress' in zlib;
}

/**
 * Compresses chunks as they come, on other threads than the caller's. A chunk is used up before the next
 * one is asked for, so that its memory may be used again.
 * @throws UsageError for zstd on a Node older than 22.15; what reading the chunks throws.
 */
export async function* compressed(
  chunks: AsyncIterable<Uint8Array>,
  coding: UploadCoding,
): AsyncGenerator<Uint8Array> {
  const encoder = createEncoder(coding);
  const fed = feed(chunks, encoder);
  try {
    yield* encoder as AsyncIterable<Uint8Array>;
  } finally {
    encoder.destroy();
    // The source is closed when this generator is.
    await fed;
  }
}

/** As `compressed`, of bytes that are all there. @throws UsageError as `compressed` */
export async function compressedBytes(
  bytes: string | Uint8Array,
  coding: UploadCoding,
): Promise<Uint8Array> {
  if (coding === 'gzip') return promisify(zlib.gzip)(bytes, { level: LEVEL });
  requireZstd();
  return promisify(zlib.zstdCompress)(bytes, ZSTD);
}

const ZSTD = { params: { [zlib.constants.ZSTD_c_compressionLevel]: LEVEL } };

function requireZstd(): void {
  if (canEncodeZstd()) return;
  throw new UsageError('This Node cannot compress with zstd.', {
    hint: 'Use Node 22.15 or newer, or gzip.',
  });
}

function createEncoder(coding: UploadCoding): Transform {
  const chunkSize = CHUNK_BYTES;
  if (coding === 'gzip') return zlib.createGzip({ level: LEVEL, chunkSize });
  requireZstd();
  return zlib.createZstdCompress({ ...ZSTD, chunkSize });
}

/** Never rejects: whoever reads from the encoder gets the error. */
async function feed(chunks: AsyncIterable<Uint8Array>, encoder: Transform): Promise<void> {
  try {
    for await (const chunk of chunks) await written(encoder, chunk);
    encoder.end();
  } catch (error) {
    encoder.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function written(encoder: Transform, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // A write that waits for a reader never calls back once the encoder is destroyed.
    const closed = (): void => {
      reject(new Error('Nobody takes the compressed data any more.'));
    };
    encoder.once('close', closed);
    encoder.write(chunk, (error) => {
      encoder.off('close', closed);
      if (error) reject(error);
      else resolve();
    });
    if (encoder.destroyed) closed();
  });
}
