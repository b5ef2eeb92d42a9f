import type { Token, TokenKind } from './token.ts';

/**
 * ClickHouse's lexer, rule by rule after src/Parsers/Lexer.cpp. What differs from other SQL dialects:
 * block comments nest; `//` and `# ` start line comments; backslash escapes in every quoted token;
 * `$tag$ … $tag$` is a string; curly quotes work like straight ones; a name may begin with a digit.
 */
export class Lexer {
  readonly #text: string;
  #position: number;
  /** Needed to tell a tuple access (`x.1.1`) from a number (`.1`). */
  #previous: TokenKind = 'Whitespace';
  #lastTags: ReadonlyMap<string, number> | undefined;

  constructor(text: string, position = 0) {
    this.#text = text;
    this.#position = position;
  }

  /** Goes on at `position` as if a text began there; for stepping over what is not SQL. */
  moveTo(position: number): void {
    this.#position = position;
    this.#previous = 'Whitespace';
  }

  /** The next token. At the end of the text an empty `EndOfStream`, again and again. Never throws. */
  next(): Token {
    const start = this.#position;
    if (start >= this.#text.length) {
      return { kind: 'EndOfStream', start: this.#text.length, end: this.#text.length };
    }
    const kind = this.#scan(start, this.#text.charCodeAt(start));
    if (kind !== 'Whitespace' && kind !== 'Comment') this.#previous = kind;
    return { kind, start, end: this.#position };
  }

  #code(position: number): number {
    return position < this.#text.length ? this.#text.charCodeAt(position) : -1;
  }

  #take(length: number, kind: TokenKind): TokenKind {
    this.#position += length;
    return kind;
  }

  #toEnd(kind: TokenKind): TokenKind {
    this.#position = this.#text.length;
    return kind;
  }

  #scan(start: number, code: number): TokenKind {
    if (isWordCode(code)) {
      if (isDigit(code)) return this.#number();
      if ((code | 32) === X || (code | 32) === B) {
        if (this.#code(start + 1) === QUOTE && start + 2 < this.#text.length) {
          return this.#hexOrBinaryString((code | 32) === X);
        }
      }
      return this.#bareWord();
    }
    const single = code < SINGLES.length ? SINGLES[code] : undefined;
    if (single !== undefined) return this.#take(1, single);
    if (isAsciiSpace(code)) return this.#whitespace();
    const next = this.#code(start + 1);
    switch (code) {
      case QUOTE:
        return this.#quoted(QUOTE, 'StringLiteral', 'ErrorSingleQuoteIsNotClosed');
      case 0x22:
        return this.#quoted(0x22, 'QuotedIdentifier', 'ErrorDoubleQuoteIsNotClosed');
      case 0x60:
        return this.#quoted(0x60, 'QuotedIdentifier', 'ErrorBackQuoteIsNotClosed');
      case DOT:
        return this.#dot(start, next);
      case 0x2d: // -
        if (next === 0x3e) return this.#take(2, 'Arrow');
        return next === 0x2d ? this.#lineComment() : this.#take(1, 'Minus');
      case 0x2f: // /
        if (next === 0x2f) return this.#lineComment();
        return next === 0x2a ? this.#blockComment() : this.#take(1, 'Slash');
      case 0x23: // #: a comment only before a space or `!`, as PostgreSQL has operators with #
        return next === 0x20 || next === 0x21 ? this.#lineComment() : this.#take(1, 'Error');
      case 0x3d: // =
        return this.#take(next === 0x3d ? 2 : 1, 'Equals');
      case 0x21: // !
        if (next === 0x3d) return this.#take(2, 'NotEquals');
        if (next !== 0x7e) return this.#take(1, 'ErrorSingleExclamationMark');
        return this.#code(start + 2) === 0x2a
          ? this.#take(3, 'NotTildeAsterisk')
          : this.#take(2, 'NotTilde');
      case 0x7e: // ~
        return next === 0x2a ? this.#take(2, 'TildeAsterisk') : this.#take(1, 'Tilde');
      case 0x3c: // <
        if (next === 0x3d && this.#code(start + 2) === 0x3e) return this.#take(3, 'Spaceship');
        if (next === 0x3d) return this.#take(2, 'LessOrEquals');
        return next === 0x3e ? this.#take(2, 'NotEquals') : this.#take(1, 'Less');
      case 0x3e: // >
        return next === 0x3d ? this.#take(2, 'GreaterOrEquals') : this.#take(1, 'Greater');
      case 0x3a: // :
        return next === 0x3a ? this.#take(2, 'DoubleColon') : this.#take(1, 'Colon');
      case 0x7c: // |
        return next === 0x7c ? this.#take(2, 'Concatenation') : this.#take(1, 'PipeMark');
      case 0x40: // @
        return next === 0x40 ? this.#take(2, 'DoubleAt') : this.#take(1, 'At');
      case 0x5c: // \
        return next === 0x47 ? this.#take(2, 'VerticalDelimiter') : this.#take(1, 'Error');
      case DOLLAR:
        return this.#dollar(start, next);
      case 0x2212: // mathematical minus
        return this.#take(1, 'Minus');
      case 0x2018:
        return this.#curlyQuoted('\u2019', 'StringLiteral', 'ErrorSingleQuoteIsNotClosed');
      case 0x201c:
        return this.#curlyQuoted('\u201d', 'QuotedIdentifier', 'ErrorDoubleQuoteIsNotClosed');
      default:
        if (isUnicodeSpace(code)) return this.#whitespace();
        return this.#take((this.#text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1, 'Error');
    }
  }

  #whitespace(): TokenKind {
    let code: number;
    do code = this.#code(++this.#position);
    while (isAsciiSpace(code) || isUnicodeSpace(code));
    return 'Whitespace';
  }

  #bareWord(): TokenKind {
    let code: number;
    do code = this.#code(++this.#position);
    while (isWordCode(code) || code === DOLLAR);
    return 'BareWord';
  }

  #lineComment(): TokenKind {
    const newline = this.#text.indexOf('\n', this.#position);
    this.#position = newline < 0 ? this.#text.length : newline;
    return 'Comment';
  }

  #blockComment(): TokenKind {
    BLOCK_COMMENT_MARK.lastIndex = this.#position;
    let depth = 0;
    for (;;) {
      const mark = BLOCK_COMMENT_MARK.exec(this.#text);
      if (mark === null) return this.#toEnd('ErrorMultilineCommentIsNotClosed');
      depth += mark[0] === '/*' ? 1 : -1;
      if (depth === 0) {
        this.#position = BLOCK_COMMENT_MARK.lastIndex;
        return 'Comment';
      }
    }
  }

  #quoted(quote: number, closed: TokenKind, open: TokenKind): TokenKind {
    const text = this.#text;
    let position = this.#position + 1;
    for (; position < text.length; position++) {
      const code = text.charCodeAt(position);
      if (code === 0x5c) position++;
      else if (code === quote) {
        if (this.#code(position + 1) !== quote) {
          this.#position = position + 1;
          return closed;
        }
        position++;
      }
    }
    return this.#toEnd(open);
  }

  /** No escapes here: the first closing curly quote ends it. */
  #curlyQuoted(quote: string, closed: TokenKind, open: TokenKind): TokenKind {
    const end = this.#text.indexOf(quote, this.#position + 1);
    if (end < 0) return this.#toEnd(open);
    this.#position = end + 1;
    return closed;
  }

  #hexOrBinaryString(hex: boolean): TokenKind {
    let position = this.#position + 2;
    while (hex ? isHexDigit(this.#code(position)) : isBinaryDigit(this.#code(position))) position++;
    if (this.#code(position) !== QUOTE) return this.#toEnd('ErrorSingleQuoteIsNotClosed');
    this.#position = position + 1;
    return 'StringLiteral';
  }

  #dollar(start: number, next: number): TokenKind {
    const text = this.#text;
    let tagEnd = start + 1;
    while (isWordCode(this.#code(tagEnd))) tagEnd++;
    if (this.#code(tagEnd) === DOLLAR) {
      const tag = text.slice(start, tagEnd + 1);
      this.#lastTags ??= lastHeredocTags(text);
      if ((this.#lastTags.get(tag) ?? -1) > tagEnd) {
        this.#position = text.indexOf(tag, tagEnd + 1) + tag.length;
        return 'HereDoc';
      }
    }
    if (!isWordCode(next)) return this.#take(1, 'DollarSign');
    return this.#bareWord();
  }

  #dot(start: number, next: number): TokenKind {
    // The source's `pos > begin`: a dot that opens the text is a number whatever follows.
    if (start > 0 && (!isDigit(next) || MAKES_DOT_AN_ACCESS.has(this.#previous))) {
      return this.#take(1, 'Dot');
    }
    this.#position++;
    this.#digits(false, true);
    this.#exponent(false);
    return 'Number';
  }

  #number(): TokenKind {
    const start = this.#position;
    if (this.#previous === 'Dot') {
      this.#position++;
      this.#digits(false, false);
    } else {
      const radix = this.#radix(start);
      const hex = radix === X;
      this.#position += radix === 0 ? 1 : 2;
      this.#digits(hex, radix !== 0);
      if (this.#code(this.#position) === DOT) {
        this.#position++;
        this.#digits(hex, true);
      }
      this.#exponent(hex);
    }
    if (!isWordCode(this.#code(this.#position))) return 'Number';
    do this.#position++;
    while (isWordCode(this.#code(this.#position)));
    return NAME_OF_WORD_CHARACTERS.test(this.#text.slice(start, this.#position))
      ? 'BareWord'
      : 'ErrorWrongNumber';
  }

  /** The letter of a `0x` or `0b` prefix with a digit behind it, in lower case, else 0. */
  #radix(start: number): number {
    if (this.#code(start) !== ZERO) return 0;
    const letter = this.#code(start + 1) | 32;
    const digit = this.#code(start + 2);
    const valid = letter === X ? isHexDigit(digit) : letter === B && isBinaryDigit(digit);
    return valid ? letter : 0;
  }

  /** Digits with single underscores between them; none at the start of a block. */
  #digits(hex: boolean, startOfBlock: boolean): void {
    let atStart = startOfBlock;
    for (;;) {
      const code = this.#code(this.#position);
      const digit = hex ? isHexDigit(code) : isDigit(code);
      if (!digit) {
        const next = this.#code(this.#position + 1);
        const separator = code === UNDERSCORE && !atStart;
        if (!separator || !(hex ? isHexDigit(next) : isDigit(next))) return;
      }
      this.#position++;
      atStart = false;
    }
  }

  #exponent(hex: boolean): void {
    const letter = this.#code(this.#position) | 32;
    if (letter !== (hex ? P : E) || this.#position + 1 >= this.#text.length) return;
    this.#position++;
    const sign = this.#code(this.#position);
    if ((sign === 0x2d || sign === 0x2b) && this.#position + 1 < this.#text.length) {
      this.#position++;
    }
    this.#digits(false, true);
  }
}

/**
 * All tokens of a text, white space and comments included: together they cover it without a gap, and
 * an empty `EndOfStream` closes the list. Never throws: a token that is not closed is an `Error…`
 * token that runs to the end. Data behind `INSERT … FORMAT` is not SQL; `splitStatements` knows where
 * it lies.
 */
export function tokenize(sql: string): Token[] {
  const lexer = new Lexer(sql);
  const tokens: Token[] = [];
  for (;;) {
    const token = lexer.next();
    tokens.push(token);
    if (token.kind === 'EndOfStream') return tokens;
  }
}

const QUOTE = 0x27;
const DOT = 0x2e;
const DOLLAR = 0x24;
const UNDERSCORE = 0x5f;
const ZERO = 0x30;
const B = 0x62;
const E = 0x65;
const P = 0x70;
const X = 0x78;

/** Characters that are a token of their own whatever follows, by character code. */
const SINGLES: (TokenKind | undefined)[] = [];
for (const [character, kind] of [
  ['(', 'OpeningRoundBracket'],
  [')', 'ClosingRoundBracket'],
  ['[', 'OpeningSquareBracket'],
  [']', 'ClosingSquareBracket'],
  ['{', 'OpeningCurlyBrace'],
  ['}', 'ClosingCurlyBrace'],
  [',', 'Comma'],
  [';', 'Semicolon'],
  ['*', 'Asterisk'],
  ['+', 'Plus'],
  ['%', 'Percent'],
  ['?', 'QuestionMark'],
  ['^', 'Caret'],
] as const) {
  SINGLES[character.charCodeAt(0)] = kind;
}

const BLOCK_COMMENT_MARK = /\/\*|\*\//g;
const NAME_OF_WORD_CHARACTERS = /^\w+$/;

/** Behind these a dot before a digit is a tuple access, not the start of a number. */
const MAKES_DOT_AN_ACCESS: ReadonlySet<TokenKind> = new Set([
  'ClosingRoundBracket',
  'ClosingSquareBracket',
  'BareWord',
  'QuotedIdentifier',
  'Number',
]);

/**
 * Where each heredoc tag stands last in the text. Looking for the end of each open tag by itself took
 * 45 s for a text of 2 MB full of them.
 */
function lastHeredocTags(text: string): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const match of text.matchAll(/\$(?=(\w*\$))/g)) last.set(`$${match[1] ?? ''}`, match.index);
  return last;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isBinaryDigit(code: number): boolean {
  return code === 0x30 || code === 0x31;
}

function isHexDigit(code: number): boolean {
  const letter = code | 32;
  return isDigit(code) || (letter >= 0x61 && letter <= 0x66);
}

function isWordCode(code: number): boolean {
  const letter = code | 32;
  return (letter >= 0x61 && letter <= 0x7a) || isDigit(code) || code === UNDERSCORE;
}

function isAsciiSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** The list of `skipWhitespacesUTF8`: what text pasted from a word processor brings along. */
function isUnicodeSpace(code: number): boolean {
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x180e ||
    (code >= 0x2000 && code <= 0x200d) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x2060 ||
    code === 0x3000 ||
    code === 0xfeff
  );
}
