import type { Client, TableName } from '../../core/client/surface.ts';
import { tableCondition } from '../../core/transfer/tableCondition.ts';

/**
 * True when an insert into this table also writes to materialized views: the server's count of written
 * rows is then the sum of all (ClickHouse/ClickHouse#43327). Undefined when it cannot be known.
 */
export async function hasMaterializedViews(
  client: Client,
  table: TableName,
): Promise<boolean | undefined> {
  const where = tableCondition(table, 'name');
  if (where === undefined) return undefined;
  const sql = `SELECT toString(notEmpty(dependencies_table)) FROM system.tables WHERE ${where}`;
  try {
    const answer = await client.rawQuery(sql, { format: 'TabSeparated', idleTimeoutMs: 10_000 });
    const text = answer.text().trim();
    return text === '' ? undefined : text === '1';
  } catch {
    return undefined;
  }
}
