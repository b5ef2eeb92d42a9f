import { parseServerError } from '../../client/serverError.ts';

/** A row of a file that the server cannot read as the table's types. */
export interface FailingRow {
  /** From 1, without the header line; undefined: the server did not say, or all of the file is meant. */
  readonly row: number | undefined;
  readonly column: string | undefined;
  /** The server's, in one line. */
  readonly reason: string;
}

const ROW = /\(at row (\d+)\)/;
/** Of text formats with columns in order; the last one is the one that failed. */
const COLUMN = /^Column \d+,\s+name: (.*?),\s+type: (.*?),\s+(?:parsed text: .*|ERROR: (.*))$/gm;
const JSON_KEY = /\(while reading the value of key (.*?)\)/;
const AFTER_COLUMNS = /^ERROR: (.*)$/m;
const NOISE = [
  /\s*\(Already have \d+ errors out of \d+ rows, which is [^()]*\):?/g,
  /\s*\(at row \d+\)/g,
  /: While executing [^]*$/g,
  /\s*\(while reading the value of key [^]*?\)/g,
];
const LONGEST = 300;

/** Reads row, column and reason out of the server's error text about a file. */
export function failingRow(raw: string): FailingRow {
  const { message } = parseServerError(raw);
  const row = ROW.exec(message)?.[1];
  // The server shows the row before the failing one, too, and sometimes that one alone.
  const start = message.indexOf(`\nRow ${row ?? ''}:`);
  const diagnosis = start < 0 ? '' : message.slice(start);
  const last = [...diagnosis.matchAll(COLUMN)].at(-1);
  const afterColumns = AFTER_COLUMNS.exec(diagnosis)?.[1];
  const isColumn = last?.[3] !== undefined;
  const column = isColumn ? last[1] : JSON_KEY.exec(message)?.[1];
  const reason = isColumn ? last[3] : afterColumns;
  return {
    row: row === undefined ? undefined : Number(row),
    column,
    reason: oneLine(reason ?? plainMessage(message)),
  };
}

function plainMessage(message: string): string {
  const text = NOISE.reduce((rest, noise) => rest.replace(noise, ''), message);
  return text.split(/[\s:]*\nRow \d+:/)[0] ?? text;
}

function oneLine(text: string): string {
  const line = text
    .replaceAll('<LINE FEED>', '⏎')
    .replace(/\s+/g, ' ')
    .replace(/[\s:]+$/, '')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
