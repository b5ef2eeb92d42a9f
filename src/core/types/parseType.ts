import { PLAIN_TYPES, type PlainTypeName, type TypeElement, type TypeNode } from './typeNode.ts';

/** A type name that is not well formed: unbalanced parentheses, a broken quote, a missing argument. */
export class TypeParseError extends Error {
  override readonly name = 'TypeParseError';
  readonly typeText: string;
  /** Zero-based index in `typeText`. */
  readonly position: number;

  constructor(typeText: string, position: number, expected: string) {
    super(`Cannot read the type "${typeText}": expected ${expected} at position ${position}.`);
    this.typeText = typeText;
    this.position = position;
  }
}

/** Custom types of ClickHouse that are other types under a name of their own. */
const GEOMETRY: ReadonlyMap<string, string> = new Map([
  ['Point', 'Tuple(Float64, Float64)'],
  ['Ring', 'Array(Point)'],
  ['LineString', 'Array(Point)'],
  ['Polygon', 'Array(Ring)'],
  ['MultiLineString', 'Array(LineString)'],
  ['MultiPolygon', 'Array(Polygon)'],
  ['Geometry', 'Variant(LineString, MultiLineString, MultiPolygon, Point, Polygon, Ring)'],
]);

const DECIMAL_PRECISION: ReadonlyMap<string, number> = new Map([
  ['Decimal32', 9],
  ['Decimal64', 18],
  ['Decimal128', 38],
  ['Decimal256', 76],
]);

const PLAIN: ReadonlySet<string> = new Set(PLAIN_TYPES);
const isPlain = (name: string): name is PlainTypeName => PLAIN.has(name);

/**
 * Parses a ClickHouse type name as the server spells it (`DESCRIBE`, `toTypeName`, `…WithNamesAndTypes`).
 * Types this version does not know become `Opaque`; geometry types are expanded to what they are made of.
 * @throws TypeParseError when the text is not well formed
 */
export function parseType(text: string): TypeNode {
  const parser = new TypeParser(text);
  const type = parser.type();
  parser.end();
  return type;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['0', '\0'],
  ['a', '\x07'],
  ['v', '\v'],
  ['e', '\x1b'],
]);

class TypeParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  type(): TypeNode {
    this.#space();
    const start = this.#at;
    const name = this.#word('a type name');
    if (isPlain(name)) return { name };
    const geometry = GEOMETRY.get(name);
    if (geometry !== undefined) return parseType(geometry);
    const precision = DECIMAL_PRECISION.get(name);
    if (precision !== undefined) {
      return this.#inParens(() => ({ name: 'Decimal', precision, scale: this.#integer() }));
    }
    switch (name) {
      case 'Nullable':
      case 'LowCardinality':
      case 'Array':
        return this.#inParens(() => ({ name, inner: this.type() }));
      case 'Map':
        return this.#inParens(() => {
          const key = this.type();
          this.#expect(',');
          return { name, key, value: this.type() };
        });
      case 'Tuple':
      case 'Nested':
        return this.#optionalParens(
          () => ({ name, elements: this.#list(() => this.#element()) }),
          () => ({ name, elements: [] }),
        );
      case 'Variant':
        return this.#inParens(() => ({ name, members: this.#list(() => this.type()) }));
      case 'Decimal':
        return this.#inParens(() => {
          const digits = this.#integer();
          const scale = this.#skip(',') ? this.#integer() : 0;
          return { name, precision: digits, scale };
        });
      case 'FixedString':
        return this.#inParens(() => ({ name, length: this.#integer() }));
      case 'DateTime':
        return this.#optionalParens(
          () => ({ name, timeZone: this.#quoted("'") }),
          () => ({ name }),
        );
      case 'DateTime64':
        return this.#inParens(() => {
          const digits = this.#integer();
          if (!this.#skip(',')) return { name, precision: digits };
          this.#space();
          return { name, precision: digits, timeZone: this.#quoted("'") };
        });
      case 'Time64':
        return this.#inParens(() => ({ name, precision: this.#integer() }));
      case 'Enum8':
      case 'Enum16':
        return this.#inParens(() => ({
          name,
          values: new Map(this.#list(() => this.#enumValue())),
        }));
      case 'SimpleAggregateFunction':
        return this.#inParens(() => {
          const from = this.#at;
          this.#balanced(true);
          const func = this.#text.slice(from, this.#at);
          this.#expect(',');
          const inner = this.type();
          while (this.#skip(',')) this.type();
          return { name, func, inner };
        });
      case 'JSON':
      case 'Dynamic':
        this.#skipArguments();
        return { name, text: this.#text.slice(start, this.#at) };
      default:
        this.#skipArguments();
        return { name: 'Opaque', text: this.#text.slice(start, this.#at) };
    }
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#fail('the end of the type');
  }

  #fail(expected: string): never {
    throw new TypeParseError(this.#text, this.#at, expected);
  }

  #space(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #skip(char: string): boolean {
    this.#space();
    if (this.#text.charAt(this.#at) !== char) return false;
    this.#at++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#skip(char)) this.#fail(`"${char}"`);
  }

  #word(expected: string): string {
    const match = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.#text.slice(this.#at, this.#at + 256));
    if (!match) this.#fail(expected);
    this.#at += match[0].length;
    return match[0];
  }

  #integer(): number {
    this.#space();
    const match = /^-?\d+/.exec(this.#text.slice(this.#at, this.#at + 32));
    if (!match) this.#fail('a whole number');
    this.#at += match[0].length;
    return Number(match[0]);
  }

  #inParens<T>(body: () => T): T {
    this.#expect('(');
    const value = body();
    this.#expect(')');
    return value;
  }

  #optionalParens<T>(body: () => T, without: () => T): T {
    if (!this.#skip('(')) return without();
    if (this.#skip(')')) return without();
    const value = body();
    this.#expect(')');
    return value;
  }

  #list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.#skip(',')) items.push(item());
    return items;
  }

  #quoted(quote: string): string {
    this.#space();
    if (this.#text.charAt(this.#at) !== quote) this.#fail(`a name in ${quote}`);
    this.#at++;
    let value = '';
    for (;;) {
      const char = this.#text.charAt(this.#at++);
      if (char === '') this.#fail(`a closing ${quote}`);
      if (char === quote) {
        if (this.#text.charAt(this.#at) !== quote) return value;
        this.#at++;
        value += quote;
      } else if (char === '\\') {
        value += this.#escape();
      } else {
        value += char;
      }
    }
  }

  #escape(): string {
    const char = this.#text.charAt(this.#at++);
    if (char === 'x') {
      const hex = this.#text.slice(this.#at, this.#at + 2);
      if (!/^[0-9A-Fa-f]{2}$/.test(hex)) this.#fail('two hexadecimal digits');
      this.#at += 2;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    return ESCAPES.get(char) ?? char;
  }

  #enumValue(): [number, string] {
    const name = this.#quoted("'");
    this.#expect('=');
    return [this.#integer(), name];
  }

  /** `name Type`, `` `any name` Type `` or a bare `Type`: a bare one is followed by `(`, `,` or `)`. */
  #element(): TypeElement {
    this.#space();
    const quote = this.#text.charAt(this.#at);
    if (quote === '`' || quote === '"') {
      const name = this.#quoted(quote);
      return { name, type: this.type() };
    }
    const start = this.#at;
    const name = this.#word('a type or an element name');
    this.#space();
    if (/[A-Za-z_]/.test(this.#text.charAt(this.#at))) return { name, type: this.type() };
    this.#at = start;
    return { type: this.type() };
  }

  #skipArguments(): void {
    if (!this.#skip('(')) return;
    this.#balanced(false);
    this.#expect(')');
  }

  /** Passes over anything with balanced parentheses and quotes, up to an unmatched `)` or, if asked, a comma. */
  #balanced(stopAtComma: boolean): void {
    for (let depth = 0; ;) {
      const char = this.#text.charAt(this.#at);
      if (char === '') this.#fail('")"');
      if (depth === 0 && (char === ')' || (stopAtComma && char === ','))) return;
      if (char === "'" || char === '`' || char === '"') {
        this.#quoted(char);
        continue;
      }
      if (char === '(') depth++;
      if (char === ')') depth--;
      this.#at++;
    }
  }
}
