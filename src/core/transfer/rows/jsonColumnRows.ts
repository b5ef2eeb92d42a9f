const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
/** Brackets around the values of a column: its own and the document's. */
const COLUMN_DEPTH = 2;

/** Counts the elements of the first column in a JSON document of columns; what follows is passed over. */
export class JsonColumnRows {
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #commas = 0;
  #isEmpty = true;
  #isOver = false;

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && !this.#isOver; at++) this.#take(chunk[at] ?? 0);
  }

  get rows(): number | undefined {
    if (!this.#isOver) return undefined;
    return this.#isEmpty ? 0 : this.#commas + 1;
  }

  #take(byte: number): void {
    const isInColumn = this.#depth >= COLUMN_DEPTH;
    if (this.#isText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#isText = false;
      return;
    }
    if (CLOSING.has(byte)) {
      this.#depth--;
      // A document without columns is over at its own bracket.
      this.#isOver = this.#depth === 0 || (isInColumn && this.#depth < COLUMN_DEPTH);
      return;
    }
    if (isInColumn && byte > 0x20) {
      if (byte === COMMA && this.#depth === COLUMN_DEPTH) this.#commas++;
      this.#isEmpty = false;
    }
    if (byte === QUOTE) this.#isText = true;
    else if (OPENING.has(byte)) this.#depth++;
  }
}
