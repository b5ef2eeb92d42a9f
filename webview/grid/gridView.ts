import type { ReadContext } from '../../src/core/types/format/valueReader.ts';
import type { ResultColumn } from '../../src/shared/columns.ts';
import type { SortDirection } from '../../src/shared/resultView.ts';
import type { ColumnMark } from '../view/viewModel.ts';
import { columnInfo, type ColumnInfo } from './columnInfo.ts';
import { moveColumn, type ColumnLayout } from './columnLayout.ts';
import { columnLeft } from './columnModel.ts';
import type { ColumnState } from './columnState.ts';
import { ROW_HEIGHT, type CellSource, type Frame } from './frame.ts';
import { GridBoxes } from './gridBoxes.ts';
import { GridColumns } from './gridColumns.ts';
import { attachInput } from './gridInput.ts';
import { Gutter, gutterWidth } from './gutter.ts';
import { HeaderCells } from './headerCells.ts';
import { Hold } from './hold.ts';
import type { GridAction } from './keyboard.ts';
import { attachPointer, type PointerLayout, type PointerTarget } from './pointer.ts';
import { RowPool } from './rowPool.ts';
import { pageRows } from './scrollModel.ts';
import {
  applyAction,
  selectCell,
  selectedRanges,
  selectsWholeColumns,
  type GridSize,
  type Selection,
} from './selectionModel.ts';
import { Viewport, type ScrollPosition } from './viewport.ts';
import type { VisibleWindow } from './windowCache.ts';

export interface GridOptions {
  source: CellSource;
  mac: boolean;
  /** Other rows or columns came on screen. */
  onView: (view: VisibleWindow) => void;
  onSelect: (selection: Selection) => void;
  onCopy: (header: boolean) => void;
  onInspect: () => void;
  /** @param column of the result @param direction absent: the next one */
  onSort: (column: number, direction: SortDirection | undefined, add: boolean) => void;
  onFind: () => void;
  onFindNext: (by: 1 | -1) => void;
  onGoToRow: () => void;
  /** The Escape key, when there is only one cell selected. */
  onEscape: () => void;
  onScrolled: (position: ScrollPosition) => void;
  /** The user changed widths, order, hidden or pinned columns; the text says what for assistive technology. */
  onColumns: (state: ColumnState, what: string) => void;
}

/** [first, end) */
interface Span {
  first: number;
  end: number;
}

/** The grid: draws the cells on screen anew for each position and each selection. */
export class GridView implements PointerTarget {
  readonly element: HTMLElement;
  readonly #options: GridOptions;
  readonly #boxes = new GridBoxes();
  readonly #columns: GridColumns;
  readonly #viewport: Viewport;
  readonly #rowPool = new RowPool(this.#boxes.bodyLayer);
  readonly #pinnedPool = new RowPool(this.#boxes.pinnedBodyLayer);
  readonly #headerCells = new HeaderCells(this.#boxes.headLayer);
  readonly #pinnedHeaderCells = new HeaderCells(this.#boxes.pinnedHeadLayer);
  readonly #gutter = new Gutter(this.#boxes.gutterLayer);
  readonly #observers: { disconnect(): void }[] = [];

  #selection: Selection = selectCell({ row: 0, column: 0 });
  #columnCount = 0;
  #stamp = 0;
  #arrivals = 0;
  #frame = 0;
  #shownRows = { first: 0, end: 0 };
  readonly #hold = new Hold(() => {
    this.schedule();
  });
  #marks: ReadonlyMap<number, ColumnMark> = new Map();
  #isMatch: Frame['isMatch'];

  constructor(options: GridOptions) {
    this.#options = options;
    const { grid, sizer, view } = this.#boxes;
    this.element = grid;
    this.#columns = new GridColumns(options.source);
    this.#viewport = new Viewport(grid, sizer, this.#columns.model);
    this.#observers.push(
      attachInput(grid, this.#viewport, options.mac, {
        onMoved: () => {
          this.schedule();
        },
        onScroll: (x, y) => {
          this.scrollBy(x, y);
        },
        onAction: (action) => {
          this.#act(action);
        },
      }),
      attachPointer(this, view, options.mac),
      ...this.#observe(),
    );
  }

  /** Shows another result from its beginning. @param context what the texts of the columns depend on */
  setColumns(
    columns: readonly ResultColumn[],
    context: ReadContext,
    shownZone: string | undefined,
    state: ColumnState | undefined,
  ): void {
    this.#columns.measureFont(this.#boxes.bodyLayer);
    this.#columns.set(columns, context, state);
    this.setShownZone(columns, context, shownZone);
    this.#columnCount = 0;
    this.#viewport.rows = 0;
    this.#viewport.moveTo({ top: 0, left: 0 });
    this.#select(selectCell({ row: 0, column: 0 }));
    this.#redraw();
  }

  /** Times are shown in another zone: the source has other texts now. */
  setShownZone(
    columns: readonly ResultColumn[],
    context: ReadContext,
    shownZone: string | undefined,
  ): void {
    this.#columns.setInfos(columns.map((column) => columnInfo(column, context, shownZone)));
    this.#columnsChanged();
  }

  /** Rows so far. Growing leaves what is on screen where it is. */
  setRows(rows: number): void {
    if (rows === this.#viewport.rows) return;
    // The first rows make the selection mean something, later ones make a selection of whole columns larger.
    const changes = this.#viewport.rows === 0 || selectsWholeColumns(this.#selection);
    this.#viewport.rows = rows;
    if (changes) {
      this.#stamp++;
      this.#options.onSelect(this.#selection);
    }
    this.schedule();
  }

  /** Other rows in the same columns, from their beginning. */
  replaceRows(rows: number): void {
    const { column } = this.#selection.focus;
    this.#viewport.rows = rows;
    this.#viewport.moveTo({ top: 0, left: this.#viewport.left });
    this.#select(selectCell({ row: 0, column }));
    this.#redraw();
  }

  /** How columns take part in sort and filters, by column of the result. */
  setMarks(marks: ReadonlyMap<number, ColumnMark>): void {
    this.#marks = marks;
    this.#redraw();
  }

  /** Cells to highlight; undefined: none. */
  setMatch(isMatch: Frame['isMatch']): void {
    this.#isMatch = isMatch;
    this.#redraw();
  }

  get size(): GridSize {
    return { rows: this.#viewport.rows, columns: this.#columns.shown.length };
  }

  /** The column of the result at each position. */
  get shownColumns(): readonly number[] {
    return this.#columns.shown;
  }

  /** By column of the result. */
  get infos(): readonly ColumnInfo[] {
    return this.#columns.infos;
  }

  get columnLayout(): ColumnLayout {
    return this.#columns.layout;
  }

  scrollTo(position: ScrollPosition): void {
    this.#viewport.moveTo(position);
    this.#redraw();
  }

  scrollBy(x: number, y: number): void {
    const { top, left } = this.#viewport;
    this.#viewport.moveTo({ top: top + y, left: left + x });
    this.schedule();
  }

  /** Cells that were missing may be there now. */
  dataArrived(): void {
    this.#arrivals++;
    this.schedule();
  }

  get selection(): Selection {
    return this.#selection;
  }

  setSelection(selection: Selection, reveal: boolean): void {
    if (reveal) this.#viewport.reveal(selection.focus);
    this.#select(selection);
    this.#redraw();
  }

  get layout(): PointerLayout {
    const { columns, pinned, header, gutter, top, left } = this.#viewport;
    return { columns, pinned, headerHeight: header, gutterWidth: gutter, top, left };
  }

  /** Another order, other hidden or pinned columns. @param what in words, for assistive technology */
  setColumnLayout(layout: ColumnLayout, what: string): void {
    if (layout === this.#columns.layout) return;
    const active = this.#columns.shown[this.#selection.focus.column];
    this.#columns.setLayout(layout);
    const position = active === undefined ? -1 : this.#columns.shown.indexOf(active);
    const { row, column } = this.#selection.focus;
    const last = this.#columns.shown.length - 1;
    // Positions mean other columns now: what was selected cannot stay, the active cell can.
    this.#select(selectCell({ row, column: position < 0 ? Math.min(column, last) : position }));
    this.#columnCount = 0;
    this.#columnsChanged();
    this.#tellColumns(what);
  }

  moveColumn(from: number, to: number): void {
    const column = this.#columns.shown[from];
    if (column === undefined) return;
    const layout = moveColumn(this.#columns.layout, column, to);
    const at = `Column ${this.#name(column)} moved to position ${to + 1}`;
    this.setColumnLayout(layout, at);
    const position = this.#columns.shown.indexOf(column);
    const { row } = this.#selection.focus;
    this.setSelection(selectCell({ row, column: position }), true);
  }

  widthAt(position: number): number {
    return this.#columns.widthOf(this.#columns.shown[position] ?? -1);
  }

  setWidthAt(position: number, width: number): void {
    const column = this.#columns.shown[position];
    if (column === undefined) return;
    this.#columns.setWidth(column, width);
    this.#columnsChanged();
    this.#tellColumns(`Column ${this.#name(column)}: ${this.#columns.widthOf(column)} pixels wide`);
  }

  autosizeAt(position: number): void {
    const column = this.#columns.shown[position];
    if (column !== undefined) this.autosize([column]);
  }

  /** As wide as the headers and the rows on screen need. @param columns of the result */
  autosize(columns: readonly number[]): void {
    this.#columns.autosize(columns, this.#shownRows.first, this.#shownRows.end);
    this.#columnsChanged();
    this.#tellColumns('Column widths fit their values');
  }

  sortAt(position: number, add: boolean): void {
    const column = this.#columns.shown[position];
    if (column !== undefined) this.#options.onSort(column, undefined, add);
  }

  inspect(): void {
    this.#options.onInspect();
  }

  markDrop(x: number | undefined): void {
    const { dropMark } = this.#boxes;
    dropMark.hidden = x === undefined;
    if (x !== undefined) dropMark.style.transform = `translateX(${x - 1}px)`;
  }

  schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#hold.end();
    for (const observer of this.#observers) observer.disconnect();
    this.element.remove();
  }

  #observe(): { disconnect(): void }[] {
    const resize = new ResizeObserver(() => {
      this.schedule();
    });
    resize.observe(this.element);
    // VS Code writes theme and font variables into the root element's style.
    const theme = new MutationObserver(() => {
      this.#columns.measureFont(this.#boxes.bodyLayer);
      this.#redraw();
    });
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    return [resize, theme];
  }

  #act(action: GridAction): void {
    const { size } = this;
    if (size.columns === 0) return;
    const { column } = this.#selection.focus;
    switch (action.type) {
      case 'copy':
        this.#options.onCopy(action.header);
        break;
      case 'inspect':
        this.inspect();
        break;
      case 'sort': {
        const active = this.#columns.shown[column];
        if (active !== undefined) this.#options.onSort(active, action.direction, action.add);
        break;
      }
      case 'find':
        this.#options.onFind();
        break;
      case 'findNext':
        this.#options.onFindNext(action.by);
        break;
      case 'goToRow':
        this.#options.onGoToRow();
        break;
      case 'resize':
        this.setWidthAt(column, this.widthAt(column) + action.by);
        break;
      case 'moveColumn':
        this.moveColumn(column, Math.max(0, Math.min(size.columns - 1, column + action.by)));
        break;
      default: {
        if (size.rows === 0) break;
        const isOne = selectedRanges(this.#selection, size).length === 1;
        const { anchor, focus, span } = this.#selection;
        const isCell = isOne && span === 'cells' && anchor === focus;
        if (action.type === 'collapse' && isCell) this.#options.onEscape();
        const next = applyAction(this.#selection, action, size, pageRows(this.#viewport.geometry));
        this.setSelection(next, !action.type.startsWith('select'));
      }
    }
  }

  #select(selection: Selection): void {
    this.#selection = selection;
    this.#options.onSelect(selection);
  }

  #name(column: number): string {
    return this.#columns.infos[column]?.name ?? '';
  }

  #tellColumns(what: string): void {
    this.#options.onColumns(this.#columns.state, what);
  }

  /** If the active cell is on screen, it still is with the new columns. */
  #columnsChanged(): void {
    this.#viewport.keeping(this.#selection.focus, () => {
      this.#takeColumns();
    });
    this.element.ariaColCount = String(this.#columns.shown.length);
    this.#redraw();
  }

  #takeColumns(): void {
    this.#viewport.columns = this.#columns.model;
    this.#viewport.pinned = this.#columns.pinnedPositions(this.#viewport.columnsWidth);
  }

  #redraw(): void {
    this.#stamp++;
    this.schedule();
  }

  #measureBox(): void {
    const viewport = this.#viewport;
    const { clientWidth, clientHeight } = this.element;
    const gutter = gutterWidth(viewport.rows, this.#columns.charWidth);
    const same =
      clientWidth === viewport.width &&
      clientHeight === viewport.height &&
      gutter === viewport.gutter;
    if (!same) {
      viewport.keeping(this.#selection.focus, () => {
        viewport.width = clientWidth;
        viewport.height = clientHeight;
        viewport.gutter = gutter;
        this.#takeColumns();
      });
      this.#stamp++;
    }
    this.element.classList.toggle('low', viewport.isLow);
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
    this.#options.onScrolled(viewport.position);
    if (this.#holds(rows, columns)) return;
    this.#shownRows = rows;
    this.#drawFrame(rows, drawn);
  }

  /** Says what is on screen, before it is drawn: what is missing is on its way meanwhile, or here at once. */
  #show(rows: Span): { drawn: Span; columns: number[] } {
    const drawn = this.#drawnPositions(this.#viewport.visibleColumns());
    const columns = [...this.#positions(drawn)].flatMap((p) => this.#columns.shown[p] ?? []);
    this.#options.onView({ firstRow: rows.first, endRow: rows.end, columns });
    return { drawn, columns };
  }

  /**
   * After a jump to rows that are not here, the rows of before stay for a moment: drawing placeholders first would
   * cost as much as drawing the rows, which are usually here before it is done.
   */
  #holds(rows: Span, columns: readonly number[]): boolean {
    const { first, end } = this.#shownRows;
    const isJump = end > first && rows.end > rows.first && (rows.first >= end || rows.end <= first);
    const { source } = this.#options;
    const isMissing = (): boolean =>
      [rows.first, rows.end - 1].every((row) => source.cell(row, columns[0] ?? 0) === undefined);
    if (!isJump || this.#rowPool.pending || !isMissing()) {
      this.#hold.end();
      return false;
    }
    this.element.ariaBusy = 'true';
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
    this.#viewport.keeping(this.#selection.focus, () => {
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
      source: this.#options.source,
      isMatch: this.#isMatch,
      charWidth: this.#columns.charWidth,
      onCut: (column, units) => {
        if (this.#columns.widen(column, units)) this.#columnsChanged();
      },
      ranges: selectedRanges(this.#selection, this.size),
      focus: this.#viewport.rows > 0 ? this.#selection.focus : undefined,
      stamp: this.#stamp,
      arrivals: this.#arrivals,
    };
  }

  #describe(): void {
    const grid = this.element;
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
