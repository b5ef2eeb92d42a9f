import type { Utf8Column } from './utf8Batch.ts';

const TAB = 9;
const BACKSLASH = 92;
const QUOTE = 39;
const UPPER_N = 78;

const SINGLE: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9, 0: 0, a: 7, v: 11, e: 27 }).map(
    ([char, byte]) => [char.charCodeAt(0), byte],
  ),
);

/**
 * Adds the fields of a TSV line `bytes[start, end)` to the columns; a missing field is a null. A tab inside a value is
 * always escaped. One pass over the bytes without an object per field: this is where a text result spends its time.
 */
export function addTsvRow(
  bytes: Uint8Array,
  start: number,
  end: number,
  columns: readonly Utf8Column[],
): void {
  let from = start;
  let escaped = false;
  let index = 0;
  for (let at = start; at <= end; at++) {
    const byte = at < end ? bytes[at] : TAB;
    if (byte === BACKSLASH) escaped = true;
    if (byte !== TAB) continue;
    const column = columns[index++];
    if (!escaped) column?.add(bytes, from, at);
    else if (column) addEscaped(column, bytes.subarray(from, at));
    from = at + 1;
    escaped = false;
  }
  for (; index < columns.length; index++) columns[index]?.addNull();
}

function addEscaped(column: Utf8Column, field: Uint8Array): void {
  if (field.length === 2 && field[0] === BACKSLASH && field[1] === UPPER_N) {
    column.addNull();
    return;
  }
  const value = unescapeField(field);
  column.add(value, 0, value.length);
}

/**
 * The text of a value as ClickHouse prints it alone, from its TSV field. Strings and the like are escaped in TSV,
 * quotes included, while arrays, tuples and maps stand there in their own text with bare quotes: a bare quote
 * therefore says that nothing is to be unescaped.
 */
export function unescapeField(field: Uint8Array): Uint8Array {
  const value = new Uint8Array(field.length);
  let length = 0;
  for (let at = 0; at < field.length; at++) {
    let byte = field[at] ?? 0;
    if (byte === QUOTE) return field;
    if (byte === BACKSLASH && at + 1 < field.length) {
      const escaped = field[++at] ?? 0;
      byte = SINGLE.get(escaped) ?? escaped;
    }
    value[length++] = byte;
  }
  return value.subarray(0, length);
}

/** Fields of a header line (names or types) as they are written, still escaped. */
export function splitFields(line: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let start = 0; ;) {
    const tab = line.indexOf(TAB, start);
    if (tab < 0) {
      fields.push(line.subarray(start));
      return fields;
    }
    fields.push(line.subarray(start, tab));
    start = tab + 1;
  }
}
