import { type ProfileFields, type SignIn, readFields } from './profileFields.ts';

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

export type UrlCheck =
  /** `note`: works perhaps, but looks like a slip. */
  | { readonly ok: true; readonly url: string; readonly note?: string }
  | { readonly ok: false; readonly problem: string };

/** Ports of ClickHouse that speak another protocol, and the HTTP port that is meant. */
const OTHER_PROTOCOLS: Readonly<Record<string, { what: string; httpPort: string }>> = {
  '9000': { what: "ClickHouse's native protocol", httpPort: '8123' },
  '9440': { what: "ClickHouse's native protocol with TLS", httpPort: '8443' },
  '9009': { what: 'data exchange between ClickHouse servers', httpPort: '8123' },
  '9004': { what: "ClickHouse's MySQL protocol", httpPort: '8123' },
  '9005': { what: "ClickHouse's PostgreSQL protocol", httpPort: '8123' },
};
const EXAMPLE = 'http://localhost:8123 or https://host.example:8443';

function schemeFor(port: string): string {
  return port === '8443' || port === '9440' || port === '443' ? 'https' : 'http';
}

/** The URL that someone who typed `host:port` without a scheme probably meant. */
function guess(text: string): string {
  const port = /:(\d+)/.exec(text)?.[1] ?? '';
  const meant = OTHER_PROTOCOLS[port]?.httpPort;
  const address = meant === undefined ? text : text.replace(`:${port}`, `:${meant}`);
  return `${schemeFor(port)}://${address}`;
}

function noteOn(url: URL): string | undefined {
  const other = OTHER_PROTOCOLS[url.port];
  if (other) {
    const scheme = schemeFor(other.httpPort);
    return `Port ${url.port} is mostly ${other.what}. The HTTP interface is mostly ${scheme}://${url.hostname}:${other.httpPort}.`;
  }
  if (url.protocol === 'https:' && url.port === '8123') {
    return 'Port 8123 is mostly plain HTTP: http:// with 8123, or https:// with 8443.';
  }
  if (url.protocol === 'http:' && url.port === '8443') {
    return 'Port 8443 is mostly HTTPS: https:// with 8443, or http:// with 8123.';
  }
  if (url.port === '') {
    const [standard, usual] = url.protocol === 'https:' ? ['443', '8443'] : ['80', '8123'];
    return `Without a port this means port ${standard}. ClickHouse mostly listens on ${usual}.`;
  }
  return undefined;
}

/** Reads a server's URL as a person types it; texts are shown while typing. */
export function checkUrl(typed: string): UrlCheck {
  const text = typed.trim();
  if (text === '') return { ok: false, problem: `Enter the server's URL, such as ${EXAMPLE}.` };
  const scheme = /^([a-z][\w+.-]*(?::[a-z][\w+.-]*)*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return { ok: false, problem: `Start with http:// or https://, such as ${guess(text)}.` };
  }
  if (scheme !== 'http' && scheme !== 'https') {
    const rest = text.slice(text.indexOf('://') + 3);
    return {
      ok: false,
      problem: `${scheme}:// is not the HTTP interface. Try ${guess(rest)}.`,
    };
  }
  if (!URL.canParse(text)) return { ok: false, problem: `This is no URL. Try ${EXAMPLE}.` };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return {
      ok: false,
      problem: 'Leave user and password out of the URL: they are asked for next, and kept apart.',
    };
  }
  if (url.search !== '' || url.hash !== '') {
    return { ok: false, problem: 'Leave out everything from "?" or "#" on.' };
  }
  const note = noteOn(url);
  const normalized = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return note === undefined ? { ok: true, url: normalized } : { ok: true, url: normalized, note };
}

/** The URL that `host`, `host:port` or a URL stands for: this machine without TLS, others with it. */
export function toServerUrl(typed: string): string {
  const text = typed.trim();
  if (text === '' || text.includes('://')) {
    const checked = checkUrl(text);
    return checked.ok ? checked.url : text;
  }
  if (/^[^/]*:\d+(\/|$)/.test(text)) return guess(text);
  const [host = '', ...path] = text.split('/');
  const address = /^(localhost|127(\.\d+){3})$/.test(host)
    ? `http://${host}:8123`
    : `https://${host}:8443`;
  return [address, ...path].join('/');
}

/** What is wrong with a name for a connection, or undefined. */
export function checkName(typed: string, taken: readonly string[]): string | undefined {
  const name = typed.trim();
  if (name === '') return 'Enter a name for this connection.';
  if (name.toLowerCase() === LOCAL_CONNECTION) {
    return 'This name belongs to the local ClickHouse. Choose another one.';
  }
  return taken.includes(name) ? `There is a connection "${name}" already.` : undefined;
}

/** A name to offer for a server: its host, numbered when that is taken. */
export function suggestName(url: string, taken: readonly string[]): string {
  const host = URL.canParse(url) ? new URL(url).hostname : 'ClickHouse';
  let name = host;
  for (let n = 2; checkName(name, taken) !== undefined; n++) name = `${host} ${n}`;
  return name;
}

/** What of a profile is secret: how it signs in, or the passphrase of its client key. */
export type SecretKind = 'password' | 'token' | 'passphrase';

/** Who answers and who listens on the way: all of it belongs to "the server" that a secret is for. */
export type SecretOwner = Pick<
  ConnectionProfile,
  'name' | 'url' | 'user' | 'signIn' | 'tls' | 'proxy'
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
 * secret (proxy, trusted authority, unchecked certificates). So a profile that is pointed at another server, by
 * its owner or by a workspace's settings, never hands the old secret to the new server.
 */
export function secretKey(
  profile: Pick<SecretOwner, 'url' | 'user' | 'tls' | 'proxy'>,
  kind: SecretKind = 'password',
): string {
  const { tls = {}, proxy } = profile;
  const way = [proxy, tls.ca, tls.serverName, tls.insecure === true ? 'insecure' : undefined];
  const suffix = way.some((part) => part !== undefined) ? ` ${JSON.stringify(way)}` : '';
  const owner = kind === 'passphrase' ? (tls.key ?? '') : (profile.user ?? DEFAULT_USER);
  return `rowhouse.${kind}:${owner}@${profile.url}${suffix}`;
}

export interface ReadProfiles {
  readonly profiles: readonly ConnectionProfile[];
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
    problems: [...user.problems, ...workspace.problems],
  };
}
