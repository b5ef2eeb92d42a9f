/** Reads what ClickHouse's binary formats begin with. Every call throws RangeError where the bytes are something else. */
export interface ByteReader {
  /** A number of variable length (LEB128). */
  number(): number;
  /** A UTF-8 text behind its length. */
  text(): string;
}

/** Names of columns and of types are shorter. */
const LONGEST_TEXT = 4_096;
const MOST_NUMBER_BYTES = 7;

export function byteReader(bytes: Buffer): ByteReader {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let index = 0; index < MOST_NUMBER_BYTES; index += 1) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw new RangeError('No number.');
  };
  const text = (): string => {
    const length = number();
    if (length > LONGEST_TEXT || at + length > bytes.length) throw new RangeError('No text.');
    const part = bytes.subarray(at, at + length);
    at += length;
    try {
      return utf8.decode(part);
    } catch {
      throw new RangeError('No text.');
    }
  };
  return { number, text };
}
