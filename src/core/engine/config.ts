import { createHash } from 'node:crypto';

/** Header that every request to the local engine must carry, besides the password. */
export const TOKEN_HEADER = 'X-Rowhouse-Token';

export interface EngineSecrets {
  username: string;
  password: string;
  /** Value of {@link TOKEN_HEADER}. */
  token: string;
}

export interface EngineConfig {
  secrets: EngineSecrets;
  /** Absolute path of the generated users file. */
  usersFile: string;
  /** Absolute path of the data directory. */
  dataDirectory: string;
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

function xml(text: string): string {
  return text.replace(/[&<>]/g, (character) => XML_ESCAPES[character] ?? character);
}

function rule(headers: Readonly<Record<string, string>>, handler: string): string {
  const conditions = Object.entries(headers).map(
    ([name, value]) => `<${name}>${xml(value)}</${name}>`,
  );
  return `    <rule>
      <headers>${conditions.join('')}</headers>
      <handler>${handler}</handler>
    </rule>
`;
}

const QUERY_HANDLER =
  '<type>dynamic_query_handler</type><query_param_name>query</query_param_name>';

function staticHandler(status: number, text: string): string {
  return `<type>static</type><status>${String(status)}</status><content_type>text/plain; charset=UTF-8</content_type><response_content>${xml(text)}\n</response_content>`;
}

/**
 * The server configuration. `clickhouse local` by itself listens without authentication, so that any
 * local process, or a web page by a cross-site POST, could read files. The handlers close that: without
 * the token header there is no handler at all (404), and no CORS header is ever sent. Queries are handled
 * only for our own user, by either way of signing in: the password-less `default` user must not get
 * through, because the function `file()` reads files without any grant (seen on 26.7). `Authorization`
 * must be the whole right value, because a `user` parameter of the URL wins over it.
 */
export function serverConfigXml(config: EngineConfig): string {
  const { token, username, password } = config.secrets;
  const basic = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  const signIn = staticHandler(401, 'Sign in with the user and password.');
  return `<clickhouse>
  <logger><level>none</level><console>0</console></logger>
  <users_config>${xml(config.usersFile)}</users_config>
  <path>${xml(config.dataDirectory)}</path>
  <http_handlers>
    <rule>
      <url>/ping</url>
      <methods>GET,HEAD</methods>
      <handler>${staticHandler(200, 'Ok.')}</handler>
    </rule>
${rule({ [TOKEN_HEADER]: token, Authorization: `Basic ${basic}` }, QUERY_HANDLER)}\
${rule({ [TOKEN_HEADER]: token, Authorization: 'regex:.+' }, signIn)}\
${rule({ [TOKEN_HEADER]: token, 'X-ClickHouse-User': username }, QUERY_HANDLER)}\
${rule({ [TOKEN_HEADER]: token }, signIn)}\
  </http_handlers>
  <access_control_improvements>
    <select_from_system_db_requires_grant>true</select_from_system_db_requires_grant>
    <select_from_information_schema_requires_grant>true</select_from_information_schema_requires_grant>
  </access_control_improvements>
${systemLog('query_log')}\
${systemLog('part_log')}\
</clickhouse>
`;
}

/**
 * A log about queries, in memory. The engine forgets its `system` tables when it ends, but not their files: a log
 * on disk cannot be made again in the same data directory, and `SYSTEM FLUSH LOGS` waits three minutes for it.
 */
function systemLog(name: string): string {
  return `  <${name}>
    <database>system</database>
    <table>${name}</table>
    <engine>ENGINE = Memory SETTINGS min_rows_to_keep = 1000, max_rows_to_keep = 20000</engine>
    <flush_interval_milliseconds>1000</flush_interval_milliseconds>
  </${name}>
`;
}

/**
 * The users. `default` belongs to the process's own session, which needs to open the listener and nothing
 * else; people's queries run as a user with a random password.
 */
export function usersConfigXml({ username, password }: EngineSecrets): string {
  const hash = createHash('sha256').update(password, 'utf8').digest('hex');
  return `<clickhouse>
  <profiles><default></default></profiles>
  <quotas><default></default></quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants>
    </default>
    <${username}>
      <password_sha256_hex>${hash}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <access_management>1</access_management>
      <named_collection_control>1</named_collection_control>
    </${username}>
  </users>
</clickhouse>
`;
}

/** Opens the HTTP listener, then keeps the process alive with a statement that never ends. */
const KEEP_ALIVE =
  'SYSTEM START LISTEN HTTP; ' +
  'SELECT sleepEachRow(1) FROM numbers(1000000000) ' +
  'SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0 FORMAT Null';

/**
 * The `clickhouse local` arguments (without the program's name). The configuration is always named, so
 * that a `config.xml` lying in the working directory is never picked up. No secret is among them: other
 * users of the machine can read process arguments.
 */
export function engineArguments(options: {
  configFile: string;
  dataDirectory: string;
  port: number;
}): string[] {
  return [
    `--config-file=${options.configFile}`,
    '--listen_host=127.0.0.1',
    `--http_port=${String(options.port)}`,
    `--path=${options.dataDirectory}`,
    '--multiquery',
    `--query=${KEEP_ALIVE}`,
  ];
}
