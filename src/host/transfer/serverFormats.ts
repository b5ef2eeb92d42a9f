import type { Client } from '../../core/client/surface.ts';
import { quoteLiteral } from '../../core/sql/quote.ts';
import { type ServerSettings, optionSettingNames } from '../../core/transfer/formatOptions.ts';
import { FORMATS } from '../../core/transfer/formats.ts';

const knownFormats = new WeakMap<Client, Promise<string[]>>();
const knownSettings = new WeakMap<Client, Promise<ServerSettings>>();

/** All in one row: a profile with a `limit` would leave rows out. */
async function list<T>(client: Client, select: string, from: string): Promise<T[]> {
  const result = await client.rawQuery(`SELECT groupArray(${select}) FROM ${from}`, {
    format: 'JSONCompactEachRow',
    idleTimeoutMs: 10_000,
  });
  const [all] = JSON.parse(result.text()) as [T[]];
  return all;
}

/** Output formats of a server, asked once; undefined when this user may not ask. */
export async function outputFormats(client: Client): Promise<readonly string[] | undefined> {
  let formats = knownFormats.get(client);
  if (!formats) {
    formats = list(client, 'name', 'system.formats WHERE is_output');
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
  const known = [...names].map(quoteLiteral).join(', ');
  const from = `system.settings WHERE name IN (${known})`;
  return new Map(await list<[string, string]>(client, '[name, value]', from));
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
