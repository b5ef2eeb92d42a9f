import { statementLine } from '../../core/sql/hideSecrets.ts';

const TITLE_LENGTH = 200;

/** A statement as the title of its result: one line, without its secrets. */
export function titleOf(sql: string): string {
  return statementLine(sql, TITLE_LENGTH);
}
