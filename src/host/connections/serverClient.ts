import {
  IdleTimeoutError,
  UsageError,
  isClickHouseError,
  isAuthError,
} from '../../core/client/errors.ts';
import type { HostOptions } from '../../core/client/connectionSurface.ts';
import type { Client, ClientOptions, ServerInfo } from '../../core/client/surface.ts';
import type { Network } from './network.ts';
import { type ConnectionProfile, DEFAULT_USER } from './profile.ts';
import { proxyFor } from './proxy.ts';
import { needsPassphrase, readTlsFiles } from './tlsFiles.ts';
import type { Tunnels } from './tunnels.ts';

/** Longer than name lookup, TCP and TLS may take, so that their own errors come first. */
const ANSWER_WITHIN_MS = 20_000;

/**
 * Tried four times before it is an error: a person waits 18 s for that, and can cancel before. With several hosts the
 * client waits less.
 */
const CONNECT_WITHIN_MS = 4_000;

/** The secrets that a profile uses, as far as they are known. */
export interface KnownSecrets {
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly passphrase?: string | undefined;
}

export interface SignedIn {
  readonly client: Client;
  /** Undefined when the server does not let this user ask. */
  readonly info: ServerInfo | undefined;
}

function credentials(profile: ConnectionProfile, secrets: KnownSecrets): Partial<ClientOptions> {
  switch (profile.signIn) {
    case 'token':
      return { accessToken: secrets.token ?? '' };
    case 'certificate':
      return { username: profile.user ?? DEFAULT_USER };
    case 'none':
      return profile.user === undefined ? {} : { username: profile.user, password: '' };
    default:
      return { username: profile.user ?? DEFAULT_USER, password: secrets.password ?? '' };
  }
}

/** True when the profile's client key wants another passphrase than this one. @throws UsageError */
export async function wantsPassphrase(
  { tls }: ConnectionProfile,
  passphrase: string | undefined,
  network: Network,
): Promise<boolean> {
  if (tls?.key === undefined) return false;
  const { key } = await readTlsFiles({ key: tls.key }, network.folder);
  return needsPassphrase(key, passphrase);
}

/** What a client uses of the window. */
export interface ServerAccess extends Network {
  readonly tunnels: Tunnels;
  /** Told the URL of the host that new statements go to. */
  readonly onHostChange?: (url: string) => void;
}

/** How one of the profile's hosts is reached. */
async function hostOptions(
  url: string,
  profile: ConnectionProfile,
  access: ServerAccess,
): Promise<HostOptions> {
  const tunnel = await access.tunnels.to(url, profile);
  if (tunnel) return { url, tunnel };
  const proxy = proxyOf({ url, proxy: profile.proxy }, access.proxies);
  return proxy ? { url, proxy } : { url };
}

async function clientOptions(
  profile: ConnectionProfile,
  secrets: KnownSecrets,
  access: ServerAccess,
): Promise<ClientOptions> {
  const { url, hosts, database, headers, settings, roles, tls, cluster } = profile;
  const files = tls && (await readTlsFiles(tls, access.folder));
  const { onHostChange } = access;
  return {
    ...(await hostOptions(url, profile, access)),
    ...(hosts
      ? { hosts: await Promise.all(hosts.map((host) => hostOptions(host, profile, access))) }
      : { connectTimeoutMs: CONNECT_WITHIN_MS }),
    ...(onHostChange && { onHostChange }),
    ...credentials(profile, secrets),
    ...(database !== undefined && { database }),
    ...(headers && { headers }),
    ...(settings && { settings }),
    ...(roles && { role: roles }),
    ...(cluster !== undefined && { cluster }),
    ...(files && {
      tls: secrets.passphrase === undefined ? files : { ...files, passphrase: secrets.passphrase },
    }),
  };
}

/** @throws UsageError for a proxy, of VS Code's settings or the environment, that is no URL. */
function proxyOf(
  { url, proxy }: { url: string; proxy: string | undefined },
  proxies: Network['proxies'],
) {
  try {
    return proxyFor(url, proxy, proxies);
  } catch (cause) {
    throw new UsageError('The proxy for this connection is no URL.', {
      hint: 'Correct "http.proxy" in VS Code\'s settings, or HTTPS_PROXY and HTTP_PROXY in the environment: http://host:port.',
      cause,
    });
  }
}

/**
 * Signs in to the server of a profile. A read-only profile gets a client whose every request says `readonly`; a user
 * whom the server keeps read-only anyway may not send that, and need not.
 * @throws what `verify` throws; UsageError for files and proxies that cannot be used.
 */
export async function openServer(
  profile: ConnectionProfile,
  secrets: KnownSecrets,
  access: ServerAccess,
  signal?: AbortSignal,
): Promise<SignedIn> {
  const { createClient } = await import('../../core/client/client.ts');
  const options = await clientOptions(profile, secrets, access);
  const first = await verified(createClient(options), signal);
  if (profile.readOnly === undefined || first.info?.readonly === 1) return first;
  void first.client.close();
  const readonly = profile.readOnly === 'strict' ? 1 : 2;
  const settings = { ...options.settings, readonly };
  return verified(createClient({ ...options, settings }), signal);
}

async function verified(client: Client, signal: AbortSignal | undefined): Promise<SignedIn> {
  try {
    return { client, info: await verify(client, signal) };
  } catch (error) {
    void client.close();
    throw error;
  }
}

/**
 * Asks the server who we are. Resolves with undefined when it answers but does not let this user ask.
 * @throws AuthError, ConnectError, WrongPortError, ProtocolError, or IdleTimeoutError after 20 s of silence.
 */
async function verify(client: Client, signal?: AbortSignal): Promise<ServerInfo | undefined> {
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
