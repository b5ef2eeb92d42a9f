import { readStatement, type StatementTokens } from './statementTokens.ts';
import { isKeyword } from './token.ts';
import { unquote } from './unquote.ts';

/**
 * What a statement does, as far as running it depends on that.
 * - `select`: SELECT in all its forms; its columns can be described without running it
 * - `show`: SHOW, DESCRIBE, EXISTS, EXPLAIN, CHECK: returns rows, cannot be described
 * - `ddl`: changes definitions, rights or stored data without returning a result
 * - `other`: everything else, also BACKUP, EXECUTE AS and expressions run by `implicit_select`
 */
export type StatementKind =
  | 'select'
  | 'insert'
  | 'show'
  | 'set'
  | 'use'
  | 'ddl'
  | 'system'
  | 'kill'
  | 'transaction'
  | 'other';

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

/**
 * True if the server may answer with rows. Some of `ddl` and `system` do so at times (ON CLUSTER,
 * for example), so a body that came nevertheless has to be looked at.
 */
export function returnsRows(kind: StatementKind): boolean {
  return kind === 'select' || kind === 'show' || kind === 'kill' || kind === 'other';
}

/** True if the statement changes nothing on the server, so that it may be run again. */
export function isRead(kind: StatementKind): boolean {
  return kind === 'select' || kind === 'show';
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
