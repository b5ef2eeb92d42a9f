import { onAbort } from './abort.ts';
import { UsageError } from './errors.ts';
import { cancelledWaiting, type Lease, type TurnSource } from './sessionCore.ts';

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
    let stopListening = (): void => undefined;
    const aborted = new Promise<void>((resolve) => {
      stopListening = onAbort(signal, resolve);
    });
    await Promise.race([before, aborted]);
    stopListening();
    if (signal?.aborted === true) {
      // Those behind it still wait for the one before it.
      void before.then(release);
      throw cancelledWaiting();
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
