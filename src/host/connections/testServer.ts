import type { ServerInfo } from '../../core/client/surface.ts';
import type { ConnectionProfile } from './profile.ts';
import { serverClient, verify } from './serverClient.ts';

export interface TestedServer {
  /** Undefined when the server does not let this user ask. */
  readonly info: ServerInfo | undefined;
  /** Of a small query on a connection that is open already. */
  readonly ms: number;
}

/** Signs in once with a profile that is not saved yet. @throws the errors of `verify`. */
export async function testServer(
  profile: ConnectionProfile,
  password: string | undefined,
  signal?: AbortSignal,
): Promise<TestedServer> {
  const client = serverClient(profile, password);
  try {
    const info = await verify(client, signal);
    const ping = await client.ping(signal ? { signal } : {});
    return { info, ms: ping.ms };
  } finally {
    void client.close();
  }
}

/** One line about a server that answered. */
export function describeServer({ info, ms }: TestedServer): string {
  const speed = `answered in ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (!info) return speed;
  const rights = info.readonly === 0 ? '' : ', read only';
  return `ClickHouse ${info.version}, user ${info.user}, database ${info.database}${rights}, ${speed}`;
}
