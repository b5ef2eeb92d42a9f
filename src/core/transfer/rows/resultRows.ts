import { findFormat } from '../formats.ts';
import { arrowRows } from './arrowRows.ts';
import { DocumentTail } from './documentTail.ts';
import { JsonColumnRows } from './jsonColumnRows.ts';
import { nativeRows } from './nativeRows.ts';
import { PrefixedLines } from './prefixedLines.ts';
import { rowCounter } from './rowCounter.ts';
import { avroRows, bsonRows, npyRows, protobufRows } from './blockRows.ts';
import { ValuesRows } from './valuesRows.ts';
import { WalkedRows } from './walkedRows.ts';

/** Tells from the bytes of a whole file, as they come, how many rows are in it. Never throws. */
export interface ResultRows {
  push(chunk: Uint8Array): void;
  /** To be read at the end; undefined where the bytes do not tell it for certain. */
  readonly rows: number | undefined;
}

const DOCUMENTS = /^(?:JSON|JSONStrings|JSONCompact|JSONCompactStrings|JSONColumnsWithMetadata)$/;

const COUNTERS: Readonly<Record<string, () => ResultRows>> = {
  XML: () => new DocumentTail(/\n\t<rows>(\d+)<\/rows>/g),
  JSONColumns: () => new JsonColumnRows(),
  JSONCompactColumns: () => new JsonColumnRows(),
  JSONObjectEachRow: () => new PrefixedLines('\t"'),
  PrettyJSONEachRow: () => new PrefixedLines('{'),
  Values: () => new ValuesRows(),
  SQLInsert: () => new ValuesRows(),
  Arrow: () => new WalkedRows(arrowRows('file')),
  ArrowStream: () => new WalkedRows(arrowRows('stream')),
  Avro: () => new WalkedRows(avroRows()),
  BSONEachRow: () => new WalkedRows(bsonRows()),
  Protobuf: () => new WalkedRows(protobufRows()),
  Native: () => new WalkedRows(nativeRows()),
  Npy: () => new WalkedRows(npyRows()),
};

/**
 * How the rows of a whole file of a format (any name or alias) are counted; undefined for formats that are read from
 * their ends (`rowsInFile`), for those whose rows cannot be told apart for certain, and where nothing can be counted.
 * Totals and extremes, which some formats write behind the rows, would be counted as well.
 */
export function resultRows(format: string): ResultRows | undefined {
  try {
    return counterFor(findFormat(format)?.name ?? format);
  } catch {
    // Where the memory of a process is limited, WebAssembly gets none. A save is not to fail for its number of rows.
    return undefined;
  }
}

function counterFor(name: string): ResultRows | undefined {
  if (DOCUMENTS.test(name)) return new DocumentTail(/\n\t"rows": (\d+)/g);
  if (name.endsWith('EachRowWithProgress')) return new PrefixedLines('{"row":');
  return COUNTERS[name]?.() ?? rowCounter(name);
}
