import { type ProfileFields, type SignIn, readFields } from './profileFields.ts';
import { checkUrl } from './serverUrl.ts';

/** A server in the setting `rowhouse.connections`. Never a secret: those are in SecretStorage. */
export interface ConnectionProfile extends ProfileFields {
  readonly name: string;
  /** `http(s)://host:port[/path]` without credentials, normalized by `checkUrl`. */
  readonly url: string;
  readonly user?: string;
  readonly database?: string;
}

/** The id of the connection to the local engine; a profile must not take it. */
export const LOCAL_CONNECTION = 'local';

/** The user that ClickHouse assumes when a request names none. */
export const DEFAULT_USER = 'default';

/** What is wrong with a name for a connection, or undefined. */
export function checkName(typed: string, taken: readonly string[]): string | undefined {
  const name = typed.trim();
  if (name === '') return 'Enter a name for this connection.';
  if (name.toLowerCase() === LOCAL_CONNECTION) {
    return 'This name belongs to the local ClickHouse. Choose another one.';
  }
  return taken.includes(name) ? `There is a connection "${name}" already.` : undefined;
}

/** A name to offer for a server: the wished one, else its host, numbered when that is taken. */
export function suggestName(url: string, taken: readonly string[], wished?: string): string {
  const base = wished ?? (URL.canParse(url) ? new URL(url).hostname : 'ClickHouse');
  let name = base;
  for (let n = 2; checkName(name, taken) !== undefined; n++) name = `${base} ${n}`;
  return name;
}

/** What of a profile is secret: how it signs in, or the passphrase of its client key. */
export type SecretKind = 'password' | 'token' | 'passphrase';

/** Who answers and who listens on the way: all of it belongs to "the server" that a secret is for. */
export type SecretOwner = Pick<
  ConnectionProfile,
  'name' | 'url' | 'hosts' | 'user' | 'signIn' | 'tls' | 'proxy' | 'ssh'
>;

/** The secret that a profile signs in with, if it has one. */
export function signInSecret({
  signIn = 'password',
}: {
  readonly signIn?: SignIn;
}): 'password' | 'token' | undefined {
  return signIn === 'password' || signIn === 'token' ? signIn : undefined;
}

/**
 * Where a profile's secret is kept. User and URL are part of it, and whatever else decides who gets to see the
 * secret (further hosts, proxy, SSH server, trusted authority, unchecked certificates). So a profile that is pointed at another server, by
 * its owner or by a workspace's settings, never hands the old secret to the new server.
 */
export function secretKey(
  profile: Pick<SecretOwner, 'url' | 'hosts' | 'user' | 'tls' | 'proxy' | 'ssh'>,
  kind: SecretKind = 'password',
): string {
  const { tls = {}, proxy, hosts, ssh } = profile;
  const way = [proxy, tls.ca, tls.serverName, tls.insecure === true ? 'insecure' : undefined];
  const further = [...(hosts ?? []), ...(ssh === undefined ? [] : [ssh])];
  const parts = [...way, ...further];
  const suffix = parts.some((part) => part !== undefined) ? ` ${JSON.stringify(parts)}` : '';
  const owner = kind === 'passphrase' ? (tls.key ?? '') : (profile.user ?? DEFAULT_USER);
  return `rowhouse.${kind}:${owner}@${profile.url}${suffix}`;
}

export interface ReadProfiles {
  readonly profiles: readonly ConnectionProfile[];
  /** Names of those that the workspace's settings define. */
  readonly ofWorkspace?: ReadonlySet<string>;
  /** One line for each entry that cannot be used. */
  readonly problems: readonly string[];
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A profile from what somebody wrote, or a text that tells what is wrong. */
export function readProfile(entry: unknown, taken: readonly string[]): ConnectionProfile | string {
  if (typeof entry !== 'object' || entry === null) return 'It is not an object.';
  const fields = entry as Readonly<Record<string, unknown>>;
  const name = optionalText(fields['name']) ?? '';
  const badName = checkName(name, taken);
  if (badName !== undefined) return badName;
  const url = checkUrl(optionalText(fields['url']) ?? '');
  if (!url.ok) return `"${name}": ${url.problem}`;
  const user = optionalText(fields['user']);
  const database = optionalText(fields['database']);
  const further = readFields(fields, url.url);
  if (typeof further === 'string') return `"${name}": ${further}`;
  return {
    ...further,
    name,
    url: url.url,
    ...(user === undefined ? {} : { user }),
    ...(database === undefined ? {} : { database }),
  };
}

/** Reads the value of one settings file. It is written by hand, so anything may be in it. */
export function readProfiles(value: unknown): ReadProfiles {
  if (value === undefined || value === null) return { profiles: [], problems: [] };
  if (!Array.isArray(value)) return { profiles: [], problems: ['It is not a list.'] };
  const profiles: ConnectionProfile[] = [];
  const problems: string[] = [];
  for (const [index, entry] of value.entries()) {
    const read = readProfile(
      entry,
      profiles.map(({ name }) => name),
    );
    if (typeof read === 'string') problems.push(`Entry ${index + 1}: ${read}`);
    else profiles.push(read);
  }
  return { profiles, problems };
}

/** The profiles of user and workspace settings together; for one name the workspace's wins. */
export function mergeProfiles(user: ReadProfiles, workspace: ReadProfiles): ReadProfiles {
  const own = new Set(workspace.profiles.map(({ name }) => name));
  return {
    profiles: [...user.profiles.filter(({ name }) => !own.has(name)), ...workspace.profiles],
    ofWorkspace: own,
    problems: [...user.problems, ...workspace.problems],
  };
}
