/** Types without arguments whose values have a text rule of their own. */
export const PLAIN_TYPES = [
  'UInt8',
  'UInt16',
  'UInt32',
  'UInt64',
  'UInt128',
  'UInt256',
  'Int8',
  'Int16',
  'Int32',
  'Int64',
  'Int128',
  'Int256',
  'Float32',
  'Float64',
  'BFloat16',
  'Bool',
  'String',
  'Date',
  'Date32',
  'Time',
  'UUID',
  'IPv4',
  'IPv6',
  'Nothing',
  'IntervalNanosecond',
  'IntervalMicrosecond',
  'IntervalMillisecond',
  'IntervalSecond',
  'IntervalMinute',
  'IntervalHour',
  'IntervalDay',
  'IntervalWeek',
  'IntervalMonth',
  'IntervalQuarter',
  'IntervalYear',
] as const;

export type PlainTypeName = (typeof PLAIN_TYPES)[number];

/** One element of a Tuple or Nested; unnamed tuples have no names. */
export interface TypeElement {
  name?: string;
  type: TypeNode;
}

/** A ClickHouse type, parsed; `name` tells the variants apart. */
export type TypeNode =
  | { name: PlainTypeName }
  | { name: 'Decimal'; precision: number; scale: number }
  | { name: 'FixedString'; length: number }
  | { name: 'DateTime'; timeZone?: string }
  | { name: 'DateTime64'; precision: number; timeZone?: string }
  | { name: 'Time64'; precision: number }
  | { name: 'Enum8' | 'Enum16'; values: ReadonlyMap<number, string> }
  | { name: 'Nullable' | 'LowCardinality' | 'Array'; inner: TypeNode }
  | { name: 'Map'; key: TypeNode; value: TypeNode }
  | { name: 'Tuple' | 'Nested'; elements: TypeElement[] }
  | { name: 'Variant'; members: TypeNode[] }
  /** `inner` is what the values are stored as; `func` is the aggregate function as it is spelled. */
  | { name: 'SimpleAggregateFunction'; func: string; inner: TypeNode }
  /** `text` is the spelling with all arguments. */
  | { name: 'JSON' | 'Dynamic'; text: string }
  /** AggregateFunction, QBit, and every type this version does not know; `text` is its spelling. */
  | { name: 'Opaque'; text: string };
