import type { SessionHoldings } from '../../core/client/surface.ts';

/** What went with a session, for people. */
export function lostText({ statements, temporaryTables, inTransaction }: SessionHoldings): string {
  const parts = [
    ...(temporaryTables.length > 0 ? [`temporary tables (${temporaryTables.join(', ')})`] : []),
    ...(statements.length > 0 ? [`settings (${statements.join('; ')})`] : []),
    ...(inTransaction ? ['an open transaction'] : []),
  ];
  return parts.length === 0
    ? 'nothing was lost with the old one.'
    : `${parts.join(' and ')} are gone.`;
}
