/** A broken or unsupported LZ4 frame. */
export class Lz4Error extends Error {
  override readonly name = 'Lz4Error';
}

const MAGIC = 0x184d2204;

/**
 * Inflates one LZ4 frame of known size. Checksums are not verified: TCP and HTTP framing already guard the bytes.
 * Own code, because the packages for it are unmaintained and it is short.
 * @throws Lz4Error
 */
export function lz4FrameDecode(frame: Uint8Array, size: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 7 || view.getUint32(0, true) !== MAGIC)
    throw new Lz4Error('Not an LZ4 frame.');
  const flags = view.getUint8(4);
  const blockChecksum = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  let at = 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  const out = new Uint8Array(size);
  let filled = 0;
  while (at + 4 <= frame.length) {
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) break;
    const length = header & 0x7fffffff;
    const block = frame.subarray(at, at + length);
    if (block.length < length) throw new Lz4Error('The LZ4 frame is cut short.');
    if ((header & 0x80000000) !== 0) {
      out.set(block, filled);
      filled += length;
    } else {
      filled = decodeBlock(block, out, filled);
    }
    at += length + (blockChecksum ? 4 : 0);
  }
  if (filled !== size)
    throw new Lz4Error(`The LZ4 frame holds ${filled} bytes instead of ${size}.`);
  return out;
}

/** Appends a block at `start` of `out`; matches may reach back into earlier blocks. Returns the new end. */
function decodeBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  let at = 0;
  let end = start;
  const byte = (): number => {
    const value = block[at++];
    if (value === undefined) throw new Lz4Error('The LZ4 block is cut short.');
    return value;
  };
  const extended = (length: number): number => {
    if (length !== 15) return length;
    for (let more = 255; more === 255; length += more) more = byte();
    return length;
  };
  while (at < block.length) {
    const token = byte();
    const literals = extended(token >> 4);
    if (at + literals > block.length || end + literals > out.length) {
      throw new Lz4Error('An LZ4 literal runs over the end.');
    }
    out.set(block.subarray(at, at + literals), end);
    at += literals;
    end += literals;
    if (at === block.length) return end;
    const distance = byte() | (byte() << 8);
    const length = extended(token & 15) + 4;
    if (distance === 0 || distance > end || end + length > out.length) {
      throw new Lz4Error('An LZ4 match points outside the data.');
    }
    if (distance >= length) {
      out.copyWithin(end, end - distance, end - distance + length);
      end += length;
    } else {
      // The match overlaps what it writes: byte by byte repeats the pattern.
      for (const stop = end + length; end < stop; end++) out[end] = out[end - distance] ?? 0;
    }
  }
  return end;
}
