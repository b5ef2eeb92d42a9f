import type { Client, TableName } from '../../core/client/surface.ts';
import { quoteLiteral } from '../../core/sql/quote.ts';
import { tableParts } from '../../core/sql/tableParts.ts';

/**
 * True when an insert into this table also writes to materialized views: the server's count of written
 * rows is then the sum of all (ClickHouse/ClickHouse#43327). Undefined when it cannot be known.
 */
export async function hasMaterializedViews(
  client: Client,
  table: TableName,
): Promise<boolean | undefined> {
  const parts = typeof table === 'string' ? tableParts(table) : table;
  if (!parts) return undefined;
  const database =
    parts.database === undefined ? 'currentDatabase()' : quoteLiteral(parts.database);
  const sql = `SELECT toString(notEmpty(dependencies_table)) FROM system.tables WHERE database = ${database} AND name = ${quoteLiteral(parts.table)}`;
  try {
    const answer = await client.rawQuery(sql, { format: 'TabSeparated', idleTimeoutMs: 10_000 });
    const text = answer.text().trim();
    return text === '' ? undefined : text === '1';
  } catch {
    return undefined;
  }
}
