const TITLE_LENGTH = 200;

/** A statement as the title of its result: one line. */
export function titleOf(sql: string): string {
  return sql.slice(0, TITLE_LENGTH).replace(/\s+/g, ' ').trim();
}
