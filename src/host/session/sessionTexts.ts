import type { SessionExpiry, SessionTurn } from '../../core/client/surface.ts';
import { formatDuration } from '../../shared/humanNumbers.ts';
import { shortSql } from './shortSql.ts';

const SECOND_MS = 1_000;

/** How long an idle session lasts, for people. */
export function expiryText({ expiresInMs, isKept }: SessionExpiry): string {
  if (expiresInMs === 0) return 'may have ended on the server';
  const left = formatDuration(Math.ceil(expiresInMs / SECOND_MS) * SECOND_MS);
  return isKept ? `kept alive, ends in ${left} if unused` : `ends in ${left} if unused`;
}

/** What a statement waits for. @param ahead those before it, the one that runs first */
export function waitingText(ahead: readonly SessionTurn[]): string {
  const [first, ...others] = ahead;
  if (!first) return 'Waiting for the session of this editor.';
  const sql = shortSql(first.sql);
  const behind =
    first.state === 'cancelling'
      ? `Waiting until the cancelled “${sql}” has stopped on the server`
      : `Waiting behind “${sql}”`;
  return others.length === 0 ? `${behind}.` : `${behind} and ${others.length} more.`;
}
