import type { ColumnMark } from '../view/viewModel.ts';
import { columnLeft } from './columnModel.ts';
import { ROW_HEIGHT, type CellSource, type Frame } from './frame.ts';
import type { GridBoxes } from './gridBoxes.ts';
import type { GridColumns } from './gridColumns.ts';
import { Gutter, gutterWidth } from './gutter.ts';
import { HeaderCells } from './headerCells.ts';
import { Hold } from './hold.ts';
import { RowPool } from './rowPool.ts';
import { selectedRanges, type GridSize, type Selection } from './selectionModel.ts';
import type { ScrollPosition, Viewport } from './viewport.ts';
import type { VisibleWindow } from './windowCache.ts';

export interface DrawingParts {
  boxes: GridBoxes;
  columns: GridColumns;
  viewport: Viewport;
  source: CellSource;
  selection: () => Selection;
  /** Other rows or columns came on screen. */
  onView: (view: VisibleWindow) => void;
  onScrolled: (position: ScrollPosition) => void;
}

/** [first, end) */
export interface Span {
  first: number;
  end: number;
}

/** Draws the grid's rows, headers and numbers anew, at most once for each frame of the screen. */
export class GridDrawing {
  readonly #parts: DrawingParts;
  readonly #boxes: GridBoxes;
  readonly #columns: GridColumns;
  readonly #viewport: Viewport;
  readonly #rowPool: RowPool;
  readonly #pinnedPool: RowPool;
  readonly #headerCells: HeaderCells;
  readonly #pinnedHeaderCells: HeaderCells;
  readonly #gutter: Gutter;
  #columnCount = 0;
  #stamp = 0;
  #arrivals = 0;
  #frame = 0;
  #shownRows: Span = { first: 0, end: 0 };
  readonly #hold = new Hold(() => {
    this.schedule();
  });
  #marks: ReadonlyMap<number, ColumnMark> = new Map();
  #isMatch: Frame['isMatch'];

  constructor(parts: DrawingParts) {
    this.#parts = parts;
    const { boxes } = parts;
    this.#boxes = boxes;
    this.#columns = parts.columns;
    this.#viewport = parts.viewport;
    this.#rowPool = new RowPool(boxes.bodyLayer);
    this.#pinnedPool = new RowPool(boxes.pinnedBodyLayer);
    this.#headerCells = new HeaderCells(boxes.headLayer);
    this.#pinnedHeaderCells = new HeaderCells(boxes.pinnedHeadLayer);
    this.#gutter = new Gutter(boxes.gutterLayer);
  }

  /** The rows that were drawn last. */
  get shownRows(): Span {
    return this.#shownRows;
  }

  schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** As `schedule`, with every cell written again. */
  redraw(): void {
    this.#stamp++;
    this.schedule();
  }

  /** Cells that were missing may be there now. */
  dataArrived(): void {
    this.#arrivals++;
    this.schedule();
  }

  /** How columns take part in sort and filters, by column of the result. */
  setMarks(marks: ReadonlyMap<number, ColumnMark>): void {
    this.#marks = marks;
    this.redraw();
  }

  /** Cells to highlight; undefined: none. */
  setMatch(isMatch: Frame['isMatch']): void {
    this.#isMatch = isMatch;
    this.redraw();
  }

  /** Other columns are in each row. */
  forgetColumnCount(): void {
    this.#columnCount = 0;
  }

  /** Widths or the order changed. If the active cell is on screen, it still is with the new columns. */
  columnsChanged(): void {
    this.#viewport.keeping(this.#parts.selection().focus, () => {
      this.#takeColumns();
    });
    this.#boxes.grid.ariaColCount = String(this.#columns.shown.length);
    this.redraw();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#hold.end();
  }

  get #size(): GridSize {
    return { rows: this.#viewport.rows, columns: this.#columns.shown.length };
  }

  #takeColumns(): void {
    this.#viewport.columns = this.#columns.model;
    this.#viewport.pinned = this.#columns.pinnedPositions(this.#viewport.columnsWidth);
  }

  #measureBox(): void {
    const viewport = this.#viewport;
    const { clientWidth, clientHeight } = this.#boxes.grid;
    const gutter = gutterWidth(viewport.rows, this.#columns.charWidth);
    const same =
      clientWidth === viewport.width &&
      clientHeight === viewport.height &&
      gutter === viewport.gutter;
    if (!same) {
      viewport.keeping(this.#parts.selection().focus, () => {
        viewport.width = clientWidth;
        viewport.height = clientHeight;
        viewport.gutter = gutter;
        this.#takeColumns();
      });
      this.#stamp++;
    }
    this.#boxes.grid.classList.toggle('low', viewport.isLow);
    this.#boxes.place({
      width: viewport.width,
      height: viewport.height,
      header: viewport.header,
      gutter,
      pinned: viewport.pinnedWidth,
    });
  }

  #draw(): void {
    this.#measureBox();
    const viewport = this.#viewport;
    if (viewport.height === 0) return;
    viewport.clamp();
    viewport.sync();
    const rows = viewport.visibleRows();
    let { drawn, columns } = this.#show(rows);
    if (rows.end > rows.first && this.#sizeNew(rows.first, viewport.visibleColumns())) {
      this.#measureBox();
      viewport.sync();
      ({ drawn, columns } = this.#show(rows));
    }
    this.#parts.onScrolled(viewport.position);
    if (this.#holds(rows, columns)) return;
    this.#shownRows = rows;
    this.#drawFrame(rows, drawn);
  }

  /** Says what is on screen, before it is drawn: what is missing is on its way meanwhile, or here at once. */
  #show(rows: Span): { drawn: Span; columns: number[] } {
    const drawn = this.#drawnPositions(this.#viewport.visibleColumns());
    const columns = [...this.#positions(drawn)].flatMap((p) => this.#columns.shown[p] ?? []);
    this.#parts.onView({ firstRow: rows.first, endRow: rows.end, columns });
    return { drawn, columns };
  }

  /**
   * After a jump to rows that are not here, the rows of before stay for a moment: drawing placeholders first would
   * cost as much as drawing the rows, which are usually here before it is done.
   */
  #holds(rows: Span, columns: readonly number[]): boolean {
    const { first, end } = this.#shownRows;
    const isJump = end > first && rows.end > rows.first && (rows.first >= end || rows.end <= first);
    const { source } = this.#parts;
    const isMissing = (): boolean =>
      [rows.first, rows.end - 1].every((row) => source.cell(row, columns[0] ?? 0) === undefined);
    if (!isJump || this.#rowPool.pending || !isMissing()) {
      this.#hold.end();
      return false;
    }
    this.#boxes.grid.ariaBusy = 'true';
    return this.#hold.goesOn();
  }

  /** The positions on screen, pinned ones first. */
  *#positions(visible: Span): Generator<number> {
    for (let position = 0; position < this.#viewport.pinned; position++) yield position;
    for (let position = visible.first; position < visible.end; position++) yield position;
  }

  #sizeNew(firstRow: number, visible: Span): boolean {
    const { rows } = this.#viewport;
    if (!this.#columns.sizeNew(firstRow, rows, this.#positions(visible))) return false;
    this.#viewport.keeping(this.#parts.selection().focus, () => {
      this.#takeColumns();
    });
    this.#stamp++;
    return true;
  }

  /** A few more than are visible: never fewer cells per row than before, whose number changes with every width. */
  #drawnPositions(visible: Span): Span {
    const { pinned } = this.#viewport;
    const all = this.#columns.shown.length;
    const most = Math.max(this.#columnCount, visible.end - visible.first);
    this.#columnCount = Math.min(all - pinned, most);
    const first = Math.max(pinned, Math.min(visible.first, all - this.#columnCount));
    return { first, end: first + this.#columnCount };
  }

  #drawFrame(rows: Span, { first: firstColumn }: Span): void {
    const { pinned, geometry, columns, pinnedWidth, left, top } = this.#viewport;
    const poolSize = Math.ceil(geometry.viewport / ROW_HEIGHT) + 1;
    const frame = this.#frameOf(rows, firstColumn, this.#columnCount);
    const pinnedFrame = { ...frame, firstColumn: 0, columnCount: pinned };
    this.#headerCells.draw(frame);
    this.#pinnedHeaderCells.draw(pinnedFrame);
    this.#rowPool.draw(frame, poolSize);
    this.#pinnedPool.draw(pinnedFrame, pinned === 0 ? 0 : poolSize);
    const { originTop } = this.#rowPool;
    this.#gutter.draw(rows.first, rows.end, poolSize, originTop, frame.ranges);

    const x = Math.round(columnLeft(columns, firstColumn) - pinnedWidth - left);
    const y = Math.round(originTop - top);
    const { headLayer, bodyLayer, pinnedBodyLayer, gutterLayer } = this.#boxes;
    headLayer.style.transform = `translateX(${x}px)`;
    bodyLayer.style.transform = `translate(${x}px, ${y}px)`;
    pinnedBodyLayer.style.transform = `translateY(${y}px)`;
    gutterLayer.style.transform = `translateY(${y}px)`;
    this.#describe();
  }

  #frameOf(rows: Span, firstColumn: number, columnCount: number): Frame {
    return {
      firstRow: rows.first,
      endRow: rows.end,
      firstColumn,
      columnCount,
      columns: this.#columns.model,
      shown: this.#columns.shown,
      pinned: this.#columns.layout.pinned,
      infos: this.#columns.infos,
      marks: this.#marks,
      source: this.#parts.source,
      isMatch: this.#isMatch,
      charWidth: this.#columns.charWidth,
      onCut: (column, units) => {
        if (this.#columns.widen(column, units)) this.columnsChanged();
      },
      ranges: selectedRanges(this.#parts.selection(), this.#size),
      focus: this.#viewport.rows > 0 ? this.#parts.selection().focus : undefined,
      stamp: this.#stamp,
      arrivals: this.#arrivals,
    };
  }

  #describe(): void {
    const { grid } = this.#boxes;
    const rowCount = String(this.#viewport.rows + 1);
    if (grid.ariaRowCount !== rowCount) grid.ariaRowCount = rowCount;
    const busy = String(this.#rowPool.pending || this.#pinnedPool.pending);
    if (grid.ariaBusy !== busy) grid.ariaBusy = busy;
    const active = (this.#rowPool.active ?? this.#pinnedPool.active)?.id ?? '';
    if ((grid.getAttribute('aria-activedescendant') ?? '') === active) return;
    if (active === '') grid.removeAttribute('aria-activedescendant');
    else grid.setAttribute('aria-activedescendant', active);
  }
}
