const QUOTE = 0x27;
const BACKQUOTE = 0x60;
const BACKSLASH = 0x5c;
const OPEN = 0x28;
const CLOSE = 0x29;
const SEMICOLON = 0x3b;
/** What follows a value: of its row, array, map or tuple. */
const AFTER_VALUE = new Set(Buffer.from(',)]}:'));
const KEYWORD = Buffer.from('VALUES');
/** Of INSERT and REPLACE; a file without statements begins with a bracket. */
const STATEMENT_LETTERS = new Set(Buffer.from('IR'));

/**
 * Counts the rows of INSERT … VALUES, with the statements around them or without. Whatever is between single quotes
 * is a value, with backslashes before quotes in it.
 */
export class ValuesRows {
  #rows = 0;
  #depth = 0;
  /** The quote that is open. */
  #quote: number | undefined;
  #isEscaped = false;
  /** A value ended with the byte before this one. */
  #isAfterValue = false;
  #isCertain = true;
  /** Letters of the keyword that stand before this byte. */
  #keyword = 0;
  /** Groups of brackets are rows, not names of columns: at the beginning of a file without statements, too. */
  #areRows = true;
  #isStart = true;

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const byte = chunk[at++] ?? 0;
      if (this.#quote === undefined) {
        this.#outside(byte);
      } else if (this.#isEscaped) {
        this.#isEscaped = false;
      } else if (byte === BACKSLASH) {
        this.#isEscaped = true;
      } else if (byte === this.#quote) {
        this.#isAfterValue = byte === QUOTE;
        this.#quote = undefined;
      }
    }
  }

  /** Undefined where a quote was no end of a value: the server wrote '' for a quote, and backslashes mean nothing. */
  get rows(): number | undefined {
    const isWhole = this.#quote === undefined && this.#depth === 0;
    return this.#isCertain && isWhole ? this.#rows : undefined;
  }

  #outside(byte: number): void {
    if (this.#isAfterValue) {
      this.#isAfterValue = false;
      if (!AFTER_VALUE.has(byte)) this.#isCertain = false;
    }
    switch (byte) {
      case QUOTE:
      case BACKQUOTE:
        this.#quote = byte;
        return;
      case OPEN:
        if (this.#depth === 0 && this.#areRows) this.#rows++;
        this.#depth++;
        return;
      case CLOSE:
        this.#depth--;
        return;
      default:
        if (this.#depth === 0) this.#between(byte);
    }
  }

  /** Between rows and statements. */
  #between(byte: number): void {
    if (byte === SEMICOLON) this.#areRows = false;
    else if (this.#isStart && STATEMENT_LETTERS.has(byte)) this.#areRows = false;
    this.#isStart = false;
    if (byte === KEYWORD[this.#keyword]) this.#keyword++;
    else this.#keyword = byte === KEYWORD[0] ? 1 : 0;
    if (this.#keyword === KEYWORD.length) this.#areRows = true;
  }
}
