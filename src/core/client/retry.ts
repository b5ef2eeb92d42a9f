import { isClickHouseError, isConnectError, ProtocolError } from './errors.ts';

export interface RetryState {
  /** Attempts that failed before this one. */
  readonly tries: number;
  readonly elapsedMs: number;
  /** False when the body is a stream, which can be sent once. */
  readonly replayable: boolean;
  readonly writes: boolean;
  readonly holdsSession: boolean;
  readonly connectTimeoutMs: number;
  /** True: the connection had served a request before, so the server may just have closed it. */
  readonly reusedConnection: boolean;
}

const NOT_SENT_DELAYS_MS = [100, 400, 1_600];
const SESSION_LOCKED = 373;
const LOCKED_LIMIT_MS = 5_000;
const LOCKED_FIRST_MS = 50;
const LOCKED_MAX_MS = 800;
/** The server refused these before it ran anything. */
const NOT_STARTED = new Set([202, 439, 745]);
const BUSY_PROXY = new Set([429, 502, 503, 504]);
const NOT_SENT = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * Milliseconds to wait before the statement may be sent again, or undefined when it must not be.
 * A statement that may change data is repeated only when the server certainly did not run it.
 */
export function retryDelay(error: unknown, state: RetryState): number | undefined {
  if (!state.replayable) return undefined;
  if (isConnectError(error)) {
    if (error.code !== undefined && NOT_SENT.has(error.code)) return notSentDelay(state);
    const stale = error.retryable && !state.writes && state.reusedConnection && state.tries === 0;
    return stale && !NOT_SENT.has(error.code ?? '') && isReset(error.code) ? 0 : undefined;
  }
  if (isClickHouseError(error)) {
    if (error.code === SESSION_LOCKED && state.holdsSession) {
      const pause = Math.min(LOCKED_FIRST_MS * 2 ** state.tries, LOCKED_MAX_MS);
      return state.elapsedMs + pause <= LOCKED_LIMIT_MS ? pause : undefined;
    }
    return NOT_STARTED.has(error.code) ? notSentDelay(state) : undefined;
  }
  if (error instanceof ProtocolError && !state.writes && BUSY_PROXY.has(error.httpStatus ?? 0)) {
    return error.retryAfterMs ?? notSentDelay(state);
  }
  return undefined;
}

function isReset(code: string | undefined): boolean {
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function notSentDelay(state: RetryState): number | undefined {
  const pause = NOT_SENT_DELAYS_MS[state.tries];
  if (pause === undefined || state.elapsedMs + pause > state.connectTimeoutMs) return undefined;
  return pause * (1 + Math.random() / 4);
}
