import type { Settings, StatementRunner } from '../../client/surface.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { findFormat } from '../formats.ts';

/** How a file is to be read, beyond its format. */
export interface ReadingChoices {
  /** Columns that the table lacks are left out, instead of failing the insert. */
  readonly skipUnknown: boolean;
  /** So many rows that cannot be read are left out. */
  readonly allowErrors: number;
  /** Dates and times in many spellings, not only ClickHouse's own. */
  readonly bestEffortTimes: boolean;
  /** The text that means NULL. */
  readonly nullText: string;
}

export type ReadingChoice = keyof ReadingChoices;

const NULL_TEXT: Readonly<Record<string, string>> = {
  CSV: 'format_csv_null_representation',
  TabSeparated: 'format_tsv_null_representation',
};
const ROW_FORMATS = /^(?:CSV|TabSeparated|CustomSeparated|TSKV|JSON\w*EachRow)/;

function nullSetting(format: string): string | undefined {
  const family = /^(CSV|TabSeparated)(?!Raw)/.exec(format)?.[1] ?? '';
  return NULL_TEXT[family];
}

/** The choices that mean something in a format. */
export function choicesOf(format: string): ReadonlySet<ReadingChoice> {
  const info = findFormat(format);
  const name = info?.name ?? format;
  const choices: ReadingChoice[] = [];
  if (info?.namesColumns === true) choices.push('skipUnknown');
  if (ROW_FORMATS.test(name)) choices.push('allowErrors');
  if (info?.kind === 'text') choices.push('bestEffortTimes');
  if (nullSetting(name) !== undefined) choices.push('nullText');
  return new Set(choices);
}

/** What a server does when it is told nothing. */
export type ServerReading = Readonly<Record<string, string>>;

const DEFAULTS: ServerReading = {
  input_format_skip_unknown_fields: '1',
  input_format_allow_errors_num: '0',
  date_time_input_format: 'basic',
  format_csv_null_representation: '\\N',
  format_tsv_null_representation: '\\N',
};

/** The server's own settings for reading files; ClickHouse's defaults where it does not tell. */
export async function serverReading(
  query: StatementRunner['rawQuery'],
  signal: AbortSignal,
): Promise<ServerReading> {
  const names = Object.keys(DEFAULTS).map(quoteLiteral).join(', ');
  const sql = `SELECT name, value FROM system.settings WHERE name IN (${names})`;
  try {
    const answer = await query(sql, { format: 'JSONCompactStringsEachRow', signal });
    const rows = answer.text().split('\n').filter(Boolean);
    const found = rows.map((row) => JSON.parse(row) as [string, string]);
    return { ...DEFAULTS, ...Object.fromEntries(found) };
  } catch {
    signal.throwIfAborted();
    // A user who may not ask may still insert.
    return DEFAULTS;
  }
}

export function usualChoices(server: ServerReading, format: string): ReadingChoices {
  return {
    skipUnknown: server['input_format_skip_unknown_fields'] === '1',
    allowErrors: Number(server['input_format_allow_errors_num'] ?? 0),
    bestEffortTimes: server['date_time_input_format'] !== 'basic',
    nullText: server[nullSetting(format) ?? ''] ?? '\\N',
  };
}

/** Only what differs from what the server does by itself: a user may not be allowed to send settings. */
export function choiceSettings(
  format: string,
  choices: ReadingChoices,
  server: ServerReading,
): Settings {
  const usual = usualChoices(server, format);
  const has = choicesOf(format);
  const differs = (choice: ReadingChoice): boolean =>
    has.has(choice) && choices[choice] !== usual[choice];
  const nullName = nullSetting(format);
  return {
    ...(differs('skipUnknown') && {
      input_format_skip_unknown_fields: choices.skipUnknown ? 1 : 0,
    }),
    ...(differs('allowErrors') && { input_format_allow_errors_num: choices.allowErrors }),
    ...(differs('bestEffortTimes') && {
      date_time_input_format: choices.bestEffortTimes ? 'best_effort' : 'basic',
    }),
    ...(differs('nullText') && nullName !== undefined && { [nullName]: choices.nullText }),
  };
}

const HEADERLESS: Readonly<Record<string, string>> = {
  CSVWithNames: 'CSV',
  TabSeparatedWithNames: 'TabSeparated',
  TabSeparatedRawWithNames: 'TabSeparatedRaw',
  CustomSeparatedWithNames: 'CustomSeparated',
  JSONCompactEachRowWithNames: 'JSONCompactEachRow',
  JSONCompactStringsEachRowWithNames: 'JSONCompactStringsEachRow',
};

/** Whether the first line names the columns; undefined: the format leaves no choice. */
export function hasHeader(format: string): boolean | undefined {
  if (format in HEADERLESS) return true;
  return Object.values(HEADERLESS).includes(format) ? false : undefined;
}

/** The same format with or without names in the first line. */
export function withHeader(format: string, header: boolean): string {
  if (!header) return HEADERLESS[format] ?? format;
  return Object.keys(HEADERLESS).find((name) => HEADERLESS[name] === format) ?? format;
}

const DETECT_HEADER: Readonly<Record<string, string>> = {
  CSV: 'input_format_csv_detect_header',
  TabSeparated: 'input_format_tsv_detect_header',
  CustomSeparated: 'input_format_custom_detect_header',
};

/** For a file that was said to have no header: the server must not find one all the same. */
export function noHeaderSettings(format: string): Settings {
  const name = DETECT_HEADER[format];
  return name === undefined ? {} : { [name]: 0 };
}
