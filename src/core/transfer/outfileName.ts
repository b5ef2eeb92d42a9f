import type { ContentCoding } from '../client/surface.ts';
import { CODINGS } from './codings.ts';
import { FORMATS } from './formats.ts';

/** The suffixes that ClickHouse itself knows, beside the names of formats (src/Formats). */
const BY_SUFFIX: Readonly<Record<string, string>> = {
  csv: 'CSV',
  tsv: 'TabSeparated',
  raw: 'TabSeparatedRaw',
  json: 'JSON',
  jsonl: 'JSONEachRow',
  ndjson: 'JSONEachRow',
  bin: 'RowBinary',
  bson: 'BSONEachRow',
  messagepack: 'MsgPack',
  markdown: 'Markdown',
  pb: 'Protobuf',
};

/** The coding of this name or suffix, in lower case, by the names that clickhouse-client knows. */
export function findCoding(name: string): ContentCoding | undefined {
  if (name === 'brotli') return 'br';
  return CODINGS.find(({ coding, suffixes }) => coding === name || suffixes.includes(name))?.coding;
}

/** How clickhouse-client compresses a file of this name; undefined for not at all. */
export function codingOfOutfile(fileName: string): ContentCoding | undefined {
  return findCoding(lastSuffix(fileName) ?? '');
}

/**
 * The format that clickhouse-client writes into a file of this name, for example CSV without a header for
 * `x.csv.gz`; undefined for names that tell none. Unlike what a save dialog offers, it never has a header.
 */
export function formatOfOutfile(fileName: string): string | undefined {
  const isCompressed = codingOfOutfile(fileName) !== undefined;
  const suffix = lastSuffix(isCompressed ? fileName.replace(/\.[^.]*$/, '') : fileName);
  if (suffix === undefined) return undefined;
  if (Object.hasOwn(BY_SUFFIX, suffix)) return BY_SUFFIX[suffix];
  return FORMATS.find(({ name: format, aliases }) =>
    [format, ...aliases].some((known) => known.toLowerCase() === suffix),
  )?.name;
}

/** Behind the last dot of the whole path, in lower case. */
function lastSuffix(fileName: string): string | undefined {
  return /\.([^.]*)$/.exec(fileName)?.[1]?.toLowerCase();
}
