import { UsageError } from './errors.ts';
import type { ByteSource } from './surface.ts';

const SLICE_BYTES = 1024 * 1024;

/** Bytes of a source where they are known without reading it. */
export function sourceBytes(source: ByteSource): number | undefined {
  if (typeof source === 'string') return Buffer.byteLength(source);
  if (source instanceof Uint8Array) return source.byteLength;
  if (source instanceof Blob) return source.size;
  return undefined;
}

/** The chunks of any source, one after another. */
export async function* sourceChunks(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (typeof source === 'string') yield Buffer.from(source, 'utf8');
  else if (source instanceof Uint8Array) yield source;
  else if (source instanceof Blob) yield* blobChunks(source);
  else for await (const chunk of source) yield toBytes(chunk);
}

async function* blobChunks(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += SLICE_BYTES) {
    yield new Uint8Array(await blob.slice(at, at + SLICE_BYTES).arrayBuffer());
  }
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8');
  throw new UsageError('A source must give text or bytes.');
}
