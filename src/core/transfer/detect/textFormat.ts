import { findDelimiter } from '../csvDelimiter.ts';
import { jsonFormatOf } from './jsonFormat.ts';
import { isTypeName } from './typeName.ts';

const MOST_LINES = 20;

/**
 * The text format that the first lines look like; undefined when they look like nothing in particular. Whether
 * the first line of CSV and TSV names the columns is left open: it is the variant with names.
 * @param text the beginning of a file, whole lines.
 */
export function textFormatOf(text: string): string | undefined {
  const body = text.replace(/^\ufeff/, '').trimStart();
  if (/^-- (?:MySQL|MariaDB) dump/.test(body)) return 'MySQLDump';
  if (/^[[{]/.test(body)) return jsonFormatOf(body);
  const lines = textLines(body);
  if (lines.every((line) => /^\(.*\)[,;]?$/.test(line))) return body === '' ? undefined : 'Values';
  if (isTskv(lines)) return 'TSKV';
  const tabbed = countsAlike(lines, '\t');
  if (tabbed) return withTypes('TabSeparated', lines, '\t');
  const delimiter = csvDelimiterOf(body);
  // A sentence may have a comma.
  return delimiter !== undefined && lines.length > 1
    ? withTypes('CSV', lines, delimiter)
    : undefined;
}

/** Of text that may be CSV; undefined where nothing separates every line alike. */
export function csvDelimiterOf(text: string): string | undefined {
  return countsAlike(textLines(text).map(unquoted), ',') ? ',' : findDelimiter(text);
}

/** The first lines that are not empty. */
export function textLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .slice(0, MOST_LINES);
}

/** True: every line has the character, and as often as the first one. */
export function countsAlike(lines: readonly string[], character: string): boolean {
  const counts = new Set(lines.map((line) => line.split(character).length));
  return counts.size === 1 && !counts.has(1);
}

/** What stands between quotes separates nothing, nor does the comma of `12:00:00,001` in a log. */
export function unquoted(line: string): string {
  return line.replace(/"(?:[^"]|"")*"/g, '').replace(/(:\d\d),\d{3}(?=[\s\]])/g, '$1');
}

function isTskv(lines: readonly string[]): boolean {
  const fields = lines.flatMap((line) => line.split('\t'));
  return fields.length > lines.length && fields.every((field) => /^[\w.-]+=/.test(field));
}

function withTypes(family: string, lines: readonly string[], delimiter: string): string {
  const types = splitOutside(lines[1] ?? '', delimiter);
  // CSV quotes them, TSV escapes the quotes in them.
  const hasTypes = types.every((type) =>
    isTypeName(type.replace(/^"|"$/g, '').replaceAll("\\'", "'")),
  );
  return `${family}WithNames${hasTypes ? 'AndTypes' : ''}`;
}

/** Parts of a line; a delimiter in quotes or parentheses, as in `Decimal(9, 2)`, is none. */
function splitOutside(line: string, delimiter: string): string[] {
  const parts = [''];
  let depth = 0;
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === delimiter && depth === 0 && !isQuoted) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts;
}
