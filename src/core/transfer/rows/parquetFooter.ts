/** Types of Thrift's compact protocol. */
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const MAP = 11;
const STRUCT = 12;

/** Number of the field `num_rows` of FileMetaData. */
const NUM_ROWS = 3;
/** FileMetaData nests less; this stops on bytes that are something else. */
const MAX_DEPTH = 16;

/**
 * The number of rows that the footer of a Parquet file tells.
 * @param footer Thrift's FileMetaData, from its beginning; the end may be missing.
 * @returns undefined for bytes that are no such footer.
 */
export function parquetRows(footer: Buffer): number | undefined {
  try {
    return new CompactReader(footer).numRows();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Reads past what it does not need. @throws RangeError at the end of the bytes, and for what is no Thrift. */
class CompactReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  numRows(): number | undefined {
    let field = 0;
    for (;;) {
      const head = this.#byte();
      const type = head & 0x0f;
      if (type === 0) return undefined;
      const step = head >> 4;
      field = step === 0 ? Number(this.#zigzag()) : field + step;
      if (field === NUM_ROWS && type === I64) {
        const rows = this.#zigzag();
        return rows >= 0n && rows <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(rows) : undefined;
      }
      this.#skip(type, 0);
    }
  }

  #skip(type: number, depth: number): void {
    if (depth > MAX_DEPTH) throw new RangeError('Nested too deep.');
    switch (type) {
      case TRUE:
      case FALSE:
        return;
      case BYTE:
        this.#advance(1);
        return;
      case I16:
      case I32:
      case I64:
        this.#varint();
        return;
      case DOUBLE:
        this.#advance(8);
        return;
      case BINARY:
        this.#advance(Number(this.#varint()));
        return;
      case LIST:
      case SET:
        this.#skipList(depth);
        return;
      case MAP:
        this.#skipMap(depth);
        return;
      case STRUCT:
        this.#skipStruct(depth);
        return;
      default:
        throw new RangeError('No type of Thrift.');
    }
  }

  #skipStruct(depth: number): void {
    for (;;) {
      const head = this.#byte();
      const type = head & 0x0f;
      if (type === 0) return;
      if (head >> 4 === 0) this.#varint();
      this.#skip(type, depth + 1);
    }
  }

  #skipList(depth: number): void {
    const head = this.#byte();
    const short = head >> 4;
    const length = short === 15 ? Number(this.#varint()) : short;
    for (let index = 0; index < length; index++) this.#skipElement(head & 0x0f, depth);
  }

  #skipMap(depth: number): void {
    const length = Number(this.#varint());
    if (length === 0) return;
    const types = this.#byte();
    for (let index = 0; index < length; index++) {
      this.#skipElement(types >> 4, depth);
      this.#skipElement(types & 0x0f, depth);
    }
  }

  /** Inside lists and maps a Boolean has a byte of its own. */
  #skipElement(type: number, depth: number): void {
    if (type === TRUE || type === FALSE) this.#advance(1);
    else this.#skip(type, depth + 1);
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('No number of Thrift.');
  }

  #byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  #advance(length: number): void {
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError('Past the end.');
  }
}
