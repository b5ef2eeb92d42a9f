import { isClickHouseError, isConnectError, isProtocolError } from './errors.ts';

export interface RetryState {
  /** Attempts that failed before this one; with several hosts, rounds over all of them. */
  readonly tries: number;
  readonly elapsedMs: number;
  /** False when the body is a stream, which can be sent once. */
  readonly replayable: boolean;
  readonly writes: boolean;
  /** True: the server ignores a second copy of the same insert. */
  readonly deduplicated: boolean;
  /** True: it runs in a session, or ends one. */
  readonly usesSession: boolean;
  /** True: the connection had served a request before, so the server may just have closed it. */
  readonly reusedConnection: boolean;
  /** True: bytes of a reply had come before the connection ended. */
  readonly answerStarted: boolean;
}

const DELAYS_MS = [100, 400, 1_600];
/** A server that wants more patience than this is reported instead. */
const MAX_RETRY_AFTER_MS = 30_000;
const SESSION_LOCKED = 373;
const LOCKED_LIMIT_MS = 5_000;
const LOCKED_FIRST_MS = 50;
const LOCKED_MAX_MS = 800;
const BUSY_PROXY = new Set([429, 502, 503, 504]);

/**
 * Milliseconds to wait before the statement may be sent again, or undefined when it must not be.
 * A statement that may change data is repeated only when the server certainly did not run it, or when
 * it carries a token by which the server drops a second copy.
 */
export function retryDelay(error: unknown, state: RetryState): number | undefined {
  if (!state.replayable) return undefined;
  if (isConnectError(error)) {
    if (error.phase === 'connect') return error.retryable ? backoff(state.tries) : undefined;
    return isStale(state) && (!state.writes || state.deduplicated) ? 0 : undefined;
  }
  if (isClickHouseError(error)) {
    if (error.code === SESSION_LOCKED && state.usesSession) {
      const pause = Math.min(LOCKED_FIRST_MS * 2 ** state.tries, LOCKED_MAX_MS);
      return state.elapsedMs + pause <= LOCKED_LIMIT_MS ? pause : undefined;
    }
    // 202, 439 and 745: refused before anything ran.
    return error.retryable ? backoff(state.tries) : undefined;
  }
  if (isProtocolError(error) && !state.writes && BUSY_PROXY.has(error.httpStatus ?? 0)) {
    const pause = backoff(state.tries);
    const asked = error.retryAfterMs ?? 0;
    return pause === undefined || asked > MAX_RETRY_AFTER_MS ? undefined : Math.max(pause, asked);
  }
  return undefined;
}

/** The server had closed an idle connection just when the request went out. */
export function isStale(
  state: Pick<RetryState, 'reusedConnection' | 'answerStarted' | 'tries'>,
): boolean {
  return state.reusedConnection && !state.answerStarted && state.tries === 0;
}

/** With jitter, so that many clients do not come back at the same moment. */
function backoff(tries: number): number | undefined {
  const pause = DELAYS_MS[tries];
  return pause === undefined ? undefined : pause * (1 + Math.random() / 4);
}
