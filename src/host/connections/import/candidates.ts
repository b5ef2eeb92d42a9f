import { type ConnectionProfile, DEFAULT_USER, readProfile, suggestName } from '../profile.ts';
import { type Section, textOf } from './configFile.ts';

/** A connection of clickhouse-client's configuration, as it would be imported. */
export interface Candidate {
  readonly profile: ConnectionProfile;
  /** Undefined: the file has none. */
  readonly password: string | undefined;
  /** What was guessed about the server. */
  readonly note: string | undefined;
}

export interface Candidates {
  readonly usable: readonly Candidate[];
  /** One line for each connection that cannot be used. */
  readonly problems: readonly string[];
}

const TRUE = /^(1|true|yes|on)$/i;
/** The file has ports of the native protocol; these are the HTTP ports that go with the usual ones. */
const HTTP_PORTS: Readonly<Record<string, string>> = { '9000': '8123', '9440': '8443' };

function isTrue(text: string | undefined): boolean {
  return TRUE.test(text?.trim() ?? '');
}

/** Text without the white space around it, which matters in passwords only. */
function word(section: Section, ...path: string[]): string | undefined {
  const text = textOf(section, ...path)?.trim();
  return text === undefined || text === '' ? undefined : text;
}

function tlsOf(config: Section, entry: Section): Readonly<Record<string, unknown>> | undefined {
  const client = ['openSSL', 'client'];
  const cert = word(config, ...client, 'certificateFile');
  const key = word(config, ...client, 'privateKeyFile');
  const ca = word(config, ...client, 'caConfig');
  const handler = word(config, ...client, 'invalidCertificateHandler', 'name');
  const insecure =
    isTrue(word(entry, 'accept-invalid-certificate')) ||
    isTrue(word(config, 'accept-invalid-certificate')) ||
    handler === 'AcceptCertificateHandler' ||
    word(config, ...client, 'verificationMode') === 'none';
  const tls = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
    ...(insecure && { insecure }),
  };
  return Object.keys(tls).length === 0 ? undefined : tls;
}

function isLocal(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/.test(host);
}

/** What is not in the entry comes from the file's top, as in clickhouse-client. */
function candidate(
  config: Section,
  entry: Section,
  named: string | undefined,
  taken: readonly string[],
): Candidate | string {
  const of = (name: string): string | undefined => word(entry, name) ?? word(config, name);
  const host = word(entry, 'hostname') ?? word(entry, 'host') ?? word(config, 'host') ?? named;
  if (host === undefined) return 'A connection without a host.';
  const nativePort = of('port');
  const isCloud = /\.clickhouse\.cloud$/i.test(host);
  const asked = of('secure');
  const secure = asked === undefined ? nativePort === '9440' || isCloud : isTrue(asked);
  const usual = secure ? '8443' : '8123';
  const port = (nativePort === undefined ? undefined : HTTP_PORTS[nativePort]) ?? usual;
  const address = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const url = `${secure ? 'https' : 'http'}://${address}:${port}`;
  const user = of('user');
  const database = of('database');
  const tls = secure ? tlsOf(config, entry) : undefined;
  const read = readProfile(
    {
      name: suggestName(url, taken, named),
      url,
      ...(user !== undefined && user !== DEFAULT_USER && { user }),
      ...(database !== undefined && { database }),
      ...(tls !== undefined && { tls }),
    },
    taken,
  );
  if (typeof read === 'string') return read;
  const isUsual = nativePort === undefined || HTTP_PORTS[nativePort] !== undefined;
  return {
    profile: read,
    // ClickHouse takes white space as part of the password.
    password: textOf(entry, 'password') ?? textOf(config, 'password'),
    note: isUsual
      ? undefined
      : `The file has the native port ${nativePort}; HTTP port ${port} is a guess`,
  };
}

/** The connections of a configuration: those with names, else the one that it connects to by itself. */
export function candidatesOf(config: Section, taken: readonly string[]): Candidates {
  const usable: Candidate[] = [];
  const problems: string[] = [];
  const add = (entry: Section, named: string | undefined): void => {
    const names = [...taken, ...usable.map(({ profile }) => profile.name)];
    const read = candidate(config, entry, named, names);
    if (typeof read === 'string') problems.push(read);
    else usable.push(read);
  };
  const host = word(config, 'host');
  const nothing: Section = { name: '', text: '', children: [] };
  if (host !== undefined && !(isLocal(host) && word(config, 'user') === undefined)) {
    add(nothing, undefined);
  }
  for (const list of config.children.filter(({ name }) => name === 'connections_credentials')) {
    for (const entry of list.children.filter(({ name }) => name === 'connection')) {
      add(entry, word(entry, 'name'));
    }
  }
  return { usable, problems };
}
