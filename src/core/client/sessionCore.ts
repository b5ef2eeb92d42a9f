import { classify, temporaryTable } from '../sql/kind.ts';
import { CancelledError, SessionBusyError, SessionLostError, UsageError } from './errors.ts';
import type { Host } from './hosts.ts';
import type { SessionParams } from './request.ts';
import type {
  CancelOutcome,
  Session,
  SessionHoldings,
  SessionOptions,
  SessionState,
} from './surface.ts';

const MAX_QUEUE = 64;
/** Seconds that the server keeps an idle session when nothing else was asked. */
export const TIMEOUT_SEC = 600;
const NOT_STARTED: Promise<CancelOutcome> = Promise.resolve({ outcome: 'notFound', elapsedMs: 0 });

/** The right to use a session; it lasts until the body was read and the server let go of the session. */
export interface Lease {
  readonly core: SessionCore;
  release(): void;
}

/** Gives the turns of a session. */
export interface TurnSource {
  acquire(signal: AbortSignal | undefined): Promise<Lease>;
}

/** Told when the session starts to wait for its next statement, and when it stops waiting. */
export interface IdleWatcher {
  idle(): void;
  busy(): void;
}

interface Waiter {
  readonly grant: () => void;
  readonly refuse: (error: Error) => void;
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
  readonly #queue: Waiter[] = [];
  readonly #statements: string[] = [];
  readonly #tables = new Set<string>();
  #state: SessionState = 'new';
  #held = false;
  #warming = false;
  #host: Host | undefined;
  #lostError: SessionLostError | undefined;

  /** @throws UsageError for an empty id, or numbers out of range. */
  constructor(id: string, options: SessionOptions, watcher?: IdleWatcher) {
    if (id === '') throw new UsageError('A session needs an id.', { hint: 'Leave it out.' });
    this.#watcher = watcher;
    this.id = id;
    this.label = options.label;
    this.timeoutSec = wholeNumber('timeoutSec', options.timeoutSec ?? TIMEOUT_SEC, 1);
    this.#onBusy = options.onBusy ?? 'queue';
    this.#maxQueue = wholeNumber('maxQueue', options.maxQueue ?? MAX_QUEUE, 0);
  }

  get state(): SessionState {
    return this.#state;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get holds(): SessionHoldings {
    return { statements: [...this.#statements], temporaryTables: [...this.#tables] };
  }

  /** The host that has the session; undefined while none has. */
  get host(): Host | undefined {
    return this.#host;
  }

  /** True when the session is of no use on another host: it holds something on this one. */
  get isBound(): boolean {
    return this.#host !== undefined && (this.#statements.length > 0 || this.#tables.size > 0);
  }

  params(): SessionParams {
    return { id: this.id, timeoutSec: this.timeoutSec, check: this.#host !== undefined };
  }

  /**
   * Waits for its turn.
   * @throws SessionBusyError, SessionLostError, UsageError when closed, CancelledError when aborted.
   */
  acquire(signal: AbortSignal | undefined): Promise<Lease> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (!this.#held) return Promise.resolve(this.#grant());
    // Keeping warm takes milliseconds and is nobody's statement, so it makes no one busy.
    const refuses = this.#onBusy === 'reject' && !(this.#warming && this.#queue.length === 0);
    if (refuses || this.#queue.length >= this.#maxQueue) return Promise.reject(this.#busy());
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        const at = this.#queue.indexOf(waiter);
        if (at >= 0) this.#queue.splice(at, 1);
        reject(new CancelledError('Cancelled while waiting for the session.', NOT_STARTED));
      };
      const waiter: Waiter = {
        grant: () => {
          signal?.removeEventListener('abort', abort);
          resolve(this.#grant());
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', abort);
          reject(error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.push(waiter);
    });
  }

  /** A turn to keep an idle session alive; it does not count as use. @throws UsageError when it is in use. */
  acquireToWarm(): Promise<Lease> {
    if (this.#held || this.#state !== 'idle') {
      return Promise.reject(new UsageError('The session is not idle.'));
    }
    this.#held = true;
    this.#warming = true;
    return Promise.resolve(this.#lease());
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
    if (this.#state === 'busy') this.#state = 'cancelling';
  }

  /** Remembers what a successful statement left in the session. */
  record(sql: string): void {
    const change = sessionChange(sql);
    if (change === undefined) return;
    if (change.kind === 'statement') this.#statements.push(sql.trim());
    else if (change.kind === 'create') this.#tables.add(change.table);
    else this.#tables.delete(change.table);
  }

  /** The server answered 372: nothing was executed, and all that the session held is gone. */
  lose(cause: Error, queryId: string): SessionLostError {
    const whose = this.label === undefined ? '' : ` of ${this.label}`;
    return this.#lose(`The server no longer has the session${whose}.`, cause, queryId);
  }

  /** Its host cannot be reached, so nothing was executed; another host can, but does not have the session. */
  loseHost(cause: Error, queryId: string): SessionLostError {
    const where = this.#host?.url ?? 'a host';
    return this.#lose(`The session was on ${where}, which cannot be reached.`, cause, queryId);
  }

  #lose(what: string, cause: Error, queryId: string): SessionLostError {
    const lost = this.holds;
    const parts = [
      ...(lost.temporaryTables.length > 0
        ? [`temporary tables ${lost.temporaryTables.join(', ')}`]
        : []),
      ...(lost.statements.length > 0 ? [`${lost.statements.length} SET or USE statements`] : []),
    ];
    const held = parts.length > 0 ? ` It held ${parts.join(' and ')}.` : '';
    this.#lostError = new SessionLostError(
      `${what} The statement was not executed.${held}`,
      this.id,
      lost,
      { cause, queryId, hint: 'Start a new session and repeat its SET and CREATE statements.' },
    );
    this.#state = 'lost';
    this.#refuseAll(this.#lostError);
    return this.#lostError;
  }

  /** @returns true when the session was open before. */
  close(): boolean {
    if (this.#state === 'closed') return false;
    this.#state = 'closed';
    this.#watcher?.busy();
    this.#refuseAll(new UsageError('The session was closed.'));
    return true;
  }

  #grant(): Lease {
    this.#held = true;
    this.#state = 'busy';
    this.#watcher?.busy();
    return this.#lease();
  }

  #lease(): Lease {
    let released = false;
    return {
      core: this,
      release: () => {
        if (released) return;
        released = true;
        this.#next();
      },
    };
  }

  #next(): void {
    this.#held = false;
    this.#warming = false;
    if (this.#state === 'lost' || this.#state === 'closed') return;
    this.#state = this.#host === undefined ? 'new' : 'idle';
    const next = this.#queue.shift();
    if (next !== undefined) next.grant();
    else this.#watcher?.idle();
  }

  #refusal(): Error | undefined {
    if (this.#state === 'closed') return new UsageError('The session is closed.');
    return this.#lostError;
  }

  #refuseAll(error: Error): void {
    for (const waiter of this.#queue.splice(0)) waiter.refuse(error);
  }

  #busy(): SessionBusyError {
    const queued = this.#queue.length > 0 ? ` and ${this.#queue.length} statements wait` : '';
    return new SessionBusyError(`The session runs another statement${queued}.`, this.id, {
      hint: 'Wait for it, cancel it, or use another session.',
      retryable: true,
    });
  }
}

type SessionChange =
  { readonly kind: 'statement' } | { readonly kind: 'create' | 'drop'; readonly table: string };

const DROP_TABLE = /^drop\s+(?:temporary\s+)?(?:table|view)\s+(?:if\s+exists\s+)?[`"]?([^\s`";]+)/i;

function sessionChange(sql: string): SessionChange | undefined {
  const kind = classify(sql);
  if (kind === 'set' || kind === 'use') return { kind: 'statement' };
  if (kind !== 'ddl') return undefined;
  const created = temporaryTable(sql);
  if (created !== undefined) return { kind: 'create', table: created };
  const dropped = DROP_TABLE.exec(sql.trimStart())?.[1];
  return dropped === undefined ? undefined : { kind: 'drop', table: dropped };
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
