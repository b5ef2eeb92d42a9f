import { readStatement } from './statementTokens.ts';
import { isKeyword } from './token.ts';

/** True for a statement that says WITH TOTALS, maybe in a subquery, whose totals the server may pass on. */
export function hasTotals(sql: string): boolean {
  const { tokens } = readStatement(sql);
  return tokens.some(
    (token, index) => isKeyword(sql, token, 'WITH') && isKeyword(sql, tokens[index + 1], 'TOTALS'),
  );
}
