import { readStatement } from './statementTokens.ts';
import { type TableParts, tableParts } from './tableParts.ts';
import { isKeyword } from './token.ts';

/** The table that a CREATE TABLE makes; undefined for any other statement, and for tables of a session only. */
export function createdTable(statement: string): TableParts | undefined {
  const { tokens } = readStatement(statement);
  let at = 0;
  const accept = (...words: string[]): boolean => {
    const fits = words.every((word, index) => isKeyword(statement, tokens[at + index], word));
    if (fits) at += words.length;
    return fits;
  };
  if (!accept('CREATE')) return undefined;
  accept('OR', 'REPLACE');
  if (!accept('TABLE')) return undefined;
  accept('IF', 'NOT', 'EXISTS');
  const hasDatabase = tokens[at + 1]?.kind === 'Dot';
  const [first, last] = [tokens[at], tokens[hasDatabase ? at + 2 : at]];
  return first && last && tableParts(statement.slice(first.start, last.end));
}
