import { countsAlike, csvDelimiterOf, textLines, unquoted } from './textFormat.ts';

/** What the first lines of a file look like though its name says something else. */
export interface OtherFormat {
  readonly format: string;
  /** A sentence. */
  readonly remark: string;
}

/** Formats whose files begin so that they are known apart. */
const DISTINCT = new Set([
  'CSV',
  'TabSeparated',
  'JSONEachRow',
  'JSONCompactEachRow',
  'TSKV',
  'Values',
]);

/**
 * Undefined: the first lines may be what the name says.
 * @param looks what they look like by themselves
 */
export function otherFormat(
  text: string,
  { named, looks, suffix }: { named: string; looks: string | undefined; suffix: string },
): OtherFormat | undefined {
  if (looks === undefined || !DISTINCT.has(family(named))) return undefined;
  if (family(looks) === family(named)) {
    if (!looks.endsWith('AndTypes') || named.endsWith('AndTypes')) return undefined;
    return { format: looks, remark: 'The second line looks like the types of the columns.' };
  }
  // The fields of a CSV file may have tabs.
  const isQuoted = named.startsWith('CSV') && !countsAlike(textLines(text).map(unquoted), '\t');
  if (looks.startsWith('TabSeparated') && isQuoted) return undefined;
  if (named.startsWith('TabSeparated') && looks.startsWith('CSV') && !isSurelyCsv(text)) {
    return undefined;
  }
  return {
    format: looks,
    remark: `The name ends in .${suffix}, but the first lines look like ${looks}.`,
  };
}

/** The texts of a single column may have commas: values below names, or in quotes, tell CSV from them. */
function isSurelyCsv(text: string): boolean {
  const lines = textLines(text);
  if (lines.some((line) => /(?:^|[,;|])"/.test(line))) return true;
  const delimiter = csvDelimiterOf(text) ?? ',';
  if (lines.some((line) => line.includes(`${delimiter} `))) return false;
  const [names = [], ...rows] = lines.map((line) => line.split(delimiter));
  const isNumber = (field = ''): boolean => /^-?\d/.test(field);
  return names.some((name, at) => !isNumber(name) && rows.every((row) => isNumber(row[at])));
}

function family(format: string): string {
  return format.replace(/^(CSV|TabSeparated).*/, '$1');
}
