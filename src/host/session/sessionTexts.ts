import type { SessionExpiry, SessionTurn } from '../../core/client/surface.ts';
import { formatDuration } from '../../shared/humanNumbers.ts';
import { shortSql } from './shortSql.ts';

const SECOND_MS = 1_000;

/** How long an idle session lasts, for people. */
export function expiryText({ expiresInMs, isKept }: SessionExpiry): string {
  if (expiresInMs === 0) return 'may have ended on the server';
  if (expiresInMs === Number.POSITIVE_INFINITY) return 'kept alive while its tab is open';
  const left = formatDuration(Math.ceil(expiresInMs / SECOND_MS) * SECOND_MS);
  return isKept ? `kept alive, ends in ${left} if unused` : `ends in ${left} if unused`;
}

/** When an idle session ends, for texts that stay. */
export function endText({ expiresInMs, isKept }: SessionExpiry): string {
  if (expiresInMs === 0) return 'may have ended on the server';
  if (expiresInMs === Number.POSITIVE_INFINITY) return 'is kept alive while its tab is open';
  const at = timeOfDay(Date.now() + expiresInMs, false);
  return isKept ? `is kept alive until ${at}` : `ends at ${at} if it is not used`;
}

/** As the user's system writes it. @param ms since 1970 */
export function timeOfDay(ms: number, seconds = true): string {
  const style = seconds ? 'medium' : 'short';
  return new Date(ms).toLocaleTimeString(undefined, { timeStyle: style });
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
