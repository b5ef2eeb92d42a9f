import type { Look } from './lookAtRows.ts';

/** Each holds up to 100 rows on the disk. */
const MOST_LOOKS = 12;

/**
 * The looks of one insert by what they depend on, so that going back to a choice asks nothing again: a server may get
 * megabytes with each question. Owns their rows.
 */
export class KnownLooks {
  readonly #looks = new Map<string, Look>();
  #disposed = false;

  /** The look of this key, else a new one; one without rows is not kept. */
  async get(key: string, look: () => Promise<Look>): Promise<Look> {
    const known = this.#looks.get(key);
    const found = known ?? (await look());
    if (!found.rows) return found;
    // Another look of the same key was quicker, or the page is closed.
    const first = this.#looks.get(key) ?? found;
    if (first !== found || this.#disposed) await found.rows.dispose();
    if (this.#disposed) return found;
    // The last one used is the last one to go.
    this.#looks.delete(key);
    this.#looks.set(key, first);
    const [oldest] = this.#looks;
    if (oldest && this.#looks.size > MOST_LOOKS) {
      this.#looks.delete(oldest[0]);
      await oldest[1].rows?.dispose();
    }
    return first;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const looks = [...this.#looks.values()];
    this.#looks.clear();
    for (const { rows } of looks) await rows?.dispose();
  }
}
