import { classifyTokens, temporaryTable } from './kind.ts';
import { settingChanges, type SettingChange } from './setStatement.ts';
import { readStatement } from './statementTokens.ts';
import { isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

/** What a statement leaves in the session that it runs in, if it succeeds. */
export type SessionEffect =
  /** SET ROLE has no changes. */
  | { readonly kind: 'set'; readonly changes: readonly SettingChange[] }
  | { readonly kind: 'use'; readonly database: string }
  | {
      readonly kind: 'create';
      readonly table: string;
      /** True: nothing happens when the table is there. */
      readonly ifNotExists: boolean;
      /** True: the table is filled from a SELECT. */
      readonly reads: boolean;
    }
  | { readonly kind: 'drop'; readonly tables: readonly string[] }
  /** Changes the rows or columns of a table that may be a temporary one. */
  | { readonly kind: 'write'; readonly table: string; readonly reads: boolean }
  | { readonly kind: 'transaction'; readonly isOpen: boolean };

/** Undefined: the statement leaves nothing. Names of databases and tables come unquoted. */
export function sessionEffect(sql: string): SessionEffect | undefined {
  const statement = readStatement(sql);
  const { tokens } = statement;
  const is = (at: number, word: string): boolean => isKeyword(sql, tokens[at], word);
  const reads = tokens.some((token) => isKeyword(sql, token, 'SELECT'));
  switch (classifyTokens(sql, statement)) {
    case 'set':
      return { kind: 'set', changes: settingChanges(sql) };
    case 'use': {
      const name = tokens[is(1, 'DATABASE') && tokens.length > 2 ? 2 : 1];
      return name && { kind: 'use', database: unquote(sql, name) };
    }
    case 'transaction':
      if (is(0, 'SET')) return undefined;
      return { kind: 'transaction', isOpen: is(0, 'BEGIN') || is(0, 'START') };
    case 'insert': {
      const into = tokens.findIndex((token) => isKeyword(sql, token, 'INTO'));
      const at = is(into + 1, 'TABLE') ? into + 2 : into + 1;
      if (is(at, 'FUNCTION') && tokens[at + 1]?.kind === 'BareWord') return undefined;
      return write(sql, tokens, at, reads);
    }
    case 'ddl': {
      const table = temporaryTable(sql);
      if (table !== undefined) {
        const isEmpty = tokens.some(
          (token, at) => isKeyword(sql, token, 'EMPTY') && is(at + 1, 'AS'),
        );
        const isView = tokens.slice(0, 5).some((token) => isKeyword(sql, token, 'VIEW'));
        const ifNotExists = tokens.some(
          (token, at) => isKeyword(sql, token, 'IF') && is(at + 1, 'NOT') && is(at + 2, 'EXISTS'),
        );
        return { kind: 'create', table, ifNotExists, reads: reads && !isEmpty && !isView };
      }
      return changeOfTable(sql, tokens, reads);
    }
    default:
      return undefined;
  }
}

function changeOfTable(
  sql: string,
  tokens: readonly Token[],
  reads: boolean,
): SessionEffect | undefined {
  const is = (at: number, word: string): boolean => isKeyword(sql, tokens[at], word);
  let at = 1;
  if (is(0, 'DROP')) {
    if (is(at, 'TEMPORARY')) at++;
    if (!is(at, 'TABLE') && !is(at, 'VIEW')) return undefined;
    return { kind: 'drop', tables: namesFrom(sql, tokens, is(at + 1, 'IF') ? at + 3 : at + 1) };
  }
  if (is(0, 'UPDATE')) return write(sql, tokens, 1, reads);
  if (is(0, 'DELETE') && is(1, 'FROM')) return write(sql, tokens, 2, reads);
  if (!is(0, 'ALTER') && !is(0, 'TRUNCATE')) return undefined;
  if (is(at, 'TEMPORARY')) at++;
  if (is(at, 'TABLE')) at++;
  if (is(at, 'IF')) at += 2;
  return write(sql, tokens, at, reads);
}

/** A temporary table has no database: `db.t` is never one. */
function write(
  sql: string,
  tokens: readonly Token[],
  at: number,
  reads: boolean,
): SessionEffect | undefined {
  const [table] = namesFrom(sql, tokens, at);
  return table === undefined ? undefined : { kind: 'write', table, reads };
}

/** The names of a list that have no database before them. */
function namesFrom(sql: string, tokens: readonly Token[], from: number): string[] {
  const names: string[] = [];
  for (let at = from; ; at += 2) {
    const token = tokens[at];
    if (token?.kind !== 'BareWord' && token?.kind !== 'QuotedIdentifier') return names;
    if (tokens[at + 1]?.kind === 'Dot') at += 2;
    else names.push(unquote(sql, token));
    if (tokens[at + 1]?.kind !== 'Comma') return names;
  }
}
