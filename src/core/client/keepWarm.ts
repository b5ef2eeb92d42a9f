import type { IdleWatcher } from './sessionCore.ts';

export interface KeepWarmOptions {
  /** Milliseconds between two signs of life: half of what the server waits for. */
  readonly everyMs: number;
  /** Milliseconds after the last real statement until the session is given up. */
  readonly maxIdleMs: number;
  /** False when nothing would be lost with the session. */
  readonly isWorthIt: () => boolean;
  /** Runs a statement in the session; failures are its own business. */
  readonly warm: () => Promise<void>;
}

/**
 * Keeps an idle session from expiring on the server while it holds something. The timer never keeps the
 * process alive.
 */
export class KeepWarm implements IdleWatcher {
  readonly #options: KeepWarmOptions;
  #lastUse = 0;
  #timer: NodeJS.Timeout | undefined;
  #warming = false;

  constructor(options: KeepWarmOptions) {
    this.#options = options;
  }

  busy(): void {
    clearTimeout(this.#timer);
    this.#warming = false;
  }

  idle(): void {
    clearTimeout(this.#timer);
    if (!this.#warming) this.#lastUse = performance.now();
    this.#warming = false;
    const { everyMs, maxIdleMs, isWorthIt } = this.#options;
    const idleMs = performance.now() - this.#lastUse;
    if (!isWorthIt() || idleMs + everyMs > maxIdleMs) return;
    this.#timer = setTimeout(() => {
      this.#warming = true;
      void this.#options.warm();
    }, everyMs).unref();
  }
}
