import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';

/** Writes what a plain HTTP request gets for a query to `target`, by curl where there is one. Returns by what. */
export async function plainDownload(
  { url, username, password, headers }: EngineEndpoint,
  { sql, format, target }: { sql: string; format: string; target: string },
): Promise<string> {
  const login = Buffer.from(`${username}:${password}`).toString('base64');
  const sent = { ...headers, Authorization: `Basic ${login}` };
  const place = `${url}/?default_format=${format}`;
  const lines = Object.entries(sent).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  try {
    const args = ['-sSf', '--noproxy', '*', '-o', target, ...lines, '--data-binary', sql, place];
    await promisify(execFile)('curl', args);
    return 'curl';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const reply = await fetch(place, { method: 'POST', headers: sent, body: sql });
  if (!reply.ok) throw new Error(await reply.text());
  await writeFile(target, Buffer.from(await reply.arrayBuffer()));
  return 'plain HTTP';
}
