import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Transform } from 'node:stream';

const CHUNK_BYTES = 256 * 1024;

/** A decoder of one compressed part, which counts what it used of its input. */
export type PartDecoder = Transform & { readonly bytesWritten: number };

/** The bytes of a file from `start` on. */
export function readFrom(path: string, start: number, signal: AbortSignal | undefined): ReadStream {
  return createReadStream(path, { start, highWaterMark: CHUNK_BYTES, ...(signal && { signal }) });
}

/**
 * The data of all compressed parts of a file, one after the other: appended files have several.
 * @throws the decoder's error, and the system's when the file cannot be read.
 */
export async function* decodedFile(
  path: string,
  createDecoder: () => PartDecoder,
  signal: AbortSignal | undefined,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const { size } = await stat(path);
  let start = 0;
  while (start < size) {
    const decoder = createDecoder();
    const source = readFrom(path, start, signal);
    source.on('error', (error) => decoder.destroy(error));
    source.pipe(decoder);
    try {
      for await (const data of decoder as AsyncIterable<Uint8Array>) {
        onRead?.(start + decoder.bytesWritten);
        yield data;
      }
    } finally {
      source.destroy();
      decoder.destroy();
    }
    // Other than gzip's, these decoders stop at the end of the first part.
    if (decoder.bytesWritten === 0) return;
    start += decoder.bytesWritten;
  }
}
