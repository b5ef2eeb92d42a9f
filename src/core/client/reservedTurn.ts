import { CancelledError, UsageError } from './errors.ts';
import type { Lease, TurnSource } from './sessionCore.ts';

/** One turn of a session for several statements, one after the other. */
export class ReservedTurn implements TurnSource {
  readonly #lease: Lease;
  /** Settles when the statement before has let go of the session. */
  #last: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(lease: Lease) {
    this.#lease = lease;
  }

  async acquire(signal: AbortSignal | undefined): Promise<Lease> {
    if (this.#ended) throw new UsageError('The turn in the session has ended.');
    const { core } = this.#lease;
    const before = this.#last;
    let release = (): void => undefined;
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    if (signal?.aborted === true) {
      release();
      const outcome = Promise.resolve({ outcome: 'notFound', elapsedMs: 0 } as const);
      throw new CancelledError('The query was cancelled before it was sent.', outcome);
    }
    core.markBusy();
    return { core, warms: false, release };
  }

  /** The turn ends with its last statement. */
  end(): void {
    this.#ended = true;
    void this.#last.then(() => {
      this.#lease.release();
    });
  }
}
