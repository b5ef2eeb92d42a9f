import { Type } from 'apache-arrow/enum';
import type { Data } from 'apache-arrow';
import type { TextSetting } from '../../../shared/textSetting.ts';
import type { ZoneOffsets } from './zones.ts';

export type CellKind = 'null' | 'number' | 'text' | 'bytes' | 'bool' | 'time' | 'composite';

/** What the text of a value depends on besides the value. */
export interface ReadContext {
  /** Zone of `DateTime` columns without a zone of their own: header `X-ClickHouse-Timezone`. */
  timeZone: string;
  /** Where offsets come from; `Intl` when absent. */
  zones?: ZoneOffsets;
  /** Settings of the server that change texts; those that are not here are at ClickHouse's default. */
  textSettings?: readonly TextSetting[];
}

/** Reads the values of one Arrow buffer set as text. */
export interface ValueReader {
  kind(row: number): CellKind;
  /** As a cell of its own. */
  text(row: number): string;
  /** As an element of an Array, Tuple or Map, quoted where ClickHouse quotes. */
  nested(row: number): string;
}

/** There is no rule for this pair of ClickHouse type and Arrow type; the column has to travel as text. */
export class UnknownPair extends Error {
  override readonly name = 'UnknownPair';
  readonly clickhouseType: string;
  readonly arrowType: string;

  constructor(clickhouseType: string, data: Data) {
    const arrowType = (data.type as { toString(): string }).toString();
    super(`No rule to show the ClickHouse type ${clickhouseType} sent as Arrow ${arrowType}.`);
    this.clickhouseType = clickhouseType;
    this.arrowType = arrowType;
  }
}

/** Tells for each row whether it holds a value; rows without a validity bitmap always do. */
export function validity(data: Data): (row: number) => boolean {
  const bitmap = data.nullBitmap as Uint8Array | undefined;
  if (bitmap === undefined || bitmap.length === 0) return () => true;
  const { offset } = data;
  return (row) => {
    const bit = offset + row;
    return ((bitmap[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  };
}

/** A reader of values that are all of one kind, with nulls from the validity bitmap. */
export function leaf(
  data: Data,
  kind: CellKind,
  text: (row: number) => string,
  nested: (row: number) => string = text,
): ValueReader {
  const valid = validity(data);
  return {
    kind: (row) => (valid(row) ? kind : 'null'),
    text: (row) => (valid(row) ? text(row) : 'NULL'),
    nested: (row) => (valid(row) ? nested(row) : 'NULL'),
  };
}

/** The fixed-width values buffer as a view; Arrow is little-endian. */
export function valuesView(data: Data): DataView {
  const values: unknown = data.values;
  if (!ArrayBuffer.isView(values)) return new DataView(new ArrayBuffer(0));
  return new DataView(values.buffer, values.byteOffset, values.byteLength);
}

/** Start and end of the variable-length value at `row` in the values or child. */
export function valueRange(data: Data): (row: number) => [start: number, end: number] {
  const offsets: unknown = data.valueOffsets;
  if (!(offsets instanceof Int32Array)) return () => [0, 0];
  return (row) => [offsets[row] ?? 0, offsets[row + 1] ?? 0];
}

/** The bytes of each value of a Utf8, Binary or FixedSizeBinary vector; undefined for other vectors. */
export function bytesOf(data: Data): ((row: number) => Uint8Array) | undefined {
  const values: unknown = data.values;
  if (!(values instanceof Uint8Array)) return undefined;
  if (data.typeId === Type.Utf8 || data.typeId === Type.Binary) {
    const range = valueRange(data);
    return (row) => values.subarray(...range(row));
  }
  if (data.typeId === Type.FixedSizeBinary) {
    const width = data.stride;
    return (row) => values.subarray(row * width, (row + 1) * width);
  }
  return undefined;
}
