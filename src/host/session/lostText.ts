import type { SessionHoldings } from '../../core/client/surface.ts';
import { shortSql } from './shortSql.ts';
import { hideSecrets } from '../../core/sql/hideSecrets.ts';

/** What went with a session, for people; it is kept with the result, so that it names no secrets. */
export function lostText({
  statements,
  temporaryTables,
  inTransaction,
  perhaps,
}: SessionHoldings): string {
  const parts = [
    ...(temporaryTables.length > 0 ? [`temporary tables (${temporaryTables.join(', ')})`] : []),
    ...(statements.length > 0 ? [`settings (${statements.map(hideSecrets).join('; ')})`] : []),
    ...(inTransaction ? ['an open transaction'] : []),
    ...(perhaps.length > 0
      ? [`perhaps what interrupted statements did (${perhaps.map(shortSql).join('; ')})`]
      : []),
  ];
  return parts.length === 0
    ? 'nothing was lost with the old one.'
    : `${parts.join(' and ')} are gone.`;
}
