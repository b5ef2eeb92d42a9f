import { UsageError } from '../client/errors.ts';
import type { ContentCoding, Settings, SettingValue } from '../client/surface.ts';
import { findFormat } from './formats.ts';
import { ARROW, AVRO, BSON, MSGPACK, ORC, PARQUET } from './options/binaryFormatOptions.ts';
import { byteOrderMark } from './options/byteOrderMark.ts';
import { CSV_QUOTES, isIdle, unquotedCsv } from './options/csvQuotes.ts';
import { resolveEscapes, writeEscapes } from './options/escapes.ts';
import {
  choice,
  type FormatChoices,
  type FormatOption,
  type OptionValue,
} from './options/formatOption.ts';
import { jsonOptions, STATISTICS } from './options/jsonOptions.ts';
import * as texts from './options/textFormatOptions.ts';
import { limitSettings, wholeFileSettings } from './options/wholeFile.ts';

/** Setting names and the values they have now on the server (`SELECT name, value FROM system.settings`). */
export type ServerSettings = ReadonlyMap<string, string>;

/** What a save needs to know of the choices. */
export interface FormatOutput {
  /** The format to ask for; options for header and quotes change it, `CSV` to `CSVWithNames` for example. */
  readonly format: string;
  readonly settings: Settings;
  /** Bytes that the file begins with, for `SaveOptions.leading`. */
  readonly leading?: Uint8Array;
}

/** A named set of choices that belong together. */
export interface FormatPreset {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly choices: FormatChoices;
  /** What the program that it is for shows of a file at most. */
  readonly mostLines: number;
}

const EXCEL_LINES = 1_048_576;
const EXCEL = { header: 'names', nullText: '', crlf: true, byteOrderMark: true } as const;

const CSV_PRESETS: readonly FormatPreset[] = [
  {
    id: 'excel',
    label: 'Excel',
    description: 'For regions with a decimal point: a double-click opens it right',
    choices: { ...EXCEL, delimiter: ',' },
    mostLines: EXCEL_LINES,
  },
  {
    id: 'excelSemicolon',
    label: 'Excel, semicolon',
    description: 'For regions with a decimal comma; numbers keep their decimal point',
    choices: { ...EXCEL, delimiter: ';' },
    mostLines: EXCEL_LINES,
  },
];

/** Formats that exist as `X`, `XWithNames` and `XWithNamesAndTypes`. */
const HEADER_FAMILIES = new Set([
  'CSV',
  'TabSeparated',
  'TabSeparatedRaw',
  'LineAsString',
  'CustomSeparated',
  'JSONCompactEachRow',
  'JSONCompactStringsEachRow',
  'RowBinary',
]);
const HEADERS: Readonly<Record<string, string>> = {
  none: '',
  names: 'WithNames',
  namesAndTypes: 'WithNamesAndTypes',
};

const BY_FAMILY: Readonly<Record<string, readonly FormatOption[]>> = {
  CSV: texts.CSV,
  TabSeparated: texts.TSV,
  TabSeparatedRaw: texts.TSV,
  LineAsString: texts.TSV,
  TSKV: texts.TSKV,
  Markdown: texts.MARKDOWN,
  CustomSeparated: texts.CUSTOM_SEPARATED,
  Template: texts.TEMPLATE,
  SQLInsert: texts.SQL_INSERT,
  Values: texts.VALUES_FORMAT,
  Vertical: texts.VALUES,
  XML: [STATISTICS, ...texts.VALUES],
  Parquet: PARQUET,
  ORC,
  Arrow: ARROW,
  ArrowStream: ARROW,
  Avro: AVRO,
  BSONEachRow: BSON,
  MsgPack: MSGPACK,
};

/**
 * What can be chosen about a format (any name or alias), most asked for first; empty for formats with
 * nothing to choose.
 * @param server if given, options that this server does not have are left out, and the defaults are the
 *   values that hold there now instead of those of the newest ClickHouse.
 */
export function formatOptions(format: string, server?: ServerSettings): readonly FormatOption[] {
  const { name, family, header } = familyOf(format);
  const options = [...headerOption(family, header), ...familyOptions(name, family)];
  return server === undefined ? options : options.flatMap((option) => onServer(option, server));
}

/** Ready-made choices for a format, for example for Excel. */
export function formatPresets(format: string): readonly FormatPreset[] {
  return familyOf(format).family === 'CSV' ? CSV_PRESETS : [];
}

/**
 * The names of the settings behind all options, and those that keep files whole: what to ask
 * `system.settings` for.
 */
export function optionSettingNames(format: string): string[] {
  const options = formatOptions(format);
  const names = options.flatMap(({ setting }) => setting ?? []);
  const lost = options.includes(CSV_QUOTES) ? ['extremes'] : [];
  return [...new Set([...names, ...Object.keys(limitSettings(format)), ...lost])];
}

/** What is wrong with a value for this option, as a sentence; undefined if nothing is. */
export function optionProblem(option: FormatOption, value: OptionValue): string | undefined {
  switch (option.kind) {
    case 'onOff':
      return typeof value === 'boolean' ? undefined : 'It is either on or off.';
    case 'number':
      return isCount(value) && value >= option.min && value <= option.max
        ? undefined
        : `It is a whole number from ${option.min} to ${option.max}.`;
    case 'text':
      if (typeof value !== 'string') return 'It is a text.';
      return option.rule.problem(option.rule.escaped ? resolveEscapes(value) : value);
    case 'choice':
      if (option.values.some((known) => known.value === value)) return undefined;
      if (option.other === undefined || typeof value !== 'string') {
        return `It is one of ${option.values.map((known) => known.value).join(', ')}.`;
      }
      return option.other.problem(option.other.escaped ? resolveEscapes(value) : value);
  }
}

/** Of remembered choices (anything that came back from storage) those that still hold for this format. */
export function validChoices(
  format: string,
  remembered: unknown,
  server?: ServerSettings,
): FormatChoices {
  if (typeof remembered !== 'object' || remembered === null) return {};
  const values = new Map<string, unknown>(Object.entries(remembered));
  return Object.fromEntries(
    formatOptions(format, server).flatMap((option) => {
      const value = values.get(option.id);
      return isOptionValue(value) && optionProblem(option, value) === undefined
        ? [[option.id, value]]
        : [];
    }),
  );
}

/**
 * What to save with: the format, settings and leading bytes for these choices, and the settings that keep
 * the file whole. Only what was chosen is sent; for the rest the server's own values hold.
 * @param by the compression of the file, since a byte order mark has to be compressed as well; and, if
 *   known, the server's settings, without which only those that all servers have keep the file whole.
 * @throws UsageError for a choice that the format does not have, or a value that it does not take.
 */
export function formatOutput(
  format: string,
  choices: FormatChoices,
  by: { readonly compression?: ContentCoding | 'none'; readonly server?: ServerSettings } = {},
): FormatOutput {
  const options = new Map(formatOptions(format, by.server).map((option) => [option.id, option]));
  const settings: Record<string, SettingValue> = {};
  for (const [id, value] of Object.entries(choices)) {
    const option = options.get(id);
    if (option === undefined) {
      throw new UsageError(`${format} has no option "${id}" on this server.`, {
        hint: options.size === 0 ? 'It has none.' : `It has ${[...options.keys()].join(', ')}.`,
      });
    }
    const problem = optionProblem(option, value);
    if (problem !== undefined) throw new UsageError(`${option.label}: ${problem}`);
    if (option.setting !== undefined) settings[option.setting] = sentValue(option, value);
  }
  checkTogether(options, choices);
  const isUnquoted = choices['quotes'] === 'none';
  return {
    format: formatName(format, choices['header'], isUnquoted),
    settings: {
      ...settings,
      ...(isUnquoted && unquotedSettings(options, choices)),
      ...wholeFileSettings(format, by.server),
    },
    ...(choices['byteOrderMark'] === true && {
      leading: byteOrderMark(by.compression ?? 'none'),
    }),
  };
}

function formatName(format: string, header: OptionValue | undefined, isUnquoted: boolean): string {
  const own = familyOf(format);
  if (!isUnquoted && (header ?? own.header) === own.header) return format;
  const family = isUnquoted ? 'CustomSeparated' : own.family;
  return `${family}${HEADERS[String(header ?? own.header)] ?? ''}`;
}

function unquotedSettings(
  options: ReadonlyMap<string, FormatOption>,
  choices: FormatChoices,
): Settings {
  const valueOf = (id: string): OptionValue => choices[id] ?? options.get(id)?.default ?? '';
  return unquotedCsv({
    delimiter: resolveEscapes(String(valueOf('delimiter'))),
    nullText: String(valueOf('nullText')),
    crlf: valueOf('crlf') === true,
  });
}

function familyOf(format: string): { name: string; family: string; header: string } {
  const name = findFormat(format)?.name ?? format;
  for (const [header, suffix] of Object.entries(HEADERS).reverse()) {
    const family = name.slice(0, name.length - suffix.length);
    if (name.endsWith(suffix) && HEADER_FAMILIES.has(family)) return { name, family, header };
  }
  return { name, family: name, header: 'none' };
}

function headerOption(family: string, header: string): FormatOption[] {
  if (!HEADER_FAMILIES.has(family)) return [];
  return [
    choice(
      'header',
      undefined,
      { label: 'Header', description: 'What stands before the first row' },
      { none: 'None', names: 'Column names', namesAndTypes: 'Column names and types' },
      { default: header },
    ),
  ];
}

function familyOptions(name: string, family: string): readonly FormatOption[] {
  if (name.includes('JSON') && name !== 'GeoJSON') return jsonOptions(family);
  if (name.startsWith('Pretty')) {
    return name.includes('NoEscapes') ? texts.PRETTY : [...texts.PRETTY, texts.PRETTY_COLOR];
  }
  return Object.hasOwn(BY_FAMILY, family) ? (BY_FAMILY[family] ?? []) : [];
}

/** The option with the server's value as its default; nothing if the server does not have it. */
function onServer(option: FormatOption, server: ServerSettings): FormatOption[] {
  if (option.setting === undefined) return [option];
  const value = server.get(option.setting);
  if (value === undefined) return [];
  switch (option.kind) {
    case 'onOff':
      return [{ ...option, default: value === (option.sent?.on ?? '1') }];
    case 'number':
      return [{ ...option, default: Number(value) }];
    case 'text':
      return [{ ...option, default: option.rule.escaped ? writeEscapes(value) : value }];
    case 'choice':
      return [{ ...option, default: option.other?.escaped === true ? writeEscapes(value) : value }];
  }
}

function sentValue(option: FormatOption, value: OptionValue): SettingValue {
  switch (option.kind) {
    case 'onOff':
      return option.sent === undefined ? value : option.sent[value === true ? 'on' : 'off'];
    case 'number':
      return value;
    case 'text':
      return option.rule.escaped ? resolveEscapes(String(value)) : value;
    case 'choice':
      return option.other?.escaped === true ? resolveEscapes(String(value)) : value;
  }
}

/** @throws UsageError for values that are good by themselves, but not with each other. */
function checkTogether(options: ReadonlyMap<string, FormatOption>, choices: FormatChoices): void {
  for (const option of options.values()) {
    if (choices[option.id] !== true || !isIdle(option, choices)) continue;
    throw new UsageError(`The option "${option.label}" would not be followed without quotes.`, {
      hint: `Leave ${option.id} out, or choose quotes.`,
    });
  }
  const delimiter = options.get('delimiter');
  const nullText = choices['nullText'];
  if (delimiter === undefined || typeof nullText !== 'string') return;
  const character = resolveEscapes(String(choices['delimiter'] ?? delimiter.default));
  if (!nullText.includes(character)) return;
  throw new UsageError('The text for NULL must not hold the delimiter.', {
    hint: 'It is written without quotes, so the columns would no longer be known.',
  });
}

function isCount(value: OptionValue): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function isOptionValue(value: unknown): value is OptionValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
