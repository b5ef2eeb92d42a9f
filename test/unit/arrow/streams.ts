import {
  Field,
  List,
  RecordBatchStreamWriter,
  Uint64,
  Utf8,
  vectorFromArray,
  Table,
} from 'apache-arrow';

/** A table of three columns, one with nulls, one of lists. */
export function sampleTable(firstRow: number, rows: number): Table {
  const numbers = Array.from({ length: rows }, (_, i) => firstRow + i);
  return new Table({
    number: vectorFromArray(numbers.map(BigInt), new Uint64()),
    text: vectorFromArray(
      numbers.map((n) => (n % 3 === 0 ? null : `row ${n}`)),
      new Utf8(),
    ),
    list: vectorFromArray(
      numbers.map((n) => Array.from({ length: n % 4 }, (_, i) => BigInt(n + i))),
      new List(new Field('item', new Uint64(), true)),
    ),
  });
}

/** The tables as record batches of one Arrow IPC stream, written by apache-arrow. */
export function streamOf(tables: readonly Table[]): Uint8Array {
  const batches = tables.flatMap((table) => table.batches);
  return RecordBatchStreamWriter.writeAll(batches).toUint8Array(true);
}
