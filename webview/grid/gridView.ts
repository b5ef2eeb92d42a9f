import type { ResultColumn } from '../../src/shared/columns.ts';
import { element } from '../dom.ts';
import { textUnits } from './cellText.ts';
import { columnInfo, type ColumnInfo } from './columnInfo.ts';
import {
  columnLeft,
  columnModel,
  fittingWidth,
  leftToReveal,
  MAX_COLUMN_WIDTH,
  totalWidth,
  visibleColumns,
  withWidth,
  type ColumnModel,
} from './columnModel.ts';
import { ROW_HEIGHT, type CellSource, type Frame } from './frame.ts';
import { Gutter, gutterWidth } from './gutter.ts';
import { HeaderCells } from './headerCells.ts';
import { keyAction } from './keyboard.ts';
import { attachPointer } from './pointer.ts';
import { RowPool } from './rowPool.ts';
import {
  clampTop,
  fromScrollTop,
  pageRows,
  sizerHeight,
  topToReveal,
  toScrollTop,
  visibleRows,
  type ScrollGeometry,
} from './scrollModel.ts';
import {
  applyAction,
  selectCell,
  selectedRange,
  type CellPosition,
  type CellRange,
  type GridSize,
  type Selection,
} from './selectionModel.ts';
import type { VisibleWindow } from './windowCache.ts';

/** px; name and type on two lines, or the name alone where the panel is low. */
const HEADER_HEIGHT = 40;
const LOW_HEADER_HEIGHT = 24;
const LOW_PANEL = 160;
/** Rows looked at to give a column its first width. */
const SAMPLE_ROWS = 100;

export interface GridOptions {
  source: CellSource;
  mac: boolean;
  /** Other rows or columns came on screen. */
  onView: (view: VisibleWindow) => void;
  onCopy: (range: CellRange) => void;
  onScrolled: (position: ScrollPosition) => void;
}

export interface ScrollPosition {
  top: number;
  left: number;
}

/**
 * The grid: one scroller, and inside it a sticky layer as large as the viewport that is drawn anew for each
 * position. Nothing in the page is as large as the result.
 *
 *     .grid (scrolls, role=grid)
 *       .sizer (as large as the result, up to the cap)
 *         .view (sticky)
 *           .head > .head-cells      .corner
 *           .body > .rows > .row > .cell
 *           .gutter > .numbers > .row-number
 */
export class GridView {
  readonly element: HTMLElement;
  readonly #options: GridOptions;
  readonly #sizer = element('div', { class: 'sizer', role: 'presentation' });
  readonly #view = element('div', { class: 'view', role: 'presentation' });
  readonly #head = element('div', { class: 'head', role: 'row', 'aria-rowindex': '1' });
  readonly #headLayer = element('div', { class: 'head-cells', role: 'presentation' });
  readonly #body = element('div', { class: 'body', role: 'rowgroup' });
  readonly #bodyLayer = element('div', { class: 'rows', role: 'presentation' });
  readonly #gutterBox = element('div', { class: 'gutter', 'aria-hidden': 'true' });
  readonly #gutterLayer = element('div', { class: 'numbers' });
  readonly #corner = element('div', { class: 'corner', 'aria-hidden': 'true' });
  readonly #rowPool = new RowPool(this.#bodyLayer);
  readonly #headerCells = new HeaderCells(this.#headLayer);
  readonly #gutter = new Gutter(this.#gutterLayer);
  readonly #observers: { disconnect(): void }[] = [];

  #infos: ColumnInfo[] = [];
  #columns: ColumnModel = columnModel([]);
  /** Columns whose width the rows or the user have decided. */
  #sized = new Set<number>();
  /** Columns whose width is the user's, never changed by the grid. */
  #userSized = new Set<number>();
  #rows = 0;
  #selection: Selection = selectCell({ row: 0, column: 0 });
  #top = 0;
  #left = 0;
  /** The scroller's own numbers after we set them: a scroll event that repeats them is an echo. */
  #echoTop = 0;
  #width = 0;
  #height = 0;
  #headerHeight = HEADER_HEIGHT;
  #gutterWidth = 0;
  #charWidth = 7.5;
  #columnCount = 0;
  #stamp = 0;
  #arrivals = 0;
  #frame = 0;
  #shown: VisibleWindow = { firstRow: 0, endRow: 0, firstColumn: 0, endColumn: 0 };

  constructor(options: GridOptions) {
    this.#options = options;
    this.element = element('div', {
      class: 'grid',
      role: 'grid',
      tabindex: '0',
      'aria-label': 'Result rows',
      'aria-multiselectable': 'true',
      'aria-describedby': 'grid-keys',
    });
    this.#head.append(this.#headLayer);
    this.#body.append(this.#bodyLayer);
    this.#gutterBox.append(this.#gutterLayer);
    this.#view.append(this.#head, this.#body, this.#gutterBox, this.#corner);
    this.#sizer.append(this.#view);
    this.element.append(this.#sizer);
    this.#listen();
  }

  /** Shows another result from its beginning. */
  setColumns(columns: readonly ResultColumn[], timeZone: string): void {
    this.#measureFont();
    this.#infos = columns.map((column) => columnInfo(column, timeZone));
    this.#columns = columnModel(this.#infos.map((info) => this.#headerWidth(info)));
    this.#sized = new Set();
    this.#userSized = new Set();
    this.#columnCount = 0;
    this.#rows = 0;
    this.#selection = selectCell({ row: 0, column: 0 });
    this.#top = 0;
    this.#left = 0;
    this.element.ariaColCount = String(columns.length);
    this.#redraw();
  }

  /** Rows so far. Growing leaves what is on screen where it is. */
  setRows(rows: number): void {
    if (rows === this.#rows) return;
    const wholeColumns = this.#selection.span === 'columns' || this.#selection.span === 'all';
    this.#rows = rows;
    if (wholeColumns || this.#shown.endRow === 0) this.#stamp++;
    this.schedule();
  }

  get size(): GridSize {
    return { rows: this.#rows, columns: this.#infos.length };
  }

  get scrollPosition(): ScrollPosition {
    return { top: this.#top, left: this.#left };
  }

  scrollTo({ top, left }: ScrollPosition): void {
    this.#top = clampTop(this.#geometry(), top);
    this.#left = Math.max(0, left);
    this.#redraw();
  }

  /** Cells that were missing may be there now. */
  dataArrived(): void {
    this.#arrivals++;
    this.schedule();
  }

  setSelection(selection: Selection, reveal: boolean): void {
    this.#selection = selection;
    if (reveal) this.reveal(selection.focus);
    this.#redraw();
  }

  get selection(): Selection {
    return this.#selection;
  }

  /** Scrolls as little as needed to show the cell. */
  reveal({ row, column }: CellPosition): void {
    this.#top = topToReveal(this.#geometry(), this.#top, row);
    this.#left = leftToReveal(this.#columns, this.#left, this.#viewportWidth(), column);
  }

  /** If the active cell is on screen, it still is after the columns or the panel changed. */
  #keepingFocus(change: () => void): void {
    const { row, column } = this.#selection.focus;
    const rowShown = topToReveal(this.#geometry(), this.#top, row) === this.#top;
    const left = leftToReveal(this.#columns, this.#left, this.#viewportWidth(), column);
    const columnShown = left === this.#left;
    change();
    if (rowShown) this.#top = topToReveal(this.#geometry(), this.#top, row);
    if (!columnShown) return;
    this.#left = leftToReveal(this.#columns, this.#left, this.#viewportWidth(), column);
  }

  scrollBy(x: number, y: number): void {
    this.#top = clampTop(this.#geometry(), this.#top + y);
    this.#left = Math.min(this.#maxLeft(), Math.max(0, this.#left + x));
    this.schedule();
  }

  setColumnWidth(column: number, width: number): void {
    this.#sized.add(column);
    this.#userSized.add(column);
    this.#columns = withWidth(this.#columns, column, width);
    this.#redraw();
  }

  columnWidth(column: number): number {
    return this.#columns.widths[column] ?? 0;
  }

  /** As wide as the header and the rows on screen need. */
  autosize(column: number): void {
    const { firstRow, endRow } = this.#shown;
    this.setColumnWidth(column, this.#fitting(column, firstRow, endRow, MAX_COLUMN_WIDTH));
  }

  /** Numbers further down may be longer than the first ones. */
  #widen(column: number, units: number): void {
    if (this.#userSized.has(column)) return;
    const width = fittingWidth(units, [], this.#charWidth);
    if (width <= this.columnWidth(column)) return;
    this.#keepingFocus(() => {
      this.#columns = withWidth(this.#columns, column, width);
    });
    this.#redraw();
  }

  /** Model of the columns and where rows begin, for hit tests; px relative to the grid's own box. */
  get layout(): {
    columns: ColumnModel;
    headerHeight: number;
    gutterWidth: number;
  } & ScrollPosition {
    return {
      columns: this.#columns,
      headerHeight: this.#headerHeight,
      gutterWidth: this.#gutterWidth,
      top: this.#top,
      left: this.#left,
    };
  }

  schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const observer of this.#observers) observer.disconnect();
    this.element.remove();
  }

  #redraw(): void {
    this.#stamp++;
    this.schedule();
  }

  #geometry(): ScrollGeometry {
    return {
      rows: this.#rows,
      rowHeight: ROW_HEIGHT,
      viewport: Math.max(0, this.#height - this.#headerHeight),
    };
  }

  #viewportWidth(): number {
    return Math.max(0, this.#width - this.#gutterWidth);
  }

  #maxLeft(): number {
    return Math.max(0, totalWidth(this.#columns) - this.#viewportWidth());
  }

  #listen(): void {
    const grid = this.element;
    grid.addEventListener('scroll', () => {
      if (grid.scrollTop !== this.#echoTop) {
        this.#echoTop = grid.scrollTop;
        this.#top = fromScrollTop(this.#geometry(), grid.scrollTop);
      }
      this.#left = grid.scrollLeft;
      this.schedule();
    });
    grid.addEventListener(
      'wheel',
      (event) => {
        if (event.ctrlKey) return;
        const sideways = event.shiftKey && event.deltaX === 0;
        event.preventDefault();
        this.scrollBy(sideways ? event.deltaY : event.deltaX, sideways ? 0 : event.deltaY);
      },
      { passive: false },
    );
    grid.addEventListener('keydown', (event) => {
      const action = keyAction(event, this.#options.mac);
      if (!action) return;
      // The workbench listens too: a key that the grid took must not also run a command.
      event.preventDefault();
      event.stopPropagation();
      const size = this.size;
      if (size.columns === 0) return;
      if (action.type === 'copy') this.copy();
      else if (action.type === 'resize') {
        const { column } = this.#selection.focus;
        this.setColumnWidth(column, this.columnWidth(column) + action.by);
      } else if (size.rows > 0) {
        const next = applyAction(this.#selection, action, size, pageRows(this.#geometry()));
        this.setSelection(next, !action.type.startsWith('select'));
      }
    });
    this.#observers.push(attachPointer(this, this.#view));
    const resize = new ResizeObserver(() => {
      this.schedule();
    });
    resize.observe(grid);
    // VS Code writes theme and font variables into the root element's style.
    const theme = new MutationObserver(() => {
      this.#measureFont();
      this.#redraw();
    });
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    this.#observers.push(resize, theme);
  }

  copy(): void {
    const range = selectedRange(this.#selection, this.size);
    if (range) this.#options.onCopy(range);
  }

  #measureFont(): void {
    const canvas = document.createElement('canvas').getContext('2d');
    if (!canvas) return;
    // Not the `font` shorthand: with forced colours Chromium gives it as an empty text.
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(this.#bodyLayer);
    canvas.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    const width = canvas.measureText('0'.repeat(64)).width / 64;
    if (width > 0) this.#charWidth = width;
  }

  #headerUnits(info: ColumnInfo): number {
    // The type may be a long tuple: it is cut, and whole in the tooltip.
    return Math.max(textUnits(info.name, 60) + 1, textUnits(info.type, 24));
  }

  #headerWidth(info: ColumnInfo): number {
    return fittingWidth(Math.max(info.units, this.#headerUnits(info)), [], this.#charWidth);
  }

  #fitting(column: number, firstRow: number, endRow: number, max?: number): number {
    const info = this.#infos[column];
    if (!info) return 0;
    const samples: number[] = [];
    for (let row = firstRow; row < endRow; row++) {
      const cell = this.#options.source.cell(row, column);
      if (cell) samples.push(cell.isNull ? 4 : textUnits(cell.text, 300));
    }
    return fittingWidth(this.#headerUnits(info), samples, this.#charWidth, max);
  }

  /** Gives columns that have their first rows on screen a fitting width, once; true when one changed. */
  #sizeNewColumns(firstRow: number, firstColumn: number, endColumn: number): boolean {
    const widths = new Map<number, number>();
    for (let column = firstColumn; column < endColumn; column++) {
      if (this.#sized.has(column)) continue;
      if (this.#options.source.cell(firstRow, column) === undefined) continue;
      this.#sized.add(column);
      const end = Math.min(this.#rows, firstRow + SAMPLE_ROWS);
      widths.set(column, this.#fitting(column, firstRow, end));
    }
    if (widths.size === 0) return false;
    this.#keepingFocus(() => {
      this.#columns = columnModel(this.#columns.widths.map((w, i) => widths.get(i) ?? w));
    });
    return true;
  }

  #measureBox(): void {
    const width = this.element.clientWidth;
    const height = this.element.clientHeight;
    const gutter = gutterWidth(this.#rows, this.#charWidth);
    if (width === this.#width && height === this.#height && gutter === this.#gutterWidth) return;
    const low = height < LOW_PANEL;
    this.#keepingFocus(() => {
      this.#width = width;
      this.#height = height;
      this.#gutterWidth = gutter;
      this.#headerHeight = low ? LOW_HEADER_HEIGHT : HEADER_HEIGHT;
    });
    this.element.classList.toggle('low', low);
    this.#view.style.width = `${width}px`;
    this.#view.style.height = `${height}px`;
    for (const box of [this.#head, this.#body]) box.style.left = `${gutter}px`;
    for (const box of [this.#gutterBox, this.#corner]) box.style.width = `${gutter}px`;
    for (const box of [this.#body, this.#gutterBox]) box.style.top = `${this.#headerHeight}px`;
    for (const box of [this.#head, this.#corner]) box.style.height = `${this.#headerHeight}px`;
  }

  /** Makes the scroll bars tell the truth; returns after the scroller took the position. */
  #syncScroller(geometry: ScrollGeometry): void {
    const grid = this.element;
    const height = `${this.#headerHeight + sizerHeight(geometry)}px`;
    const width = `${this.#gutterWidth + totalWidth(this.#columns)}px`;
    if (this.#sizer.style.height !== height) this.#sizer.style.height = height;
    if (this.#sizer.style.width !== width) this.#sizer.style.width = width;
    const top = Math.round(toScrollTop(geometry, this.#top));
    if (Math.abs(top - this.#echoTop) >= 1) {
      grid.scrollTop = top;
      this.#echoTop = grid.scrollTop;
    }
    if (Math.abs(this.#left - grid.scrollLeft) >= 0.5) grid.scrollLeft = this.#left;
  }

  #draw(): void {
    this.#measureBox();
    if (this.#height === 0) return;
    const geometry = this.#geometry();
    this.#top = clampTop(geometry, this.#top);
    this.#left = Math.min(this.#left, this.#maxLeft());
    this.#syncScroller(geometry);
    const rows = visibleRows(geometry, this.#top);
    let visible = visibleColumns(this.#columns, this.#left, this.#viewportWidth());
    if (rows.end > rows.first && this.#sizeNewColumns(rows.first, visible.first, visible.end)) {
      this.#stamp++;
      visible = visibleColumns(this.#columns, this.#left, this.#viewportWidth());
      this.#syncScroller(geometry);
    }
    this.#drawFrame(geometry, rows, visible);
    const view = {
      firstRow: rows.first,
      endRow: rows.end,
      firstColumn: visible.first,
      endColumn: visible.end,
    };
    this.#shown = view;
    this.#options.onView(view);
    this.#options.onScrolled(this.scrollPosition);
  }

  #drawFrame(
    geometry: ScrollGeometry,
    rows: { first: number; end: number },
    visible: { first: number; end: number },
  ): void {
    const all = this.#infos.length;
    // Never fewer cells per row than before: the number on screen changes with every width.
    this.#columnCount = Math.min(all, Math.max(this.#columnCount, visible.end - visible.first));
    const firstColumn = Math.max(0, Math.min(visible.first, all - this.#columnCount));
    const poolSize = Math.ceil(geometry.viewport / ROW_HEIGHT) + 1;
    const frame = this.#frameOf(rows, firstColumn);
    const { range } = frame;
    this.#headerCells.draw(frame);
    this.#rowPool.draw(frame, poolSize);
    const { originTop } = this.#rowPool;
    this.#gutter.draw(rows.first, rows.end, poolSize, originTop, range);

    const x = Math.round(columnLeft(this.#columns, firstColumn) - this.#left);
    const y = Math.round(originTop - this.#top);
    this.#headLayer.style.transform = `translateX(${x}px)`;
    this.#bodyLayer.style.transform = `translate(${x}px, ${y}px)`;
    this.#gutterLayer.style.transform = `translateY(${y}px)`;
    this.#describe();
  }

  #frameOf(rows: { first: number; end: number }, firstColumn: number): Frame {
    return {
      firstRow: rows.first,
      endRow: rows.end,
      firstColumn,
      columnCount: this.#columnCount,
      columns: this.#columns,
      infos: this.#infos,
      source: this.#options.source,
      charWidth: this.#charWidth,
      onCut: (column: number, units: number) => {
        this.#widen(column, units);
      },
      range: selectedRange(this.#selection, this.size),
      focus: this.#rows > 0 ? this.#selection.focus : undefined,
      stamp: this.#stamp,
      arrivals: this.#arrivals,
    };
  }

  #describe(): void {
    const grid = this.element;
    const rowCount = String(this.#rows + 1);
    if (grid.ariaRowCount !== rowCount) grid.ariaRowCount = rowCount;
    const busy = String(this.#rowPool.pending);
    if (grid.ariaBusy !== busy) grid.ariaBusy = busy;
    const active = this.#rowPool.active?.id ?? '';
    if ((grid.getAttribute('aria-activedescendant') ?? '') === active) return;
    if (active === '') grid.removeAttribute('aria-activedescendant');
    else grid.setAttribute('aria-activedescendant', active);
  }
}
