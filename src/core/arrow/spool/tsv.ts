const TAB = 9;
const BACKSLASH = 92;
const QUOTE = 39;
const UPPER_N = 78;

/** Fields of a TSV line: a tab inside a value is always escaped. */
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

const SINGLE: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9, 0: 0, a: 7, v: 11, e: 27 }).map(
    ([char, byte]) => [char.charCodeAt(0), byte],
  ),
);

/**
 * The text of a value as ClickHouse prints it alone, from its TSV field; undefined for NULL. Strings and the like are
 * escaped in TSV, quotes included, while arrays, tuples and maps stand there in their own text with bare quotes: a
 * bare quote therefore says that nothing is to be unescaped.
 */
export function fieldValue(field: Uint8Array): Uint8Array | undefined {
  const first = field.indexOf(BACKSLASH);
  if (first < 0) return field;
  if (field.length === 2 && field[1] === UPPER_N) return undefined;
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
