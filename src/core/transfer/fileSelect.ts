import type { DescribedColumn } from '../arrow/spool/describe.ts';
import type { ContentCoding, Settings } from '../client/surface.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { readStatement } from '../sql/statementTokens.ts';
import { isKeyword } from '../sql/token.ts';
import { findFormat } from './formats.ts';

/** Formats whose values the engine reads back as they were; JSON writes NULL for nan, others have no types. */
const READ_BACK =
  /^(?:CSV|TabSeparated|RowBinary)(?:WithNames(?:AndTypes)?)?$|^(?:TSKV|Parquet|ORC|Arrow|ArrowStream|Avro|Native)$/;

/** Settings of a session that mean the same for reading, and that for times with what else it takes to read them. */
const SAME_FOR_READING =
  /^(?:format_csv_delimiter|format_[ct]sv_null_representation|output_format_[ct]sv_crlf_end_of_line|session_timezone)$/;
const TIMES = 'date_time_output_format';

/** Text formats go by settings; the others say themselves how they are to be read. */
const TEXT = /^(?:CSV|TabSeparated|TSKV)/;
const ABOUT_FORMATS = /^(?:output_)?format_/;
const ABOUT_OTHERS =
  /^(?:output_)?format_(?:arrow|avro|binary|bson|json|markdown|msgpack|native|npy|orc|parquet|pretty|protobuf|sql_insert|values|xml)_/;

/** Clauses by which a file holds more than the rows of its columns, or is written in another way. */
const CLAUSES = ['SETTINGS', 'TOTALS'];

export interface ReadBack {
  readonly format: string;
  readonly compression: ContentCoding | 'none';
  readonly columns: readonly DescribedColumn[];
}

/**
 * The settings to read a file with that this statement makes in a session with these output settings.
 * @returns undefined where the engine would not see in it exactly what was written
 */
export function readBackSettings(
  sql: string,
  format: string,
  session: Readonly<Record<string, string>>,
): Settings | undefined {
  const written = findFormat(format)?.name ?? format;
  if (!READ_BACK.test(written)) return undefined;
  const isOfNoMatter = TEXT.test(written) ? ABOUT_OTHERS : ABOUT_FORMATS;
  const { tokens } = readStatement(sql);
  if (tokens.some((token) => CLAUSES.some((word) => isKeyword(sql, token, word)))) return undefined;
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(session)) {
    if (isOfNoMatter.test(name)) continue;
    if (SAME_FOR_READING.test(name)) settings[name] = value;
    else if (name === TIMES && value === 'iso') settings['date_time_input_format'] = 'best_effort';
    else return undefined;
  }
  return settings;
}

/** A statement that gives the rows of a file of this machine, by the local engine. */
export function selectFromFile(path: string, { format, compression, columns }: ReadBack): string {
  const structure = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', ');
  const parts = [path, format, structure, compression].map(quoteLiteral).join(', ');
  return `SELECT * FROM file(${parts})`;
}
