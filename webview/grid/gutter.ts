import { element } from '../dom.ts';
import { ROW_HEIGHT } from './frame.ts';
import type { CellRange } from './selectionModel.ts';

interface DrawnNumber {
  element: HTMLElement;
  text: Text;
  row: number;
  inRange: boolean;
}

/** Row numbers. Decoration for the eye: assistive technology has each row's `aria-rowindex`. */
export class Gutter {
  readonly #layer: HTMLElement;
  #numbers: DrawnNumber[] = [];
  #origin = -1;

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  /** @param originTop y of the layer's origin, px from the top of all rows */
  draw(
    firstRow: number,
    endRow: number,
    poolSize: number,
    originTop: number,
    ranges: readonly CellRange[],
  ): void {
    if (poolSize !== this.#numbers.length) {
      this.#numbers = Array.from({ length: poolSize }, drawnNumber);
      this.#layer.replaceChildren(...this.#numbers.map((number) => number.element));
    }
    if (originTop !== this.#origin) {
      this.#origin = originTop;
      for (const number of this.#numbers) hide(number);
    }
    for (const number of this.#numbers) {
      if (number.row < 0 || (number.row >= firstRow && number.row < endRow)) continue;
      hide(number);
    }
    for (let row = firstRow; row < endRow; row++) {
      const number = this.#numbers[row % poolSize];
      if (!number) continue;
      if (number.row !== row) {
        number.row = row;
        number.element.hidden = false;
        number.element.style.transform = `translateY(${row * ROW_HEIGHT - originTop}px)`;
        number.text.data = String(row + 1);
      }
      const inRange = ranges.some((range) => row >= range.firstRow && row <= range.lastRow);
      if (number.inRange !== inRange) {
        number.inRange = inRange;
        number.element.classList.toggle('in-range', inRange);
      }
    }
  }
}

function drawnNumber(): DrawnNumber {
  const text = document.createTextNode('');
  const made = element('div', { class: 'row-number' }, text);
  made.hidden = true;
  return { element: made, text, row: -1, inRange: false };
}

function hide(number: DrawnNumber): void {
  number.row = -1;
  number.element.hidden = true;
}

/** Width of the gutter, px. Room for five digits at least, so that it does not twitch while rows come. */
export function gutterWidth(rows: number, charWidth: number): number {
  return Math.ceil(Math.max(5, String(rows).length) * charWidth) + 17;
}
