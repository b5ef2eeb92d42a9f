import type { Data } from 'apache-arrow';
import { bytesOf, UnknownPair, validity, type ValueReader } from './valueReader.ts';

// ignoreBOM keeps a leading U+FEFF, which is part of the value.
const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of bytes; where they are not UTF-8, each bad byte becomes `\xHH` and `valid` is false. */
export function decodeBytes(bytes: Uint8Array): { text: string; valid: boolean } {
  try {
    return { text: STRICT.decode(bytes), valid: true };
  } catch {
    return { text: decodeBroken(bytes, (char) => char), valid: false };
  }
}

/** `show` is applied to every well-formed character. */
function decodeBroken(bytes: Uint8Array, show: (char: string) => string): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0);
    const sequence = bytes.subarray(at, at + length);
    const char = length > 0 && sequence.length === length ? decodeOne(sequence) : undefined;
    text +=
      char !== undefined
        ? show(char)
        : `\\x${(bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
    at += char === undefined ? 1 : length;
  }
  return text;
}

function decodeOne(sequence: Uint8Array): string | undefined {
  try {
    return STRICT.decode(sequence);
  } catch {
    return undefined;
  }
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\0', '\\0'],
  ["'", "\\'"],
  ['\\', '\\\\'],
]);

/** A string as ClickHouse writes it inside an array, tuple or map. */
export function quote(text: string): string {
  return `'${escapeText(text)}'`;
}

/** As {@link quote}; a bad byte becomes `\xHH`, which ClickHouse reads as that byte. */
function quoteBytes(bytes: Uint8Array): string {
  try {
    return quote(STRICT.decode(bytes));
  } catch {
    return `'${decodeBroken(bytes, escapeText)}'`;
  }
}

function escapeText(text: string): string {
  return text.replace(/[\b\f\n\r\t\0'\\]/g, (char) => ESCAPED.get(char) ?? char);
}

/** String, FixedString (with its trailing zero bytes, as TSV prints them) and JSON. */
export function stringReader(typeName: string, data: Data): ValueReader {
  const bytes = bytesOf(data);
  if (!bytes) throw new UnknownPair(typeName, data);
  const valid = validity(data);
  // A cell is asked for its kind and then for its text: decode once.
  let last = { row: -1, text: '', valid: true };
  const decoded = (row: number): typeof last => {
    if (last.row !== row) last = { row, ...decodeBytes(bytes(row)) };
    return last;
  };
  return {
    kind: (row) => (valid(row) ? (decoded(row).valid ? 'text' : 'bytes') : 'null'),
    text: (row) => (valid(row) ? decoded(row).text : 'NULL'),
    nested: (row) => (valid(row) ? quoteBytes(bytes(row)) : 'NULL'),
  };
}
