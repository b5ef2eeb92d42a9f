import type { SessionExpiry } from './surface.ts';
import type { IdleWatcher } from './sessionCore.ts';

export interface KeepWarmOptions {
  /** Milliseconds that the server keeps an idle session. */
  readonly timeoutMs: number;
  /** Milliseconds after the last real statement until the session is given up. */
  readonly maxIdleMs: number;
  /** False when nothing would be lost with the session. */
  readonly isWorthIt: () => boolean;
  /** Runs a statement in the session; false: the server no longer has it. Never rejects. */
  readonly warm: () => Promise<boolean>;
}

/**
 * Keeps an idle session from expiring on the server while it holds something: a sign of life at half of the time
 * that the server waits. The timer never keeps the process alive.
 */
export class KeepWarm implements IdleWatcher {
  readonly #options: KeepWarmOptions;
  readonly #everyMs: number;
  /** The end of the last real statement, and of the last sign of life. */
  #lastUse = 0;
  #lastSign = 0;
  #timer: NodeJS.Timeout | undefined;
  #warming = false;
  #gone = false;

  constructor(options: KeepWarmOptions) {
    this.#options = options;
    this.#everyMs = options.timeoutMs / 2;
  }

  /** Of a session that is idle now. */
  get expiry(): SessionExpiry {
    const { timeoutMs, maxIdleMs } = this.#options;
    if (this.#gone) return { expiresInMs: 0, isKept: false };
    const isKept = this.#timer !== undefined;
    const signs = isKept ? Math.floor(maxIdleMs / this.#everyMs) * this.#everyMs : 0;
    const from = isKept ? this.#lastUse + signs : this.#lastSign;
    return { expiresInMs: Math.max(0, from + timeoutMs - performance.now()), isKept };
  }

  busy(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#warming = false;
    this.#gone = false;
  }

  idle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastSign = performance.now();
    if (!this.#warming) this.#lastUse = this.#lastSign;
    this.#warming = false;
    const idleMs = this.#lastSign - this.#lastUse;
    if (
      this.#gone ||
      !this.#options.isWorthIt() ||
      idleMs + this.#everyMs > this.#options.maxIdleMs
    )
      return;
    this.#timer = setTimeout(() => {
      this.#warming = true;
      void this.#options.warm().then((isThere) => {
        if (!isThere) this.#giveUp();
      });
    }, this.#everyMs).unref();
  }

  /** The next real statement tells the user. */
  #giveUp(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#gone = true;
  }
}
