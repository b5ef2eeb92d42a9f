import { type ErrorDetails, SessionLostError } from './errors.ts';
import type { SessionHoldings } from './surface.ts';

/** The error for a statement that was not executed, because what its session held is gone. */
export function sessionLost(
  { id, label }: { id: string; label?: string | undefined },
  lost: SessionHoldings,
  details: ErrorDetails = {},
  whatHappened = `The server no longer has the session${label === undefined ? '' : ` of ${label}`}.`,
): SessionLostError {
  const { statements, temporaryTables } = lost;
  const what = [
    ...(temporaryTables.length > 0 ? [`temporary tables ${temporaryTables.join(', ')}`] : []),
    ...(statements.length > 0 ? [`${statements.length} SET or USE statements`] : []),
    ...(lost.inTransaction ? ['an open transaction'] : []),
    ...(lost.perhaps.length > 0 ? ['perhaps what interrupted statements did'] : []),
  ];
  const held = what.length > 0 ? ` It held ${what.join(' and ')}.` : '';
  const message = `${whatHappened} The statement was not executed.${held}`;
  const hint =
    what.length > 0
      ? 'Start a new session and repeat its SET and CREATE statements.'
      : 'Run it again.';
  return new SessionLostError(message, id, lost, { hint, ...details });
}
