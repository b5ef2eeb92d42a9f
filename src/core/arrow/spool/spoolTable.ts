import type { ResultColumn } from '../../../shared/columns.ts';
import type { TextSetting } from '../../../shared/textSetting.ts';
import { UsageError } from '../../client/errors.ts';
import type { Settings } from '../../client/surface.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { leaseFile, type FileLease } from './fileLease.ts';
import type { QuerySource } from './querySource.ts';
import type { Spool } from './spool.ts';
import { tableColumn, type TableColumn } from './tableColumn.ts';

export interface SpoolTableOptions {
  /** Its rows must have all come, or its run have ended otherwise. */
  spool: Spool;
  columns: readonly ResultColumn[];
  /** Zone of `DateTime` columns without one of their own. */
  timeZone: string;
  /** Settings of the result's server that change texts. */
  textSettings: readonly TextSetting[];
  /** A ClickHouse on this machine that runs as this user: the local engine. Not a session. */
  engine: QuerySource;
}

/**
 * A result as a table of SQL for the local engine. It stays readable when the result is closed meanwhile; any
 * number of statements may read it at once. The owner disposes it.
 */
export class SpoolTable implements AsyncDisposable {
  /** A subquery: the columns named by `columns[i].id`, and `rowNumber`. Its rows come in the order of the result. */
  readonly from: string;
  readonly columns: readonly TableColumn[];
  /** Name of the column that counts the rows from 0 in the order of the result. */
  readonly rowNumber: string;
  /** Must go with every statement that reads the table. */
  readonly settings: Settings;
  readonly rows: number;
  /** The settings that the texts of its cells depend on; they are among `settings`. */
  readonly textSettings: readonly TextSetting[];
  readonly #lease: FileLease;

  private constructor(
    lease: FileLease,
    options: SpoolTableOptions,
    columns: readonly TableColumn[],
    settings: Settings,
  ) {
    this.#lease = lease;
    this.columns = columns;
    this.settings = settings;
    this.rows = options.spool.rows;
    this.textSettings = options.textSettings;
    const file = [lease.path, 'ArrowStream', structureOf(columns), 'none'].map(quoteLiteral);
    this.rowNumber = `${prefixFor(columns)}row`;
    const list = [
      ...columns.map((column) => `${column.read} AS ${column.id}`),
      `rowNumberInAllBlocks() AS ${this.rowNumber}`,
    ];
    this.from = `(SELECT ${list.join(', ')} FROM file(${file.join(', ')}))`;
  }

  /** @throws UsageError when rows are still coming, or a column cannot be read back exactly */
  static async open(options: SpoolTableOptions): Promise<SpoolTable> {
    const { spool } = options;
    if (!spool.ended) throw rowsStillComing();
    const columns = columnsOf(options);
    const settings = await settingsFor(options);
    return new SpoolTable(await leaseFile(spool.path), options, columns, settings);
  }

  dispose(): Promise<void> {
    return this.#lease.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

/** A result is no table before its run has ended. */
export function rowsStillComing(): UsageError {
  return new UsageError('The rows of this result are still coming.', {
    hint: 'Wait for the end of the query, or cancel it to work with the rows so far.',
  });
}

function columnsOf({ spool, columns, textSettings }: SpoolTableOptions): TableColumn[] {
  const names = (spool.schema?.fields ?? []).map((field: { name: string }) => field.name);
  if (columns.length === 0) throw new UsageError('This result has no columns.');
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UsageError(`Two columns of this result have the name "${twice}".`, {
      hint: 'Give one of them another name with AS, or remove the FORMAT clause, and run the statement again.',
    });
  }
  const prefix = prefixFor(names.map((field) => ({ field })));
  return columns.map((column, i) =>
    tableColumn(column, names[i] ?? '', `${prefix}${i}`, textSettings),
  );
}

/** No name of the file may start with it: an alias wins over a column of the same name. */
function prefixFor(columns: readonly { field: string }[]): string {
  let prefix = 'c';
  while (columns.some(({ field }) => field.startsWith(prefix))) prefix += '_';
  return prefix;
}

const structureOf = (columns: readonly TableColumn[]): string =>
  columns.map(({ field, declared }) => `${quoteIdentifier(field)} ${declared}`).join(', ');

/** Sorts and groups of more than this go through the disk. Without it a large result ends in error 241. */
const IN_MEMORY_BYTES = 1024 ** 3;

/**
 * One thread reads the file, and nothing behind it may mix its blocks, or the order would be lost. The other
 * settings let every type through that a result may have, and forbid the reader to make up values.
 */
const SETTINGS: Settings = {
  max_bytes_before_external_sort: IN_MEMORY_BYTES,
  max_bytes_before_external_group_by: IN_MEMORY_BYTES,
  // These win over the numbers of bytes, and count on memory that other processes may have taken.
  max_bytes_ratio_before_external_sort: 0,
  max_bytes_ratio_before_external_group_by: 0,
  parallelize_output_from_storages: 0,
  input_format_arrow_use_native_reader: 1,
  input_format_arrow_allow_missing_columns: 0,
  input_format_arrow_case_insensitive_column_matching: 0,
  input_format_null_as_default: 0,
  allow_suspicious_low_cardinality_types: 1,
  allow_suspicious_fixed_string_types: 1,
  allow_suspicious_variant_types: 1,
  allow_suspicious_types_in_group_by: 1,
  allow_suspicious_types_in_order_by: 1,
  allow_experimental_nullable_tuple_type: 1,
  enable_time_time64_type: 1,
  enable_qbit_type: 1,
  output_format_json_quote_64bit_integers: 0,
};

/** Without those that this version of the engine does not know: one would fail every statement. */
async function settingsFor({
  engine,
  timeZone,
  textSettings,
}: SpoolTableOptions): Promise<Settings> {
  const wanted: Settings = { ...SETTINGS, ...asWritten(textSettings) };
  const names = Object.keys(wanted).map(quoteLiteral).join(', ');
  const sql = `SELECT name FROM system.settings WHERE name IN (${names})`;
  const reply = await engine.rawQuery(sql, { format: 'TSV' });
  const known = new Set(reply.text().split('\n'));
  const settings = Object.entries(wanted).filter(([name]) => known.has(name));
  return { ...Object.fromEntries(settings), session_timezone: timeZone };
}

/** So that the engine prints values as the result's server does, and takes such texts for values again. */
function asWritten(textSettings: readonly TextSetting[]): Settings {
  // Columns of JSON came as text, and the replies to questions about the rows are JSON.
  const printing = textSettings.filter(({ name }) => !name.startsWith('output_format_json_'));
  const printed = Object.fromEntries(printing.map(({ name, value }) => [name, value]));
  if (!('date_time_output_format' in printed)) return printed;
  return { ...printed, cast_string_to_date_time_mode: 'best_effort' };
}
