const SHOWN = 80;

/** A statement in one short line. */
export function shortSql(sql: string): string {
  const line = sql
    .slice(0, SHOWN * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
