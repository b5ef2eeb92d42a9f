import type { Look } from './lookAtRows.ts';

/** Each holds up to 100 rows on the disk. */
const MOST_LOOKS = 12;

/**
 * The looks of one insert by what they depend on, so that going back to a choice asks nothing again: a server may get
 * megabytes with each question. Owns their rows.
 */
export class KnownLooks {
  readonly #looks = new Map<string, Look>();

  /** The look of this key, else a new one; one without rows is not kept. */
  async get(key: string, look: () => Promise<Look>): Promise<Look> {
    const known = this.#looks.get(key);
    const found = known ?? (await look());
    if (!found.rows) return found;
    // The last one used is the last one to go.
    this.#looks.delete(key);
    this.#looks.set(key, found);
    const [oldest] = this.#looks;
    if (oldest && this.#looks.size > MOST_LOOKS) {
      this.#looks.delete(oldest[0]);
      await oldest[1].rows?.dispose();
    }
    return found;
  }

  async dispose(): Promise<void> {
    const looks = [...this.#looks.values()];
    this.#looks.clear();
    for (const { rows } of looks) await rows?.dispose();
  }
}
