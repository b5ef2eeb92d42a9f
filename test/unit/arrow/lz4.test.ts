import assert from 'node:assert/strict';
import { Lz4Error, lz4FrameDecode } from '../../../src/core/arrow/lz4.ts';

// The text as `lz4 -BD -c` compresses it.
const TEXT = 'abcabcabcabcabcabcabcabcabcabcabcabc-xyz\n';
const FRAME = Buffer.from(
  '04224d186440a70d0000003f61626303000e502d78797a0a00000000841e4cd4',
  'hex',
);

describe('lz4FrameDecode', () => {
  it('reads a frame with matches that overlap themselves', () => {
    assert.equal(new TextDecoder().decode(lz4FrameDecode(FRAME, TEXT.length)), TEXT);
  });

  it('refuses a frame cut at any byte, and a wrong size', () => {
    for (let at = 0; at < FRAME.length - 8; at++) {
      assert.throws(() => lz4FrameDecode(FRAME.subarray(0, at), TEXT.length), Lz4Error, `at ${at}`);
    }
    assert.throws(() => lz4FrameDecode(FRAME, TEXT.length + 1), Lz4Error);
    assert.throws(() => lz4FrameDecode(FRAME, TEXT.length - 1), Lz4Error);
  });
});
