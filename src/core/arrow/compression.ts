import { lz4FrameDecode } from './lz4.ts';

/** Inflates one zstd frame; `size` is the number of bytes it holds. Given from outside, because browsers have none. */
export type ZstdDecode = (bytes: Uint8Array, size: number) => Promise<Uint8Array>;

/** Arrow's CompressionType. */
const LZ4_FRAME = 0;
const ZSTD = 1;

/**
 * A buffer of a compressed record batch: 8 bytes of uncompressed length (-1: stored as it is), then the frame.
 * @throws RangeError for a codec Arrow does not define, Error when the frame is broken
 */
export async function inflateBuffer(
  bytes: Uint8Array,
  codec: number,
  zstd: ZstdDecode,
): Promise<Uint8Array> {
  if (bytes.length === 0) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = Number(view.getBigInt64(0, true));
  const frame = bytes.subarray(8);
  if (size === -1) return frame;
  if (codec === LZ4_FRAME) return lz4FrameDecode(frame, size);
  if (codec === ZSTD) return await zstd(frame, size);
  throw new RangeError(`Unknown compression ${codec} of an Arrow record batch.`);
}
