import { UsageError } from '../../core/client/errors.ts';

/** ms; a page that is there draws an image in a fraction of this. */
const TIMEOUT_MS = 10_000;

/** Images that were asked of a page and have not come yet. */
export class ChartImages {
  readonly #waiting = new Map<number, (png: Uint8Array | undefined) => void>();
  #last = 0;

  /** @param ask sends the request @throws UsageError when the page has no chart, or does not answer */
  async take(ask: (ticket: number) => void): Promise<Uint8Array> {
    const ticket = ++this.#last;
    let timer: NodeJS.Timeout | undefined;
    const png = await new Promise<Uint8Array | undefined>((resolve) => {
      this.#waiting.set(ticket, resolve);
      timer = setTimeout(resolve, TIMEOUT_MS, undefined);
      ask(ticket);
    });
    clearTimeout(timer);
    this.#waiting.delete(ticket);
    if (png) return png;
    throw new UsageError('There is no chart.', { hint: 'Show the result as a chart first.' });
  }

  /** Takes the page's answer; one that nobody waits for is dropped. */
  answer(ticket: number, png: Uint8Array | undefined): void {
    this.#waiting.get(ticket)?.(png);
  }

  /** The page is gone. */
  dispose(): void {
    for (const resolve of this.#waiting.values()) resolve(undefined);
  }
}
