import { isFormatClause } from './formatClause.ts';
import { readStatement } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

/** What a statement itself says about where its result goes, after ClickHouse's ParserQueryWithOutput. */
export interface OutputClauses {
  /** The name behind FORMAT, as written. */
  readonly format?: string;
  /** The file name behind INTO OUTFILE. ClickHouse refuses the clause over HTTP (code 358). */
  readonly intoOutfile?: string;
  /** From the first of these clauses to the end of the last; undefined if there is none. */
  readonly range?: { readonly start: number; readonly end: number };
}

/** The FORMAT and INTO OUTFILE clauses of the first statement in `text`; offsets are into `text`. */
export function outputClauses(text: string): OutputClauses {
  return findOutput(text, readStatement(text).tokens).clauses;
}

/** The clauses, and at which tokens they lie: `body` ends before the first one. */
export interface Output {
  readonly clauses: OutputClauses;
  /** Number of tokens before the first output clause. */
  readonly bodyLength: number;
  /** Index of the SETTINGS keyword that follows FORMAT, if there is one. */
  readonly settingsAt?: number;
}

/** Finds the output clauses among the significant tokens of one statement. */
export function findOutput(text: string, tokens: readonly Token[]): Output {
  let depth = 0;
  let outfileAt = -1;
  let formatAt = -1;
  for (const [index, token] of tokens.entries()) {
    depth += bracketDepth(token);
    if (depth !== 0 || token.kind !== 'BareWord') continue;
    if (isOutfile(text, tokens, index)) outfileAt = index;
    else if (isFormat(text, tokens, index)) formatAt = index;
  }
  // Both only count at the end of the statement: OUTFILE must lie before FORMAT, not inside a name.
  const format = tokens[formatAt + 1];
  const outfile = tokens[outfileAt + 2];
  if (formatAt < 0 && outfileAt < 0) return { clauses: {}, bodyLength: tokens.length };
  const bodyLength = outfileAt < 0 ? formatAt : outfileAt;
  const lastIndex = formatAt < 0 ? outfileEnd(text, tokens, outfileAt) : formatAt + 1;
  const start = tokens[bodyLength]?.start ?? 0;
  const end = tokens[lastIndex]?.end ?? start;
  const settingsAt = isKeyword(text, tokens[lastIndex + 1], 'SETTINGS') ? lastIndex + 1 : undefined;
  return {
    clauses: {
      ...(formatAt >= 0 && format && { format: unquote(text, format) }),
      ...(outfileAt >= 0 && outfile && { intoOutfile: unquote(text, outfile) }),
      range: { start, end },
    },
    bodyLength,
    ...(settingsAt !== undefined && { settingsAt }),
  };
}

function isOutfile(text: string, tokens: readonly Token[], index: number): boolean {
  return (
    isKeyword(text, tokens[index], 'INTO') &&
    isKeyword(text, tokens[index + 1], 'OUTFILE') &&
    tokens[index + 2]?.kind === 'StringLiteral'
  );
}

/** A FORMAT clause closes the statement, but for SETTINGS. */
function isFormat(text: string, tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token === undefined || !isFormatClause(text, tokens[index - 1], token)) return false;
  const name = tokens[index + 1];
  if (name?.kind !== 'BareWord' && name?.kind !== 'QuotedIdentifier') return false;
  const next = tokens[index + 2];
  return next === undefined || isKeyword(text, next, 'SETTINGS');
}

/** Index of the last token of `INTO OUTFILE 'f' [APPEND] [TRUNCATE] [AND STDOUT] [COMPRESSION 'c' [LEVEL n]]`. */
function outfileEnd(text: string, tokens: readonly Token[], outfileAt: number): number {
  let index = outfileAt + 2;
  while (tokens[index + 1] !== undefined && !isKeyword(text, tokens[index + 1], 'SETTINGS'))
    index++;
  return index;
}
