import { isRefused } from './refused.ts';
import type { QuerySource } from './querySource.ts';

/** Names of settings this module may send. */
const NAMES = [
  'output_format_arrow_compression_method',
  'output_format_arrow_use_native_writer',
  'output_format_arrow_low_cardinality_as_dictionary',
  'output_format_arrow_string_as_string',
  'output_format_arrow_fixed_string_as_fixed_byte_array',
  'output_format_arrow_unsupported_types_as_binary',
  'output_format_arrow_unsupported_types',
  'output_format_json_quote_64bit_integers',
  'print_pretty_type_names',
  'describe_compact_output',
  'max_execution_time',
] as const;

type Name = (typeof NAMES)[number];
type Values = Partial<Record<Name, string | number>>;

export type ArrowCompression = 'none' | 'zstd';

/**
 * The settings a grid query may carry on one server for one user. Every unknown setting fails a query (code 115) and
 * every one a `readonly=1` user sends (code 164), so the server is asked once which it knows and lets the user change.
 */
export class GridSettings {
  readonly #source: QuerySource;
  #known: Promise<ReadonlySet<string>> | undefined;

  /** @param source a client, not a session: the question must not wait for a tab's statement */
  constructor(source: QuerySource) {
    this.#source = source;
  }

  /**
   * For the run of a statement whose result comes as Arrow.
   * @param compression `none` on this machine; zstd pays on links slower than about 1 Gbit/s
   */
  async forRun(compression: ArrowCompression): Promise<Values> {
    return this.#allowed({
      output_format_arrow_compression_method: compression,
      // A third less server time; the default differs between builds.
      output_format_arrow_use_native_writer: 1,
      // A window has to be readable without the dictionaries of earlier batches.
      output_format_arrow_low_cardinality_as_dictionary: 0,
      // Keeps String (Utf8) apart from the types that are sent as raw bytes.
      output_format_arrow_string_as_string: 1,
      output_format_arrow_fixed_string_as_fixed_byte_array: 1,
      output_format_arrow_unsupported_types_as_binary: 1,
      output_format_arrow_unsupported_types: 'text',
      // Alters the text of JSON and Dynamic columns; 1 in old servers.
      output_format_json_quote_64bit_integers: 0,
    });
  }

  /** For describing a statement without running it. */
  async forDescribe(): Promise<Values> {
    return this.#allowed({
      // 1 prints types over several lines.
      print_pretty_type_names: 0,
      describe_compact_output: 1,
      // Describing takes milliseconds; where it does not, the result comes as text instead.
      max_execution_time: 5,
    });
  }

  async #allowed(wanted: Values): Promise<Values> {
    const known = await this.#ask();
    return Object.fromEntries(Object.entries(wanted).filter(([name]) => known.has(name)));
  }

  #ask(): Promise<ReadonlySet<string>> {
    this.#known ??= this.#query().catch((error: unknown) => {
      // A network failure says nothing about the server: ask again next time.
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  async #query(): Promise<ReadonlySet<string>> {
    const list = NAMES.map((name) => `'${name}'`).join(', ');
    const sql = `SELECT name FROM system.settings WHERE readonly = 0 AND name IN (${list})`;
    try {
      const reply = await this.#source.rawQuery(sql, { format: 'TSV' });
      return new Set(reply.text().split('\n'));
    } catch (error) {
      if (isRefused(error)) return new Set();
      throw error;
    }
  }
}
