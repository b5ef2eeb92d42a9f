import { isClickHouseError } from '../client/errors.ts';
import type {
  ContentCoding,
  RawQueryOptions,
  Settings,
  StatementRunner,
  TableName,
} from '../client/surface.ts';
import { parseServerError } from '../client/serverError.ts';
import { tableSql } from '../client/tableName.ts';
import { findDelimiter } from './csvDelimiter.ts';
import type { Trust } from './detect/fileCoding.ts';
import { findFormat, formatSuffix } from './formats.ts';
import { fileTable } from './look/fileTable.ts';
import { sentBytes, sentFile, sentTable } from './look/sentFile.ts';
import { inspectFile, type SourceFile, wholeLines } from './sourceFile.ts';

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
  /** A ClickHouse on this machine that opens what the server cannot be shown. */
  readonly localReader?: LocalReader | undefined;
  /** Settings the file is read with; a delimiter among them is not looked for. */
  readonly settings?: Settings | undefined;
  readonly signal?: AbortSignal | undefined;
}

const ACCESS_DENIED = 497;
const DESCRIBE_SETTINGS = { describe_compact_output: 0, print_pretty_type_names: 0 };

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
  const file = asLines(found, tableColumns);
  const settings = DELIMITER in given ? {} : await otherDelimiter(plain, file, tableColumns);
  const reading = { ...settings, ...formatSettings(given) };
  const ask = asker(query, options.signal, reading);
  // Where a later row spoils it, the first one still has the names.
  const firstRow = { ...reading, input_format_max_rows_to_read_for_schema_inference: 1 };
  const format = options.format ?? (await withOrWithoutHeader(ask, file, tableColumns));
  const namesColumns = findFormat(format)?.namesColumns ?? false;
  const isEmpty = file.bytes === 0 || file.head?.length === 0;
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
    settings,
    coding: file.coding,
    namesColumns,
    fileColumns,
    unreadable: problem,
    isEmpty,
    tableColumns,
    ...(namesColumns ? compareColumns(fileColumns, tableColumns) : { missing: [], extra: [] }),
  };
}

/** A log goes into a table of one text column line by line, whatever its lines look like. */
function asLines(file: SourceFile, tableColumns: readonly TableColumn[] | undefined): SourceFile {
  const [only, ...others] = tableColumns?.filter(({ computed }) => !computed) ?? [];
  const isLog = /^(?:txt|log)$/.test(formatSuffix(file.path) ?? '');
  const isGuess = file.formatBy === 'content' && file.info?.kind === 'text';
  if (!isLog || !isGuess || only?.type !== 'String' || others.length > 0) return file;
  return { ...file, format: LINES, info: findFormat(LINES), remarks: [] };
}

const LINES = 'LineAsString';

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

type Brought = Pick<RawQueryOptions, 'externalData'>;
type AskRows = (sql: string, brought?: Brought) => Promise<string[][]>;

function asker(
  query: StatementRunner['rawQuery'],
  signal: AbortSignal | undefined,
  settings: Settings,
): AskRows {
  return async (sql, brought = {}) => {
    const options: RawQueryOptions = {
      ...brought,
      format: 'JSONCompact',
      settings: { ...settings, ...DESCRIBE_SETTINGS },
      ...(signal === undefined ? {} : { signal }),
    };
    const result = await query(sql, options);
    return (JSON.parse(result.text()) as { data: string[][] }).data;
  };
}

async function describeTable(ask: AskRows, table: TableName): Promise<TableColumn[] | undefined> {
  try {
    const rows = await ask(`DESCRIBE TABLE ${tableSql(table)}`);
    return rows.map(([name = '', type = '', defaultKind = '']) => ({
      name,
      type,
      computed: defaultKind === 'MATERIALIZED' || defaultKind === 'ALIAS',
      optional: defaultKind !== '' || type.startsWith('Nullable('),
    }));
  } catch (error) {
    // A user may have the right to insert but not to look.
    if (isClickHouseError(error) && error.code === ACCESS_DENIED) return undefined;
    throw error;
  }
}

const DELIMITER = 'format_csv_delimiter';

/** Those of the caller's settings that matter for looking at a file. */
function formatSettings(settings: Settings): Settings {
  const wanted = Object.entries(settings).filter(([name]) => /^(?:input_)?format_/.test(name));
  return Object.fromEntries(wanted);
}

/** CSV with one column for a table of several is mostly CSV with another delimiter. */
async function otherDelimiter(
  ask: AskRows,
  file: SourceFile,
  tableColumns: readonly TableColumn[] | undefined,
): Promise<Settings> {
  if (!(file.info?.name ?? '').startsWith('CSV') || file.head === undefined) return {};
  if (tableColumns?.filter(({ computed }) => !computed).length === 1) return {};
  const delimiter = findDelimiter(wholeLines(file));
  if (delimiter === undefined) return {};
  const { columns } = await describeHead(ask, file, 'CSV');
  return columns !== undefined && columns.length > 1 ? {} : { [DELIMITER]: delimiter };
}

/**
 * `.csv` and `.tsv` say nothing about a header line. There is one when the first line names columns of
 * the table, or when the server's own detection (text above numbers) finds one.
 */
async function withOrWithoutHeader(
  ask: AskRows,
  file: SourceFile,
  tableColumns: readonly TableColumn[] | undefined,
): Promise<string> {
  const bare = HEADERLESS[file.format];
  if (bare === undefined) return file.format;
  const { columns: named } = await describeHead(ask, file, file.format);
  const known = new Set(tableColumns?.map((column) => column.name));
  if (named?.some((column) => known.has(column.name)) === true) return file.format;
  const { columns: detected } = await describeHead(ask, file, bare);
  if (detected === undefined) return file.format;
  return detected.every((column, index) => column.name === `c${index + 1}`) ? bare : file.format;
}

const HEADERLESS: Readonly<Record<string, string>> = {
  CSVWithNames: 'CSV',
  TabSeparatedWithNames: 'TabSeparated',
};

interface Looking {
  readonly query: StatementRunner['rawQuery'];
  readonly settings: Settings;
  readonly options: InsertPlanOptions;
}

async function describeFile(
  { query, settings, options }: Looking,
  file: SourceFile,
  format: string,
): Promise<Described> {
  const { serverReadsFiles, sendsFiles, signal } = options;
  const ask = asker(query, signal, settings);
  const opened = fileTable({ ...file, format });
  if (file.info?.needsSchema === true) return UNKNOWN;
  if (serverReadsFiles === true) return await describe(ask, opened, {});
  const hasText = file.info?.kind === 'text' && file.head !== undefined;
  const head = hasText ? await describeHead(ask, file, format) : UNKNOWN;
  if (head.columns !== undefined || head.problem !== undefined) return head;
  const externalData = sendsFiles === true ? await sentFile(file, signal) : undefined;
  if (externalData !== undefined) {
    return await describe(ask, sentTable(format), { externalData }, NOT_TAKEN);
  }
  const local = hasText ? undefined : await options.localReader?.();
  return local
    ? await describe(asker(local.rawQuery.bind(local), signal, settings), opened, {})
    : UNKNOWN;
}

/** The columns that the server sees in the beginning of a text file. */
async function describeHead(ask: AskRows, file: SourceFile, format: string): Promise<Described> {
  if (file.head === undefined || file.head.length === 0) return UNKNOWN;
  const externalData = sentBytes(Buffer.from(wholeLines(file)));
  const described = await describe(ask, sentTable(format), { externalData }, NOT_TAKEN);
  // What is wrong with a cut file need not be wrong with the whole one.
  return file.headIsWhole ? described : { columns: described.columns };
}

async function describe(
  ask: AskRows,
  source: string,
  brought: Brought,
  noAnswer = NOT_ABOUT_DATA,
): Promise<Described> {
  try {
    const rows = await ask(`DESCRIBE TABLE ${source}`, brought);
    return { columns: rows.map(([name = '', type = '']) => ({ name, type })) };
  } catch (error) {
    // Inference is a help for the question only, so that its failure stops nothing.
    if (!isClickHouseError(error)) throw error;
    return noAnswer.has(error.code) ? UNKNOWN : { problem: inferenceProblem(error.raw) };
  }
}

interface Described {
  readonly columns?: readonly ColumnInfo[] | undefined;
  readonly problem?: string;
}

const UNKNOWN: Described = {};

/** The server may not be asked, or is too old: function, format or setting unknown, read-only, no right. */
const NOT_ABOUT_DATA = new Set([46, 73, 115, 164, ACCESS_DENIED]);
/** It does not take a file that comes with the request. */
const NOT_TAKEN = new Set([...NOT_ABOUT_DATA, 36, 47, 60]);

/**
 * The reason in the server's text about columns it could not infer, one line without codes: the text
 * wraps it, as in `Code: 636. … Error:\nCode: 117. DB::Exception: Rows have different amount of values.
 * (INCORRECT_DATA) (version 26.7.2.1).\nYou can specify the structure manually`.
 */
function inferenceProblem(raw: string): string {
  const inner = /\bError:\s*\n([^]*)/.exec(raw)?.[1] ?? raw;
  const { message } = parseServerError(inner.split('\n')[0]?.replace(/\.$/, '') ?? '');
  return message;
}
