import { type ByteReader, byteReader } from './byteReader.ts';
import { isTypeName } from './typeName.ts';

/**
 * The binary format that the beginning of a file proves; undefined for text, and for formats that begin like
 * nothing in particular, RowBinary for example.
 * @param head decoded, as much of the file as is known; some KiB suffice.
 */
export function binaryFormatOf(head: Uint8Array): string | undefined {
  if (!hasControls(head)) return undefined;
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const magic = MAGIC.find(([text]) => bytes.toString('latin1', 0, text.length) === text);
  if (magic) return magic[1];
  return STRUCTURES.find(([begins]) => begins(bytes))?.[1];
}

const MAGIC: readonly (readonly [string, string])[] = [
  ['PAR1', 'Parquet'],
  ['ORC', 'ORC'],
  ['ARROW1\0\0', 'Arrow'],
  ['Obj\x01', 'Avro'],
  ['\x93NUMPY', 'Npy'],
];

/** What begins these formats, or undefined for those without a magic number. */
export function formatMagic(format: string): string | undefined {
  return MAGIC.find(([, name]) => name === format)?.[0];
}

/** True: control characters that no text has, so that a CSV file whose first column is `ORC` is none. */
export function hasControls(head: Uint8Array): boolean {
  return head.some((byte) => byte < 0x07 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b));
}

const STRUCTURES: readonly (readonly [(bytes: Buffer) => boolean, string])[] = [
  [isArrowStream, 'ArrowStream'],
  [isNative, 'Native'],
  [isRowBinaryWithTypes, 'RowBinaryWithNamesAndTypes'],
  [isBson, 'BSONEachRow'],
];

const CONTINUATION = 0xffffffff;
const MESSAGE_VERSIONS = 5;
const SCHEMA_MESSAGE = 1;

/** An Arrow stream begins with the message of its schema: a flatbuffer, whose first fields are version and kind. */
function isArrowStream(bytes: Buffer): boolean {
  if (bytes.length < 32 || bytes.readUInt32LE(0) !== CONTINUATION) return false;
  const start = 8;
  const table = start + bytes.readUInt32LE(start);
  if (table + 4 > bytes.length) return false;
  const fields = table - bytes.readInt32LE(table);
  if (fields < start || fields + 8 > bytes.length) return false;
  const version = table + bytes.readUInt16LE(fields + 4);
  const kind = table + bytes.readUInt16LE(fields + 6);
  if (Math.max(version, kind) + 2 > bytes.length) return false;
  return bytes.readUInt16LE(version) < MESSAGE_VERSIONS && bytes[kind] === SCHEMA_MESSAGE;
}

const MOST_COLUMNS = 10_000;

/** Number of columns, their names, their types. */
function isRowBinaryWithTypes(bytes: Buffer): boolean {
  return reads(bytes, (reader) => {
    const count = columnCount(reader);
    for (let index = 0; index < count; index += 1) {
      if (!isColumnName(reader.text())) return false;
    }
    for (let index = 0; index < count; index += 1) {
      if (!isTypeName(reader.text())) return false;
    }
    return count > 0;
  });
}

/** Numbers of columns and rows, then name, type and values of each column. */
function isNative(bytes: Buffer): boolean {
  return reads(bytes, (reader) => {
    const count = columnCount(reader);
    reader.number();
    return count > 0 && isColumnName(reader.text()) && isTypeName(reader.text());
  });
}

/** One with lengths of texts in it is a part of another format: Native's number of rows was taken for its length. */
function isColumnName(text: string): boolean {
  return Buffer.from(text).every((byte) => byte >= 0x20);
}

function columnCount(reader: ByteReader): number {
  const count = reader.number();
  return count <= MOST_COLUMNS ? count : 0;
}

/** Number, text, document, array, … of the elements of a document. */
const BSON_TYPES = new Set([1, 2, 3, 4, 5, 7, 8, 9, 10, 16, 17, 18, 19]);

/** A document: its length, elements that begin with type and name, and a zero at its end. */
function isBson(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  const length = bytes.readInt32LE(0);
  const nameEnd = bytes.indexOf(0, 5);
  return (
    length >= 8 &&
    length <= bytes.length &&
    bytes[length - 1] === 0 &&
    BSON_TYPES.has(bytes[4] ?? 0) &&
    nameEnd > 5 &&
    !hasControls(bytes.subarray(5, nameEnd))
  );
}

/** False also where the bytes end too early. */
function reads(bytes: Buffer, does: (reader: ByteReader) => boolean): boolean {
  try {
    return does(byteReader(bytes));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
