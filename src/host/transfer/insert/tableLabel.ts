import type { TableName } from '../../../core/client/surface.ts';

/** A table as people write it. */
export function tableLabel(table: TableName): string {
  if (typeof table === 'string') return table;
  return table.database === undefined ? table.table : `${table.database}.${table.table}`;
}
