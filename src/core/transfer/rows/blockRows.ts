import type { Walk } from './walkedRows.ts';

/** A number in groups of 7 bits, the lowest first, as Protobuf, Avro and ClickHouse write it. */
export function* varint(): Generator<{ read: number }, number, Buffer> {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = (yield { read: 1 })[0] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
}

/** Avro's `long`: signed, the sign in the lowest bit. */
function* long(): Generator<{ read: number }, number, Buffer> {
  const value = yield* varint();
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

const AVRO_MAGIC = 'Obj\x01';
const AVRO_MARK_BYTES = 16;

/** Each block begins with its number of rows. */
export function* avroRows(): Walk {
  if ((yield { read: 4 }).toString('latin1') !== AVRO_MAGIC) throw new RangeError('No Avro file.');
  for (let count = yield* long(); count !== 0; count = yield* long()) {
    // A negative number comes with the size of what follows.
    if (count < 0) yield* long();
    for (let entry = 0; entry < Math.abs(count); entry++) {
      yield { skip: yield* long() };
      yield { skip: yield* long() };
    }
  }
  yield { skip: AVRO_MARK_BYTES };
  for (;;) {
    const rows = yield* long();
    yield { skip: (yield* long()) + AVRO_MARK_BYTES };
    yield { rows };
  }
}

/** A document begins with its size, these four bytes included. */
export function* bsonRows(): Walk {
  for (;;) {
    const size = (yield { read: 4 }).readInt32LE();
    yield { skip: size - 4 };
    yield { rows: 1 };
  }
}

/** Messages one after the other, each with its size before it. */
export function* protobufRows(): Walk {
  for (;;) {
    yield { skip: yield* varint() };
    yield { rows: 1 };
  }
}

const NPY_MAGIC = '\x93NUMPY';
/** Magic and version. */
const NPY_START_BYTES = 8;
/** Since version 2 the size of the header has four bytes. */
const LONG_HEADERS_SINCE = 2;

/** The header tells the shape: rows, then the dimensions of each value. */
export function* npyRows(): Walk {
  const start = (yield { read: NPY_START_BYTES }).toString('latin1');
  if (!start.startsWith(NPY_MAGIC)) throw new RangeError('No Npy file.');
  const lengthBytes = start.charCodeAt(NPY_MAGIC.length) >= LONG_HEADERS_SINCE ? 4 : 2;
  const length = (yield { read: lengthBytes }).readUIntLE(0, lengthBytes);
  const header = (yield { read: length }).toString('latin1');
  const rows = /'shape':\s*\((\d+)/.exec(header)?.[1];
  if (rows === undefined) throw new RangeError('No shape.');
  yield { rows: Number(rows) };
}
