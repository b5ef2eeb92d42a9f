import { isClickHouseError } from '../../client/errors.ts';
import type { TableName } from '../../client/surface.ts';
import { tableSql } from '../../client/tableName.ts';
import type { TableColumn } from '../insertPlan.ts';
import type { AskRows } from './asker.ts';

const ACCESS_DENIED = 497;

/** Undefined: the user may not see them. @throws the server's error when the table does not exist */
export async function describeTable(
  ask: AskRows,
  table: TableName,
): Promise<TableColumn[] | undefined> {
  try {
    const rows = await ask(`DESCRIBE TABLE ${tableSql(table)}`);
    return rows.map(([name = '', type = '', defaultKind = '']) => ({
      name,
      type,
      computed: defaultKind === 'MATERIALIZED' || defaultKind === 'ALIAS',
      optional: defaultKind !== '' || type.startsWith('Nullable('),
    }));
  } catch (error) {
    // A user may have the right to insert but not to look.
    if (isClickHouseError(error) && error.code === ACCESS_DENIED) return undefined;
    throw error;
  }
}
