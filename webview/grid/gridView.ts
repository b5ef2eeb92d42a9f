import type { ReadContext } from '../../src/core/types/format/valueReader.ts';
import type { ResultColumn } from '../../src/shared/columns.ts';
import type { SortDirection } from '../../src/shared/resultView.ts';
import type { ColumnMark } from '../view/viewModel.ts';
import { columnInfo, type ColumnInfo } from './columnInfo.ts';
import { moveColumn, type ColumnLayout } from './columnLayout.ts';
import type { ColumnState } from './columnState.ts';
import type { CellSource, Frame } from './frame.ts';
import { runGridAction, type ActionTarget } from './gridActions.ts';
import { GridBoxes } from './gridBoxes.ts';
import { GridColumns } from './gridColumns.ts';
import { GridDrawing } from './gridDrawing.ts';
import { attachInput } from './gridInput.ts';
import { attachPointer, type PointerLayout } from './pointer.ts';
import { pageRows } from './scrollModel.ts';
import {
  selectCell,
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

/** The grid: its position, selection and columns, and what the user does with them. */
export class GridView implements ActionTarget {
  readonly element: HTMLElement;
  readonly #options: GridOptions;
  readonly #boxes = new GridBoxes();
  readonly #columns: GridColumns;
  readonly #viewport: Viewport;
  readonly #drawing: GridDrawing;
  readonly #observers: { disconnect(): void }[] = [];

  #selection: Selection = selectCell({ row: 0, column: 0 });

  constructor(options: GridOptions) {
    this.#options = options;
    const { grid, sizer, view } = this.#boxes;
    this.element = grid;
    this.#columns = new GridColumns(options.source);
    this.#viewport = new Viewport(grid, sizer, this.#columns.model);
    this.#drawing = new GridDrawing({
      ...options,
      boxes: this.#boxes,
      columns: this.#columns,
      viewport: this.#viewport,
      selection: () => this.#selection,
    });
    this.#observers.push(
      attachInput(grid, this.#viewport, options.mac, {
        onMoved: () => {
          this.#drawing.schedule();
        },
        onScroll: (x, y) => {
          this.scrollBy(x, y);
        },
        onAction: (action) => {
          runGridAction(this, action, options);
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
    this.#drawing.forgetColumnCount();
    this.#viewport.rows = 0;
    this.#viewport.moveTo({ top: 0, left: 0 });
    this.#select(selectCell({ row: 0, column: 0 }));
    this.#drawing.redraw();
  }

  /** Times are shown in another zone: the source has other texts now. */
  setShownZone(
    columns: readonly ResultColumn[],
    context: ReadContext,
    shownZone: string | undefined,
  ): void {
    this.#columns.setInfos(columns.map((column) => columnInfo(column, context, shownZone)));
    this.#drawing.columnsChanged();
  }

  /** Rows so far. Growing leaves what is on screen where it is. */
  setRows(rows: number): void {
    if (rows === this.#viewport.rows) return;
    // The first rows make the selection mean something, later ones make a selection of whole columns larger.
    const changes = this.#viewport.rows === 0 || selectsWholeColumns(this.#selection);
    this.#viewport.rows = rows;
    if (!changes) {
      this.#drawing.schedule();
      return;
    }
    this.#options.onSelect(this.#selection);
    this.#drawing.redraw();
  }

  /** Other rows in the same columns, from their beginning. */
  replaceRows(rows: number): void {
    const { column } = this.#selection.focus;
    this.#viewport.rows = rows;
    this.#viewport.moveTo({ top: 0, left: this.#viewport.left });
    this.#select(selectCell({ row: 0, column }));
    this.#drawing.redraw();
  }

  /** How columns take part in sort and filters, by column of the result. */
  setMarks(marks: ReadonlyMap<number, ColumnMark>): void {
    this.#drawing.setMarks(marks);
  }

  /** Cells to highlight; undefined: none. */
  setMatch(isMatch: Frame['isMatch']): void {
    this.#drawing.setMatch(isMatch);
  }

  get size(): GridSize {
    return { rows: this.#viewport.rows, columns: this.#columns.shown.length };
  }

  /** The column of the result at each position. */
  get shownColumns(): readonly number[] {
    return this.#columns.shown;
  }

  get pageRows(): number {
    return pageRows(this.#viewport.geometry);
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
    this.#drawing.redraw();
  }

  scrollBy(x: number, y: number): void {
    const { top, left } = this.#viewport;
    this.#viewport.moveTo({ top: top + y, left: left + x });
    this.#drawing.schedule();
  }

  /** Cells that were missing may be there now. */
  dataArrived(): void {
    this.#drawing.dataArrived();
  }

  get selection(): Selection {
    return this.#selection;
  }

  setSelection(selection: Selection, reveal: boolean): void {
    if (reveal) this.#viewport.reveal(selection.focus);
    this.#select(selection);
    this.#drawing.redraw();
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
    this.#drawing.forgetColumnCount();
    this.#drawing.columnsChanged();
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
    this.#drawing.columnsChanged();
    this.#tellColumns(`Column ${this.#name(column)}: ${this.#columns.widthOf(column)} pixels wide`);
  }

  autosizeAt(position: number): void {
    const column = this.#columns.shown[position];
    if (column !== undefined) this.autosize([column]);
  }

  /** As wide as the headers and the rows on screen need. @param columns of the result */
  autosize(columns: readonly number[]): void {
    const { first, end } = this.#drawing.shownRows;
    this.#columns.autosize(columns, first, end);
    this.#drawing.columnsChanged();
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

  dispose(): void {
    this.#drawing.dispose();
    for (const observer of this.#observers) observer.disconnect();
    this.element.remove();
  }

  #observe(): { disconnect(): void }[] {
    const resize = new ResizeObserver(() => {
      this.#drawing.schedule();
    });
    resize.observe(this.element);
    // VS Code writes theme and font variables into the root element's style.
    const theme = new MutationObserver(() => {
      this.#columns.measureFont(this.#boxes.bodyLayer);
      this.#drawing.redraw();
    });
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    return [resize, theme];
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
}
