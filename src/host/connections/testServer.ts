import { isCancelledError, isRowhouseError } from '../../core/client/errors.ts';
import type { ServerInfo } from '../../core/client/surface.ts';
import { clusterProblems } from './clusterProblems.ts';
import { missingRights } from './missingRights.ts';
import type { ConnectionProfile } from './profile.ts';
import {
  type KnownSecrets,
  type ServerAccess,
  openServer,
  wantsPassphrase,
} from './serverClient.ts';
import { lockedKey } from './signInToServer.ts';

/** One of several hosts of a profile. */
export interface TestedHost {
  readonly url: string;
  /** Of a small query on a connection that is open already; undefined: it failed. */
  readonly ms: number | undefined;
  /** Why it failed. */
  readonly problem?: string;
}

export interface TestedServer {
  /** Undefined when the server does not let this user ask. */
  readonly info: ServerInfo | undefined;
  /** In the order of the profile. */
  readonly hosts: readonly TestedHost[];
  /** What will not work for this user, in words. */
  readonly missing: readonly string[];
}

interface Answer {
  readonly info: ServerInfo | undefined;
  readonly ms: number;
  readonly missing: readonly string[];
}

async function testHost(
  profile: ConnectionProfile,
  secrets: KnownSecrets,
  access: ServerAccess,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { client, info } = await openServer(profile, secrets, access, signal);
  try {
    const ping = await client.ping(signal ? { signal } : {});
    if (!ping.ok) throw ping.error;
    const rights = await missingRights(client, signal);
    const nodes = await clusterProblems(client, profile.cluster, signal);
    return { info, ms: ping.ms, missing: [...rights, ...nodes] };
  } finally {
    void client.close();
  }
}

/**
 * Signs in once, on each host, with a profile that is not saved yet.
 * @throws the errors of `openServer`, and those of a small statement (a database, role or setting that is not there),
 * of the first host if none works.
 */
export async function testServer(
  profile: ConnectionProfile,
  secrets: KnownSecrets,
  access: ServerAccess,
  signal?: AbortSignal,
): Promise<TestedServer> {
  if (await wantsPassphrase(profile, secrets.passphrase, access)) throw lockedKey(profile);
  const { hosts = [], ...single } = profile;
  const urls = [profile.url, ...hosts];
  const outcomes = await Promise.allSettled(
    urls.map((url) => testHost({ ...single, url }, secrets, access, signal)),
  );
  const failures = outcomes.flatMap((each): unknown[] =>
    each.status === 'rejected' ? [each.reason] : [],
  );
  const [first] = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  if (first === undefined || failures.some(isCancelledError)) throw failures[0];
  const tested = outcomes.map((each, at): TestedHost => {
    const url = urls[at] ?? '';
    if (each.status === 'fulfilled') return { url, ms: each.value.ms };
    const error: unknown = each.reason;
    return { url, ms: undefined, problem: isRowhouseError(error) ? error.message : String(error) };
  });
  return { info: first.info, missing: first.missing, hosts: tested };
}

function inMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function describeHosts(hosts: readonly TestedHost[]): string {
  const [only, ...others] = hosts;
  if (only?.ms !== undefined && others.length === 0) return `answered in ${inMs(only.ms)}`;
  const each = hosts.map(({ url, ms }) =>
    ms === undefined ? `${url} did not` : `${url} in ${inMs(ms)}`,
  );
  const problems = hosts.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  return [`answered: ${each.join(', ')}`, ...problems.map((text) => text.replace(/\.$/, ''))].join(
    '. ',
  );
}

/** One line about a server that answered. */
export function describeServer({ info, hosts, missing }: TestedServer): string {
  const speed = describeHosts(hosts);
  const misses = missing.length === 0 ? '' : `. Will be missed: ${missing.join('; ')}`;
  if (!info) return `${speed}${misses}`;
  const rights = info.readonly === 0 ? '' : ', read only';
  return `ClickHouse ${info.version}, user ${info.user}, database ${info.database}${rights}, ${speed}${misses}`;
}
