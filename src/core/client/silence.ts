import { delay } from './abort.ts';
import { isConnectError, isIdleTimeoutError } from './errors.ts';
import type { Host } from './hosts.ts';

/** How long a host may say nothing before it is asked whether it is still there. */
export interface Patience {
  /** Milliseconds of silence before the first question. */
  readonly waitMs: number;
  /** Milliseconds for its answer. */
  readonly answerMs: number;
  /** Both grow to this, so that a long query is not given up for a short trouble. */
  readonly mostMs: number;
  /** Questions in a row without an answer that end the wait. */
  readonly misses: number;
}

/** With another host at hand: a read is there within three seconds. */
export const EAGER: Patience = { waitMs: 900, answerMs: 1_200, mostMs: 10_000, misses: 1 };
/** With nothing better at hand: three questions in a row without an answer, over `ms`. */
export function patient(ms: number): Patience {
  const sixth = ms / 6;
  return { waitMs: sixth, answerMs: sixth, mostMs: sixth, misses: 3 };
}

/** True when the host says anything, a refusal included. */
export async function answers(host: Host, timeoutMs: number): Promise<boolean> {
  // Apart from the timeout of the request, which starts only when a connection is free.
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await host.ask('SELECT 1', {}, { signal, timeoutMs });
    return true;
  } catch (error) {
    return !signal.aborted && !isConnectError(error) && !isIdleTimeoutError(error);
  }
}

/**
 * Waits while a host works silently on a request. Resolves with true when it no longer answers anything but one of
 * `others` does (or there are none), with false when `signal` ended the wait.
 */
export async function isGone(
  host: Host,
  others: readonly Host[],
  patience: Patience,
  signal: AbortSignal,
): Promise<boolean> {
  let { waitMs, answerMs } = patience;
  for (let missed = 0; ;) {
    await delay(waitMs, signal);
    if (signal.aborted) return false;
    const [isThere, ...alternatives] = await Promise.all(
      [host, ...others].map((each) => answers(each, answerMs)),
    );
    missed = isThere === true ? 0 : missed + 1;
    const isOfUse = others.length === 0 || alternatives.includes(true);
    if (missed >= patience.misses && isOfUse) return !signal.aborted;
    waitMs = Math.min(waitMs * 2, patience.mostMs);
    answerMs = Math.min(answerMs * 2, patience.mostMs);
  }
}
