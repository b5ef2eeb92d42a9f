import { readStatement } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

/**
 * A short name that tells a statement from its neighbours: the table it reads (`trips` for
 * `SELECT … FROM db.trips …`), else its first words in lower case (`show-tables`). Any characters may be in it.
 */
export function statementName(statement: string): string {
  const { tokens } = readStatement(statement);
  const is = (index: number, word: string): boolean => isKeyword(statement, tokens[index], word);
  const first = tokens.findIndex(({ kind }) => kind !== 'OpeningRoundBracket');
  if (is(first, 'SELECT') || is(first, 'WITH') || is(first, 'FROM')) {
    return tableRead(statement, tokens) ?? 'select';
  }
  const words: string[] = [];
  for (const { kind, start, end } of tokens.slice(Math.max(first, 0), first + 2)) {
    if (kind !== 'BareWord') break;
    words.push(statement.slice(start, end).toLowerCase());
  }
  return words.length === 0 ? 'statement' : words.join('-');
}

/** The table or table function behind the outermost FROM, or inside the subquery that stands there. */
function tableRead(text: string, tokens: readonly Token[]): string | undefined {
  let depth = 0;
  let isInside = false;
  for (const [index, token] of tokens.entries()) {
    depth += bracketDepth(token);
    // `IS DISTINCT FROM` compares.
    if (!isKeyword(text, token, 'FROM') || isKeyword(text, tokens[index - 1], 'DISTINCT')) continue;
    if (depth > 0 && !isInside) continue;
    const name = lastPart(text, tokens, index + 1);
    if (name !== undefined) return name;
    isInside = true;
  }
  return undefined;
}

/** Of `a.b.c` the last part. */
function lastPart(text: string, tokens: readonly Token[], at: number): string | undefined {
  let name: string | undefined;
  for (let index = at; ; index += 2) {
    const token = tokens[index];
    if (token?.kind !== 'BareWord' && token?.kind !== 'QuotedIdentifier') return name;
    name = unquote(text, token);
    if (tokens[index + 1]?.kind !== 'Dot') return name;
  }
}
