import * as zlib from 'node:zlib';
import { promisify } from 'node:util';
import type { ZstdDecode } from '../compression.ts';

/** Inflates zstd off the main thread. @throws Error on a Node older than 22.15, which has no zstd */
export const zstd: ZstdDecode = async (bytes) => {
  // Not a named import: on an older Node the module would not even load.
  const decompress = (zlib as { zstdDecompress?: typeof zlib.zstdDecompress }).zstdDecompress;
  if (!decompress) {
    throw new Error('This result is compressed with zstd, which needs Node 22.15 or newer.');
  }
  return promisify(decompress)(bytes);
};
