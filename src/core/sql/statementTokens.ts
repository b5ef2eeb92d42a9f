import { InsertReader, type InsertParts } from './insert.ts';
import { Lexer } from './lexer.ts';
import { bracketDepth, isKeyword, isSignificant, type Token } from './token.ts';

/** One statement as its significant tokens, without what ends it and without inline data. */
export interface StatementTokens {
  readonly tokens: readonly Token[];
  /** Where reading began: the `fullEnd` of the statement before. */
  readonly from: number;
  /** Comments before the first significant token. */
  readonly leadingComments: readonly Token[];
  /** Where the statement ends: behind its last token, or behind its inline data. */
  readonly end: number;
  /** Behind the `;` or `\G`, if one follows, else `end`. Reading goes on here. */
  readonly fullEnd: number;
  /** True if nothing of the text is left behind this statement. */
  readonly last: boolean;
  readonly insert?: InsertParts;
}

/** Reads the first statement of a text; without tokens if there is none. */
export function readStatement(text: string): StatementTokens {
  const [first] = readStatements(text);
  return first ?? { tokens: [], from: 0, leadingComments: [], end: 0, fullEnd: 0, last: true };
}

/** Reads the statements of a text one by one; those without any token are left out. */
export function* readStatements(text: string): Generator<StatementTokens, void> {
  const lexer = new Lexer(text);
  for (let position = 0; ;) {
    const statement = readFrom(text, position, lexer);
    if (statement.tokens.length > 0) yield statement;
    if (statement.last) return;
    position = statement.fullEnd;
    lexer.moveTo(position);
  }
}

function readFrom(text: string, from: number, lexer: Lexer): StatementTokens {
  const source = new TokenSource(text, lexer);
  const insert = readTokens(source);
  const { tokens, leadingComments, terminator } = source;
  const end = insert?.inlineData?.end ?? tokens.at(-1)?.end ?? from;
  const closed = terminator !== undefined && terminator.kind !== 'EndOfStream';
  return {
    tokens,
    from,
    leadingComments,
    end,
    fullEnd: closed ? terminator.end : end,
    last: !closed && (terminator !== undefined || end >= text.length),
    ...(insert && { insert }),
  };
}

/** Statements in which `INSERT INTO` may follow the first word. */
const MAY_HOLD_INSERT = ['INSERT', 'WITH', 'EXPLAIN', 'EXECUTE'];

function readTokens(source: TokenSource): InsertParts | undefined {
  const first = source.peek();
  const mayHoldInsert = MAY_HOLD_INSERT.some((word) => isKeyword(source.text, first, word));
  let depth = 0;
  for (;;) {
    if (mayHoldInsert && depth === 0 && source.accept('INSERT') && source.accept('INTO')) {
      return new InsertReader(source).read();
    }
    const token = source.take();
    if (token === undefined) return undefined;
    depth += bracketDepth(token);
  }
}

/**
 * Takes the significant tokens of one statement from a lexer, up to `;`, `\G` or the end. It never
 * reads further than it is asked, so that inline data behind a statement is not lexed as SQL.
 */
export class TokenSource {
  readonly text: string;
  readonly tokens: Token[] = [];
  readonly leadingComments: Token[] = [];
  terminator: Token | undefined;
  readonly #lexer: Lexer;
  #peeked: Token | undefined;

  constructor(text: string, lexer: Lexer) {
    this.text = text;
    this.#lexer = lexer;
  }

  /** The token that `take` will return next, or undefined at the end of the statement. */
  peek(): Token | undefined {
    if (this.#peeked !== undefined || this.terminator !== undefined) return this.#peeked;
    let token = this.#lexer.next();
    while (!isSignificant(token)) {
      if (token.kind === 'Comment' && this.tokens.length === 0) this.leadingComments.push(token);
      token = this.#lexer.next();
    }
    switch (token.kind) {
      case 'Semicolon':
      case 'VerticalDelimiter':
      case 'EndOfStream':
        this.terminator = token;
        return undefined;
      default:
        this.#peeked = token;
        return token;
    }
  }

  take(): Token | undefined {
    const token = this.peek();
    this.#peeked = undefined;
    if (token !== undefined) this.tokens.push(token);
    return token;
  }

  /** Goes to the end of the statement without keeping the tokens; gives the end of the last one. */
  skipRest(): number | undefined {
    let end: number | undefined;
    for (let token = this.peek(); token !== undefined; token = this.peek()) {
      end = token.end;
      this.#peeked = undefined;
    }
    return end;
  }

  /** Takes the next token if it is this keyword. */
  accept(keyword: string): boolean {
    if (!isKeyword(this.text, this.peek(), keyword)) return false;
    this.take();
    return true;
  }

  /** Takes the next token and, if it opens a bracket, everything up to its closing one. */
  takeGroup(): Token | undefined {
    const first = this.take();
    let depth = first === undefined ? 0 : bracketDepth(first);
    while (depth > 0) {
      const token = this.take();
      if (token === undefined) break;
      depth += bracketDepth(token);
    }
    return first;
  }
}
