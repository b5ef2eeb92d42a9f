import {
  DateDay,
  Field,
  Float64,
  List,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Uint32,
  Uint64,
  Utf8,
  type Data,
} from 'apache-arrow';
import type { ResultColumn } from '../../src/shared/columns.ts';
import { CELL_BYTES } from '../../src/shared/limits.ts';

/** Made-up columns as real Arrow, made without apache-arrow's builders, which a strict CSP forbids. */

const NULL_EVERY = 7;

const WORDS = [
  'lorem ipsum',
  'tab\there',
  'two\nlines',
  'NULL',
  '',
  ' padded ',
  'Größe 日本語 🦀',
  'a long text that does not fit the column because it goes on and on and on and on and on',
];

export type FakeKind =
  | 'id'
  | 'text'
  | 'nullable'
  | 'float'
  | 'time'
  | 'date'
  | 'server'
  | 'json'
  | 'array'
  | 'bytes'
  | 'huge';

const TYPES: Record<FakeKind, string> = {
  id: 'UInt64',
  text: 'String',
  nullable: 'Nullable(String)',
  float: 'Float64',
  time: 'DateTime',
  date: 'Date',
  server: 'AggregateFunction(sum, UInt64)',
  json: 'JSON',
  array: 'Array(String)',
  bytes: 'String',
  huge: 'String',
};

export function fakeColumn(name: string, kind: FakeKind): ResultColumn {
  return { name, type: TYPES[kind], encoding: kind === 'server' ? 'text' : 'arrow' };
}

/** Above 2^53, so that a number that went through a double shows. */
export const FIRST_ID = 9_007_199_254_740_993n;

export function fakeText(row: number): string {
  return `${WORDS[row % WORDS.length] ?? ''}${row % 3 === 0 ? '' : ` ${row}`}`;
}

const encoder = new TextEncoder();

export function fakeJson(row: number): string {
  return `{"id":${FIRST_ID + BigInt(row)},"tags":["a","b ${row}"],"inner":{"empty":[],"deep":{"x":null}}}`;
}

/** Characters of a huge cell. */
export const HUGE = 10_000_000;
let huge: Uint8Array | undefined;

/** 10 MB in each row; as the host sends it when `whole` is not asked for, it is cut. */
function hugeBytes(whole: boolean): Uint8Array {
  huge ??= encoder.encode('0123456789'.repeat(HUGE / 10));
  return whole ? huge : huge.subarray(0, CELL_BYTES);
}

function utf8(
  firstRow: number,
  rows: number,
  at: (row: number) => string | Uint8Array | null,
): Data<Utf8> {
  const values = Array.from({ length: rows }, (_, i) => at(firstRow + i));
  const parts = values.map((value) =>
    value instanceof Uint8Array ? value : encoder.encode(value ?? ''),
  );
  const valueOffsets = new Int32Array(rows + 1);
  parts.forEach((part, i) => {
    valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + part.length;
  });
  const data = new Uint8Array(valueOffsets[rows] ?? 0);
  parts.forEach((part, i) => {
    data.set(part, valueOffsets[i]);
  });
  const nullBitmap = new Uint8Array(Math.ceil(rows / 8));
  values.forEach((value, i) => {
    if (value !== null) nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
  });
  const nullCount = values.filter((value) => value === null).length;
  return makeData({ type: new Utf8(), length: rows, valueOffsets, data, nullBitmap, nullCount });
}

function columnData(kind: FakeKind, firstRow: number, rows: number, whole: boolean): Data {
  const row = (_: unknown, i: number): number => firstRow + i;
  switch (kind) {
    case 'id':
      return makeData({
        type: new Uint64(),
        length: rows,
        data: BigUint64Array.from({ length: rows }, (_, i) => FIRST_ID + BigInt(firstRow + i)),
      });
    case 'float':
      return makeData({
        type: new Float64(),
        length: rows,
        data: Float64Array.from({ length: rows }, row).map((r) => r / 8),
      });
    case 'time':
      return makeData({
        type: new Uint32(),
        length: rows,
        data: Uint32Array.from({ length: rows }, row).map((r) => 1_700_000_000 + r),
      });
    case 'date':
      return makeData({
        type: new DateDay(),
        length: rows,
        data: Int32Array.from({ length: rows }, row).map((r) => 20_000 + (r % 1000)),
      });
    case 'text':
      return utf8(firstRow, rows, fakeText);
    case 'nullable':
      return utf8(firstRow, rows, (r) => (r % NULL_EVERY === 3 ? null : fakeText(r)));
    case 'server':
      return utf8(firstRow, rows, (r) => `state ${r}`);
    case 'json':
      return utf8(firstRow, rows, fakeJson);
    case 'array': {
      const child = utf8(firstRow * 2, rows * 2, (r) => `it's ${r}`);
      const item = new Field('item', new Utf8(), true);
      const valueOffsets = Int32Array.from({ length: rows + 1 }, (_, i) => i * 2);
      return makeData({ type: new List(item), length: rows, valueOffsets, child });
    }
    case 'bytes':
      return utf8(firstRow, rows, (r) => Uint8Array.of(0x61, 0xff, 0x00, r & 0xff));
    case 'huge':
      return utf8(firstRow, rows, () => hugeBytes(whole));
  }
}

/** An Arrow IPC stream with rows [firstRow, firstRow + rows) of these columns. @param options `cut`: a second batch begins there */
export function fakeWindow(
  columns: readonly { name: string; kind: FakeKind }[],
  firstRow: number,
  rows: number,
  { cut = rows, whole = false } = {},
): Uint8Array {
  const batches = [fakeBatch(columns, firstRow, cut, whole)];
  if (cut < rows) batches.push(fakeBatch(columns, firstRow + cut, rows - cut, whole));
  return RecordBatchStreamWriter.writeAll(batches).toUint8Array(true);
}

function fakeBatch(
  columns: readonly { name: string; kind: FakeKind }[],
  firstRow: number,
  rows: number,
  whole: boolean,
): RecordBatch {
  const children = columns.map(({ kind }) => columnData(kind, firstRow, rows, whole));
  const fields = columns.map(
    ({ name }, i) => new Field(name, children[i]?.type ?? new Utf8(), true),
  );
  const schema = new Schema(fields);
  const data = makeData({ type: new Struct(fields), length: rows, children });
  return new RecordBatch(schema, data);
}
