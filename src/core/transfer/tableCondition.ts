import type { TableName } from '../client/surface.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { tableParts } from '../sql/tableParts.ts';

/** The SQL of a table's database; that of the session where the name has none. */
export function databaseLiteral(database: string | undefined): string {
  return database === undefined ? 'currentDatabase()' : quoteLiteral(database);
}

/**
 * A condition for a system table that finds the rows of this table; undefined for a text that is no table name.
 * @param column that holds the table's name
 */
export function tableCondition(table: TableName, column: 'name' | 'table'): string | undefined {
  const parts = typeof table === 'string' ? tableParts(table) : table;
  if (!parts) return undefined;
  return `database = ${databaseLiteral(parts.database)} AND ${column} = ${quoteLiteral(parts.table)}`;
}
