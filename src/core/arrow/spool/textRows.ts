import type { ResultColumn } from '../../../shared/columns.ts';
import type { RowBeside } from '../../../shared/rowBeside.ts';
import { decodeBytes } from '../../types/format/strings.ts';
import { concat, END_OF_STREAM } from '../encode.ts';
import { BLANK_LINE, CsvLines } from './csvLines.ts';
import { canTellRowsBeside, RowsBeside } from './rowsBeside.ts';
import { addTsvRow, splitFields, unescapeField } from './tsv.ts';
import { Utf8Column, utf8Batch, utf8Schema } from './utf8Batch.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const BATCH_BYTES = 64 * 1024;
const BATCH_ROWS = 8_192;

/**
 * What the lines of a text result are.
 * - `tsv`: TabSeparatedWithNamesAndTypes: a line of names, a line of types, then rows
 * - `csv`: the same as CSVWithNamesAndTypes, of a single column
 * - `lines`: any other text; the lines become one column with that name
 */
export type TextLayout = { kind: 'tsv' | 'csv' } | { kind: 'lines'; name: string };

/**
 * Turns a text result into an Arrow stream of text columns, so that a spool holds it like any other. Chunks may be cut
 * anywhere. The text of a cell is what ClickHouse prints for the value alone (TSVRaw).
 */
export class TextRows {
  readonly #layout: TextLayout;
  readonly #csv: CsvLines | undefined;
  /** The line that no chunk has ended yet. */
  #open: Uint8Array[] = [];
  #names: string[] | undefined;
  #columns: ResultColumn[] | undefined;
  /** Undefined where an empty line is a row. */
  #held: RowsBeside | undefined;
  #beside: RowBeside[] = [];
  #values: Utf8Column[] = [];
  #rows = 0;
  #messages: Uint8Array[] = [];

  constructor(layout: TextLayout) {
    this.#layout = layout;
    this.#csv = layout.kind === 'csv' ? new CsvLines() : undefined;
  }

  /** Undefined until the names and types came. */
  get columns(): ResultColumn[] | undefined {
    return this.#columns;
  }

  /** Totals and extremes; known at the end. */
  get beside(): RowBeside[] {
    return this.#beside;
  }

  /** Takes the next bytes of the result, which may be overwritten afterwards; returns the bytes of the Arrow stream that are due. */
  push(bytes: Uint8Array): Uint8Array {
    const chunk = this.#csv?.push(bytes) ?? bytes;
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (this.#open.length === 0) {
        this.#line(chunk, start, end);
      } else {
        const line = this.#closed(chunk.subarray(start, end));
        this.#line(line, 0, line.length);
      }
      start = end + 1;
    }
    if (start < chunk.length) this.#open.push(new Uint8Array(chunk.subarray(start)));
    if (this.#heldBytes() >= BATCH_BYTES) this.flush();
    return this.#take();
  }

  /** The rows held back so far, for a result that stays as it is for now. A line cut in the middle is no row. */
  flush(): void {
    if (this.#rows === 0) return;
    this.#messages.push(utf8Batch(this.#rows, this.#values));
    this.#values = this.#values.map(() => new Utf8Column());
    this.#rows = 0;
  }

  /** At the verified end of the result: the rest of the Arrow stream with its end marker. */
  end(): Uint8Array {
    const last = this.#closed(new Uint8Array(0));
    if (last.length > 0) this.#line(last, 0, last.length);
    const { beside = [], rows = [] } = this.#held?.end() ?? {};
    this.#beside = beside;
    for (const row of rows) this.#row(row, 0, row.length);
    this.flush();
    if (!this.#columns) this.#start([]);
    this.#messages.push(END_OF_STREAM);
    return this.#take();
  }

  /** At a failure: the whole rows so far, without an end marker. */
  rest(): Uint8Array {
    this.flush();
    return this.#take();
  }

  #closed(end: Uint8Array): Uint8Array {
    if (this.#open.length === 0) return end;
    const line = concat([...this.#open, end]);
    this.#open = [];
    return line;
  }

  #line(bytes: Uint8Array, start: number, lineEnd: number): void {
    // A carriage return of a value is escaped, so a bare one belongs to the line's end.
    const end = lineEnd > start && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
    if (this.#layout.kind === 'lines') {
      if (!this.#columns) {
        this.#start([{ name: this.#layout.name, type: 'String', encoding: 'text' }]);
      }
      this.#values[0]?.add(bytes, start, end);
      this.#added();
    } else if (!this.#names) {
      this.#names = headerTexts(bytes.subarray(start, end));
    } else if (!this.#columns) {
      const types = headerTexts(bytes.subarray(start, end));
      this.#start(
        this.#names.map((name, i) => ({ name, type: types[i] ?? 'String', encoding: 'text' })),
      );
    } else if (this.#held && (this.#isBlank(bytes, start, end) || !this.#held.isEmpty)) {
      const isBlank = this.#isBlank(bytes, start, end);
      for (const row of this.#held.hold(bytes.slice(start, end), isBlank)) {
        this.#row(row, 0, row.length);
      }
    } else {
      this.#row(bytes, start, end);
    }
  }

  #isBlank(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#csv === undefined
      ? start === end
      : end - start === BLANK_LINE.length && bytes[start] === BLANK_LINE[0];
  }

  #row(bytes: Uint8Array, start: number, end: number): void {
    addTsvRow(bytes, start, end, this.#values);
    this.#added();
  }

  #added(): void {
    this.#rows++;
    if (this.#rows >= BATCH_ROWS) this.flush();
  }

  #heldBytes(): number {
    return this.#values.reduce((sum, column) => sum + column.byteLength, this.#rows * 4);
  }

  #start(columns: ResultColumn[]): void {
    this.#columns = columns;
    if (this.#csv !== undefined || (this.#layout.kind === 'tsv' && canTellRowsBeside(columns))) {
      this.#held = new RowsBeside();
    }
    this.#values = columns.map(() => new Utf8Column());
    // Not their names: two may have the same, and a reader of the file finds columns by name.
    this.#messages.push(utf8Schema(columns.map((_, i) => `c${i}`)));
  }

  #take(): Uint8Array {
    const messages = this.#messages;
    this.#messages = [];
    return concat(messages);
  }
}

/** Names and types are escaped like strings. */
function headerTexts(line: Uint8Array): string[] {
  return splitFields(line).map((field) => decodeBytes(unescapeField(field)).text);
}
