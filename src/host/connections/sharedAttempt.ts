import { unlessAborted } from '../../core/transfer/cancelled.ts';

/** One attempt that several may wait for: who leaves hears at once, and it is stopped when nobody is left. */
export class SharedAttempt<T> {
  readonly result: Promise<T>;
  readonly #abort = new AbortController();
  #waiting = 0;
  #settled = false;

  /** @param make to be stopped by the signal. `onStop` is called when it is. */
  constructor(make: (signal: AbortSignal) => Promise<T>, onStop: () => void) {
    this.result = make(this.#abort.signal);
    const settle = (): void => {
      this.#settled = true;
    };
    this.result.then(settle, settle);
    this.#abort.signal.addEventListener('abort', onStop, { once: true });
  }

  /** @throws CancelledError when the signal aborts before; what the attempt throws. */
  async wait(signal: AbortSignal | undefined): Promise<T> {
    this.#waiting += 1;
    try {
      return await unlessAborted(this.result, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#settled) this.#abort.abort();
    }
  }
}
