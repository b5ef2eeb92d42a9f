import { isClickHouseError } from '../../core/client/errors.ts';
import type { Client } from '../../core/client/surface.ts';
import { quoteLiteral } from '../../core/sql/quote.ts';

export interface DatabaseInfo {
  readonly name: string;
  readonly engine: string;
}

export interface TableInfo {
  readonly database: string;
  readonly name: string;
  readonly engine: string;
  /** Undefined where the table's engine does not know it without reading. */
  readonly rows: number | undefined;
  /** On the server's disk. */
  readonly bytes: number | undefined;
  readonly comment: string;
}

export interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  /** Empty, `DEFAULT`, `MATERIALIZED`, `ALIAS` or `EPHEMERAL`. */
  readonly defaultKind: string;
  readonly defaultExpression: string;
  readonly comment: string;
  readonly inPrimaryKey: boolean;
  readonly inSortingKey: boolean;
  readonly inPartitionKey: boolean;
}

/** Metadata comes at once or something is wrong. */
const IDLE_TIMEOUT_MS = 30_000;
const MISSING_COLUMN = [16, 47];
const SYSTEM_DATABASES = ['system', 'information_schema', 'INFORMATION_SCHEMA'];

/**
 * All columns are asked for as text: servers differ in how they write numbers in JSON, and a read-only user
 * may not send the setting that fixes it. JSONCompact is the one JSON table format of all versions.
 */
async function ask(client: Client, sql: string): Promise<string[][]> {
  const result = await client.rawQuery(sql, {
    format: 'JSONCompact',
    idleTimeoutMs: IDLE_TIMEOUT_MS,
  });
  const { data } = JSON.parse(result.text()) as { data: (string | null)[][] };
  return data.map((row) => row.map((value) => value ?? ''));
}

/** Old servers lack some columns of the system tables. */
async function askEither(client: Client, sql: string, older: string): Promise<string[][]> {
  try {
    return await ask(client, sql);
  } catch (error) {
    if (isClickHouseError(error) && MISSING_COLUMN.includes(error.code)) return ask(client, older);
    throw error;
  }
}

function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

/** The user's databases by name, the server's own ones last. */
export async function listDatabases(client: Client): Promise<DatabaseInfo[]> {
  const rows = await ask(client, 'SELECT name, engine FROM system.databases ORDER BY name');
  const databases = rows.map(([name = '', engine = '']) => ({ name, engine }));
  const isSystem = ({ name }: DatabaseInfo): boolean => SYSTEM_DATABASES.includes(name);
  return [...databases.filter((one) => !isSystem(one)), ...databases.filter(isSystem)];
}

function toTable(database: string, row: readonly string[]): TableInfo {
  const [name = '', engine = '', total, bytes, comment = ''] = row;
  return {
    database,
    name,
    engine,
    rows: optionalNumber(total),
    bytes: optionalNumber(bytes),
    comment,
  };
}

/** Tables and views of a database by name, inner tables of views last. Temporary tables belong to sessions and are not listed. */
export async function listTables(client: Client, database: string): Promise<TableInfo[]> {
  const where = `FROM system.tables WHERE database = ${quoteLiteral(database)}`;
  const rows = await askEither(
    client,
    `SELECT name, engine, toString(total_rows), toString(total_bytes), comment ${where} AND NOT is_temporary ORDER BY startsWith(name, '.inner'), name`,
    `SELECT name, engine ${where} ORDER BY name`,
  );
  return rows.map((row) => toTable(database, row));
}

/** Columns in the table's order. */
export async function listColumns(
  client: Client,
  database: string,
  table: string,
): Promise<ColumnInfo[]> {
  const where = `FROM system.columns WHERE database = ${quoteLiteral(database)} AND table = ${quoteLiteral(table)}`;
  const basic = 'name, type, default_kind, default_expression';
  const rows = await askEither(
    client,
    `SELECT ${basic}, comment, toString(is_in_primary_key), toString(is_in_sorting_key), toString(is_in_partition_key) ${where} ORDER BY position`,
    `SELECT ${basic} ${where}`,
  );
  return rows.map(
    ([
      name = '',
      type = '',
      kind = '',
      expression = '',
      comment = '',
      primary,
      sorting,
      partition,
    ]) => ({
      name,
      type,
      defaultKind: kind,
      defaultExpression: expression,
      comment,
      inPrimaryKey: primary === '1',
      inSortingKey: sorting === '1',
      inPartitionKey: partition === '1',
    }),
  );
}

/** Tables and views of all databases but the server's own and inner tables; those of the current database first. */
export async function listAllTables(client: Client): Promise<TableInfo[]> {
  const system = SYSTEM_DATABASES.map(quoteLiteral).join(', ');
  const where = `FROM system.tables WHERE database NOT IN (${system}) AND NOT startsWith(name, '.inner')`;
  const order = 'ORDER BY database != currentDatabase(), database, name';
  const rows = await askEither(
    client,
    `SELECT database, name, engine, toString(total_rows), toString(total_bytes) ${where} AND NOT is_temporary ${order}`,
    `SELECT database, name, engine ${where} ${order}`,
  );
  return rows.map(([database = '', ...table]) => toTable(database, table));
}
