import { tokenize } from './lexer.ts';
import { readStatements, type StatementTokens } from './statementTokens.ts';
import { bracketDepth, isKeyword, isSignificant, type Token } from './token.ts';

/** A query parameter `{name:Type}`, with its place in the text as UTF-16 offsets. */
export interface Parameter {
  readonly name: string;
  /** The type as written, without white space around it. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Every place where a statement of `sql` expects the value of a query parameter, in order; a
 * parameter used twice is listed twice. Strings, comments and the inline data of INSERT … FORMAT do
 * not count, nor do the parameters of a parameterized view in its own CREATE VIEW: those get their
 * values from the queries on the view.
 */
export function findParameters(sql: string): Parameter[] {
  const parameters: Parameter[] = [];
  for (const statement of readStatements(sql)) {
    const tokens = [...statement.tokens, ...valuesTokens(sql, statement)];
    const end = endOfOwnParameters(sql, tokens);
    for (let index = 0; index < end; index++) {
      const parameter = parameterAt(sql, tokens, index);
      if (parameter !== undefined) parameters.push(parameter);
    }
  }
  return parameters;
}

function parameterAt(sql: string, tokens: readonly Token[], at: number): Parameter | undefined {
  const open = tokens[at];
  const name = tokens[at + 1];
  if (open?.kind !== 'OpeningCurlyBrace' || tokens[at + 2]?.kind !== 'Colon') return undefined;
  const first = tokens[at + 3];
  if (name?.kind !== 'BareWord') return undefined;
  if (first?.kind !== 'BareWord' && first?.kind !== 'QuotedIdentifier') return undefined;
  let close = at + 4;
  while (tokens[close] && tokens[close]?.kind !== 'ClosingCurlyBrace') close++;
  const closing = tokens[close];
  const last = tokens[close - 1];
  if (closing === undefined || last === undefined) return undefined;
  return {
    name: sql.slice(name.start, name.end),
    type: sql.slice(first.start, last.end),
    start: open.start,
    end: closing.end,
  };
}

/** VALUES data is SQL: its expressions may use parameters. */
function valuesTokens(sql: string, { insert }: StatementTokens): Token[] {
  if (insert?.inlineData === undefined || insert.format !== 'Values') return [];
  const { start, end } = insert.inlineData;
  return tokenize(sql.slice(start, end))
    .filter(isSignificant)
    .map((token) => ({ ...token, start: token.start + start, end: token.end + start }));
}

/** Index of the token behind which parameters belong to a parameterized view. */
function endOfOwnParameters(sql: string, tokens: readonly Token[]): number {
  const is = (index: number, word: string): boolean => isKeyword(sql, tokens[index], word);
  const view =
    is(0, 'CREATE') && (is(1, 'VIEW') || (is(1, 'OR') && is(2, 'REPLACE') && is(3, 'VIEW')));
  if (!view) return tokens.length;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    depth += bracketDepth(token);
    if (depth === 0 && is(index, 'AS')) return index;
  }
  return tokens.length;
}
