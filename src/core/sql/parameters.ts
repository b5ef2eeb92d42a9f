import { readStatements, type StatementTokens } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

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
    const { tokens } = statement;
    const end = endOfOwnParameters(sql, statement);
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
  if (name?.kind !== 'BareWord' && name?.kind !== 'QuotedIdentifier') return undefined;
  const first = tokens[at + 3];
  if (first?.kind !== 'BareWord') return undefined;
  let close = at + 4;
  while (tokens[close] && tokens[close]?.kind !== 'ClosingCurlyBrace') close++;
  const closing = tokens[close];
  const last = tokens[close - 1];
  if (closing === undefined || last === undefined) return undefined;
  return {
    name: unquote(sql, name),
    type: sql.slice(first.start, last.end),
    start: open.start,
    end: closing.end,
  };
}

/** Index of the token behind which parameters belong to a parameterized view. */
function endOfOwnParameters(sql: string, { tokens }: StatementTokens): number {
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
