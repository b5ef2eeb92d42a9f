/**
 * Values that other tools print wrong, beside those of typeCases.ts: times in zones whose history or future differs
 * between time zone databases, deep nestings, bytes that are not text, extremes of each type.
 */

const moments: readonly (readonly [zone: string, ...times: string[]])[] = [
  ['Europe/Amsterdam', '1930-01-01 12:00:00', '1937-06-30 23:59:59', '1937-07-01 00:00:28'],
  ['Africa/Monrovia', '1919-02-28 12:00:00', '1971-12-31 23:59:59', '1972-01-07 00:44:30'],
  ['Asia/Kathmandu', '1919-12-31 23:00:00', '1985-12-31 23:59:59', '1986-01-01 00:15:00'],
  ['Africa/Casablanca', '2026-03-22 02:30:00', '2050-07-01 12:00:00', '2087-12-31 00:00:00'],
  ['Asia/Tehran', '1977-10-21 00:30:00', '2022-09-21 23:30:00', '2023-04-01 00:00:00'],
  ['America/Vancouver', '1945-08-14 16:30:00', '2030-07-01 12:00:00'],
  ['America/New_York', '1883-11-18 12:03:58', '2200-07-04 12:00:00', '2299-12-31 23:59:59'],
  ['Pacific/Apia', '2011-12-29 23:59:59', '2011-12-31 00:00:00'],
  ['Pacific/Kwajalein', '1993-08-20 23:59:59', '1993-08-22 00:00:00'],
  ['Asia/Manila', '1899-09-05 12:00:00', '1978-09-20 23:59:59'],
  ['Antarctica/Troll', '2024-03-31 01:30:00'],
  ['Australia/Lord_Howe', '2024-04-07 01:45:00'],
  ['Europe/Dublin', '1916-10-01 02:00:00', '1971-10-31 02:30:00'],
  ['Factory', '2020-01-01 00:00:00'],
];

const historic = moments.flatMap(([zone, ...times]) =>
  times.map((time) => `toDateTime64('${time}.5', 1, '${zone}')`),
);

/** Seconds just before and after each change of a year, with no rule of how a wall clock is read in between. */
const changes = [
  ...[-1_025_745_573, -1_025_745_572, -1_025_741_972].map((t) => [t, 'Europe/Amsterdam']),
  ...[63_593_069, 63_593_070, 63_676_799].map((t) => [t, 'Africa/Monrovia']),
  ...[504_901_799, 504_901_800].map((t) => [t, 'Asia/Kathmandu']),
  ...[4_102_444_800, 10_413_791_999, 10_500_000_000, 32_503_680_000].map((t) => [
    t,
    'Europe/Paris',
  ]),
  ...[-2_300_000_000, -4_000_000_000, -62_000_000_000].map((t) => [t, 'Europe/Paris']),
].map(([t = 0, zone = '']) => `fromUnixTimestamp64Second(toInt64(${t}), '${zone}')`);

const seconds = [
  "toDateTime(2147483648, 'Africa/Casablanca')",
  "toDateTime(4294967295, 'America/New_York')",
  "toDateTime(0, 'Africa/Monrovia')",
  "toDateTime(63593069, 'Africa/Monrovia')",
];

const precisions = [0, 1, 2, 3, 4, 5, 6, 9].flatMap((digits) => [
  `toDateTime64('1969-12-31 23:59:59.123456789', ${digits}, 'Asia/Kathmandu')`,
  `toDateTime64('2200-01-01 00:00:00.999999999', ${digits}, 'UTC')`,
]);

const bytes = [
  "unhex('00FF00')",
  "unhex('C328A0A1E28202F0288CBC')",
  "toFixedString(unhex('00410000'), 6)",
  "toFixedString(unhex('FF00FE'), 3)",
  "unhex('EDA080')",
  "concat('\\u2028', '\\u202E', char(127))",
  "repeat('\"\\\\\\'', 3)",
];

const extremes = [
  "toDecimal256('-0.0000000000000000000000000000000000000000000000000000000000000000000000000001', 76)",
  "toDecimal256('9.999999999999999999999999999999999999999999999999999999999999999999999999999', 75)",
  "toDecimal32('-999999999', 0)",
  'toFloat32(1.17549435e-38)',
  'toFloat32(1.4e-45)',
  'toFloat32(8388608.5)',
  'toFloat64(9007199254740993)',
  'toFloat64(1e22)',
  'toFloat64(123456789012345680000)',
  "toIPv6('::')",
  "toIPv6('0:0:1::')",
  "toUUID('ffffffff-ffff-4fff-bfff-ffffffffffff')",
  "toDate32('1925-01-01')",
  "toDate32('1900-01-01')",
  "CAST(NULL, 'Nullable(Nothing)')",
  "CAST([], 'Array(Nothing)')",
  "CAST('nan', 'BFloat16')",
  "CAST('-inf', 'BFloat16')",
  "CAST(-0., 'BFloat16')",
];

const nested = [
  "CAST([(1, ['a', NULL], map('k', [toDate32('1900-01-01')]))], 'Array(Tuple(id UInt8, tags Array(Nullable(String)), m Map(String, Array(Date32))))')",
  "[[[['deep']]]]",
  'map(map(1, 2), map(3, [map(4, 5)]))',
  "[tuple(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toIPv4('1.2.3.4'), toIPv6('::1'), toDate('2020-01-01'))]",
  "[CAST('x', 'LowCardinality(Nullable(String))'), NULL]",
  "CAST([[('a', 1)]], 'Array(Nested(x String, y Int8))')",
  "map('a\\'b\\n', tuple(unhex('FF'), 'c\\td'))",
  "CAST(map(CAST('b', 'Enum8(\\'a\\' = 1, \\'b\\' = 2)'), toDecimal32('1.50', 2)), 'Map(Enum8(\\'a\\' = 1, \\'b\\' = 2), Decimal(9, 2))')",
  "[toDateTime64('1930-01-01 12:00:00.25', 2, 'Europe/Amsterdam')]",
  "tuple(tuple(), [], CAST(map(), 'Map(String, UInt8)'))",
  '[toIntervalDay(1), toIntervalDay(-1)]',
  "[toInt256('-1'), toInt256('57896044618658097711785492504343953926634992332820282019728792003956564819967')]",
];

const documents = [
  `'{"a":[1,{"b":[null,true,1.5,"x"]}],"c.d":1,"e f":"\\\\u0000\\\\u001f\\\\"","g":-0.0,"h":1e300}'::JSON`,
  `'{"a":{"b":{"c":[[1],[2,3]]}},"u":18446744073709551615,"i":-9223372036854775808}'::JSON`,
  `CAST('{"a":1,"b":"x","d":"2020-01-01"}', 'JSON(a UInt32, b LowCardinality(String))')`,
  `'{"t":"2020-01-01 12:00:00","d":"2020-01-01","s":"it\\'s"}'::JSON`,
  `['{"a":1}'::JSON, '{}'::JSON]`,
];

const variants = [
  "CAST(map('k', toUInt8(1)), 'Variant(Map(String, UInt8), String)')",
  "CAST(toDecimal64('1.5', 3), 'Variant(Decimal(18, 3), String)')",
  "CAST('x', 'Variant(Array(String), Bool, String)')",
  "CAST(true, 'Variant(Array(String), Bool, String)')",
];

export const NASTY_IN_ARROW: readonly string[] = [
  ...historic,
  ...changes,
  ...seconds,
  ...precisions,
  ...bytes,
  ...extremes,
  ...nested,
  ...documents,
  ...variants,
  "CAST([[(0., 0.), (1., 0.)]], 'Polygon')",
];

const dynamics = [
  '[1, 2, 3]',
  "['a', 'it\\'s']",
  "(1, 'a')",
  "map('k', [1])",
  'nan',
  'inf',
  "toDecimal64('1.50', 2)",
  "toDateTime64('1930-01-01 12:00:00.5', 1, 'Europe/Amsterdam')",
  "toIPv4('1.2.3.4')",
  "unhex('FF00')",
  "toInt256('-5')",
  "'null'",
  '\'"quoted"\'',
].map((value) => `CAST(${value}, 'Dynamic')`);

const geometry = [
  "readWKT('MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))')",
  "readWKT('LINESTRING(0 0,1.5 -2)')",
];

/** These have to come as the server's own text. */
export const NASTY_AS_TEXT: readonly string[] = [
  ...dynamics,
  ...geometry,
  "CAST([1, 2, 3, 4], 'QBit(Float64, 4)')",
  "CAST([1, 2, 3, 4], 'QBit(BFloat16, 4)')",
  "initializeAggregation('uniqState', 'x')",
  "initializeAggregation('avgStateOrNull', toNullable(toFloat64(1.5)))",
  "[initializeAggregation('maxState', 5)]",
  "CAST(toDateTime('2020-01-01 00:00:00', 'Asia/Tokyo'), 'Variant(DateTime(\\'Asia/Tokyo\\'), String)')",
  "CAST(toIPv4('1.2.3.4'), 'Variant(IPv4, String)')",
  "toTime64('-00:00:00.5', 2)",
  'tuple(tuple(), [], map())',
];
