import { findFormat } from '../formats.ts';
import { LineScan } from './lineScan.ts';
import { PrefixedLines } from './prefixedLines.ts';

/** Counts the rows in the bytes of a file, as they come. */
export interface RowCounter {
  push(chunk: Uint8Array): void;
  /** Rows that came with their end, header lines not among them. */
  readonly rows: number;
}

const BRACKET = 0x5b;

/**
 * Rows are lines: ClickHouse escapes line ends inside values. TabSeparatedRaw and LineAsString are not
 * among them, since there a value may hold line ends.
 */
const LINES = /^(?:TabSeparated|TSKV|JSONCompact(?:Strings)?EachRow)(?:WithNames(?:AndTypes)?)?$/;
const OBJECTS = /^JSON(?:Strings)?EachRow$/;
const CSV = /^CSV(?:WithNames(?:AndTypes)?)?$/;
/** The names and the line below them. */
const MARKDOWN_HEADER = 2;

/** Formats that keep what is needed to read them at the end of the file. */
const ENDS_WITH_INDEX = new Set(['Parquet', 'ORC', 'Arrow', 'Npy']);

/** A counter for a format (any name or alias); undefined for formats whose rows cannot be counted so. */
export function rowCounter(format: string): RowCounter | undefined {
  const name = findFormat(format)?.name ?? format;
  if (OBJECTS.test(name)) return new ObjectLines();
  if (LINES.test(name)) return new Lines(headerLines(name));
  if (name === 'Markdown') return new MarkdownRows();
  return CSV.test(name) ? new Lines(headerLines(name), { quoted: true }) : undefined;
}

/** Why the rows of a file without its end are not known, as a sentence. */
export function whyNotCounted(format: string): string {
  const name = findFormat(format)?.name ?? format;
  return ENDS_WITH_INDEX.has(name)
    ? `A ${name} file cannot be read without its end.`
    : `Rows cannot be counted in a part of a ${name} file.`;
}

function headerLines(name: string): number {
  if (name.endsWith('WithNamesAndTypes')) return 2;
  return name.endsWith('WithNames') ? 1 : 0;
}

/** With `quoted`, line ends between quotes belong to a value; a doubled quote closes and opens it again. */
class Lines implements RowCounter {
  readonly #scan: LineScan;
  readonly #headerLines: number;

  constructor(headerLines: number, by = { quoted: false }) {
    this.#headerLines = headerLines;
    this.#scan = new LineScan(by);
  }

  push(chunk: Uint8Array): void {
    this.#scan.push(chunk);
  }

  get rows(): number {
    return Math.max(0, this.#scan.lines - this.#headerLines);
  }
}

/**
 * With `output_format_markdown_escape_special_characters` line ends in values stay as they are, but no line of a value
 * begins with a bar.
 */
class MarkdownRows implements RowCounter {
  readonly #lines = new PrefixedLines('|');

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  get rows(): number {
    return Math.max(0, this.#lines.rows - MARKDOWN_HEADER);
  }
}

/** Each line is a row; with `output_format_json_array_of_rows` lines with nothing but a bracket are around them. */
class ObjectLines implements RowCounter {
  #counter: RowCounter | undefined;

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#counter ??= chunk[0] === BRACKET ? new PrefixedLines('{') : new Lines(0);
    this.#counter.push(chunk);
  }

  get rows(): number {
    return this.#counter?.rows ?? 0;
  }
}
