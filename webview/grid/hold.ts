/** ms; longer, and it would look as if nothing happened. */
const LONGEST_MS = 60;

/** Lets something wait for a short time that begins with the first question and ends by `end`. */
export class Hold {
  readonly #onOver: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /** @param onOver the time is over: `goesOn` is false now */
  constructor(onOver: () => void) {
    this.#onOver = onOver;
  }

  /** Whether there is still time. */
  goesOn(): boolean {
    this.#timer ??= setTimeout(() => {
      this.#isOver = true;
      this.#onOver();
    }, LONGEST_MS);
    return !this.#isOver;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isOver = false;
  }
}
