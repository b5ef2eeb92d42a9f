/** The formats of ClickHouse 26.7, with what saving and inserting files needs to know of them. */
export interface FormatInfo {
  /** Canonical name, as ClickHouse writes it. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly input: boolean;
  readonly output: boolean;
  readonly kind: 'text' | 'binary';
  /** File suffixes without dot, the usual one first. */
  readonly suffixes: readonly string[];
  /** True: the data names its columns, so an INSERT needs no column list. */
  readonly namesColumns: boolean;
  /** True: needs more than the data (a schema, a template), so it is not offered by default. */
  readonly needsSchema: boolean;
  readonly description: string;
}

type Direction = 'in' | 'out' | 'both';

interface Extra {
  readonly aliases?: readonly string[];
  readonly suffixes?: readonly string[];
  readonly namesColumns?: boolean;
  readonly needsSchema?: boolean;
}

function format(
  name: string,
  direction: Direction,
  kind: 'text' | 'binary',
  description: string,
  extra: Extra = {},
): FormatInfo {
  return {
    name,
    aliases: extra.aliases ?? [],
    input: direction !== 'out',
    output: direction !== 'in',
    kind,
    suffixes: extra.suffixes ?? [],
    namesColumns: extra.namesColumns ?? name.includes('WithNames'),
    needsSchema: extra.needsSchema ?? false,
    description,
  };
}

const named = { namesColumns: true };
const txt = { suffixes: ['txt'] };
const json = { suffixes: ['json'] };
const jsonl = { suffixes: ['jsonl'] };
const bin = { suffixes: ['bin'] };

/**
 * Most used first, so that a suffix of several formats means the first of them. Suffixes are those that the engine
 * itself maps, and those that people give to such files.
 */
export const FORMATS: readonly FormatInfo[] = [
  format('CSVWithNames', 'both', 'text', 'Comma-separated, first line with column names', {
    suffixes: ['csv'],
  }),
  format('CSV', 'both', 'text', 'Comma-separated, data only', { suffixes: ['csv'] }),
  format('TabSeparatedWithNames', 'both', 'text', 'Tab-separated, first line with column names', {
    aliases: ['TSVWithNames'],
    suffixes: ['tsv', 'tab'],
  }),
  format('TabSeparated', 'both', 'text', 'Tab-separated, data only', {
    aliases: ['TSV'],
    suffixes: ['tsv', 'tab'],
  }),
  format('Parquet', 'both', 'binary', 'Columnar file for analytics tools', {
    ...named,
    suffixes: ['parquet'],
  }),
  format('JSONEachRow', 'both', 'text', 'One JSON object per line', {
    ...named,
    aliases: ['JSONLines', 'JSONL', 'NDJSON'],
    suffixes: ['jsonl', 'ndjson'],
  }),
  format('JSON', 'both', 'text', 'One JSON document with types and statistics', {
    ...named,
    suffixes: ['json'],
  }),
  format('Arrow', 'both', 'binary', 'Arrow file (Feather 2)', {
    ...named,
    suffixes: ['arrow', 'feather'],
  }),
  format('ArrowStream', 'both', 'binary', 'Arrow as a stream of record batches', {
    ...named,
    suffixes: ['arrows', 'arrowstream'],
  }),
  format('ORC', 'both', 'binary', 'Columnar file of the Hadoop world', {
    ...named,
    suffixes: ['orc'],
  }),
  format('Avro', 'both', 'binary', 'Avro container file', { ...named, suffixes: ['avro'] }),
  format('Native', 'both', 'binary', "ClickHouse's own format, exact types", {
    ...named,
    suffixes: ['native'],
  }),
  format('Markdown', 'out', 'text', 'Table for documents and issues', {
    aliases: ['MD'],
    suffixes: ['md', 'markdown'],
  }),
  format('SQLInsert', 'out', 'text', 'INSERT statements', { suffixes: ['sql'] }),
  format('XML', 'out', 'text', 'One XML document', { suffixes: ['xml'] }),
  format('Values', 'both', 'text', 'Rows as in INSERT … VALUES', { suffixes: ['values'] }),
  format('TabSeparatedWithNamesAndTypes', 'both', 'text', 'Tab-separated, names and types first', {
    aliases: ['TSVWithNamesAndTypes'],
    suffixes: ['tsv'],
  }),
  format('CSVWithNamesAndTypes', 'both', 'text', 'Comma-separated, names and types first', {
    suffixes: ['csv'],
  }),
  format('TabSeparatedRaw', 'both', 'text', 'Tab-separated without escaping', {
    aliases: ['TSVRaw', 'Raw'],
    suffixes: ['raw'],
  }),
  format('TabSeparatedRawWithNames', 'both', 'text', 'Tab-separated without escaping, with names', {
    aliases: ['TSVRawWithNames', 'RawWithNames'],
    suffixes: ['raw'],
  }),
  format(
    'TabSeparatedRawWithNamesAndTypes',
    'both',
    'text',
    'Tab-separated without escaping, names and types first',
    { aliases: ['TSVRawWithNamesAndTypes', 'RawWithNamesAndTypes'], suffixes: ['raw'] },
  ),
  format('TSKV', 'both', 'text', 'Tab-separated name=value pairs', {
    ...named,
    suffixes: ['tskv'],
  }),
  format('LineAsString', 'both', 'text', 'Each line is one String', txt),
  format('LineAsStringWithNames', 'out', 'text', 'Lines, column name first', txt),
  format('LineAsStringWithNamesAndTypes', 'out', 'text', 'Lines, column name and type first', txt),
  format('CustomSeparated', 'both', 'text', 'Delimiters by settings', txt),
  format('CustomSeparatedWithNames', 'both', 'text', 'Delimiters by settings, with names', txt),
  format(
    'CustomSeparatedWithNamesAndTypes',
    'both',
    'text',
    'Delimiters by settings, names and types',
    txt,
  ),
  format('CustomSeparatedIgnoreSpaces', 'in', 'text', 'As CustomSeparated, spaces ignored'),
  format(
    'CustomSeparatedIgnoreSpacesWithNames',
    'in',
    'text',
    'As CustomSeparatedWithNames, spaces ignored',
  ),
  format(
    'CustomSeparatedIgnoreSpacesWithNamesAndTypes',
    'in',
    'text',
    'As CustomSeparatedWithNamesAndTypes, spaces ignored',
  ),
  format('Template', 'both', 'text', 'Layout by a template file', { ...txt, needsSchema: true }),
  format('TemplateIgnoreSpaces', 'in', 'text', 'As Template, spaces ignored', {
    needsSchema: true,
  }),
  format('Regexp', 'in', 'text', 'Lines read by a regular expression', { needsSchema: true }),
  format('Form', 'in', 'text', 'Form fields of a URL', named),
  format('JSONCompact', 'both', 'text', 'One JSON document, rows as arrays', { ...named, ...json }),
  format('JSONStrings', 'out', 'text', 'One JSON document, all values as text', {
    ...named,
    ...json,
  }),
  format('JSONCompactStrings', 'out', 'text', 'One JSON document, rows as arrays of text', {
    ...named,
    ...json,
  }),
  format('JSONColumns', 'both', 'text', 'One JSON object of columns', { ...named, ...json }),
  format('JSONCompactColumns', 'both', 'text', 'One JSON array of columns', json),
  format('JSONColumnsWithMetadata', 'both', 'text', 'Columns with types and statistics', {
    ...named,
    ...json,
  }),
  format('JSONObjectEachRow', 'both', 'text', 'One JSON object of rows', { ...named, ...json }),
  format('JSONStringsEachRow', 'both', 'text', 'One JSON object per line, values as text', {
    ...named,
    ...jsonl,
  }),
  format('JSONCompactEachRow', 'both', 'text', 'One JSON array per line', jsonl),
  format(
    'JSONCompactEachRowWithNames',
    'both',
    'text',
    'One JSON array per line, names first',
    jsonl,
  ),
  format(
    'JSONCompactEachRowWithNamesAndTypes',
    'both',
    'text',
    'One JSON array per line, names and types first',
    jsonl,
  ),
  format('JSONCompactStringsEachRow', 'both', 'text', 'One JSON array of text per line', jsonl),
  format(
    'JSONCompactStringsEachRowWithNames',
    'both',
    'text',
    'One JSON array of text per line, names first',
    jsonl,
  ),
  format(
    'JSONCompactStringsEachRowWithNamesAndTypes',
    'both',
    'text',
    'One JSON array of text per line, names and types first',
    jsonl,
  ),
  format('JSONAsString', 'in', 'text', 'Each JSON object is one String'),
  format('JSONAsObject', 'in', 'text', 'Each JSON object is one JSON value'),
  format('PrettyJSONEachRow', 'out', 'text', 'JSON objects over several lines', {
    aliases: ['PrettyJSONLines', 'PrettyNDJSON'],
    ...json,
  }),
  format('JSONEachRowWithProgress', 'out', 'text', 'JSON lines with progress lines between', jsonl),
  format(
    'JSONStringsEachRowWithProgress',
    'out',
    'text',
    'JSON lines of text with progress lines between',
    jsonl,
  ),
  format(
    'JSONCompactEachRowWithProgress',
    'out',
    'text',
    'JSON arrays with progress lines between',
    jsonl,
  ),
  format(
    'JSONCompactStringsEachRowWithProgress',
    'out',
    'text',
    'JSON arrays of text with progress lines between',
    jsonl,
  ),
  format('GeoJSON', 'both', 'text', 'Geometries as a feature collection', {
    suffixes: ['geojson'],
    needsSchema: true,
  }),
  format('BSONEachRow', 'both', 'binary', 'BSON documents', { ...named, suffixes: ['bson'] }),
  format('Vertical', 'out', 'text', 'One value per line, for reading', txt),
  ...prettyFormats(),
  format('Prometheus', 'out', 'text', 'Metrics text of Prometheus', {
    suffixes: ['prom'],
    needsSchema: true,
  }),
  format('Null', 'out', 'text', 'No output'),
  format('Hash', 'out', 'text', 'One hash of the result', txt),
  format('RowBinary', 'both', 'binary', 'Rows in binary, without names', bin),
  format('RowBinaryWithNames', 'both', 'binary', 'Rows in binary, names first', bin),
  format(
    'RowBinaryWithNamesAndTypes',
    'both',
    'binary',
    'Rows in binary, names and types first',
    bin,
  ),
  format('RawBLOB', 'both', 'binary', 'The bytes of one value', bin),
  format('RowBinaryWithDefaults', 'in', 'binary', 'Rows in binary with default marks'),
  format(
    'RowBinaryWithNamesAndTypesAndDefaults',
    'in',
    'binary',
    'Rows in binary, names and types first, with default marks',
  ),
  format('Buffers', 'both', 'binary', 'Column buffers'),
  format('ParquetMetadata', 'in', 'binary', 'The metadata of a Parquet file', named),
  format('AvroConfluent', 'both', 'binary', 'Avro with a schema registry', {
    ...named,
    needsSchema: true,
  }),
  format('MsgPack', 'both', 'binary', 'MessagePack values', {
    suffixes: ['msgpack', 'messagepack'],
  }),
  format('Npy', 'both', 'binary', 'One column as a NumPy array', { suffixes: ['npy'] }),
  format('Protobuf', 'both', 'binary', 'Length-delimited messages', {
    ...named,
    suffixes: ['pb', 'protobuf'],
    needsSchema: true,
  }),
  format('ProtobufSingle', 'both', 'binary', 'One message', { ...named, needsSchema: true }),
  format('ProtobufList', 'both', 'binary', 'One message with a list', {
    ...named,
    needsSchema: true,
  }),
  format('MySQLDump', 'in', 'text', 'INSERT statements of a MySQL dump'),
  format('DWARF', 'in', 'binary', 'Debug information of a program', named),
  format('One', 'in', 'binary', 'One row without reading the data'),
  format('PNG', 'out', 'binary', 'A picture of pixel columns', {
    suffixes: ['png'],
    needsSchema: true,
  }),
];

function prettyFormats(): FormatInfo[] {
  const bases = {
    Pretty: 'Table drawn with lines',
    PrettyCompact: 'Table drawn with few lines',
    PrettySpace: 'Table drawn with spaces',
  };
  const variants = {
    '': '',
    NoEscapes: ', without colors',
    MonoBlock: ', all rows in one',
    NoEscapesMonoBlock: ', all rows in one, without colors',
  };
  return Object.entries(bases).flatMap(([base, table]) =>
    Object.entries(variants).map(([variant, how]) =>
      format(`${base}${variant}`, 'out', 'text', `${table}${how}`, txt),
    ),
  );
}

const byName = new Map(
  FORMATS.flatMap((info) => [info.name, ...info.aliases].map((name) => [name.toLowerCase(), info])),
);

/** The catalogue's entry for a format name or alias, whatever its case. */
export function findFormat(name: string): FormatInfo | undefined {
  return byName.get(name.toLowerCase());
}

/** The usual suffix of files in this format, without dot; formats without one go by their name, as in ClickHouse. */
export function suffixOfFormat(name: string): string {
  return findFormat(name)?.suffixes[0] ?? name.toLowerCase();
}

/** True when two names mean the same format, for example `TSV` and `TabSeparated`. */
export function isSameFormat(a: string, b: string): boolean {
  const canonical = (name: string): string => findFormat(name)?.name ?? name;
  return canonical(a).toLowerCase() === canonical(b).toLowerCase();
}

/**
 * The format to read this file as. For `.csv` and `.tsv` it is the variant with names, which also
 * reads files without: ClickHouse detects the header line (`input_format_csv_detect_header`).
 */
export function guessInputFormat(fileName: string): FormatInfo | undefined {
  const suffix = formatSuffix(fileName);
  if (suffix === undefined) return undefined;
  const usable = FORMATS.filter((info) => info.input);
  return (
    usable.find((info) => info.suffixes.includes(suffix)) ??
    usable.find((info) =>
      [info.name, ...info.aliases].some((name) => name.toLowerCase() === suffix),
    )
  );
}

/** `name.csv.gz` is `csv`; undefined without a suffix. */
export function formatSuffix(fileName: string): string | undefined {
  const base = fileName.replace(/^.*[\\/]/, '').toLowerCase();
  const parts = base.split('.').slice(1);
  if (parts.length > 0 && CODING_SUFFIXES.has(parts.at(-1) ?? '')) parts.pop();
  return parts.at(-1);
}

const CODING_SUFFIXES = new Set([
  'gz',
  'gzip',
  'zst',
  'zstd',
  'lz4',
  'br',
  'xz',
  'lzma',
  'bz2',
  'snappy',
  'deflate',
]);
