import type { TextSetting } from '../../../shared/textSetting.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { changedTextSettings, TEXT_SETTING_NAMES } from '../../types/format/textSettings.ts';
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
  'format_tsv_null_representation',
  'output_format_tsv_crlf_end_of_line',
  'format_csv_null_representation',
  'print_pretty_type_names',
  'describe_compact_output',
  'max_execution_time',
] as const;

/** Those whose value by the user's profile, for example, has to be known. */
type Asked = 'extremes' | 'format_csv_null_representation';

type Name = (typeof NAMES)[number];
type Values = Partial<Record<Name, string | number>>;

export type ArrowCompression = 'none' | 'zstd';

/** Sets of settings of sessions that are remembered. */
const MOST_SESSIONS = 100;

/** What the server told of its settings. */
interface Told {
  /** Those of `NAMES` that may be sent. */
  known: ReadonlySet<string>;
  /** Those that change texts and are not at their default. */
  texts: readonly TextSetting[];
  values: ReadonlyMap<string, string>;
}

/**
 * The settings a grid query may carry on one server for one user. Every unknown setting fails a query (code 115) and
 * every one a `readonly=1` user sends (code 164), so the server is asked once which it knows and lets the user change.
 */
export class GridSettings {
  readonly #source: QuerySource;
  readonly #sessions = new Map<string, TextSetting[]>();
  #told: Promise<Told> | undefined;

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
      // Alters the text of JSON columns, which come as text where it is wanted; 1 in old servers.
      output_format_json_quote_64bit_integers: 0,
    });
  }

  /** For the run of a statement whose result comes as tab-separated text: what reading it counts on. */
  async forText(): Promise<Values> {
    return this.#allowed({
      format_tsv_null_representation: '\\N',
      output_format_tsv_crlf_end_of_line: 0,
    });
  }

  /** The same for CSV. */
  async forCsv(): Promise<Values> {
    return this.#allowed({ format_csv_null_representation: '\\N' });
  }

  /** The value that a setting has for this user, unless the session or the statement says otherwise. */
  async valueOf(name: Asked): Promise<string | undefined> {
    return (await this.#ask()).values.get(name);
  }

  /** The settings of this user that change the texts of values, as far as they are not at their default. */
  async texts(): Promise<TextSetting[]> {
    return [...(await this.#ask()).texts];
  }

  /** The same for a session, asked for once for each `key`: what was set there. */
  async textsOfSession(key: string, ask: () => Promise<TextSetting[]>): Promise<TextSetting[]> {
    const before = this.#sessions.get(key);
    if (before) return before;
    const texts = await ask();
    if (this.#sessions.size >= MOST_SESSIONS) this.#sessions.clear();
    this.#sessions.set(key, texts);
    return texts;
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
    const { known } = await this.#ask();
    return Object.fromEntries(Object.entries(wanted).filter(([name]) => known.has(name)));
  }

  #ask(): Promise<Told> {
    this.#told ??= this.#query().catch((error: unknown) => {
      // A network failure says nothing about the server: ask again next time.
      this.#told = undefined;
      throw error;
    });
    return this.#told;
  }

  async #query(): Promise<Told> {
    const list = [...NAMES, ...TEXT_SETTING_NAMES, 'extremes'].map(quoteLiteral).join(', ');
    // One row: the user may have a limit of rows.
    const sql = `SELECT groupArray([name, value, toString(toUInt8(readonly))]) FROM system.settings WHERE name IN (${list})`;
    try {
      const reply = await this.#source.rawQuery(sql, { format: 'JSONCompact' });
      const { data } = JSON.parse(reply.text()) as { data: [[[string, string, string][]]] };
      const [[settings]] = data;
      const known = settings.filter(([, , readonly]) => readonly === '0').map(([name]) => name);
      const texts = changedTextSettings(settings.map(([name, value]) => ({ name, value })));
      const values = new Map(settings.map(([name, value]) => [name, value]));
      return { known: new Set(known), texts, values };
    } catch (error) {
      if (isRefused(error)) return { known: new Set(), texts: [], values: new Map() };
      throw error;
    }
  }
}
