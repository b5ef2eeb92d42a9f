import type { Client } from '../../core/client/surface.ts';

const known = new WeakMap<Client, Promise<string[]>>();

async function ask(client: Client): Promise<string[]> {
  const sql = 'SELECT name FROM system.formats WHERE is_output ORDER BY name';
  const result = await client.rawQuery(sql, { format: 'TabSeparated', idleTimeoutMs: 10_000 });
  return result.text().split('\n').filter(Boolean);
}

/** Output formats of a server, asked once; undefined when this user may not ask. */
export async function outputFormats(client: Client): Promise<readonly string[] | undefined> {
  let formats = known.get(client);
  if (!formats) {
    formats = ask(client);
    known.set(client, formats);
  }
  try {
    return await formats;
  } catch {
    known.delete(client);
    return undefined;
  }
}
