import { readStatement } from './statementTokens.ts';
import { unquote } from './unquote.ts';

export interface TableParts {
  readonly database?: string;
  readonly table: string;
}

/** The names in `table` or `database.table`, quoted or not; undefined for any other text. */
export function tableParts(text: string): TableParts | undefined {
  const { tokens, last } = readStatement(text);
  const isName = (index: number): boolean =>
    tokens[index]?.kind === 'BareWord' || tokens[index]?.kind === 'QuotedIdentifier';
  const [first, dot, second] = tokens;
  if (!last || first === undefined || !isName(0)) return undefined;
  if (tokens.length === 1) return { table: unquote(text, first) };
  if (tokens.length !== 3 || dot?.kind !== 'Dot' || second === undefined || !isName(2)) {
    return undefined;
  }
  return { database: unquote(text, first), table: unquote(text, second) };
}
