import type { Session, Settings } from '../../../core/client/surface.ts';

/** Settings that change how values and rows are written. */
const OUTPUT = '^(output_format_|format_|date_time_|interval_|bool_|print_pretty_)';

/**
 * What the session of a document has SET of the settings that change a file, for another request that is to write
 * the same. Undefined when the file would hold more than the rows.
 */
export async function outputSettings(session: Session | undefined): Promise<Settings | undefined> {
  if (!session || session.holds.statements.length === 0) return {};
  const reply = await session.rawQuery(
    `SELECT name, value FROM system.settings WHERE changed AND (name = 'extremes' OR match(name, {names:String}))`,
    { params: { names: OUTPUT }, format: 'JSONCompactEachRow' },
  );
  const lines = reply.text().split('\n').slice(0, -1);
  const { extremes, ...settings } = Object.fromEntries(
    lines.map((line) => JSON.parse(line) as [string, string]),
  );
  return extremes === '1' ? undefined : settings;
}
