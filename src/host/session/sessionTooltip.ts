import { settingsAndParameters, type SessionState } from './sessionState.ts';
import { endText } from './sessionTexts.ts';
import { shortSql } from './shortSql.ts';

/** Longer lists are in Show Session. */
const MOST = 8;

/** The status bar's tooltip: times of day only, so that nothing has to tick while nobody looks. */
export function sessionTooltip(
  { connection, database, session, holds, turns, loss }: SessionState,
  host: string | undefined,
): string {
  const { settings, parameters } = holds
    ? settingsAndParameters(holds)
    : { settings: [], parameters: [] };
  const waiting = turns.filter(({ state }) => state === 'waiting').length;
  return [
    `ClickHouse: ${connection.name}${host === undefined ? '' : ` on ${host}`}`,
    ...(connection.kind === 'gone' ? ['Nothing runs until another connection is chosen.'] : []),
    ...(database === undefined ? [] : [`Database: ${database}`]),
    ...(session ? [`Session: ${session.id}`] : []),
    ...(session?.expiry ? [`The session ${endText(session.expiry)}.`] : []),
    ...(waiting === 0 ? [] : [`Statements that wait: ${waiting}`]),
    ...listed(
      'Settings',
      settings.map(({ name, value }) => `${name} = ${shortSql(value)}`),
    ),
    ...listed(
      'Parameters',
      parameters.map(({ name, value }) => `${name} = ${shortSql(value)}`),
    ),
    ...listed('Temporary tables', holds?.temporaryTables ?? []),
    ...(loss ? ['A lost session can be replayed.'] : []),
    'Select to show the session of this editor.',
  ].join('\n');
}

function listed(name: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MOST ? `, and ${lines.length - MOST} more` : '';
  return [`${name}: ${lines.slice(0, MOST).join(', ')}${more}`];
}
