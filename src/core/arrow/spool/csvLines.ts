const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const TAB = 9;
const QUOTE = 34;
const BACKSLASH = 92;
const LETTERS: ReadonlyMap<number, number> = new Map(
  Object.entries({ '\\': '\\', "'": "'", '\t': 't', '\n': 'n', '\r': 'r' }).map(
    ([byte, letter]) => [byte.charCodeAt(0), letter.charCodeAt(0)],
  ),
);

/** What stands for an empty line, which no row of one column is: a tab inside a value is escaped. */
export const BLANK_LINE = new Uint8Array([TAB]);

/**
 * Turns CSV of a single column, whose texts ClickHouse always quotes, into lines of TabSeparated. Unlike there, an empty
 * line is no empty text: it comes as `BLANK_LINE`. Chunks may be cut anywhere.
 */
export class CsvLines {
  #isQuoted = false;
  /** A quote inside quotes: a second one makes it part of the value. */
  #isClosing = false;
  #isBlank = true;

  push(chunk: Uint8Array): Uint8Array {
    const lines = new Uint8Array(2 * chunk.length);
    let length = 0;
    for (const byte of chunk) {
      if (this.#isQuoted && !this.#isClosing) {
        if (byte === QUOTE) {
          this.#isClosing = true;
          continue;
        }
        const letter = LETTERS.get(byte);
        if (letter !== undefined) lines[length++] = BACKSLASH;
        lines[length++] = letter ?? byte;
      } else if (byte === QUOTE) {
        if (this.#isClosing) lines[length++] = QUOTE;
        this.#isQuoted = true;
        this.#isClosing = false;
        this.#isBlank = false;
      } else {
        this.#isQuoted = false;
        this.#isClosing = false;
        if (byte === CARRIAGE_RETURN) continue;
        if (byte === NEWLINE && this.#isBlank) lines.set(BLANK_LINE, length++);
        this.#isBlank = byte === NEWLINE;
        lines[length++] = byte;
      }
    }
    return lines.subarray(0, length);
  }
}
