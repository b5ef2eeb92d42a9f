import { classifyTokens } from './kind.ts';
import type { StatementKind } from './statementKind.ts';
import { findOutput } from './outputClauses.ts';
import { readStatements, type StatementTokens } from './statementTokens.ts';
import type { Token } from './token.ts';

/** One statement of a text. All offsets are UTF-16 offsets into the whole text. */
export interface Statement {
  /** Of the statement itself: no comments or white space around it, no `;` or `\G` behind it. */
  readonly start: number;
  readonly end: number;
  /** The text between `start` and `end`, unchanged. */
  readonly text: string;
  /** With its leading comments and the `;` or `\G` that ends it. */
  readonly fullStart: number;
  readonly fullEnd: number;
  readonly kind: StatementKind;
  /** Data of an INSERT behind VALUES or FORMAT; it lies between `start` and `end`. */
  readonly inlineData?: { readonly start: number; readonly end: number };
  /** The format named by the statement: of its data for an INSERT, else of its result. */
  readonly format?: string;
}

/**
 * The statements of a script, as clickhouse-client would run them one by one.
 * - `;` and `\G` end a statement, wherever ClickHouse's lexer sees one (not in strings or comments).
 * - Text of comments and white space only is no statement; neither is an empty one (`;;`).
 * - `INSERT … VALUES` runs to its `;`. The data of `INSERT … FORMAT x` runs to the first empty line,
 *   else to the end of the text, and a `;` in it is data: that is clickhouse-client's rule.
 * - A comment behind a statement on its last line is not a leading comment of the next one, unless
 *   that one begins on the same line.
 */
export function splitStatements(text: string): Statement[] {
  return [...statements(text)];
}

/**
 * The statement that a cursor at `offset` means, or undefined if the text has none.
 * 1. The one whose full extent (leading comments to `;`) holds the offset; right behind the `;` still
 *    counts, also if the next statement begins there.
 * 2. Between two: the one before, if it ends on the cursor's line, else the next.
 * 3. Behind the last one: the last one.
 */
export function statementAt(text: string, offset: number): Statement | undefined {
  let before: Statement | undefined;
  for (const statement of statements(text)) {
    if (offset < statement.fullStart) {
      const sameLine = before && !text.slice(before.fullEnd, offset).includes('\n');
      return sameLine ? before : statement;
    }
    if (offset <= statement.fullEnd) return statement;
    before = statement;
  }
  return before;
}

function* statements(text: string): Generator<Statement, void> {
  for (const read of readStatements(text)) {
    const [first] = read.tokens;
    if (first === undefined) continue;
    const inlineData = read.insert?.inlineData;
    const format = read.insert?.format ?? findOutput(text, read.tokens).clauses.format;
    yield {
      start: first.start,
      end: read.end,
      text: text.slice(first.start, read.end),
      fullStart: fullStart(text, read, first),
      fullEnd: read.fullEnd,
      kind: classifyTokens(text, read),
      ...(inlineData && { inlineData }),
      ...(format !== undefined && { format }),
    };
  }
}

function fullStart(text: string, read: StatementTokens, first: Token): number {
  const newline = read.from === 0 ? -1 : text.slice(read.from, first.start).indexOf('\n');
  const firstLineEnd = newline < 0 ? -1 : read.from + newline;
  return read.leadingComments.find((comment) => comment.end > firstLineEnd)?.start ?? first.start;
}
