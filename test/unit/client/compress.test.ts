import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { compressed } from '../../../src/core/client/compress.ts';

const CONTENT = Buffer.concat([Buffer.alloc(3_000_000, 'row,1\n'), randomBytes(3_000_000)]);

/** The same memory for each chunk, as a file is read. */
async function* reused(): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(1_000_000);
  for (let at = 0; at < CONTENT.length; at += memory.length) {
    await Promise.resolve();
    CONTENT.copy(memory, 0, at, at + memory.length);
    yield memory;
  }
}

for (const [coding, decode] of [
  ['gzip', gunzipSync],
  ['zstd', zstdDecompressSync],
] as const) {
  describe(`compressing with ${coding} on the way`, () => {
    it('gives what decodes to the chunks, whose memory is used again', async () => {
      const parts: Uint8Array[] = [];
      for await (const part of compressed(reused(), coding)) parts.push(part);
      assert.ok(decode(Buffer.concat(parts)).equals(CONTENT));
    });

    it('gives the error of the source', async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(CONTENT);
        throw new Error('the disk is gone');
      }
      const read = async (): Promise<void> => {
        for await (const part of compressed(broken(), coding)) part;
      };
      await assert.rejects(read(), /the disk is gone/);
    });

    it('closes the source when nobody takes the data any more', async () => {
      let closed = false;
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield await Promise.resolve(randomBytes(1_000_000));
        } finally {
          closed = true;
        }
      }
      for await (const part of compressed(endless(), coding)) if (part.length > 0) break;
      assert.ok(closed);
    });
  });
}
