import { createClient } from '../../core/client/client.ts';
import { IdleTimeoutError, isClickHouseError, isAuthError } from '../../core/client/errors.ts';
import type { Client, ServerInfo } from '../../core/client/surface.ts';
import { type ConnectionProfile, DEFAULT_USER } from './profile.ts';

/** Longer than name lookup, TCP and TLS may take, so that their own errors come first. */
const ANSWER_WITHIN_MS = 20_000;

/** Tried four times before it is an error: a person waits 18 s for that, and can cancel before. */
const CONNECT_WITHIN_MS = 4_000;

/** A new client for a profile; no request is sent yet. */
export function serverClient(profile: ConnectionProfile, password: string | undefined): Client {
  return createClient({
    url: profile.url,
    username: profile.user ?? DEFAULT_USER,
    password: password ?? '',
    connectTimeoutMs: CONNECT_WITHIN_MS,
    ...(profile.database === undefined ? {} : { database: profile.database }),
  });
}

/**
 * Asks the server who we are. Resolves with undefined when it answers but does not let this user ask.
 * @throws AuthError, ConnectError, WrongPortError, ProtocolError, or IdleTimeoutError after 20 s of silence.
 */
export async function verify(
  client: Client,
  signal?: AbortSignal,
): Promise<ServerInfo | undefined> {
  const deadline = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    return await client.serverInfo({
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
  } catch (error) {
    if (deadline.aborted && signal?.aborted !== true) {
      throw new IdleTimeoutError(
        `${client.url} took the connection but did not answer within ${ANSWER_WITHIN_MS / 1000} s.`,
        {
          hint: 'Check that this is the HTTP port of ClickHouse, and any proxy between.',
          cause: error,
        },
      );
    }
    if (isClickHouseError(error) && !isAuthError(error)) return undefined;
    throw error;
  }
}
