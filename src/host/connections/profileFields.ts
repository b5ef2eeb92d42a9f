import { checkedHeaders, checkedSettings } from '../../core/client/checks.ts';
import { type SshTarget, checkSshTarget } from '../../core/ssh/sshTarget.ts';
import { checkUrl, toHostUrl } from './serverUrl.ts';

/** How a profile signs in; what is secret about it is in SecretStorage. */
export const SIGN_INS = ['password', 'token', 'certificate', 'none'] as const;
export type SignIn = (typeof SIGN_INS)[number];

/** Colours of the editor's charts: every theme has them. */
export const COLORS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;
export type ConnectionColor = (typeof COLORS)[number];

/** Files of a profile's TLS: absolute, below `~`, or relative to the workspace folder. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Name to verify and to send as SNI instead of the URL's host. */
  readonly serverName?: string;
  /** True: any certificate is accepted, after a warning. */
  readonly insecure?: boolean;
}

/** What a profile may have beside name, URL, user and database. */
export interface ProfileFields {
  /** URLs of further servers with the same data, in the order of preference. */
  readonly hosts?: readonly string[];
  readonly signIn?: SignIn;
  readonly tls?: TlsFiles;
  /** URL of an HTTP proxy, or `none` for a direct way. */
  readonly proxy?: string;
  /** The SSH server through which the servers are reached. */
  readonly ssh?: SshTarget;
  readonly headers?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  readonly roles?: readonly string[];
  /** True: the server refuses what writes (`readonly=2`). `strict`: temporary tables and INSERT INTO FUNCTION too (`readonly=1`). */
  readonly readOnly?: true | 'strict';
  readonly color?: ConnectionColor;
  readonly production?: boolean;
  /** Name of a cluster, as the server has it: cancel, progress and running queries cover all its nodes. */
  readonly cluster?: string;
}

export const NO_PROXY = 'none';

const TLS_TEXTS = ['ca', 'cert', 'key', 'serverName'] as const;
/** Names of headers whose values are secrets more often than not. */
const SECRET_HEADER =
  /auth|cookie|token|secret|passw|credential|api-?key|access-?key|x-clickhouse-(key|user|ssl)/i;

class FieldProblem extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function record(value: unknown, field: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new FieldProblem(`"${field}" must be an object.`);
}

function text(value: unknown, field: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw new FieldProblem(`"${field}" must be text.`);
}

function flag(value: unknown, field: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new FieldProblem(`"${field}" must be true or false.`);
}

function oneOf<T extends string>(value: unknown, field: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw new FieldProblem(`"${field}" must be one of ${known.join(', ')}.`);
}

function readTls(value: unknown, url: string): TlsFiles {
  const fields = record(value, 'tls');
  const tls: { -readonly [Name in keyof TlsFiles]: TlsFiles[Name] } = {};
  for (const name of TLS_TEXTS) {
    if (fields[name] !== undefined) tls[name] = text(fields[name], `tls.${name}`);
  }
  if (fields['insecure'] !== undefined) tls.insecure = flag(fields['insecure'], 'tls.insecure');
  if (url.startsWith('http:') && Object.keys(tls).length > 0) {
    throw new FieldProblem('"tls" is of no use with http://. Use an https:// URL.');
  }
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw new FieldProblem('A client certificate needs both "tls.cert" and "tls.key".');
  }
  return tls;
}

function readProxy(value: unknown): string {
  const proxy = text(value, 'proxy');
  if (proxy === NO_PROXY) return proxy;
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new FieldProblem(`"proxy" must be http://host:port, or "${NO_PROXY}" for a direct way.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new FieldProblem(
      'Leave user and password out of "proxy". A proxy that wants them is set as VS Code\'s "http.proxy" or in the environment (HTTPS_PROXY).',
    );
  }
  return proxy;
}

function readHosts(value: unknown, url: string): readonly string[] {
  const written: readonly unknown[] = Array.isArray(value) ? value : [value];
  const hosts = written.map((each) => {
    const checked = checkUrl(toHostUrl(text(each, 'hosts'), url));
    if (!checked.ok) throw new FieldProblem(`"hosts": ${checked.problem}`);
    if (new URL(checked.url).protocol !== new URL(url).protocol) {
      throw new FieldProblem('"hosts" must be all http:// or all https://, as "url" is.');
    }
    return checked.url;
  });
  return [...new Set(hosts)].filter((host) => host !== url);
}

function readSsh(value: unknown): SshTarget {
  const fields = typeof value === 'string' ? { host: value } : record(value, 'ssh');
  const { host, user, port, identityFile }: Fields = fields;
  if (port !== undefined && typeof port !== 'number') {
    throw new FieldProblem('"ssh.port" must be a number.');
  }
  const target: SshTarget = {
    host: text(host, 'ssh.host'),
    ...(user !== undefined && { user: text(user, 'ssh.user') }),
    ...(port !== undefined && { port }),
    ...(identityFile !== undefined && { identityFile: text(identityFile, 'ssh.identityFile') }),
  };
  const problem = checkSshTarget(target);
  if (problem !== undefined) throw new FieldProblem(problem);
  return target;
}

function readHeaders(value: unknown): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, content] of Object.entries(record(value, 'headers'))) {
    if (SECRET_HEADER.test(name)) {
      throw new FieldProblem(
        `The header "${name}" looks like a secret, and settings are no place for one. Use "signIn": its password or token is kept in VS Code's secret storage.`,
      );
    }
    headers[name] = text(content, `headers.${name}`);
  }
  return checkedHeaders(headers);
}

function readSettings(value: unknown): NonNullable<ProfileFields['settings']> {
  const settings: Record<string, string | number | boolean> = {};
  for (const [name, content] of Object.entries(record(value, 'settings'))) {
    if (
      typeof content !== 'string' &&
      typeof content !== 'number' &&
      typeof content !== 'boolean'
    ) {
      throw new FieldProblem(`"settings.${name}" must be text, a number, true or false.`);
    }
    settings[name] = content;
  }
  checkedSettings(settings);
  return settings;
}

function readRoles(value: unknown): readonly string[] {
  const roles: readonly unknown[] = Array.isArray(value) ? value : [value];
  return roles.map((role) => text(role, 'roles'));
}

function readAll(fields: Fields, url: string): ProfileFields {
  const { hosts, signIn, tls, proxy, ssh, headers, settings } = fields;
  const { roles, readOnly, color, production, cluster } = fields;
  const read: ProfileFields = {
    ...(hosts !== undefined && { hosts: readHosts(hosts, url) }),
    ...(signIn !== undefined && { signIn: oneOf(signIn, 'signIn', SIGN_INS) }),
    ...(tls !== undefined && { tls: readTls(tls, url) }),
    ...(proxy !== undefined && { proxy: readProxy(proxy) }),
    ...(ssh !== undefined && { ssh: readSsh(ssh) }),
    ...(headers !== undefined && { headers: readHeaders(headers) }),
    ...(settings !== undefined && { settings: readSettings(settings) }),
    ...(roles !== undefined && { roles: readRoles(roles) }),
    ...(readOnly === 'strict' && { readOnly }),
    ...(readOnly !== undefined &&
      readOnly !== 'strict' &&
      flag(readOnly, 'readOnly') && { readOnly: true }),
    ...(color !== undefined && { color: oneOf(color, 'color', COLORS) }),
    ...(production !== undefined && { production: flag(production, 'production') }),
    ...(cluster !== undefined && { cluster: text(cluster, 'cluster') }),
  };
  if (read.signIn === 'certificate' && read.tls?.cert === undefined) {
    throw new FieldProblem('"signIn": "certificate" needs "tls.cert" and "tls.key".');
  }
  if (read.ssh !== undefined && read.proxy !== undefined) {
    throw new FieldProblem('Give either "ssh" or "proxy".');
  }
  if (read.signIn === 'token' && url.startsWith('http:') && !isLoopback(url)) {
    throw new FieldProblem('An access token is sent with https:// only: others could read it.');
  }
  return read;
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

/** Reads the further fields of a profile written by hand; a text tells what is wrong with them. */
export function readFields(fields: Fields, url: string): ProfileFields | string {
  try {
    return readAll(fields, url);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
