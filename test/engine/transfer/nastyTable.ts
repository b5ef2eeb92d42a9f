import { quoteIdentifier, quoteLiteral } from '../../../src/core/sql/quote.ts';

/** A table of values that break exporters: the ends of every type, and text that looks like something else. */

/** What a server writes when a query fails after its first rows; here it is data. */
export const FAKE_ERROR =
  'Code: 60. DB::Exception: Table default.t does not exist. (UNKNOWN_TABLE) (version 26.7.2.1)';
const FAKE_FRAME = `\\r\\n__exception__\\r\\nabcdefghijklmnop\\r\\n${FAKE_ERROR}\\n91 abcdefghijklmnop\\r\\n__exception__\\r\\n`;

const texts = [
  "''",
  "repeat('long ', 8000)",
  "'it\\'s \"quoted\" `so` \\\\ and \\\\N, ;'",
  "'tab\\t line\\n return\\r both\\r\\n\\r\\n'",
  "'\\0 \\b \\f \\v \\x7F \\x1b[31m'",
  "unhex('FFFEC080EDA080F5')",
  "'naïve 日本 😀 👩‍👩‍👧'",
  "'\\xEF\\xBB\\xBFbom'",
  "'NULL'",
  "'=1+1'",
  "'</value>&amp;<![CDATA['",
  "'|*_`#'",
  "'  spaces  '",
  `'${FAKE_ERROR}'`,
  `'${FAKE_FRAME}'`,
];

function integer(bits: number, signed: boolean): [string, string[]] {
  const power = 2n ** BigInt(signed ? bits - 1 : bits);
  const type = `${signed ? '' : 'U'}Int${bits}`;
  const ends = signed ? [-power, power - 1n, 0n, -1n] : [power - 1n, 0n, 1n];
  return [type, ends.map((end) => `'${end}'`)];
}

const WIDTHS = [8, 16, 32, 64, 128, 256];
const floats = ['nan', 'inf', '-inf', '-0.', '0.1', '3.4e38', '1e-38', '16777217'];

/** Type and values of each column; a value is what goes into `CAST(…, type)`. */
const types: readonly (readonly [type: string, values: readonly string[]])[] = [
  ...WIDTHS.map((bits) => integer(bits, true)),
  ...WIDTHS.map((bits) => integer(bits, false)),
  ['Float32', floats],
  ['Float64', [...floats, '1.7976931348623157e308', '5e-324']],
  ['BFloat16', ['nan', '1.5', '-inf']],
  ['Bool', ['true', 'false']],
  ['Decimal(9, 4)', ["'-99999.9999'", "'0'", "'1.5'"]],
  ['Decimal(18, 18)', ["'-0.999999999999999999'", "'0.000000000000000001'"]],
  ['Decimal(38, 10)', ["'-9999999999999999999999999999.9999999999'", "'0'"]],
  ['Decimal(76, 0)', [`'${'9'.repeat(76)}'`, `'-${'9'.repeat(76)}'`]],
  ['String', texts],
  ['FixedString(5)', ["'ab'", "'\\0\\n\\t\"\\''", "unhex('FFFE000102')"]],
  ['LowCardinality(String)', texts],
  ['LowCardinality(Nullable(String))', ['NULL', ...texts]],
  ['Nullable(UInt64)', ['NULL', "'18446744073709551615'", '0']],
  ['Nullable(String)', [...texts, 'NULL']],
  ['Nullable(Float64)', ['NULL', 'nan', '0']],
  ["Nullable(DateTime64(3, 'UTC'))", ['NULL', "'2024-02-29 23:59:59.999'"]],
  ['Date', ["'1970-01-01'", "'2149-06-06'"]],
  ['Date32', ["'1900-01-01'", "'2299-12-31'"]],
  ["DateTime('UTC')", ['0', '4294967295', "'2024-02-29 12:00:00'"]],
  ["DateTime64(9, 'UTC')", ["'2262-04-11 23:47:16.854775807'", "'1969-12-31 23:59:59.5'"]],
  ["DateTime64(0, 'Asia/Kolkata')", ["'1900-01-01 00:00:00'", "'2299-12-31 23:59:59'"]],
  ['Time', ["'-999:59:59'", "'00:00:00'", "'999:59:59'"]],
  ['Time64(6)', ["'-12:34:56.500000'", "'100:00:00.000001'"]],
  ['UUID', ["'61f0c404-5cb3-11e7-907b-a6006ad3dba0'", "'00000000-0000-0000-0000-000000000000'"]],
  ['IPv4', ["'0.0.0.0'", "'255.254.253.252'"]],
  ['IPv6', ["'::'", "'::ffff:1.2.3.4'", "'2001:db8::1'"]],
  ["Enum8('it\\'s' = -128, 'b,\"' = 127)", ["'it\\'s'", "'b,\"'"]],
  ["Enum16('' = -32768, 'tab\\t' = 32767)", ["''", "'tab\\t'"]],
  ['Array(Nullable(String))', [`[${texts.join(', ')}]`, '[]', '[NULL]']],
  ['Array(Array(UInt8))', ['[[1, 2], [], [255]]', '[]', '[[]]']],
  ['Array(Float64)', ['[nan, inf, -0.]', '[]']],
  ['Tuple(UInt8, String)', ["(1, 'a,b')", "(0, '')"]],
  ['Tuple(a Nullable(Int32), `b c` Array(String))', ["(NULL, ['x\\n'])", '(-1, [])']],
  [
    'Map(String, Array(Nullable(Int64)))',
    ["map('k\\t', [1, NULL], '', [])", "map('k', [], 'k', [])"],
  ],
  ['Map(UInt8, LowCardinality(String))', ["map(1, 'a')", 'map()']],
  ['Point', ['(1., -2.)']],
  ['IntervalDay', ['-5']],
  ['Variant(String, UInt64)', ['NULL', "'text'", 'toUInt64(42)']],
  ['Dynamic', ['NULL', "'text'", 'toUInt64(42)', '[1, 2]']],
  ['JSON', ['\'{"a":1,"b":{"c":[null,"x"]}}\'', "'{}'"]],
];

/** Names are part of the data too. */
const NASTY_NAMES = ['qu"ote\'d `so`', 'line\nbreak, tab\t', 'ünïcode 😀', '\\N'];

export interface NastyColumn {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** The first column orders the rows; the last one lets every row end like a server's error. */
export const nastyColumns: readonly NastyColumn[] = [
  ...types.map(([type, values], index) => ({ name: `c${index}`, type, values })),
  ...NASTY_NAMES.map((name) => ({ name, type: 'UInt8', values: ['1'] })),
  { name: 'last', type: 'String', values: [`'${FAKE_ERROR}'`] },
];

/** Statements that make `nasty` with so many rows; in each row a column takes the next of its values. */
export function nastyTable(rows: number): string[] {
  const columns = nastyColumns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`);
  const distinct = Math.max(...nastyColumns.map(({ values }) => values.length));
  const row = (index: number): string =>
    nastyColumns
      .map(({ type, values }) => {
        const value = values[index % values.length] ?? '';
        // A cast of text would make its own type of it.
        return type === 'Dynamic' ? value : `CAST(${value}, ${quoteLiteral(type)})`;
      })
      .join(', ');
  return [
    `CREATE TABLE nasty (n UInt64, ${columns.join(', ')}) ENGINE = MergeTree ORDER BY n`,
    ...Array.from(
      { length: distinct },
      (_, index) =>
        `INSERT INTO nasty SELECT number * ${distinct} + ${index}, ${row(index)} FROM numbers(${Math.ceil(rows / distinct)})`,
    ),
    'OPTIMIZE TABLE nasty FINAL',
  ];
}

/** All rows in their order, with these columns. */
export function selectNasty(columns: readonly NastyColumn[]): string {
  return `SELECT ${columns.map(({ name }) => quoteIdentifier(name)).join(', ')} FROM nasty ORDER BY n`;
}
