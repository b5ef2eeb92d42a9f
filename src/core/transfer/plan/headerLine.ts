import type { Settings } from '../../client/surface.ts';
import { findDelimiter } from '../csvDelimiter.ts';
import { arrayOf } from '../detect/jsonFormat.ts';
import { findFormat, formatSuffix } from '../formats.ts';
import type { TableColumn } from '../insertPlan.ts';
import { type SourceFile, wholeLines } from '../sourceFile.ts';
import type { AskRows } from './asker.ts';
import { describeHead } from './describeFile.ts';

/** A log goes into a table of one text column line by line, whatever its lines look like. */
export function asLines(
  file: SourceFile,
  tableColumns: readonly TableColumn[] | undefined,
): SourceFile {
  const [only, ...others] = tableColumns?.filter(({ computed }) => !computed) ?? [];
  const isLog = /^(?:txt|log)$/.test(formatSuffix(file.path) ?? '');
  const isGuess = file.formatBy === 'content' && file.info?.kind === 'text';
  if (!isLog || !isGuess || only?.type !== 'String' || others.length > 0) return file;
  return { ...file, format: LINES, info: findFormat(LINES), remarks: [] };
}

const LINES = 'LineAsString';

/** A line of texts above other lines of texts names the columns when the table has columns of these names. */
export function asNamedArrays(
  file: SourceFile,
  tableColumns: readonly TableColumn[] | undefined,
): SourceFile {
  if (file.info?.name !== ARRAYS || file.formatBy === 'choice') return file;
  const known = new Set<unknown>(tableColumns?.map(({ name }) => name));
  const [first = ''] = wholeLines(file).trimStart().split('\n', 1);
  const values = arrayOf(first) ?? [];
  if (values.length === 0 || !values.every((value) => known.has(value))) return file;
  const format = `${ARRAYS}WithNames`;
  const remark = `The first line names columns of the table: it is read as ${format}.`;
  return { ...file, format, info: findFormat(format), remarks: [...file.remarks, remark] };
}

const ARRAYS = 'JSONCompactEachRow';

export const DELIMITER = 'format_csv_delimiter';

/** CSV with one column for a table of several is mostly CSV with another delimiter. */
export async function otherDelimiter(
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
export async function withOrWithoutHeader(
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
