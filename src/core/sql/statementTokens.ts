import { InsertReader, type InsertParts } from './insert.ts';
import { Lexer } from './lexer.ts';
import { bracketDepth, isKeyword, isSignificant, type Token } from './token.ts';

/** One statement as its significant tokens, without what ends it. */
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

/** Reads the statements of a text one by one; those without any token are left out. */
export function* readStatements(text: string): Generator<StatementTokens, void> {
  for (let position = 0; ;) {
    const statement = readStatement(text, position);
    if (statement.tokens.length > 0) yield statement;
    if (statement.last) return;
    position = statement.fullEnd;
  }
}

/** Statements in which `INSERT INTO` may follow the first word. */
const MAY_HOLD_INSERT = ['INSERT', 'WITH', 'EXPLAIN', 'EXECUTE'];

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

  constructor(text: string, position: number) {
    this.text = text;
    this.#lexer = new Lexer(text, position);
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

/** Reads the statement that begins at or behind `position`. */
export function readStatement(text: string, position: number): StatementTokens {
  const source = new TokenSource(text, position);
  const insert = readTokens(source);
  const { tokens, leadingComments, terminator } = source;
  const tokensEnd = tokens.at(-1)?.end ?? position;
  if (insert?.inlineData !== undefined && terminator === undefined) {
    const { end } = insert.inlineData;
    const last = end >= text.length;
    return { tokens, from: position, leadingComments, end, fullEnd: end, last, insert };
  }
  const closed = terminator !== undefined && terminator.kind !== 'EndOfStream';
  return {
    tokens,
    from: position,
    leadingComments,
    end: tokensEnd,
    fullEnd: closed ? terminator.end : tokensEnd,
    last: !closed,
    ...(insert && { insert }),
  };
}

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
