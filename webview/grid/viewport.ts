import {
  columnLeft,
  leftToReveal,
  totalWidth,
  visibleColumns,
  type ColumnModel,
} from './columnModel.ts';
import { ROW_HEIGHT } from './frame.ts';
import {
  clampTop,
  fromScrollTop,
  maxTop,
  sizerHeight,
  topToReveal,
  toScrollTop,
  visibleRows,
  type ScrollGeometry,
} from './scrollModel.ts';
import type { CellPosition } from './selectionModel.ts';

/** px; name and type on two lines, or the name alone where the panel is low. */
const HEADER_HEIGHT = 40;
const LOW_HEADER_HEIGHT = 24;
const LOW_PANEL = 160;

export interface ScrollPosition {
  top: number;
  left: number;
}

/** What of the result is on screen: the position, the sizes, and the scroller that has to agree with them. */
export class Viewport {
  readonly #scroller: HTMLElement;
  readonly #sizer: HTMLElement;
  rows = 0;
  columns: ColumnModel;
  /** Positions [0, pinned) do not scroll. */
  pinned = 0;
  top = 0;
  left = 0;
  width = 0;
  height = 0;
  gutter = 0;
  /** The scroller's own numbers after we set them: a scroll event that repeats them is an echo. */
  #echoTop = 0;
  #echoLeft = 0;

  constructor(scroller: HTMLElement, sizer: HTMLElement, columns: ColumnModel) {
    this.#scroller = scroller;
    this.#sizer = sizer;
    this.columns = columns;
  }

  get geometry(): ScrollGeometry {
    return {
      rows: this.rows,
      rowHeight: ROW_HEIGHT,
      viewport: Math.max(0, this.height - this.header),
    };
  }

  get isLow(): boolean {
    return this.height < LOW_PANEL;
  }

  /** Height of the column headers, px. */
  get header(): number {
    return this.isLow ? LOW_HEADER_HEIGHT : HEADER_HEIGHT;
  }

  /** Width of the columns' area, pinned ones included, px. */
  get columnsWidth(): number {
    return Math.max(0, this.width - this.gutter);
  }

  get pinnedWidth(): number {
    return columnLeft(this.columns, this.pinned);
  }

  get position(): ScrollPosition {
    return { top: this.top, left: this.left };
  }

  moveTo({ top, left }: ScrollPosition): void {
    this.top = clampTop(this.geometry, top);
    this.left = Math.min(this.#maxLeft(), Math.max(0, left));
  }

  clamp(): void {
    this.moveTo(this.position);
  }

  visibleRows(): { first: number; end: number } {
    return visibleRows(this.geometry, this.top);
  }

  /** Positions of the columns that scroll and are at least partly visible. */
  visibleColumns(): { first: number; end: number } {
    const { pinnedWidth, pinned } = this;
    const room = this.columnsWidth - pinnedWidth;
    if (pinned >= this.columns.widths.length) return { first: pinned, end: pinned };
    const { first, end } = visibleColumns(this.columns, pinnedWidth + this.left, room);
    return { first: Math.max(pinned, first), end: Math.max(pinned, end) };
  }

  /** Scrolls as little as needed to show the cell. */
  reveal({ row, column }: CellPosition): void {
    this.top = topToReveal(this.geometry, this.top, row);
    this.left = this.#leftToReveal(column);
  }

  /** If the cell or the end of the rows is on screen, it still is after the change. */
  keeping({ row, column }: CellPosition, change: () => void): void {
    const atEnd = this.top > 0 && this.top >= maxTop(this.geometry);
    const rowShown = topToReveal(this.geometry, this.top, row) === this.top;
    const columnShown = this.#leftToReveal(column) === this.left;
    change();
    // A horizontal scroll bar that appears must not cover the last row.
    if (atEnd) this.top = maxTop(this.geometry);
    else if (rowShown) this.top = topToReveal(this.geometry, this.top, row);
    if (columnShown) this.left = this.#leftToReveal(column);
  }

  /** The user moved the scroller. */
  follow(): void {
    if (this.#scroller.scrollTop !== this.#echoTop) {
      this.#echoTop = this.#scroller.scrollTop;
      this.top = fromScrollTop(this.geometry, this.#scroller.scrollTop);
    }
    // An echo must not undo what the wheel has added since.
    if (this.#scroller.scrollLeft !== this.#echoLeft) {
      this.#echoLeft = this.#scroller.scrollLeft;
      this.left = this.#echoLeft;
    }
  }

  /** Makes the scroll bars tell the truth; returns after the scroller took the position. */
  sync(): void {
    const { geometry } = this;
    const height = `${this.header + sizerHeight(geometry)}px`;
    const width = `${this.gutter + totalWidth(this.columns)}px`;
    if (this.#sizer.style.height !== height) this.#sizer.style.height = height;
    if (this.#sizer.style.width !== width) this.#sizer.style.width = width;
    const top = Math.round(toScrollTop(geometry, this.top));
    if (Math.abs(top - this.#echoTop) >= 1) {
      this.#scroller.scrollTop = top;
      this.#echoTop = this.#scroller.scrollTop;
    }
    if (Math.abs(this.left - this.#scroller.scrollLeft) >= 0.5) {
      this.#scroller.scrollLeft = this.left;
      this.#echoLeft = this.#scroller.scrollLeft;
    }
  }

  #leftToReveal(column: number): number {
    if (column < this.pinned) return this.left;
    const { pinnedWidth } = this;
    const room = this.columnsWidth - pinnedWidth;
    return leftToReveal(this.columns, pinnedWidth + this.left, room, column) - pinnedWidth;
  }

  #maxLeft(): number {
    return Math.max(0, totalWidth(this.columns) - this.columnsWidth);
  }
}
