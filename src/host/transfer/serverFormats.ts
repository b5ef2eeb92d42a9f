import type { Client } from '../../core/client/surface.ts';
import { quoteLiteral } from '../../core/sql/quote.ts';
import { type ServerSettings, optionSettingNames } from '../../core/transfer/formatOptions.ts';
import { FORMATS } from '../../core/transfer/formats.ts';

const knownFormats = new WeakMap<Client, Promise<string[]>>();
const knownSettings = new WeakMap<Client, Promise<ServerSettings>>();

async function lines(client: Client, sql: string, format: string): Promise<string[]> {
  const result = await client.rawQuery(sql, { format, idleTimeoutMs: 10_000 });
  return result.text().split('\n').filter(Boolean);
}

/** Output formats of a server, asked once; undefined when this user may not ask. */
export async function outputFormats(client: Client): Promise<readonly string[] | undefined> {
  let formats = knownFormats.get(client);
  if (!formats) {
    const sql = 'SELECT name FROM system.formats WHERE is_output ORDER BY name';
    formats = lines(client, sql, 'TabSeparated');
    knownFormats.set(client, formats);
  }
  try {
    return await formats;
  } catch {
    knownFormats.delete(client);
    return undefined;
  }
}

async function askSettings(client: Client): Promise<ServerSettings> {
  const names = new Set(FORMATS.flatMap(({ name }) => optionSettingNames(name)));
  const list = [...names].map(quoteLiteral).join(', ');
  const sql = `SELECT name, value FROM system.settings WHERE name IN (${list})`;
  const rows = await lines(client, sql, 'JSONCompactStringsEachRow');
  return new Map(rows.map((row) => JSON.parse(row) as [string, string]));
}

/** The settings behind the options of all formats, with their values there; undefined when it could not be asked. */
export async function serverSettings(client: Client): Promise<ServerSettings | undefined> {
  const settings = knownSettings.get(client) ?? askSettings(client);
  knownSettings.set(client, settings);
  try {
    return await settings;
  } catch {
    knownSettings.delete(client);
    return undefined;
  }
}
