import { readStatement } from './statementTokens.ts';
import type { Token } from './token.ts';
import { unquote } from './unquote.ts';

/**
 * Those of the tables that a statement names, in its order. Names of columns and aliases count too, so this is
 * good for suggestions only.
 */
export function tablesNamed<T extends { readonly database: string; readonly name: string }>(
  statement: string,
  tables: readonly T[],
): T[] {
  const { tokens } = readStatement(statement);
  const databases = new Set(tables.map(({ database }) => database));
  const found = tokens.flatMap((token, index) => {
    if (!isName(token)) return [];
    const name = unquote(statement, token);
    const before = tokens[index - 2];
    const hasDot = tokens[index - 1]?.kind === 'Dot' && before !== undefined && isName(before);
    const owner = hasDot ? unquote(statement, before) : undefined;
    const database = owner !== undefined && databases.has(owner) ? owner : undefined;
    return tables.filter(
      (table) => table.name === name && (database ?? table.database) === table.database,
    );
  });
  return [...new Set(found)];
}

const isName = ({ kind }: Token): boolean => kind === 'BareWord' || kind === 'QuotedIdentifier';
