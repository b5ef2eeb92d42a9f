/** An exception that the server wrote as part of the result's own format. */
export interface InFormatError {
  readonly text: string;
  /** False: a row of data could look the same. */
  readonly certain: boolean;
}

const STRING = String.raw`"((?:[^"\\]|\\.)*)"`;
/** Key one tab deep: rows are deeper, and strings of data hold no raw line breaks. */
const DOCUMENT = new RegExp(String.raw`\n\t"exception": ${STRING}\s*\}\s*$`);
/** Rows have no space after the colon, and pretty ones four spaces instead of the tab. */
const ROW = new RegExp(String.raw`\{\n?\t?"exception": ${STRING}\n?\}\s*\]?\s*$`);
/** Rows are wrapped as `{"row":…}`. */
const WITH_PROGRESS = new RegExp(String.raw`(?:^|\n)\{"exception": ?${STRING}\}\s*$`);
const COMPACT_ROW = new RegExp(String.raw`(?:^|\n)\[${STRING}\]\s*$`);
/** `<` in data is written as `&lt;`. */
const XML = /\n\t<exception>([^<]*)<\/exception>\s*<\/result>\s*$/;

/** True for formats in which servers may write an exception as part of the result. */
export function writesErrorsInFormat(format: string | undefined): boolean {
  return format !== undefined && /json|^xml$/i.test(format);
}

/**
 * The exception at the end of a result in a JSON format or XML. Servers write it there, with status
 * 200 and an orderly end, when `http_write_exception_in_output_format` is 1: the default from 23.8 to
 * 25.10 (ClickHouse/ClickHouse#52853). The shapes are those of 26.7.
 * @param tail the end of the body, as Latin-1
 */
export function inFormatError(format: string | undefined, tail: string): InFormatError | undefined {
  if (format === undefined || !writesErrorsInFormat(format)) return undefined;
  const xml = /^xml$/i.test(format) ? XML.exec(tail)?.[1] : undefined;
  if (xml !== undefined) return found(xmlText(xml), true);
  if (/WithProgress$/i.test(format)) return found(jsonText(WITH_PROGRESS.exec(tail)?.[1]), true);
  if (/^JSONCompact(Strings)?EachRow/i.test(format)) return compactRow(tail);
  return found(jsonText((DOCUMENT.exec(tail) ?? ROW.exec(tail))?.[1]), true);
}

function compactRow(tail: string): InFormatError | undefined {
  const match = COMPACT_ROW.exec(tail);
  if (match === null) return undefined;
  const before = tail.slice(0, match.index).split('\n');
  // The first line of the tail may be the end of a longer one.
  const previous = before.length > 1 || match.index < tail.length / 2 ? before.at(-1) : undefined;
  return found(jsonText(match[1]), columnsOf(previous) > 1);
}

function columnsOf(row: string | undefined): number {
  try {
    const cells: unknown = JSON.parse(row ?? '');
    return Array.isArray(cells) ? cells.length : 0;
  } catch {
    return 0;
  }
}

function found(text: string | undefined, certain: boolean): InFormatError | undefined {
  if (text === undefined || !/^Code: \d+[.,] /.test(text)) return undefined;
  return { text: text.trim(), certain };
}

function jsonText(literal: string | undefined): string | undefined {
  if (literal === undefined) return undefined;
  try {
    return JSON.parse(`"${Buffer.from(literal, 'latin1').toString('utf8')}"`) as string;
  } catch {
    return undefined;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

function xmlText(escaped: string): string {
  return Buffer.from(escaped, 'latin1')
    .toString('utf8')
    .replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
