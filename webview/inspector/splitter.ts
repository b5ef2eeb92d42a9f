import { element } from '../dom.ts';

/** px */
const MIN_WIDTH = 160;
const STEP = 24;

/** The edge of a pane at the right, moved by pointer and by arrow keys. */
export class Splitter {
  readonly element = element('div', {
    class: 'splitter',
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'vertical',
    'aria-label': 'Width of the value pane',
  });
  readonly #pane: HTMLElement;
  readonly #onWidth: (px: number) => void;
  #width = 0;

  constructor(width: number, pane: HTMLElement, onWidth: (px: number) => void) {
    this.#pane = pane;
    this.#onWidth = onWidth;
    this.#set(width);
    let drag: { startX: number; startWidth: number } | undefined;
    this.element.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.element.setPointerCapture(event.pointerId);
      // What is drawn may be narrower than what was asked for.
      drag = { startX: event.clientX, startWidth: pane.getBoundingClientRect().width };
    });
    this.element.addEventListener('pointermove', (event) => {
      if (drag) this.#change(drag.startWidth + drag.startX - event.clientX);
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      this.element.addEventListener(end, () => {
        drag = undefined;
      });
    }
    this.element.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0;
      if (by === 0) return;
      event.preventDefault();
      event.stopPropagation();
      this.#change(this.#width + by);
    });
  }

  #change(px: number): void {
    this.#set(px);
    this.#onWidth(this.#width);
  }

  #set(px: number): void {
    const most = Math.max(MIN_WIDTH, innerWidth - MIN_WIDTH);
    this.#width = Math.round(Math.max(MIN_WIDTH, Math.min(most, px)));
    this.#pane.style.width = `${this.#width}px`;
    this.element.ariaValueNow = String(this.#width);
    this.element.ariaValueMin = String(MIN_WIDTH);
    this.element.ariaValueMax = String(most);
  }
}
