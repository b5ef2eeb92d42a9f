/** Keeps the values used last, up to a total size; values are promises, and failed ones are forgotten. */
export class RecentlyUsed<K, V extends Promise<unknown>> {
  readonly #limit: number;
  readonly #sizeOf: (value: Awaited<V>) => number;
  readonly #entries = new Map<K, { value: V; size: number }>();
  #total = 0;

  constructor(limit: number, sizeOf: (value: Awaited<V>) => number) {
    this.#limit = limit;
    this.#sizeOf = sizeOf;
  }

  get(key: K, make: () => V): V {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const entry = { value: make(), size: 0 };
    this.#entries.set(key, entry);
    entry.value.then(
      (value) => {
        if (this.#entries.get(key) !== entry) return;
        entry.size = this.#sizeOf(value as Awaited<V>);
        this.#total += entry.size;
        this.#trim();
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry.value;
  }

  #trim(): void {
    for (const [key, { size }] of this.#entries) {
      if (this.#total <= this.#limit) return;
      this.#entries.delete(key);
      this.#total -= size;
    }
  }
}
