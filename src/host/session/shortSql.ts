import { statementLine } from '../../core/sql/hideSecrets.ts';

const SHOWN = 80;

/** A statement in one short line, without its secrets. */
export function shortSql(sql: string): string {
  return statementLine(sql, SHOWN);
}
