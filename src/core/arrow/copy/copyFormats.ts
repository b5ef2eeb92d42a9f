import type { ResultColumn } from '../../../shared/columns.ts';
import type { CopyFormat } from '../../../shared/gridCommand.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import type { ValueReader } from '../../types/format/valueReader.ts';
import { jsonCell } from './jsonCell.ts';

/** One row of one block: a reader per column, and the row in its batch. */
export interface CopyRow {
  readers: readonly ValueReader[];
  row: number;
}

/** Writes one block of cells as text. */
export interface CopyWriter {
  /** Before the first row. */
  begin: string;
  line: (row: CopyRow, isFirst: boolean) => string;
  /** After the last row. */
  end: string;
}

/** What stands in the statement for the table, which the result does not know. */
const TABLE = 'table_name';

/** @param single the block is one cell @param header with the names of the columns */
export function copyWriter(
  format: CopyFormat,
  columns: readonly ResultColumn[],
  header: boolean,
  single: boolean,
): CopyWriter {
  const names = columns.map(({ name }) => name);
  switch (format) {
    case 'tsv':
      return single && !header ? plainCell : separated('\t', names.map(tsvText), header, tsvCell);
    case 'csv':
      return separated(',', names.map(csvText), header, csvCell);
    case 'json':
      return json(columns, header);
    case 'markdown':
      return markdown(columns, header);
    case 'insert':
      return insert(columns, header);
    case 'inList':
      return inList(columns, header);
  }
}

/** A single cell is copied as it is: nothing can fall apart. */
const plainCell: CopyWriter = {
  begin: '',
  line: ({ readers, row }) => readers[0]?.text(row) ?? '',
  end: '',
};

type CellWriter = (reader: ValueReader, row: number) => string;

function separated(
  separator: string,
  names: readonly string[],
  header: boolean,
  cell: CellWriter,
): CopyWriter {
  return {
    begin: header ? names.join(separator) : '',
    line: ({ readers, row }, isFirst) =>
      (isFirst && !header ? '' : '\n') + readers.map((reader) => cell(reader, row)).join(separator),
    end: '',
  };
}

/**
 * As spreadsheets read it: only a cell that contains a tab or a line break or begins with a double quote is put in
 * double quotes (with its own doubled), because it would otherwise fall apart into several cells when pasted.
 * NULL is `NULL`, as the grid shows it.
 */
function tsvText(text: string): string {
  return /[\t\n\r]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function tsvCell(reader: ValueReader, row: number): string {
  return tsvText(reader.text(row));
}

/** As ClickHouse writes CSV: numbers bare, everything else in double quotes, NULL as `\N`. */
function csvText(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function csvCell(reader: ValueReader, row: number): string {
  const kind = reader.kind(row);
  if (kind === 'null') return '\\N';
  const text = reader.text(row);
  return kind === 'number' || kind === 'bool' ? text : csvText(text);
}

/** An array with an object per row; an array per row without header, or where two columns have the same name. */
function json(columns: readonly ResultColumn[], header: boolean): CopyWriter {
  const names = columns.map(({ name }) => JSON.stringify(name));
  const asObjects = header && new Set(names).size === names.length;
  const cells = columns.map((column) => jsonCell(column));
  const values = ({ readers, row }: CopyRow): string[] =>
    readers.map((reader, i) => cells[i]?.(reader, row) ?? 'null');
  const write = (row: CopyRow): string => {
    const texts = values(row);
    return asObjects
      ? `{${texts.map((text, i) => `${names[i] ?? ''}:${text}`).join(',')}}`
      : `[${texts.join(',')}]`;
  };
  const hasNames = header && !asObjects;
  return {
    begin: hasNames ? `[\n[${names.join(',')}]` : '[',
    line: (row, isFirst) => `${isFirst && !hasNames ? '\n' : ',\n'}${write(row)}`,
    end: '\n]',
  };
}

function markdown(columns: readonly ResultColumn[], header: boolean): CopyWriter {
  const names = columns.map(({ name }) => markdownText(name));
  const numbers = columns.map(({ type }) => NUMERIC.test(type));
  const begin = `| ${names.join(' | ')} |\n|${numbers.map((is) => (is ? '-:' : ':-')).join('|')}|`;
  const line = ({ readers, row }: CopyRow): string =>
    `| ${readers.map((reader) => markdownText(reader.text(row))).join(' | ')} |`;
  return {
    begin: header ? begin : '',
    line: (row, isFirst) => (isFirst && !header ? '' : '\n') + line(row),
    end: '',
  };
}

const NUMERIC = /^(Nullable\(|LowCardinality\()*(U?Int|B?Float|Decimal)/;

/** A cell has to stay in its row and its column. */
function markdownText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replace(/\r\n|\n|\r/g, '<br>');
}

function insert(columns: readonly ResultColumn[], header: boolean): CopyWriter {
  const list = header ? ` (${columns.map(({ name }) => quoteIdentifier(name)).join(', ')})` : '';
  const literals = columns.map(({ encoding }) => literalOf(encoding));
  return {
    begin: `INSERT INTO ${TABLE}${list} VALUES`,
    line: ({ readers, row }, isFirst) => {
      const values = readers.map((reader, i) => literals[i]?.(reader, row) ?? 'NULL');
      return `${isFirst ? '' : ','}\n(${values.join(', ')})`;
    },
    end: ';',
  };
}

/** The values of a list for IN, each once; several columns make a list of tuples. */
function inList(columns: readonly ResultColumn[], header: boolean): CopyWriter {
  const names = columns.map(({ name }) => quoteIdentifier(name));
  const left = names.length === 1 ? (names[0] ?? '') : `(${names.join(', ')})`;
  const literals = columns.map((column) => inLiteralOf(column));
  const seen = new Set<string>();
  let isFirstValue = true;
  return {
    begin: header ? `${left} IN (` : '(',
    line: ({ readers, row }) => {
      const values = readers.map((reader, i) => literals[i]?.(reader, row) ?? 'NULL');
      const value = values.length === 1 ? (values[0] ?? '') : `(${values.join(', ')})`;
      if (seen.has(value)) return '';
      seen.add(value);
      const separator = isFirstValue ? '' : ', ';
      isFirstValue = false;
      return separator + value;
    },
    end: ')',
  };
}

/** A value as ClickHouse writes it into VALUES. */
function literalOf(encoding: ResultColumn['encoding']): CellWriter {
  return (reader, row) => {
    const kind = reader.kind(row);
    if (kind === 'null') return 'NULL';
    if (kind === 'number' || kind === 'bool') return reader.text(row);
    // ClickHouse's own notation of values within values; in it, bytes that are no UTF-8 are \xHH.
    if (encoding === 'arrow' && (kind === 'composite' || kind === 'bytes'))
      return reader.nested(row);
    return quoteLiteral(reader.text(row));
  };
}

/** Numbers that a literal of the parser holds exactly; all others are read from a text in the column's type. */
const LITERAL_NUMBER = /^(Nullable\(|LowCardinality\()*(U?Int(8|16|32|64)|Float64)\b/;
const HAS_MAP = /\bMap\(/;

function inLiteralOf({ type, encoding }: ResultColumn): CellWriter {
  const literal = literalOf(encoding);
  const bare = LITERAL_NUMBER.test(type);
  const hasMap = HAS_MAP.test(type);
  return (reader, row) => {
    const kind = reader.kind(row);
    const asText = (kind === 'number' && !bare) || (kind === 'composite' && hasMap);
    return asText ? quoteLiteral(reader.text(row)) : literal(reader, row);
  };
}
