import * as zlib from 'node:zlib';

const MAGIC = 'ORC';
/** Kinds of compression in a PostScript. */
const NONE = 0;
const ZLIB = 1;
const ZSTD = 5;
/** Numbers of fields. */
const FOOTER_LENGTH = 1;
const COMPRESSION = 2;
const NUMBER_OF_ROWS = 6;
/** Each piece of a compressed footer has its size before it, and whether it is as it was. */
const CHUNK_HEADER_BYTES = 3;

/** What the end of an ORC file says about its footer. */
export interface OrcEnd {
  readonly footerBytes: number;
  /** PostScript and the byte with its length. */
  readonly endBytes: number;
  readonly compression: number;
}

/** Reads the PostScript in the last bytes of a file (256 are always enough); undefined for other files. */
export function orcEnd(tail: Buffer): OrcEnd | undefined {
  const length = tail.at(-1) ?? 0;
  const postScript = tail.subarray(-1 - length, -1);
  if (length === 0 || postScript.length < length || !postScript.toString('latin1').endsWith(MAGIC))
    return undefined;
  const footerBytes = numberField(postScript, FOOTER_LENGTH);
  if (footerBytes === undefined) return undefined;
  const compression = numberField(postScript, COMPRESSION) ?? NONE;
  return { footerBytes, endBytes: length + 1, compression };
}

/** The number of rows that a whole footer tells; undefined for compressions that Node lacks, and for other bytes. */
export function orcRows(footer: Buffer, compression: number): number | undefined {
  try {
    return numberField(unpacked(footer, compression), NUMBER_OF_ROWS) ?? 0;
  } catch {
    return undefined;
  }
}

/** @throws RangeError for a compression that is not known here, and what zlib throws */
function unpacked(bytes: Buffer, compression: number): Buffer {
  if (compression === NONE) return bytes;
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const header = bytes.readUIntLE(at, CHUNK_HEADER_BYTES);
    at += CHUNK_HEADER_BYTES;
    const chunk = bytes.subarray(at, at + (header >> 1));
    at += chunk.length;
    parts.push((header & 1) === 1 ? chunk : inflated(chunk, compression));
  }
  return Buffer.concat(parts);
}

function inflated(chunk: Buffer, compression: number): Buffer {
  if (compression === ZLIB) return zlib.inflateRawSync(chunk);
  if (compression === ZSTD && 'zstdDecompressSync' in zlib) return zlib.zstdDecompressSync(chunk);
  throw new RangeError(`Compression ${compression} cannot be read here.`);
}

/** A field of a Protobuf message that is a whole number. @throws RangeError at the end of the bytes */
function numberField(message: Buffer, wanted: number): number | undefined {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message.readUInt8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const kind = key & 7;
    if (kind === 0) {
      const value = varint();
      if (Math.floor(key / 8) === wanted) return value;
    } else if (kind === 1) at += 8;
    else if (kind === 2) {
      const length = varint();
      at += length;
    } else if (kind === 5) at += 4;
    else throw new RangeError('No Protobuf.');
  }
  return undefined;
}
