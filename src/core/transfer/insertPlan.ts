import type { ContentCoding, Settings, StatementRunner, TableName } from '../client/surface.ts';
import type { Trust } from './detect/fileCoding.ts';
import type { OtherFormat } from './detect/otherFormat.ts';
import { findFormat } from './formats.ts';
import { asker } from './plan/asker.ts';
import { type Described, describeFile, UNKNOWN } from './plan/describeFile.ts';
import {
  asLines,
  asNamedArrays,
  DELIMITER,
  otherDelimiter,
  withOrWithoutHeader,
} from './plan/headerLine.ts';
import { describeTable } from './plan/tableColumns.ts';
import { inspectFile, type SourceFile } from './sourceFile.ts';

export interface ColumnInfo {
  readonly name: string;
  readonly type: string;
}

export interface TableColumn extends ColumnInfo {
  /** True: MATERIALIZED or ALIAS, which an INSERT cannot fill. */
  readonly computed: boolean;
  /** True: it has a default or is Nullable, so that data without it can be inserted. */
  readonly optional: boolean;
}

/** What an insert of this file would do; nothing was sent yet. */
export interface InsertPlan {
  readonly path: string;
  /** Bytes of the file as it lies there. */
  readonly bytes: number;
  /** When the file was changed last, milliseconds. */
  readonly modified: number;
  readonly format: string;
  readonly formatBy: SourceFile['formatBy'];
  /** What is worth knowing of a name that does not tell, or tells otherwise than the content; sentences. */
  readonly remarks: readonly string[];
  /** What the first lines look like, where the name says something else, which is what counts. */
  readonly other: OtherFormat | undefined;
  /** What the server must be told to read this file right: another delimiter than the comma. */
  readonly settings: Settings;
  readonly coding: ContentCoding | undefined;
  /** True: the data names its columns, so their order does not matter. */
  readonly namesColumns: boolean;
  /**
   * Columns of the file as the server infers them, from the first row alone where a later one spoils it;
   * undefined when it could not look at it.
   */
  readonly fileColumns: readonly ColumnInfo[] | undefined;
  /** Why the server could not read the file's columns, in one line; undefined when it could, or was not asked. */
  readonly unreadable: string | undefined;
  /** True: there is nothing in the file, or nothing but its compression's frame. */
  readonly isEmpty: boolean;
  /** True: it ends in the middle of its compressed data; told of small files only. */
  readonly isCutOff: boolean;
  /** True: it ends before anything of it can be unpacked. */
  readonly isLost: boolean;
  /** Columns of the table; undefined when the user may not see them. */
  readonly tableColumns: readonly TableColumn[] | undefined;
  /** Columns to be filled that the file lacks. Empty when nothing is known. */
  readonly missing: readonly TableColumn[];
  /** Columns of the file that the table lacks; the insert would fail or skip them. */
  readonly extra: readonly ColumnInfo[];
}

/** Undefined: there is none, or it does not start. Never rejects. */
export type LocalReader = () => Promise<Pick<StatementRunner, 'rawQuery'> | undefined>;

export interface InsertPlanOptions {
  readonly path: string;
  /** Undefined: the file alone is looked at, for a table that is not there yet. */
  readonly table?: TableName | undefined;
  readonly format?: string | undefined;
  readonly contentEncoding?: ContentCoding | 'none' | undefined;
  /** How far the content is believed where format and coding are not given; default `name`. */
  readonly trust?: Trust | undefined;
  /** True for the local engine, which can read the file itself: binary formats get their columns too. */
  readonly serverReadsFiles?: boolean;
  /**
   * True: a small binary file may be sent to the server to have its columns looked at; nothing of it is kept. Not
   * for the insert itself, which would send it twice.
   */
  readonly sendsFiles?: boolean | undefined;
  /** What servers answered about files that were sent, by what they were asked; more is put in. */
  readonly answers?: Map<string, Described> | undefined;
  /** A ClickHouse on this machine that opens what the server cannot be shown. */
  readonly localReader?: LocalReader | undefined;
  /** Settings the file is read with; a delimiter among them is not looked for. */
  readonly settings?: Settings | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks at a file and a table: for the question before an insert, and for the insert itself.
 * @throws FileError as `inspectFile`; the server's error when the table does not exist.
 */
export async function planInsert(
  query: StatementRunner['rawQuery'],
  options: InsertPlanOptions,
): Promise<InsertPlan> {
  const found = await inspectFile(options.path, options);
  const given = options.settings ?? {};
  const plain = asker(query, options.signal, {});
  const tableColumns =
    options.table === undefined ? undefined : await describeTable(plain, options.table);
  const file = asNamedArrays(asLines(found, tableColumns), tableColumns);
  const settings = DELIMITER in given ? {} : await otherDelimiter(plain, file, tableColumns);
  const reading = { ...settings, ...formatSettings(given) };
  const ask = asker(query, options.signal, reading);
  // Where a later row spoils it, the first one still has the names.
  const firstRow = { ...reading, input_format_max_rows_to_read_for_schema_inference: 1 };
  const format = options.format ?? (await withOrWithoutHeader(ask, file, tableColumns));
  const namesColumns = findFormat(format)?.namesColumns ?? false;
  const isEmpty = file.bytes === 0 || (file.head?.length === 0 && !file.isCutOff);
  const { columns, problem } = isEmpty
    ? UNKNOWN
    : await describeFile({ query, settings: reading, options }, file, format);
  const fileColumns =
    problem === undefined
      ? columns
      : (await describeFile({ query, settings: firstRow, options }, file, format)).columns;
  return {
    path: file.path,
    bytes: file.bytes,
    modified: file.modified,
    format,
    formatBy: file.formatBy,
    remarks: file.remarks,
    other: file.other,
    settings,
    coding: file.coding,
    namesColumns,
    fileColumns,
    unreadable:
      file.isCutOff && !fileColumns ? 'Too little of its compressed data is there.' : problem,
    isEmpty,
    isCutOff: file.isCutOff,
    isLost: file.isCutOff && file.head?.length === 0,
    tableColumns,
    ...(namesColumns ? compareColumns(fileColumns, tableColumns) : { missing: [], extra: [] }),
  };
}

/** Columns by name; pure. */
function compareColumns(
  fileColumns: readonly ColumnInfo[] | undefined,
  tableColumns: readonly TableColumn[] | undefined,
): { missing: TableColumn[]; extra: ColumnInfo[] } {
  if (fileColumns === undefined || tableColumns === undefined) return { missing: [], extra: [] };
  const inFile = new Set(fileColumns.map((column) => column.name));
  const inTable = new Set(tableColumns.map((column) => column.name));
  return {
    missing: tableColumns.filter((column) => !column.computed && !inFile.has(column.name)),
    extra: fileColumns.filter((column) => !inTable.has(column.name)),
  };
}

/** Those of the caller's settings that matter for looking at a file. */
function formatSettings(settings: Settings): Settings {
  const wanted = Object.entries(settings).filter(([name]) => /^(?:input_)?format_/.test(name));
  return Object.fromEntries(wanted);
}
