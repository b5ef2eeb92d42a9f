import type { ServerInfo } from '../../core/client/surface.ts';
import { missingRights } from './missingRights.ts';
import { currentNetwork } from './network.ts';
import type { ConnectionProfile } from './profile.ts';
import { type KnownSecrets, openServer, wantsPassphrase } from './serverClient.ts';
import { lockedKey } from './signInToServer.ts';

export interface TestedServer {
  /** Undefined when the server does not let this user ask. */
  readonly info: ServerInfo | undefined;
  /** Of a small query on a connection that is open already. */
  readonly ms: number;
  /** What will not work for this user, in words. */
  readonly missing: readonly string[];
}

/**
 * Signs in once with a profile that is not saved yet.
 * @throws the errors of `openServer`, and those of a small statement: a database, role or setting that is not there.
 */
export async function testServer(
  profile: ConnectionProfile,
  secrets: KnownSecrets,
  signal?: AbortSignal,
): Promise<TestedServer> {
  const network = currentNetwork();
  if (await wantsPassphrase(profile, secrets.passphrase, network)) throw lockedKey(profile);
  const { client, info } = await openServer(profile, secrets, network, signal);
  try {
    const ping = await client.ping(signal ? { signal } : {});
    if (!ping.ok) throw ping.error;
    return { info, ms: ping.ms, missing: await missingRights(client, signal) };
  } finally {
    void client.close();
  }
}

/** One line about a server that answered. */
export function describeServer({ info, ms, missing }: TestedServer): string {
  const speed = `answered in ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  const misses = missing.length === 0 ? '' : `. Will be missed: ${missing.join('; ')}`;
  if (!info) return `${speed}${misses}`;
  const rights = info.readonly === 0 ? '' : ', read only';
  return `ClickHouse ${info.version}, user ${info.user}, database ${info.database}${rights}, ${speed}${misses}`;
}
