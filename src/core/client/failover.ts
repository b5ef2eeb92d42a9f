import {
  ConnectError,
  type RowhouseError,
  isConnectError,
  isIdleTimeoutError,
  isProtocolError,
  isRowhouseError,
} from './errors.ts';
import type { Host, Hosts } from './hosts.ts';
import { isStale, retryDelay, type RetryState } from './retry.ts';
import type { SessionCore } from './sessionCore.ts';

const BUSY_PROXY = new Set([502, 503, 504]);

/** True when the failure is one of the host or of the way to it, so that another host may do better. */
function isOfHost(error: unknown): boolean {
  if (isConnectError(error)) {
    return error.phase === 'send' || error.retryable || error.code === 'PROXY_REFUSED';
  }
  if (isProtocolError(error)) return BUSY_PROXY.has(error.httpStatus ?? 0);
  return isIdleTimeoutError(error) && error.retryable;
}

function wasNotSent(error: unknown): boolean {
  return isConnectError(error) && error.phase === 'connect';
}

export type FailedAttempt = Omit<RetryState, 'tries' | 'elapsedMs'>;

/**
 * The way of one statement along the hosts: to another one after a failure of a host, if it was not sent there or
 * only reads, and back to the first after a pause when all of them failed. A session that holds something stays.
 */
export class Route {
  host: Host;
  readonly #hosts: Hosts;
  readonly #session: SessionCore | undefined;
  readonly #pinned: boolean;
  readonly #tried = new Set<Host>();
  readonly #errors = new Map<Host, RowhouseError>();
  readonly #started = performance.now();
  #rounds = 0;

  constructor(hosts: Hosts, session: SessionCore | undefined, pinned: Host | undefined) {
    this.#hosts = hosts;
    this.#session = session;
    this.#pinned = pinned !== undefined;
    this.host = pinned ?? session?.host ?? hosts.inUse;
  }

  /** Where a read could go instead. */
  get others(): readonly Host[] {
    if (!this.#mayLeave()) return [];
    return this.#hosts.all.filter((host) => host !== this.host && !this.#tried.has(host));
  }

  /**
   * Milliseconds to wait before the statement may be sent to `host`, which another one may be now; undefined: it must
   * not be sent again.
   */
  after(error: unknown, attempt: FailedAttempt): number | undefined {
    const state: RetryState = {
      ...attempt,
      tries: this.#rounds,
      elapsedMs: performance.now() - this.#started,
    };
    const isHosts = isOfHost(error) && !isStale(state);
    if (isHosts && isRowhouseError(error)) {
      this.#errors.set(this.host, error);
      this.#hosts.failed(this.host);
    }
    const mayMove = isHosts && attempt.replayable && (wasNotSent(error) || !attempt.writes);
    if (mayMove && this.#move()) return 0;
    const pause = retryDelay(error, state);
    if (pause === undefined) return undefined;
    this.#rounds += 1;
    if (mayMove && this.#mayLeave()) this.#beginAgain();
    return pause;
  }

  /** What to tell when the statement is given up: the failures of all hosts, if there were several. */
  failure(error: unknown): unknown {
    const errors = [...this.#errors.values()];
    const [first] = errors;
    if (errors.length < 2 || first === undefined || !isOfHost(error)) return error;
    const messages = errors.map(({ message }) => message);
    const code = isConnectError(error) ? error.code : undefined;
    const ambiguous = errors.some((each) => each.ambiguous);
    return new ConnectError(
      `None of the ${errors.length} hosts could be used. ${messages.join(' ')}`,
      code,
      {
        phase: errors.every(wasNotSent) ? 'connect' : 'send',
        hint: first.hint,
        cause: error,
        queryId: first.queryId,
        retryable: !ambiguous,
        ambiguous,
      },
    );
  }

  #beginAgain(): void {
    this.#tried.clear();
    const first = this.#hosts.next(this.#tried);
    if (first === undefined || first === this.host) return;
    this.#session?.leaveHost();
    this.host = first;
  }

  #mayLeave(): boolean {
    return !this.#pinned && this.#session?.isBound !== true;
  }

  #move(): boolean {
    if (!this.#mayLeave()) return false;
    this.#tried.add(this.host);
    const next = this.#hosts.next(this.#tried);
    if (next === undefined) return false;
    this.#session?.leaveHost();
    this.host = next;
    return true;
  }
}
