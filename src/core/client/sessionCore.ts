import type { SessionLostError } from './errors.ts';
import { CancelledError, isClickHouseError, SessionBusyError, UsageError } from './errors.ts';
import type { Host } from './hosts.ts';
import type { SessionParams } from './request.ts';
import { SessionLedger } from './sessionLedger.ts';
import { sessionLost } from './sessionLost.ts';
import type { CancelOutcome } from './cancelSurface.ts';
import type {
  ParameterValues,
  Session,
  SessionHoldings,
  SessionOptions,
  SessionState,
  SessionTurn,
} from './surface.ts';

const MAX_QUEUE = 64;
/** The server's error for a session that it does not have, to a request that says it must be there. */
export const SESSION_NOT_FOUND = 372;
/** Errors that come before anything is made: unknown names, a table that is there, syntax, a lost or busy session, rights. */
const REFUSED = new Set([36, 42, 43, 46, 47, 53, 57, 60, 62, 81, SESSION_NOT_FOUND, 373, 497]);
/** Seconds that the server keeps an idle session when nothing else was asked. */
export const TIMEOUT_SEC = 600;
const NOT_STARTED: Promise<CancelOutcome> = Promise.resolve({ outcome: 'notFound', elapsedMs: 0 });

/** Who takes a turn, for those who wait behind it. */
export interface TurnTaker {
  readonly sql: string;
  readonly queryId: string;
}

/** The right to use a session; it lasts until the body was read and the server let go of the session. */
export interface Lease {
  readonly core: SessionCore;
  /** True: only to keep it alive, so that nobody would hear of a loss that this statement finds. */
  readonly warms: boolean;
  release(): void;
}

/** Gives the turns of a session. */
export interface TurnSource {
  /** @param onAhead called while it waits, with those before it */
  acquire(
    signal: AbortSignal | undefined,
    taker: TurnTaker,
    onAhead?: (ahead: readonly SessionTurn[]) => void,
  ): Promise<Lease>;
}

/** Told when the session starts to wait for its next statement, and when it stops waiting. */
export interface IdleWatcher {
  idle(): void;
  busy(): void;
}

interface Waiter {
  readonly turn: SessionTurn;
  readonly grant: () => void;
  readonly refuse: (error: Error) => void;
  readonly onAhead: ((ahead: readonly SessionTurn[]) => void) | undefined;
}

/**
 * The turn-taking and the memory of one session. ClickHouse refuses a second query in a busy session
 * (error 373), and forgets an idle one silently unless asked with `session_check` (error 372).
 */
export class SessionCore implements TurnSource {
  readonly id: string;
  readonly label: string | undefined;
  readonly timeoutSec: number;
  readonly #onBusy: 'queue' | 'reject';
  readonly #maxQueue: number;
  readonly #watcher: IdleWatcher | undefined;
  readonly #onChange: () => void;
  readonly #queue: Waiter[] = [];
  readonly #ledger = new SessionLedger();
  #state: SessionState = 'new';
  #held: SessionTurn | 'warming' | undefined;
  #host: Host | undefined;
  #lostError: SessionLostError | undefined;
  #onFree: (() => void)[] = [];

  /** @throws UsageError for an empty id, or numbers out of range. */
  constructor(id: string, options: SessionOptions, watcher?: IdleWatcher) {
    if (id === '') throw new UsageError('A session needs an id.', { hint: 'Leave it out.' });
    this.#watcher = watcher;
    this.id = id;
    this.label = options.label;
    this.timeoutSec = wholeNumber('timeoutSec', options.timeoutSec ?? TIMEOUT_SEC, 1);
    this.#onBusy = options.onBusy ?? 'queue';
    this.#maxQueue = wholeNumber('maxQueue', options.maxQueue ?? MAX_QUEUE, 0);
    this.#onChange = options.onChange ?? (() => undefined);
  }

  get state(): SessionState {
    return this.#state;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get turns(): SessionTurn[] {
    const held = this.#held;
    const waiting = this.#queue.map(({ turn }) => turn);
    if (held === undefined || held === 'warming') return waiting;
    const state = this.#state === 'cancelling' ? 'cancelling' : 'running';
    return [{ ...held, state }, ...waiting];
  }

  get holds(): SessionHoldings {
    return this.#ledger.holdings;
  }

  get holdsNothing(): boolean {
    return this.#ledger.isEmpty;
  }

  /** The host that has the session; undefined while none has. */
  get host(): Host | undefined {
    return this.#host;
  }

  /** True when the session is of no use on another host: it holds something on this one. */
  get isBound(): boolean {
    return this.#host !== undefined && !this.#ledger.isEmpty;
  }

  params(): SessionParams {
    return { id: this.id, timeoutSec: this.timeoutSec, check: this.#host !== undefined };
  }

  /**
   * Waits for its turn.
   * @param onAhead called while it waits, with those before it
   * @throws SessionBusyError, SessionLostError, UsageError when closed, CancelledError when aborted.
   */
  acquire(
    signal: AbortSignal | undefined,
    { sql, queryId }: TurnTaker,
    onAhead?: (ahead: readonly SessionTurn[]) => void,
  ): Promise<Lease> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    // Its listener would never be called.
    if (signal?.aborted === true) return Promise.reject(cancelledWaiting());
    const turn: SessionTurn = { sql, queryId, state: 'waiting', since: Date.now() };
    if (this.#held === undefined) return Promise.resolve(this.#grant(turn));
    // Keeping warm takes milliseconds and is nobody's statement, so it makes no one busy.
    const refuses =
      this.#onBusy === 'reject' && !(this.#held === 'warming' && this.#queue.length === 0);
    if (refuses || this.#queue.length >= this.#maxQueue) return Promise.reject(this.#busy());
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        const at = this.#queue.indexOf(waiter);
        if (at >= 0) this.#queue.splice(at, 1);
        reject(cancelledWaiting());
        this.#changed();
      };
      const waiter: Waiter = {
        turn,
        onAhead,
        grant: () => {
          signal?.removeEventListener('abort', abort);
          resolve(this.#grant(turn));
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', abort);
          reject(error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(waiter);
      this.#changed();
    });
  }

  /** Ends the waiting of a statement, with CancelledError. @returns false when none of this id waits. */
  cancelWaiting(queryId: string): boolean {
    const at = this.#queue.findIndex(({ turn }) => turn.queryId === queryId);
    const [waiter] = at < 0 ? [] : this.#queue.splice(at, 1);
    if (!waiter) return false;
    waiter.refuse(cancelledWaiting());
    this.#changed();
    return true;
  }

  /** A turn to keep an idle session alive; it does not count as use. @throws UsageError when it is in use. */
  acquireToWarm(): Promise<Lease> {
    if (this.#held !== undefined || this.#state !== 'idle') {
      return Promise.reject(new UsageError('The session is not idle.'));
    }
    this.#held = 'warming';
    return Promise.resolve(this.#lease(true));
  }

  /** The server answered with success: from now on the session must be there. */
  markUsed(host: Host): void {
    this.#host = host;
  }

  /** The next host makes the session anew: nothing is lost, since it held nothing. */
  leaveHost(): void {
    this.#host = undefined;
  }

  markCancelling(): void {
    if (this.#state !== 'busy') return;
    this.#state = 'cancelling';
    this.#changed();
  }

  /** Of a turn that several statements share: one that was cancelled has ended, and the next begins. */
  markBusy(): void {
    if (this.#state === 'cancelling') this.#state = 'busy';
  }

  /** Remembers what a successful statement left in the session. */
  record(sql: string, params: ParameterValues, uploads: boolean): void {
    this.#ledger.record(sql, params, uploads);
  }

  /**
   * Remembers a statement that was sent and did not end well. An error of the server says that it did nothing; only a
   * table that was being filled from a SELECT stays with the rows that came.
   */
  recordFailure(sql: string, error: unknown): void {
    if (!isClickHouseError(error)) this.#ledger.recordPerhaps(sql);
    else if (!REFUSED.has(error.code)) this.#ledger.recordPerhaps(sql, 'tablesBeingFilled');
  }

  /** The server answered 372: nothing was executed, and all that the session held is gone. */
  lose(cause: Error, queryId: string): SessionLostError {
    return this.#lose(sessionLost(this, this.holds, { cause, queryId }));
  }

  /** Its host cannot be reached, so nothing was executed; another host can, but does not have the session. */
  loseHost(cause: Error, queryId: string): SessionLostError {
    const what = `The session was on ${this.#host?.url ?? 'a host'}, which cannot be reached.`;
    return this.#lose(sessionLost(this, this.holds, { cause, queryId }, what));
  }

  #lose(error: SessionLostError): SessionLostError {
    this.#lostError = error;
    this.#state = 'lost';
    this.#refuseAll(error);
    return error;
  }

  /** @returns true when the session was open before. */
  close(): boolean {
    if (this.#state === 'closed') return false;
    this.#state = 'closed';
    this.#watcher?.busy();
    this.#refuseAll(new UsageError('The session was closed.'));
    return true;
  }

  get isFree(): boolean {
    return this.#held === undefined;
  }

  /** Resolves when no statement runs in it. */
  whenFree(): Promise<void> {
    if (this.#held === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onFree.push(resolve);
    });
  }

  #grant(turn: SessionTurn): Lease {
    this.#held = { ...turn, state: 'running', since: Date.now() };
    this.#state = 'busy';
    this.#watcher?.busy();
    this.#changed();
    return this.#lease(false);
  }

  #lease(warms: boolean): Lease {
    let released = false;
    return {
      core: this,
      warms,
      release: () => {
        if (released) return;
        released = true;
        this.#next();
      },
    };
  }

  #next(): void {
    const warmed = this.#held === 'warming';
    this.#held = undefined;
    for (const resolve of this.#onFree.splice(0)) resolve();
    if (this.#state === 'lost' || this.#state === 'closed') return;
    this.#state = this.#host === undefined ? 'new' : 'idle';
    const next = this.#queue.shift();
    if (next !== undefined) next.grant();
    else this.#watcher?.idle();
    if (!warmed && next === undefined) this.#changed();
  }

  #changed(): void {
    const { turns } = this;
    for (const { turn, onAhead } of this.#queue) onAhead?.(turns.slice(0, turns.indexOf(turn)));
    this.#onChange();
  }

  #refusal(): Error | undefined {
    if (this.#state === 'closed') return new UsageError('The session is closed.');
    return this.#lostError;
  }

  #refuseAll(error: Error): void {
    for (const waiter of this.#queue.splice(0)) waiter.refuse(error);
    this.#changed();
  }

  #busy(): SessionBusyError {
    const queued = this.#queue.length > 0 ? ` and ${this.#queue.length} statements wait` : '';
    return new SessionBusyError(`The session runs another statement${queued}.`, this.id, {
      hint: 'Wait for it, cancel it, or use another session.',
      retryable: true,
    });
  }
}

/** The error of a call that was aborted before it had its turn. */
export function cancelledWaiting(): CancelledError {
  return new CancelledError('Cancelled while waiting for the session.', NOT_STARTED, {
    wasSent: false,
  });
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`${name} must be a whole number, at least ${least}, not ${value}.`);
}

const sources = new WeakMap<Session, TurnSource>();

/** Makes a session recognisable in `RequestOptions.session`. */
export function registerSession(session: Session, source: TurnSource): void {
  sources.set(session, source);
}

/** @throws UsageError for an object that is no session of this library. */
export function coreOf(session: Session): TurnSource {
  const source = sources.get(session);
  if (source === undefined) throw new UsageError('session must come from client.session().');
  return source;
}
