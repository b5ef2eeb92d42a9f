import type { Ask } from './cancel.ts';
import { ProtocolError } from './errors.ts';
import type { ServerInfo } from './surface.ts';

const TIMEOUT_MS = 30_000;
const QUERY = `SELECT version(), timezone(), currentUser(), currentDatabase(), toString(getSetting('readonly'))
FORMAT TabSeparatedRaw`;

/** Asks who the server is and what the user may. @throws RowhouseError */
export async function askServerInfo(
  ask: Ask,
  signal: AbortSignal | undefined,
): Promise<ServerInfo> {
  const text = await ask(QUERY, {}, { signal, timeoutMs: TIMEOUT_MS });
  const [version = '', timezone = '', user = '', database = '', readonly = '0'] = text
    .trimEnd()
    .split('\t');
  if (!/^\d+\.\d+/.test(version)) {
    throw new ProtocolError('What answers did not say which ClickHouse it is.', undefined, {
      hint: 'Check host, port and path of the URL, and proxies in between.',
    });
  }
  return { version, timezone, user, database, readonly: Number(readonly) };
}
