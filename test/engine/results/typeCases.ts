/** What the statements with these values need. */
export const TYPE_SETTINGS = {
  allow_suspicious_low_cardinality_types: 1,
  allow_suspicious_variant_types: 1,
  enable_time_time64_type: 1,
  allow_experimental_nullable_tuple_type: 1,
  enable_qbit_type: 1,
};

/** How a value is put inside another; the engine's own text of the whole is what is expected. */
export const WRAPPED = ['[v, v]', "tuple(v, 'x')", "map('k', v)", '[[v]]', 'map(1, [tuple(v)])'];

/** How a value of a type without parts is put inside Nullable, and beside a NULL. */
export const WRAPPED_SCALAR = [
  'toNullable(v)',
  'nullIf(v, v)',
  '[toNullable(v), NULL]',
  'tuple(nullIf(v, v), toNullable(v))',
  "map('k', [toNullable(v)])",
];

const integers = [8, 16, 32, 64, 128, 256].flatMap((bits) => {
  const half = 2n ** BigInt(bits - 1);
  return [
    `toInt${bits}('${-half}')`,
    `toInt${bits}('${half - 1n}')`,
    `toInt${bits}(-1)`,
    `toUInt${bits}('${2n * half - 1n}')`,
    `toUInt${bits}(0)`,
  ];
});

const numbers = ['0.1', '1e21', '1e-7', '123456789.123456789', '1.7976931348623157e308', '5e-324'];
const floats = [64, 32].flatMap((bits) => [
  ...numbers.map((number) => `toFloat${bits}(${number})`),
  `toFloat${bits}(-0.)`,
  `toFloat${bits}(nan)`,
  `toFloat${bits}(inf)`,
  `toFloat${bits}(-inf)`,
  `toFloat${bits}(16777217)`,
  `toFloat${bits}(1) / 3`,
]);

const decimals = [
  "toDecimal32('-0.5', 1)",
  "toDecimal32('1.50', 4)",
  "toDecimal64('-99999999.9999999999', 10)",
  "toDecimal64('0', 18)",
  "toDecimal128('-17014118346046923173.687303715884105728', 18)",
  "toDecimal128('0.00000000000000000000000000000000000001', 38)",
  "toDecimal256('-1.000000000000000000000000000000000000000000000000000000000000000000000000001', 75)",
  "toDecimal256('9999999999999999999999999999999999999999999999999999999999999999999999999999', 0)",
];

const strings = [
  "''",
  "'plain'",
  "'it\\'s \\\\ a \\t tab, \\n line, \\r \\b \\f \\0 \\v \\x7F end'",
  "'naïve 日本 😀'",
  "'\\xEF\\xBB\\xBFbom'",
  "'NULL'",
  "'\\\\N'",
  "'  spaces  '",
  "toFixedString('ab', 4)",
  "toFixedString('\\'\\\\\\n', 3)",
];

const dates = [
  "toDate('1970-01-01')",
  "toDate('2149-06-06')",
  "toDate32('1900-01-01')",
  "toDate32('2299-12-31')",
  "toDate32('2000-02-29')",
];

const zones = ['UTC', 'Asia/Tokyo', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'];
const times = [
  "toDateTime('2020-01-01 00:00:00')",
  "toDateTime(4294967295, 'UTC')",
  ...zones.map((zone) => `toDateTime(1604210399, '${zone}')`),
  // Either side of the changes of summer time of New York in 2020.
  ...[1583650799, 1583650800, 1604210399, 1604210400].map(
    (seconds) => `toDateTime(${seconds}, 'America/New_York')`,
  ),
  ...[0, 1, 2, 3, 4, 5, 6, 9].map(
    (digits) => `toDateTime64('2020-02-29 12:34:56.987654321', ${digits}, 'Asia/Kolkata')`,
  ),
  "toDateTime64('1969-12-31 23:59:59.5', 3, 'UTC')",
  "toDateTime64('1900-01-01 00:00:00', 3, 'UTC')",
  "toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC')",
  "toDateTime64('1935-06-01 12:00:00.123456', 6, 'Europe/Berlin')",
  "toDateTime64('2262-04-11 23:47:16.854775807', 9, 'UTC')",
  "toTime('-00:00:01')",
  "toTime('999:59:59')",
  "toTime('00:00:00')",
  ...[0, 4, 5, 6, 7, 8, 9].map((digits) => `toTime64('-12:34:56.5', ${digits})`),
  "toTime64('100:00:00.000001', 6)",
];

const addresses = [
  "toIPv4('0.0.0.0')",
  "toIPv4('255.254.253.252')",
  ...['::', '::1', '::ffff:1.2.3.4', '::1.2.3.4', '2001:db8::1', '1:0:0:2:0:0:0:3', 'fe80::'].map(
    (address) => `toIPv6('${address}')`,
  ),
  "toIPv6('1:0:2:3:4:5:6:7')",
  "toIPv6('::ffff:0:1.2.3.4')",
  "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')",
  "toUUID('00000000-0000-0000-0000-000000000000')",
];

const lowCardinalities = [
  "toLowCardinality('low')",
  "CAST('low', 'LowCardinality(Nullable(String))')",
  "toLowCardinality(toFixedString('x', 2))",
  "toLowCardinality(unhex('00FF27'))",
  'toLowCardinality(toUInt8(7))',
  "toLowCardinality(toInt64('-9223372036854775808'))",
  "toLowCardinality(toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935'))",
  "toLowCardinality(toDate('2020-02-29'))",
  "toLowCardinality(toDate32('1900-01-01'))",
  "toLowCardinality(toDateTime(1604210399, 'Asia/Kolkata'))",
  'toLowCardinality(toFloat32(0.1))',
  'toLowCardinality(toFloat64(nan))',
  "toLowCardinality(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))",
  "toLowCardinality(toIPv4('1.2.3.4'))",
  "toLowCardinality(toIPv6('::1'))",
  "CAST(NULL, 'LowCardinality(Nullable(UInt64))')",
  "CAST('', 'LowCardinality(Nullable(String))')",
  "CAST(toDate('2020-02-29'), 'LowCardinality(Nullable(Date))')",
];

const named = [
  "CAST('it\\'s', 'Enum8(\\'it\\\\\\'s\\' = -128, \\'b,)\\' = 127)')",
  "CAST('b,)', 'Enum8(\\'it\\\\\\'s\\' = -128, \\'b,)\\' = 127)')",
  "CAST('x', 'Enum16(\\'x\\' = -32768)')",
  'true',
  'false',
];

const intervals = [
  ...['Nanosecond', 'Microsecond', 'Millisecond', 'Second', 'Minute', 'Hour', 'Day'],
  ...['Week', 'Month', 'Quarter', 'Year'],
].map((unit) => `toInterval${unit}(-5)`);

const nulls = [
  'NULL',
  "CAST(NULL, 'Nullable(UInt8)')",
  'toNullable(5)',
  "toNullable('a')",
  "CAST(NULL, 'Nullable(DateTime64(3))')",
  "CAST(NULL, 'LowCardinality(Nullable(String))')",
];

const composites = [
  '[]',
  '[1, NULL, 3]',
  "['a', NULL, 'it\\'s']",
  '[[1, 2], [], [3]]',
  '[true, false]',
  "[toDate('2020-01-01')]",
  '[toFloat32(0.1), nan]',
  "tuple(1, 'a', NULL)",
  'tuple(7)',
  'tuple()',
  "CAST((1, 'x'), 'Tuple(a UInt8, `b c` String)')",
  "[(1, 'a'), (2, 'b')]",
  "CAST([(1, 'a')], 'Nested(x UInt8, y String)')",
  "map('a', 1, 'a', 2)",
  "map(1, map('x', [1]))",
  "map('k', NULL)",
  "CAST(map('k', 'v'), 'Map(LowCardinality(String), LowCardinality(Nullable(String)))')",
  'arrayMap(x -> toUInt16(x), range(100))',
];

const variants = [
  "CAST(toUInt64(42), 'Variant(String, UInt64)')",
  "CAST('it\\'s', 'Variant(String, UInt64)')",
  "CAST(NULL, 'Variant(String, UInt64)')",
  "CAST([toUInt64(1), 2], 'Variant(Array(UInt64), String)')",
  "[CAST(toUInt64(1), 'Variant(String, UInt64)'), CAST('a', 'Variant(String, UInt64)'), NULL, CAST(toUInt64(2), 'Variant(String, UInt64)')]",
  "CAST((1., 2.), 'Point')",
  "[CAST((1., 2.), 'Point')]",
  "CAST([(0., 0.), (1., 0.5), (-1., 1e100)], 'Ring')",
  "CAST([(0., 0.), (1., 0.5)], 'LineString')",
  "CAST([[(0., 0.), (1., 0.)], []], 'MultiLineString')",
  "CAST([[[(0., 0.), (1., 0.), (1., 1.)]]], 'MultiPolygon')",
];

const documents = [
  `'{"a":{"b":1},"c":"it\\'s \\\\n","n":18446744073709551615}'::JSON`,
  "'{}'::JSON",
];

/** Types that Arrow cannot carry, or not so that ClickHouse can read them back; they have to come as text. */
export const NOT_IN_ARROW: readonly string[] = [
  "CAST(42, 'Dynamic')",
  "CAST('it\\'s \\n\\\\', 'Dynamic')",
  "CAST(NULL, 'Dynamic')",
  "CAST(18446744073709551615, 'Dynamic')",
  "CAST(toDate('2020-01-01'), 'Dynamic')",
  "CAST(true, 'Dynamic')",
  "initializeAggregation('sumState', toUInt64(7))",
  "initializeAggregation('groupArrayState', 'it\\'s \\n')",
  "CAST([1, 2, 3, 4, 5, 6, 7, 8], 'QBit(Float32, 8)')",
  'map()',
  "CAST(toDate('2020-01-01'), 'Variant(Date, String)')",
  "readWKT('POLYGON((0 0,1 0,1 1,0 0))')",
  // These fail on the server when they are out of the range of Arrow's next finer unit.
  "toDateTime64('2299-12-31 23:59:59.12345678', 8, 'UTC')",
  "toDateTime64('1900-01-01 00:00:00.1234567', 7, 'Asia/Tokyo')",
  "toTime64('999:59:59.5', 1)",
  "toTime64('-999:59:59.999', 3)",
];

const halves = ['1.5', '-0.1', '3.3895314e38', '0'].map((n) => `CAST(${n}, 'BFloat16')`);

/** Values that can be Nullable, of all types without parts. */
export const SCALARS: readonly string[] = [
  ...integers,
  ...floats,
  ...halves,
  ...decimals,
  ...strings,
  ...dates,
  ...times,
  ...addresses,
  ...named,
  ...intervals,
];

/** Values of all types that Arrow carries. */
export const IN_ARROW: readonly string[] = [
  ...SCALARS,
  ...lowCardinalities,
  ...nulls,
  ...composites,
  ...variants,
  ...documents,
  "CAST(5, 'SimpleAggregateFunction(sum, UInt64)')",
];
