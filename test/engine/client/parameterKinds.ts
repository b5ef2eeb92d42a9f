import fc from 'fast-check';

/** A type with values for it, some of which must be refused, and how a value looks when read back. */
export interface ParameterKind {
  readonly type: string;
  readonly values: fc.Arbitrary<unknown>;
  /** False: the server would change or refuse the value, so it must not be sent. */
  readonly isValid: (value: unknown) => boolean;
  /** True when `read`, from JSON, is the value that was sent. */
  readonly isSame: (sent: unknown, read: unknown) => boolean;
}

/** A kind whose values all have one TypeScript type. */
function kind<T>(
  type: string,
  values: fc.Arbitrary<T>,
  isSame: (sent: T, read: unknown) => boolean,
  isValid: (value: T) => boolean = () => true,
): ParameterKind {
  return {
    type,
    values,
    isValid: (value) => isValid(value as T),
    isSame: (sent, read) => isSame(sent as T, read),
  };
}

const NASTY = [
  '\\',
  "'",
  '\t',
  '\n',
  '\r',
  '\0',
  '\b',
  '\f',
  '`',
  '"',
  '\\N',
  'NULL',
  "\\'",
  '{',
  '}',
];
const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...NASTY,
        ',',
        ':',
        '(',
        ']',
        '+',
        '%',
        '&',
        '=',
        '\u{1f389}',
        '日',
        '\u007f',
        '\v',
        '\u00e9',
        '\ufeff',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const HALF = /\p{Cs}/u;
const anyText = fc.oneof(
  { weight: 30, arbitrary: nastyText },
  { weight: 1, arbitrary: nastyText.map((text) => `${text}\ud83c`) },
);
const isWhole = (text: string): boolean => !HALF.test(text);

export const text = kind('String', anyText, (sent, read) => read === sent, isWhole);

function integer(bits: number, signed: boolean): ParameterKind {
  const width = 1n << BigInt(bits);
  const [least, most] = signed ? [-width / 2n, width / 2n - 1n] : [0n, width - 1n];
  const values = fc.oneof(
    fc.bigInt({ min: least, max: most }),
    fc.constantFrom(least, most, least - 1n, most + 1n, 0n, 1n, -1n),
    fc.bigInt({ min: least * 2n - 5n, max: most * 2n }),
  );
  // Numbers and text of digits are taken too.
  const written = fc.tuple(values, fc.nat(2)).map(([value, form]) => {
    if (form === 0) return value.toString();
    return form === 1 && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  });
  return kind<bigint | number | string>(
    `${signed ? '' : 'U'}Int${bits}`,
    written,
    (sent, read) => String(read) === String(sent),
    (value) => BigInt(value) >= least && BigInt(value) <= most,
  );
}

const number = (read: unknown): number =>
  typeof read === 'string'
    ? Number(read.replace('inf', 'Infinity').replace('nan', 'NaN'))
    : Number(read);
/** As a number or as its text. */
function written(numbers: fc.Arbitrary<number>): fc.Arbitrary<number | string> {
  return fc.tuple(numbers, fc.boolean()).map(([value, asText]) => {
    const text = String(value).replace('Infinity', 'inf').replace('NaN', 'nan');
    return asText ? (Object.is(value, -0) ? '-0' : text) : value;
  });
}
const isBeyond = (value: number | string, round: (value: number) => number): boolean =>
  !/inf/i.test(String(value)) && Math.abs(round(number(value))) === Infinity;
const float64 = kind<number | string>(
  'Float64',
  fc.oneof(
    { weight: 9, arbitrary: written(fc.double()) },
    { weight: 1, arbitrary: fc.constantFrom('1e400', '-1e400', '1.7976931348623157e308') },
  ),
  (sent, read) => Object.is(number(read), number(sent)),
  (value) => !isBeyond(value, Number),
);
function shortFloat(type: string, kept: (value: number) => number): ParameterKind {
  return kind<number | string>(
    type,
    written(
      fc.oneof(
        { weight: 6, arbitrary: fc.float() },
        { weight: 1, arbitrary: fc.constantFrom(3.5e38, -1e39, 1e300, 3.4028234663852886e38) },
      ),
    ),
    (sent, read) => Object.is(Math.fround(number(read)), kept(number(sent))),
    (value) => !isBeyond(value, Math.fround),
  );
}
const float32 = shortFloat('Float32', Math.fround);
/** The upper half of the bits of a Float32. */
const bfloat16 = shortFloat('BFloat16', (value) => {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value);
  bits.setUint16(2, 0);
  return bits.getFloat32(0);
});

function decimal(precision: number, scale: number): ParameterKind {
  const limit = 10n ** BigInt(precision);
  const pointed = (digits: bigint, places: number): string => {
    const padded = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0');
    const point = padded.length - places;
    const tail = places === 0 ? '' : `.${padded.slice(point)}`;
    return `${digits < 0n ? '-' : ''}${padded.slice(0, point)}${tail}`;
  };
  const values = fc
    .tuple(fc.bigInt({ min: -limit * 2n, max: limit * 2n }), fc.integer({ min: 0, max: scale + 1 }))
    .map(([digits, places]) => pointed(digits, places));
  const parts = (value: string): [string, string] => {
    const [whole = '', fraction = ''] = value.replace('-', '').split('.');
    return [whole.replace(/^0+/, ''), fraction.replace(/0+$/, '')];
  };
  const signed = (value: string): string => {
    const [whole, fraction] = parts(value);
    const zero = whole === '' && fraction === '';
    return `${value.startsWith('-') && !zero ? '-' : ''}${whole}.${fraction}`;
  };
  return kind(
    `Decimal(${precision}, ${scale})`,
    values,
    (sent, read) => signed(String(read)) === signed(sent),
    (value) => {
      const [whole, fraction] = parts(value);
      return whole.length <= precision - scale && fraction.length <= scale;
    },
  );
}

const bool = kind('Bool', fc.boolean(), (sent, read) => read === sent);
const uuid = kind('UUID', fc.uuid(), (sent, read) => read === sent);
const ipv4 = kind('IPv4', fc.ipV4(), (sent, read) => read === sent);
const enumeration = kind(
  "Enum8('a' = 1, 'b\\'c' = 2, '\\\\N' = 3, 'é,\\t' = -4)",
  fc.constantFrom('a', "b'c", '\\N', 'é,\t', 'other'),
  (sent, read) => read === sent,
  (value) => value !== 'other',
);

const DAY_MS = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

function day(type: 'Date' | 'Date32', first: string, last: string): ParameterKind {
  const edge = [Date.parse(first), Date.parse(last)].map((ms) => ms / DAY_MS);
  const [least = 0, most = 0] = edge;
  const days = fc.oneof(
    fc.integer({ min: least, max: most }),
    fc.constantFrom(least - 1, least, most, most + 1),
  );
  return kind(
    type,
    fc.tuple(days, fc.boolean()).map(([at, asDate]) => {
      const date = new Date(at * DAY_MS + 1_000);
      return asDate ? date : date.toISOString().slice(0, 10);
    }),
    (sent, read) => read === (sent instanceof Date ? sent.toISOString().slice(0, 10) : sent),
    (sent) => {
      const at = Date.parse(sent instanceof Date ? sent.toISOString().slice(0, 10) : sent) / DAY_MS;
      return at >= least && at <= most;
    },
  );
}

const MOST_SECONDS = 4_294_967_295;
function dateTime(zone: string): ParameterKind {
  return kind(
    `DateTime('${zone}')`,
    fc
      .oneof(
        fc.integer({ min: 0, max: MOST_SECONDS }),
        fc.integer({ min: -3, max: 100_000 }),
        fc.integer({ min: MOST_SECONDS - 2, max: MOST_SECONDS + 2 }),
      )
      .chain((seconds) =>
        fc.oneof(
          {
            weight: 9,
            arbitrary: fc.constantFrom(seconds, new Date(seconds * 1_000), BigInt(seconds)),
          },
          { weight: 1, arbitrary: fc.constantFrom(1e-7, 1.5, 5e-324, seconds + 0.5) },
        ),
      ),
    (sent, read) => Date.parse(String(read)) === momentMs(sent),
    (sent) =>
      Number.isInteger(momentMs(sent) / 1_000) &&
      momentMs(sent) >= 0 &&
      momentMs(sent) <= MOST_SECONDS * 1_000,
  );
}
const momentMs = (sent: Date | bigint | number): number =>
  sent instanceof Date ? sent.getTime() : Number(sent) * 1_000;

const FIRST_MS = Date.parse('1900-01-01T00:00:00Z');
const LAST_MS = Date.parse('2299-12-31T23:59:59.999Z');
function dateTime64(zone: string): ParameterKind {
  return kind(
    `DateTime64(3, '${zone}')`,
    fc
      .oneof(
        fc.integer({ min: FIRST_MS, max: LAST_MS }),
        fc.integer({ min: -2_500, max: 2_500 }),
        fc.constantFrom(FIRST_MS - 1, FIRST_MS, LAST_MS, LAST_MS + 1),
      )
      .map((ms) => new Date(ms)),
    (sent, read) => Date.parse(String(read)) === sent.getTime(),
    (sent) => sent.getTime() >= FIRST_MS && sent.getTime() <= LAST_MS,
  );
}

/** Text of a moment in UTC with all decimal places of the type. */
function dateTime64Text(precision: number): ParameterKind {
  const lastMs = precision === 9 ? Date.parse('2262-04-11T23:47:16Z') : LAST_MS;
  return kind(
    `DateTime64(${precision}, 'UTC')`,
    fc
      .tuple(
        fc.integer({ min: FIRST_MS / 1_000, max: Math.floor(LAST_MS / 1_000) }),
        fc.nat(10 ** precision - 1),
        fc.boolean(),
      )
      .map(([seconds, fraction, zoned]) => {
        const whole = iso(seconds * 1_000).slice(0, 19);
        const tail = `.${String(fraction).padStart(precision, '0')}`;
        return zoned ? `${whole}${tail}Z` : `${whole.replace('T', ' ')}${tail}`;
      }),
    (sent, read) =>
      String(read).replace('T', ' ').replace('Z', '') === sent.replace('T', ' ').replace('Z', ''),
    (sent) => Date.parse(`${sent.slice(0, 19).replace(' ', 'T')}Z`) < lastMs,
  );
}

/** Seconds as a number with a fraction; a small one is written with an exponent. */
function dateTime64Number(precision: number): ParameterKind {
  const unit = 10 ** precision;
  return kind(
    `DateTime64(${precision}, 'UTC')`,
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -3_000, max: 3_000 }).map((n) => n / unit) },
      { weight: 8, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map((n) => n / unit) },
      { weight: 1, arbitrary: fc.constantFrom(1e-7, 1.5e-7, -1e-7, 1e-10, -5e-324, 1.5) },
      { weight: 1, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
    ),
    (sent, read) => secondsOf(String(read)) === sent + 0,
    (sent) => Number(sent.toFixed(precision)) === sent + 0,
  );
}

/** Seconds since 1970 of `YYYY-MM-DDThh:mm:ss.fractionZ`: the number that is nearest to all its digits. */
function secondsOf(moment: string): number {
  const [whole = '', fraction = ''] = moment.replace('Z', '').split('.');
  const ticks =
    BigInt(Date.parse(`${whole}Z`) / 1_000) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
  return Number(`${ticks}e-9`);
}

const time = kind(
  'Time',
  fc
    .tuple(fc.integer({ min: 0, max: 999 }), fc.nat(59), fc.nat(59), fc.boolean())
    .map(([hours, minutes, seconds, negative]) => {
      const two = (part: number): string => String(part).padStart(2, '0');
      const sign = negative && hours + minutes + seconds > 0 ? '-' : '';
      return `${sign}${two(hours)}:${two(minutes)}:${two(seconds)}`;
    }),
  (sent, read) => read === sent,
);

const jsonText = nastyText.filter(isWhole);
const jsonScalar = fc.oneof(jsonText, fc.integer(), fc.boolean());
const jsonKey = fc.stringMatching(/^[a-z][a-z'"\\\t é]{0,5}$/);
const jsonObject = fc.dictionary(
  jsonKey,
  fc.oneof(jsonScalar, fc.array(jsonText, { minLength: 1, maxLength: 3 })),
  { maxKeys: 4, noNullPrototype: true },
);
const json = kind('JSON', jsonObject, (sent, read) => sortedJson(sent) === sortedJson(read));

/** With keys in order, and numbers as text, as 64-bit integers come back. */
function sortedJson(value: unknown): string {
  const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries, (_key, item: unknown) =>
    typeof item === 'number' ? String(item) : item,
  );
}

export function nullable(inner: ParameterKind): ParameterKind {
  return {
    type: `Nullable(${inner.type})`,
    values: fc.option(inner.values, { nil: null, freq: 4 }),
    isValid: (value) => value === null || inner.isValid(value),
    isSame: (sent, read) => (sent === null ? read === null : inner.isSame(sent, read)),
  };
}

export function array(inner: ParameterKind): ParameterKind {
  return kind<unknown[]>(
    `Array(${inner.type})`,
    fc.array(inner.values, { maxLength: 4 }),
    (sent, read) =>
      Array.isArray(read) &&
      read.length === sent.length &&
      sent.every((item, index) => inner.isSame(item, read[index])),
    (value) => value.every((item) => inner.isValid(item)),
  );
}

/** The server refuses `[[]]` as an array of three dimensions (error 53). */
function cube(inner: ParameterKind): ParameterKind {
  const any = array(array(array(inner)));
  const isVisible = (value: unknown[][]): boolean =>
    value.length === 0 || value.some((items) => items.length > 0);
  return { ...any, isValid: (value) => any.isValid(value) && isVisible(value as unknown[][]) };
}

function tuple(...elements: ParameterKind[]): ParameterKind {
  return kind<unknown[]>(
    `Tuple(${elements.map((element) => element.type).join(', ')})`,
    fc.tuple(...elements.map((element) => element.values)),
    (sent, read) =>
      Array.isArray(read) &&
      elements.every((element, index) => element.isSame(sent[index], read[index])),
    (value) => elements.every((element, index) => element.isValid(value[index])),
  );
}

function map(key: ParameterKind, value: ParameterKind): ParameterKind {
  return kind<Map<unknown, unknown>>(
    `Map(${key.type}, ${value.type})`,
    fc
      .uniqueArray(fc.tuple(key.values, value.values), {
        maxLength: 4,
        selector: ([k]) => String(k),
      })
      .map((entries) => new Map(entries)),
    (sent, read) =>
      Array.isArray(read) &&
      read.length === sent.size &&
      [...sent].every(([k, v], index) => {
        const [readKey, readValue] = read[index] as unknown[];
        return key.isSame(k, readKey) && value.isSame(v, readValue);
      }),
    (value_) => [...value_].every(([k, v]) => key.isValid(k) && value.isValid(v)),
  );
}

const integers = [8, 16, 32, 64, 128, 256].flatMap((bits) => [
  integer(bits, true),
  integer(bits, false),
]);
const moments = [
  day('Date', '1970-01-01', '2149-06-06'),
  day('Date32', '1900-01-01', '2299-12-31'),
  ...['UTC', 'Asia/Tokyo', 'America/New_York'].flatMap((zone) => [
    dateTime(zone),
    dateTime64(zone),
  ]),
  ...[1, 6, 9].map(dateTime64Text),
  ...[3, 9].map(dateTime64Number),
  time,
];
const decimals = [decimal(5, 2), decimal(18, 0), decimal(38, 10), decimal(76, 30)];
const leaves = [
  text,
  ...integers,
  float64,
  float32,
  bfloat16,
  ...decimals,
  bool,
  uuid,
  ipv4,
  enumeration,
  ...moments,
];
const int64 = integer(64, true);

export const KINDS: readonly ParameterKind[] = [
  ...leaves,
  ...leaves.map(nullable),
  ...leaves.map(array),
  ...leaves.map((leaf) => array(nullable(leaf))),
  array(array(text)),
  cube(nullable(text)),
  array(array(int64)),
  ...leaves.map((leaf) => tuple(leaf, text)),
  tuple(text),
  array(tuple(text, int64, nullable(text))),
  tuple(array(text), tuple(bool, float64)),
  ...[text, int64, enumeration, uuid].map((key) => map(key, text)),
  ...leaves.map((leaf) => map(text, leaf)),
  map(text, nullable(text)),
  map(text, array(text)),
  map(text, map(text, text)),
  array(map(text, array(nullable(int64)))),
  json,
  json,
  json,
];
