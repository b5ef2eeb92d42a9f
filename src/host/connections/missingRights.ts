import { randomUUID } from 'node:crypto';
import { isCancelledError, isClickHouseError } from '../../core/client/errors.ts';
import type { Client } from '../../core/client/surface.ts';

interface Probe {
  readonly sql: string;
  /** What does not work without it, and the grant that gives it. */
  readonly misses: string;
}

/** Each reads nothing and changes nothing; the server checks the rights all the same. */
const PROBES: readonly Probe[] = [
  {
    sql: 'SELECT query_id, read_rows FROM system.processes LIMIT 0',
    misses: 'progress and running queries (SELECT on system.processes)',
  },
  {
    sql: 'KILL QUERY WHERE query_id = {id:String} AND user = currentUser() ASYNC',
    misses: 'cancel on the server (KILL QUERY)',
  },
  {
    sql: 'SELECT database, name FROM system.tables LIMIT 0',
    misses: 'the list of tables (SELECT on system.tables)',
  },
  {
    sql: 'SELECT database, name FROM system.columns LIMIT 0',
    misses: 'columns in the tree and completion (SELECT on system.columns)',
  },
];

async function isMissing(client: Client, sql: string, signal?: AbortSignal): Promise<boolean> {
  try {
    const params = sql.includes('{id:String}') ? { id: randomUUID() } : {};
    await client.rawQuery(sql, { params, ...(signal && { signal }) });
    return false;
  } catch (error) {
    if (isCancelledError(error) || !isClickHouseError(error)) throw error;
    return true;
  }
}

/** What of the extension will not work for this user, with the grant that it needs. */
export async function missingRights(client: Client, signal?: AbortSignal): Promise<string[]> {
  const found = await Promise.all(
    PROBES.map(async ({ sql, misses }) => ((await isMissing(client, sql, signal)) ? [misses] : [])),
  );
  return found.flat();
}
