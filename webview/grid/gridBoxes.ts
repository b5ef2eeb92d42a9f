import { element } from '../dom.ts';

/** px; where the boxes of the grid lie. */
export interface BoxSizes {
  width: number;
  height: number;
  header: number;
  gutter: number;
  pinned: number;
}

/**
 * The elements of the grid: one scroller, and inside it a sticky layer as large as the viewport that is drawn anew
 * for each position. Nothing in the page is as large as the result.
 *
 *     .grid (scrolls, role=grid)
 *       .sizer (as large as the result, up to the cap)
 *         .view (sticky)
 *           .head > .head-cells              .pinned-head > .head-cells      .corner
 *           .body > .rows > .row > .cell     .pinned-body > .rows > …        .gutter > .numbers > .row-number
 *
 * The pinned columns are a layer of their own, like the row numbers: moving the others costs one transform. Its rows
 * have the same `aria-rowindex` as those of the body, and other columns.
 */
export class GridBoxes {
  readonly grid = element('div', {
    class: 'grid',
    role: 'grid',
    tabindex: '0',
    'aria-label': 'Result rows',
    'aria-multiselectable': 'true',
    'aria-describedby': 'grid-keys',
  });
  readonly sizer = element('div', { class: 'sizer', role: 'presentation' });
  readonly view = element('div', { class: 'view', role: 'presentation' });
  readonly headLayer = element('div', { class: 'head-cells', role: 'presentation' });
  readonly bodyLayer = element('div', { class: 'rows', role: 'presentation' });
  readonly pinnedHeadLayer = element('div', { class: 'head-cells', role: 'presentation' });
  readonly pinnedBodyLayer = element('div', { class: 'rows', role: 'presentation' });
  readonly gutterLayer = element('div', { class: 'numbers' });
  readonly dropMark = element('div', { class: 'drop-mark', 'aria-hidden': 'true' });
  readonly #head = element('div', { class: 'head', role: 'row', 'aria-rowindex': '1' });
  readonly #body = element('div', { class: 'body', role: 'rowgroup' });
  readonly #pinnedHead = element('div', {
    class: 'pinned-head',
    role: 'row',
    'aria-rowindex': '1',
  });
  readonly #pinnedBody = element('div', { class: 'pinned-body', role: 'rowgroup' });
  readonly #gutter = element('div', { class: 'gutter', 'aria-hidden': 'true' });
  readonly #corner = element('div', { class: 'corner', 'aria-hidden': 'true' });
  #placed = '';

  constructor() {
    this.#head.append(this.headLayer);
    this.#body.append(this.bodyLayer);
    this.#pinnedHead.append(this.pinnedHeadLayer);
    this.#pinnedBody.append(this.pinnedBodyLayer);
    this.#gutter.append(this.gutterLayer);
    this.dropMark.hidden = true;
    this.view.append(
      this.#head,
      this.#body,
      this.#pinnedHead,
      this.#pinnedBody,
      this.#gutter,
      this.#corner,
      this.dropMark,
    );
    this.sizer.append(this.view);
    this.grid.append(this.sizer);
  }

  place({ width, height, header, gutter, pinned }: BoxSizes): void {
    const key = [width, height, header, gutter, pinned].join();
    if (key === this.#placed) return;
    this.#placed = key;
    this.view.style.width = `${width}px`;
    this.view.style.height = `${height}px`;
    for (const box of [this.#head, this.#body]) box.style.left = `${gutter + pinned}px`;
    for (const box of [this.#pinnedHead, this.#pinnedBody]) {
      box.hidden = pinned === 0;
      box.style.left = `${gutter}px`;
      box.style.width = `${pinned}px`;
    }
    for (const box of [this.#gutter, this.#corner]) box.style.width = `${gutter}px`;
    for (const box of [this.#body, this.#pinnedBody, this.#gutter]) box.style.top = `${header}px`;
    for (const box of [this.#head, this.#pinnedHead, this.#corner]) {
      box.style.height = `${header}px`;
    }
  }
}
