import { isTypeName } from './typeName.ts';

/** The JSON format of a text that begins with a brace or bracket; undefined when it is no JSON. */
export function jsonFormatOf(text: string): string | undefined {
  if (/^\[\s*\{/.test(text)) return 'JSONEachRow';
  if (text.startsWith('[')) return rowsOfArrays(text);
  if (/^\{\s*"meta"\s*:\s*\[/.test(text)) return document(text);
  return /^\{\s*["}]/.test(text) ? 'JSONEachRow' : undefined;
}

/** What the server itself writes: columns with their types, then the data. */
function document(text: string): string {
  const data = /"data"\s*:\s*([[{])\s*([[{])?/.exec(text);
  if (data?.[1] === '{') return 'JSONColumnsWithMetadata';
  return data?.[2] === '[' ? 'JSONCompact' : 'JSON';
}

function rowsOfArrays(text: string): string | undefined {
  const [first, second] = text.split('\n', 2).map(arrayOf);
  if (!first) return undefined;
  if (!first.every((value) => typeof value === 'string')) return 'JSONCompactEachRow';
  if (second?.every((value) => typeof value === 'string') === true) {
    return second.every(isTypeName) ? 'JSONCompactEachRowWithNamesAndTypes' : 'JSONCompactEachRow';
  }
  return second ? 'JSONCompactEachRowWithNames' : 'JSONCompactEachRow';
}

/** The values of a line that is a JSON array. */
export function arrayOf(line: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(line.trim().replace(/,$/, ''));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
