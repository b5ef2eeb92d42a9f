import type { StatementKind } from './statementKind.ts';
import { readStatement, type StatementTokens } from './statementTokens.ts';
import { isKeyword } from './token.ts';
import { unquote } from './unquote.ts';

const KIND_BY_FIRST_WORD: Readonly<Record<string, StatementKind>> = {
  SELECT: 'select',
  FROM: 'select',
  INSERT: 'insert',
  SHOW: 'show',
  DESCRIBE: 'show',
  DESC: 'show',
  EXISTS: 'show',
  EXPLAIN: 'show',
  CHECK: 'show',
  SET: 'set',
  USE: 'use',
  CREATE: 'ddl',
  ALTER: 'ddl',
  DROP: 'ddl',
  RENAME: 'ddl',
  ATTACH: 'ddl',
  DETACH: 'ddl',
  TRUNCATE: 'ddl',
  OPTIMIZE: 'ddl',
  EXCHANGE: 'ddl',
  UNDROP: 'ddl',
  REPLACE: 'ddl',
  GRANT: 'ddl',
  REVOKE: 'ddl',
  MOVE: 'ddl',
  DELETE: 'ddl',
  UPDATE: 'ddl',
  SYSTEM: 'system',
  KILL: 'kill',
  BEGIN: 'transaction',
  START: 'transaction',
  COMMIT: 'transaction',
  ROLLBACK: 'transaction',
};

/** The kind of the first statement in `statementText`. */
export function classify(statementText: string): StatementKind {
  return classifyTokens(statementText, readStatement(statementText));
}

/** As `classify`, for a statement that has been read already. */
export function classifyTokens(text: string, statement: StatementTokens): StatementKind {
  const { tokens } = statement;
  const at = tokens.findIndex((token) => token.kind !== 'OpeningRoundBracket');
  const first = tokens[at];
  if (first?.kind !== 'BareWord') return 'other';
  const word = text.slice(first.start, first.end).toUpperCase();
  if (word === 'WITH') return statement.insert === undefined ? 'select' : 'insert';
  if (word === 'EXECUTE') return statement.insert === undefined ? 'other' : 'insert';
  const second = tokens[at + 1];
  if (word === 'SET' && isKeyword(text, second, 'TRANSACTION')) return 'transaction';
  if (word === 'SET' && isKeyword(text, second, 'DEFAULT')) return 'ddl';
  return Object.hasOwn(KIND_BY_FIRST_WORD, word) ? (KIND_BY_FIRST_WORD[word] ?? 'other') : 'other';
}

/** The name of the table or view that CREATE TEMPORARY … makes, unquoted, else undefined. */
export function temporaryTable(statementText: string): string | undefined {
  const { tokens } = readStatement(statementText);
  const is = (index: number, word: string): boolean =>
    isKeyword(statementText, tokens[index], word);
  if (!is(0, 'CREATE') && !is(0, 'REPLACE') && !is(0, 'ATTACH')) return undefined;
  let at = is(1, 'OR') && is(2, 'REPLACE') ? 3 : 1;
  if (!is(at, 'TEMPORARY') || !(is(at + 1, 'TABLE') || is(at + 1, 'VIEW'))) return undefined;
  at += 2;
  if (is(at, 'IF') && is(at + 1, 'NOT') && is(at + 2, 'EXISTS')) at += 3;
  const name = tokens[at];
  if (name?.kind !== 'BareWord' && name?.kind !== 'QuotedIdentifier') return undefined;
  return unquote(statementText, name);
}
