/** Jobs for one table run one after the other; those of different tables at once. */
export class TableQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  /** True: another job for this table has not ended yet. */
  isBusy(table: string): boolean {
    return this.#last.has(table);
  }

  /** Runs a job when those before it for the same table have ended, however they did. */
  async run<T>(table: string, job: () => Promise<T>): Promise<T> {
    const before = this.#last.get(table) ?? Promise.resolve();
    const own = before.then(job, job);
    this.#last.set(table, own);
    try {
      return await own;
    } finally {
      if (this.#last.get(table) === own) this.#last.delete(table);
    }
  }
}
