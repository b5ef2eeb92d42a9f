import { element } from './dom.ts';

/** ms between announcements of one that is only news: a running query changes its numbers many times a second. */
const QUIET_MS = 10_000;

/** Tells assistive technology what happened, without flooding it. */
export class LiveRegion {
  readonly element = element('div', {
    class: 'visually-hidden',
    role: 'status',
    'aria-live': 'polite',
  });
  #lastAt = -Infinity;
  #lastKey = '';

  /** @param key announcements with a new key are said at once, others at most every ten seconds */
  say(text: string, key: string): void {
    const now = performance.now();
    if (key === this.#lastKey && now - this.#lastAt < QUIET_MS) return;
    this.#lastKey = key;
    this.#lastAt = now;
    if (this.element.textContent !== text) this.element.textContent = text;
  }
}
