/** More than what stands behind the number of rows: that before LIMIT, and figures about the statement. */
const TAIL_BYTES = 2048;

/** Documents that tell their number of rows themselves, near the end. */
export class DocumentTail {
  readonly #pattern: RegExp;
  #tail = Buffer.alloc(0);

  /** @param pattern with the flag `g` and a group that is the number; no value can look like it. */
  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  push(chunk: Uint8Array): void {
    const end = chunk.subarray(-TAIL_BYTES);
    this.#tail = Buffer.concat([this.#tail.subarray(end.length - TAIL_BYTES), end]).subarray(
      -TAIL_BYTES,
    );
  }

  get rows(): number | undefined {
    const last = [...this.#tail.toString('latin1').matchAll(this.#pattern)].at(-1)?.[1];
    return last === undefined ? undefined : Number(last);
  }
}
