import { findFormat } from '../formats.ts';

/** Finds where rows end in the bytes of a file, as they come. What it found so far it remembers. */
export interface RowEnds {
  /**
   * The index behind the next line at whose end a new row may begin; -1: not in this chunk. To be called with the
   * same chunk until it gives -1.
   */
  next(chunk: Uint8Array, from: number): number;
  /** Rows that ended so far; header lines are among them. */
  readonly rows: number;
  /** True: a row is counted with its value, false: with its line end. */
  readonly countsValues: boolean;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const TAB = 0x09;

const CSV = /^CSV(?:WithNames(?:AndTypes)?)?$/;
/** Line ends and backslashes inside values are escaped by a backslash. */
const ESCAPED_LINES = /^(?:TabSeparated(?:WithNames(?:AndTypes)?)?|TSKV)$/;
const JSON_ROWS = /^JSON(?:Strings|Compact|CompactStrings)?EachRow(?:WithNames(?:AndTypes)?)?$/;
/** Rows are objects, so that an array around them is none. */
const OBJECT_ROWS = /^JSON(?:Strings)?EachRow$/;

/**
 * For a format (any name or alias) whose rows can be found without the server; undefined for others.
 * @param delimiter of CSV, one character.
 */
export function rowEnds(format: string, delimiter = ','): RowEnds | undefined {
  const name = findFormat(format)?.name ?? format;
  if (CSV.test(name)) return new CsvRowEnds(delimiter.charCodeAt(0));
  if (ESCAPED_LINES.test(name)) return new EscapedLineEnds();
  return JSON_ROWS.test(name) ? new JsonRowEnds(OBJECT_ROWS.test(name)) : undefined;
}

/** Lines with names or types before the first row. */
export function headerLines(format: string): number {
  const name = findFormat(format)?.name ?? format;
  if (name.endsWith('WithNamesAndTypes')) return 2;
  return name.endsWith('WithNames') ? 1 : 0;
}

class EscapedLineEnds implements RowEnds {
  readonly countsValues = false;
  rows = 0;
  #isEscaped = false;

  next(chunk: Uint8Array, from: number): number {
    let isEscaped = this.#isEscaped;
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at++];
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === LINE_FEED) {
        this.#isEscaped = false;
        this.rows += 1;
        return at;
      }
    }
    this.#isEscaped = isEscaped;
    return -1;
  }
}

/** Where in a line of CSV. A quote matters at the beginning of a field only, as for the server. */
const FIELD_START = 0;
const PLAIN = 1;
const QUOTED = 2;
/** Behind a quote that ends the value, unless another one follows. */
const QUOTE_ENDED = 3;

class CsvRowEnds implements RowEnds {
  readonly countsValues = false;
  rows = 0;
  #place = FIELD_START;
  #isEmptyLine = true;
  readonly #delimiter: number;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  next(chunk: Uint8Array, from: number): number {
    const delimiter = this.#delimiter;
    let place = this.#place;
    let isEmptyLine = this.#isEmptyLine;
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at++];
      if (place === QUOTED) {
        if (byte === QUOTE) place = QUOTE_ENDED;
      } else if (byte === LINE_FEED) {
        this.#place = FIELD_START;
        this.#isEmptyLine = true;
        if (!isEmptyLine) this.rows += 1;
        return at;
      } else if (byte === delimiter) {
        place = FIELD_START;
        isEmptyLine = false;
      } else if (byte === QUOTE && place !== PLAIN) {
        place = QUOTED;
        isEmptyLine = false;
      } else if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) {
        place = PLAIN;
        isEmptyLine = false;
      }
    }
    this.#place = place;
    this.#isEmptyLine = isEmptyLine;
    return -1;
  }
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Values may span lines; rows need not have lines of their own. */
class JsonRowEnds implements RowEnds {
  readonly countsValues = true;
  rows = 0;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  /** Where a row is complete: 1 inside an array of rows. */
  #rowDepth = 0;
  readonly #hasObjectRows: boolean;

  constructor(hasObjectRows: boolean) {
    this.#hasObjectRows = hasObjectRows;
  }

  next(chunk: Uint8Array, from: number): number {
    const hasObjectRows = this.#hasObjectRows;
    let rowDepth = this.#rowDepth;
    let depth = this.#depth;
    let isText = this.#isText;
    let isEscaped = this.#isEscaped;
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at++];
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isText = false;
      } else if (byte === QUOTE) isText = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (depth === 0) rowDepth = hasObjectRows && byte === OPEN_BRACKET ? 1 : 0;
        depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === rowDepth) this.rows += 1;
      } else if (byte === LINE_FEED && depth === 0) {
        this.#depth = 0;
        this.#rowDepth = 0;
        return at;
      }
    }
    this.#depth = depth;
    this.#rowDepth = rowDepth;
    this.#isText = isText;
    this.#isEscaped = isEscaped;
    return -1;
  }
}
