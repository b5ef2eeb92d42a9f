/** A value as a tree, from its text. */
export type ValueNode =
  | { kind: 'list' | 'tuple'; items: ValueNode[] }
  /** A Map, or an object of JSON; keys in order, also the ones that come twice. */
  | { kind: 'map'; entries: [key: ValueNode, value: ValueNode][] }
  /** Was in quotes. */
  | { kind: 'text'; text: string }
  /** A number, a boolean, NULL: the text as it is. */
  | { kind: 'plain'; text: string };

/** A text that is not a value in ClickHouse's notation or JSON. */
export class ValueParseError extends Error {
  override readonly name = 'ValueParseError';

  constructor(position: number, expected: string) {
    super(`Expected ${expected} at position ${position}.`);
  }
}

/** Deeper values are shown as text: the parser would run out of stack. */
const MOST_DEPTH = 500;

/**
 * Reads the text of an Array, Tuple, Map or Nested as ClickHouse prints it, or JSON; both with the digits of numbers as
 * they are written.
 * @throws ValueParseError when the text is neither
 */
export function parseValue(text: string): ValueNode {
  const parser = new ValueParser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

const CLOSING = { '[': ']', '(': ')', '{': '}' } as const;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['0', '\0'],
]);
const PLAIN = /[^\s,:[\](){}'"]+/y;
const SPACE = /\s*/y;

class ValueParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): ValueNode {
    if (depth > MOST_DEPTH) this.#fail(`no more than ${MOST_DEPTH} levels`);
    this.#space();
    const char = this.#text[this.#at];
    switch (char) {
      case '[':
        return { kind: 'list', items: this.#items(char, () => this.value(depth + 1)) };
      case '(':
        return { kind: 'tuple', items: this.#items(char, () => this.value(depth + 1)) };
      case '{':
        return { kind: 'map', entries: this.#items(char, () => this.#entry(depth + 1)) };
      case "'":
      case '"':
        return { kind: 'text', text: this.#quoted(char) };
      default:
        return { kind: 'plain', text: this.#plain() };
    }
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#fail('the end');
  }

  #entry(depth: number): [ValueNode, ValueNode] {
    const key = this.value(depth);
    this.#space();
    if (this.#text[this.#at] !== ':') this.#fail('":"');
    this.#at++;
    return [key, this.value(depth)];
  }

  #items<T>(open: keyof typeof CLOSING, item: () => T): T[] {
    const close = CLOSING[open];
    const items: T[] = [];
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return items;
    }
    for (;;) {
      items.push(item());
      this.#space();
      const next = this.#text[this.#at++];
      if (next === close) return items;
      if (next !== ',') this.#fail(`"," or "${close}"`);
      // A tuple of one element is written (1,) in places.
      if (open === '(' && this.#text[this.#at] === ')') {
        this.#at++;
        return items;
      }
    }
  }

  #quoted(quote: "'" | '"'): string {
    const start = ++this.#at;
    let value = '';
    let from = start;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined) this.#fail(`a closing ${quote}`);
      if (char === quote) {
        value += this.#text.slice(from, this.#at++);
        return value;
      }
      if (char === '\\') {
        value += this.#text.slice(from, this.#at++) + this.#escape();
        from = this.#at;
      } else this.#at++;
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++] ?? '';
    if (char === 'u') {
      const hex = this.#text.slice(this.#at, this.#at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) return 'u';
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    // A byte that is no character: shown as it is written.
    if (char === 'x') return '\\x';
    return ESCAPES.get(char) ?? char;
  }

  #plain(): string {
    PLAIN.lastIndex = this.#at;
    const match = PLAIN.exec(this.#text);
    if (!match) this.#fail('a value');
    this.#at = PLAIN.lastIndex;
    return match[0];
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #fail(expected: string): never {
    throw new ValueParseError(this.#at, expected);
  }
}
