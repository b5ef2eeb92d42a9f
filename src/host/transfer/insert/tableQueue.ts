/** Jobs for one table run one after the other; those of different tables at once. */
export class TableQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  /** True: another job for this table has not ended yet. */
  isBusy(table: string): boolean {
    return this.#last.has(table);
  }

  /**
   * Runs a job when those before it for the same table have ended, however they did; at once when it is aborted, so
   * that it can say so. Those behind it wait for all before them all the same.
   */
  async run<T>(table: string, job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#last.get(table) ?? Promise.resolve();
    const own = endOrAbort(before, signal).then(job);
    const all = Promise.allSettled([before, own]);
    this.#last.set(table, all);
    void all.then(() => {
      if (this.#last.get(table) === all) this.#last.delete(table);
    });
    return own;
  }
}

async function endOrAbort(end: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await end;
    return;
  }
  let stop: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  await Promise.race([end, aborted]);
  signal.removeEventListener('abort', stop);
}
