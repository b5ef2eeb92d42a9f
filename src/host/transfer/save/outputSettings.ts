import type {
  Client,
  Session,
  SessionSetting,
  Settings,
  StatementRunner,
} from '../../../core/client/surface.ts';
import { quoteIdentifier } from '../../../core/sql/quote.ts';

/** Settings that change how values and rows are written. */
const OUTPUT =
  '^(output_format_|format_|date_time_|interval_|bool_|print_pretty_|session_timezone$)';

/**
 * What the session of a document has SET of the settings that change a file, for another request that is to write
 * the same. Undefined when the file would hold more than the rows.
 */
export async function outputSettings(session: Session | undefined): Promise<Settings | undefined> {
  if (!session || session.holds.statements.length === 0) return {};
  return changedOutputSettings(session);
}

/**
 * The settings by which another server writes files as a session's server does: whatever of them it has, too, with
 * another value. Undefined when the file would hold more than the rows.
 */
export async function differentOutputSettings(
  inSession: Pick<StatementRunner, 'rawQuery'>,
  other: Client,
  signal: AbortSignal,
): Promise<Settings | undefined> {
  const [here, there] = await Promise.all([valuesOf(inSession, signal), valuesOf(other, signal)]);
  if (here.get('extremes') === '1') return undefined;
  return Object.fromEntries(
    [...here].filter(([name, value]) => there.has(name) && there.get(name) !== value),
  );
}

/**
 * Asks the server about settings as the session has them, as far as seen, but not in the session: that would wait for
 * the statement that runs there, and find out for nobody that it is lost.
 */
export function besideSession(client: Client, session: Session): Pick<StatementRunner, 'rawQuery'> {
  const list = session.holds.settings.filter(isPlainSetting).map(assignment).join(', ');
  const clause = list === '' ? '' : ` SETTINGS ${list}`;
  return { rawQuery: (sql, options) => client.rawQuery(`${sql}${clause}`, options) };
}

/** Neither a query parameter nor a profile, which no SETTINGS clause can have. */
const isPlainSetting = ({ name }: SessionSetting): boolean =>
  name !== 'profile' && !name.startsWith('param_');

const assignment = ({ name, value }: SessionSetting): string =>
  `${quoteIdentifier(name)} = ${value}`;

async function valuesOf(
  runner: Pick<StatementRunner, 'rawQuery'>,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const reply = await runner.rawQuery(
    `SELECT name, value FROM system.settings WHERE name = 'extremes' OR match(name, {names:String})`,
    { params: { names: OUTPUT }, format: 'JSONCompactEachRow', signal },
  );
  const lines = reply.text().split('\n').slice(0, -1);
  return new Map(lines.map((line) => JSON.parse(line) as [string, string]));
}

/** As `outputSettings`, with what the user's profile says. */
export async function changedOutputSettings(
  session: Session,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>> | undefined> {
  const reply = await session.rawQuery(
    `SELECT name, value FROM system.settings WHERE changed AND (name = 'extremes' OR match(name, {names:String}))`,
    { params: { names: OUTPUT }, format: 'JSONCompactEachRow', ...(signal && { signal }) },
  );
  const lines = reply.text().split('\n').slice(0, -1);
  const { extremes, ...settings } = Object.fromEntries(
    lines.map((line) => JSON.parse(line) as [string, string]),
  );
  return extremes === '1' ? undefined : settings;
}
