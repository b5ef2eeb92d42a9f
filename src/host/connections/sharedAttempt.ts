import { unlessAborted } from '../../core/transfer/cancelled.ts';

/** The signal that takes a question away again; undefined while nobody waits who may be asked. */
export type Asking = () => AbortSignal | undefined;

/** One attempt that several may wait for: who leaves hears at once, and it is stopped when nobody is left. */
export class SharedAttempt<T> {
  readonly result: Promise<T>;
  readonly #abort = new AbortController();
  #asking: AbortController | undefined;
  #askable = 0;
  #waiting = 0;
  #settled = false;

  /**
   * @param make to be stopped by the signal; begins once the first one waits, as only then it is known who may be asked
   * @param onStop called when it is stopped
   */
  constructor(make: (signal: AbortSignal, asking: Asking) => Promise<T>, onStop: () => void) {
    this.result = Promise.resolve().then(() =>
      make(this.#abort.signal, () => this.#asking?.signal),
    );
    const settle = (): void => {
      this.#settled = true;
    };
    this.result.then(settle, settle);
    this.#abort.signal.addEventListener('abort', onStop, { once: true });
  }

  /**
   * @param mayAsk who waits may be asked for what is missing: no longer than they wait
   * @throws CancelledError when the signal aborts before; what the attempt throws.
   */
  async wait(signal: AbortSignal | undefined, mayAsk: boolean): Promise<T> {
    this.#waiting += 1;
    if (mayAsk) {
      this.#askable += 1;
      this.#asking ??= new AbortController();
    }
    try {
      return await unlessAborted(this.result, signal);
    } finally {
      if (mayAsk) this.#leaveUnasked();
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#settled) this.#abort.abort();
    }
  }

  #leaveUnasked(): void {
    this.#askable -= 1;
    if (this.#askable > 0) return;
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.abort();
  }
}
