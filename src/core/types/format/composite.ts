import type { Data } from 'apache-arrow';
import { Type } from 'apache-arrow/enum';
import { leaf, validity, valueRange, type ValueReader } from './valueReader.ts';

/** Values through a dictionary; `readerOf` makes the reader of one chunk of the dictionary. */
export function dictionaryReader(data: Data, readerOf: (chunk: Data) => ValueReader): ValueReader {
  const chunks = dictionaryChunks(data).map((chunk) => ({
    length: chunk.length,
    reader: readerOf(chunk),
  }));
  const indices = data.values as ArrayLike<number>;
  const read = <T>(row: number, use: (reader: ValueReader, index: number) => T): T => {
    let index = indices[row] ?? 0;
    for (const { length, reader } of chunks) {
      if (index < length) return use(reader, index);
      index -= length;
    }
    throw new RangeError(`The dictionary has no entry for row ${row} of the window.`);
  };
  const valid = validity(data);
  return {
    kind: (row) => (valid(row) ? read(row, (reader, index) => reader.kind(index)) : 'null'),
    text: (row) => (valid(row) ? read(row, (reader, index) => reader.text(index)) : 'NULL'),
    nested: (row) => (valid(row) ? read(row, (reader, index) => reader.nested(index)) : 'NULL'),
  };
}

function dictionaryChunks(data: Data): readonly Data[] {
  const vector: { readonly data: readonly Data[] } | undefined = data.dictionary;
  return vector?.data ?? [];
}

/** `[a,b]` */
export function listReader(data: Data, item: ValueReader): ValueReader {
  const range = valueRange(data);
  return leaf(data, 'composite', (row) => {
    const [start, end] = range(row);
    let text = '[';
    for (let at = start; at < end; at++) text += (at > start ? ',' : '') + item.nested(at);
    return `${text}]`;
  });
}

/** `{k:v}`, in order, with duplicate keys. */
export function mapReader(data: Data, key: ValueReader, value: ValueReader): ValueReader {
  const range = valueRange(data);
  return leaf(data, 'composite', (row) => {
    const [start, end] = range(row);
    let text = '{';
    for (let at = start; at < end; at++) {
      text += `${at > start ? ',' : ''}${key.nested(at)}:${value.nested(at)}`;
    }
    return `${text}}`;
  });
}

/** `(a,b)` */
export function tupleReader(data: Data, elements: ValueReader[]): ValueReader {
  return leaf(
    data,
    'composite',
    (row) => `(${elements.map((element) => element.nested(row)).join(',')})`,
  );
}

/** A dense union: `members` in the order of its children, `childOf` from type id to child. */
export function variantReader(
  data: Data,
  childOf: Readonly<Record<number, number>>,
  members: ValueReader[],
): ValueReader {
  const typeIds = data.typeIds as Int8Array;
  const offsets = data.valueOffsets as Int32Array;
  const read = <T>(row: number, empty: T, use: (reader: ValueReader, at: number) => T): T => {
    const reader = members[childOf[typeIds[row] ?? -1] ?? -1];
    return reader ? use(reader, offsets[row] ?? 0) : empty;
  };
  return {
    kind: (row) => read(row, 'null', (reader, at) => reader.kind(at)),
    text: (row) => read(row, 'NULL', (reader, at) => reader.text(at)),
    nested: (row) => read(row, 'NULL', (reader, at) => reader.nested(at)),
  };
}

export const isNullType = (data: Data): boolean => data.typeId === Type.Null;

/** The column is all nulls. */
export const nullReader: ValueReader = {
  kind: () => 'null',
  text: () => 'NULL',
  nested: () => 'NULL',
};
