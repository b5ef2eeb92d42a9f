import { columnAt, columnLeft, totalWidth, type ColumnModel } from './columnModel.ts';
import { ROW_HEIGHT } from './frame.ts';
import {
  addPart,
  contains,
  extendTo,
  selectedRanges,
  type CellPosition,
  type CellRange,
  type GridSize,
  type Selection,
} from './selectionModel.ts';

/** What the pointer needs of the grid. */
export interface PointerTarget {
  readonly size: GridSize;
  readonly selection: Selection;
  /** Where columns and rows lie; px relative to the grid's own box. */
  readonly layout: PointerLayout;
  setSelection(selection: Selection, reveal: boolean): void;
  scrollBy(x: number, y: number): void;
  widthAt(position: number): number;
  setWidthAt(position: number, width: number): void;
  autosizeAt(position: number): void;
  moveColumn(from: number, to: number): void;
  /** The sort control of the header was pressed. @param add beside what the rows are sorted by */
  sortAt(position: number, add: boolean): void;
  /** Shows where a column would go: px from the left edge of the grid, undefined to show nothing. */
  markDrop(x: number | undefined): void;
  /** The value of the active cell is wanted. */
  inspect(): void;
}

export interface PointerLayout {
  columns: ColumnModel;
  /** Positions [0, pinned) do not scroll. */
  pinned: number;
  headerHeight: number;
  gutterWidth: number;
  top: number;
  left: number;
}

type Part = 'cell' | 'row-number' | 'header' | 'corner';

interface Hit extends CellPosition {
  part: Part;
}

const SPANS: Record<Part, Selection['span']> = {
  cell: 'cells',
  'row-number': 'rows',
  header: 'columns',
  corner: 'all',
};

/** px before a press on a header becomes a drag of its column. */
const DRAG_AFTER = 5;

/** x px from the grid's left edge as px from the left edge of all columns. */
function contentX({ columns, pinned, gutterWidth, left }: PointerLayout, x: number): number {
  const inColumns = x - gutterWidth;
  return inColumns < columnLeft(columns, pinned) ? inColumns : inColumns + left;
}

/** What lies under the pointer, by arithmetic: rows and cells are recycled, their elements mean nothing. */
function hitTest(grid: PointerTarget, view: HTMLElement, event: MouseEvent): Hit | undefined {
  const { layout } = grid;
  const { columns, headerHeight, gutterWidth, top } = layout;
  const box = view.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const inContent = contentX(layout, x);
  const row = Math.floor((y - headerHeight + top) / ROW_HEIGHT);
  const column = columnAt(columns, inContent);
  if (column < 0) return undefined;
  const inHeader = y < headerHeight;
  const inGutter = x < gutterWidth;
  if (inHeader && inGutter) return { part: 'corner', row: 0, column: 0 };
  if (!inGutter && inContent >= totalWidth(columns)) return undefined;
  if (inHeader) return { part: 'header', row: 0, column };
  if (row >= grid.size.rows) return undefined;
  return inGutter ? { part: 'row-number', row, column: 0 } : { part: 'cell', row, column };
}

/** The nearest cell to a pointer that may have left the grid while dragging. */
function nearest(grid: PointerTarget, view: HTMLElement, event: MouseEvent): CellPosition {
  const { layout } = grid;
  const { columns, headerHeight, gutterWidth, top } = layout;
  const box = view.getBoundingClientRect();
  const y = Math.max(headerHeight, Math.min(box.height - 1, event.clientY - box.top));
  const x = Math.max(gutterWidth, Math.min(box.width - 1, event.clientX - box.left));
  const row = Math.floor((y - headerHeight + top) / ROW_HEIGHT);
  return {
    row: Math.max(0, Math.min(grid.size.rows - 1, row)),
    column: columnAt(columns, contentX(layout, x)),
  };
}

/** The position that a column dragged to here would get, and where to mark it. */
function dropAt(
  layout: PointerLayout,
  from: number,
  x: number,
): { position: number; markX: number } {
  const { columns, pinned, gutterWidth, left } = layout;
  const inContent = contentX(layout, x);
  const over = columnAt(columns, inContent);
  const middle = (columnLeft(columns, over) + columnLeft(columns, over + 1)) / 2;
  const before = inContent < middle ? over : over + 1;
  const [first, end] = from < pinned ? [0, pinned] : [pinned, columns.widths.length];
  const edge = Math.max(first, Math.min(end, before));
  const scrolled = from < pinned ? 0 : left;
  return {
    position: edge > from ? edge - 1 : edge,
    markX: gutterWidth + columnLeft(columns, edge) - scrolled,
  };
}

function hasColumn({ firstColumn, lastColumn }: CellRange, column: number): boolean {
  return column >= firstColumn && column <= lastColumn;
}

/** px per frame to scroll while the pointer is dragged beyond an edge. */
function pull(position: number, low: number, high: number): number {
  if (position < low) return Math.max(-120, position - low);
  return position > high ? Math.min(120, position - high) : 0;
}

type Drag =
  | { kind: 'resize'; position: number; startX: number; startWidth: number }
  | { kind: 'select'; span: Selection['span']; last: PointerEvent; moved: boolean }
  | { kind: 'column'; from: number; startX: number; last: PointerEvent; moved: boolean };

/** Position of the column whose border the pointer is on. */
function borderOf(event: Event): number | undefined {
  const target = event.target instanceof HTMLElement ? event.target : undefined;
  if (!target?.classList.contains('resizer')) return undefined;
  return Number(target.parentElement?.dataset['position']);
}

/** Position of the column whose sort control the pointer is on. */
function sortOf(event: Event): number | undefined {
  const target = event.target instanceof Element ? event.target : undefined;
  const header = target?.closest('.sort-control')?.parentElement;
  return header ? Number(header.dataset['position']) : undefined;
}

/** Selecting cells, resizing and moving columns with the pointer. @param mac Cmd takes Ctrl's place */
export function attachPointer(
  grid: PointerTarget,
  view: HTMLElement,
  mac: boolean,
): { disconnect(): void } {
  const stop = new AbortController();
  const { signal } = stop;
  let drag: Drag | undefined;

  const select = (hit: Hit, event: PointerEvent): void => {
    const at = { row: hit.row, column: hit.column };
    const span = SPANS[hit.part];
    const { selection } = grid;
    if (event.shiftKey) grid.setSelection({ ...selection, focus: at, span }, false);
    else if (mac ? event.metaKey : event.ctrlKey) {
      grid.setSelection(addPart(selection, { anchor: at, focus: at, span }), false);
    } else {
      grid.setSelection({ anchor: at, focus: at, span, others: [], adding: false }, false);
    }
  };

  const extend = (event: PointerEvent): void => {
    const at = nearest(grid, view, event);
    const { selection } = grid;
    if (at.row === selection.focus.row && at.column === selection.focus.column) return;
    grid.setSelection(extendTo(selection, at), false);
  };

  /** Runs once a frame while the pointer is down, so that the grid scrolls on when the pointer rests outside. */
  const step = (): void => {
    if (!drag || drag.kind === 'resize' || signal.aborted) return;
    const box = view.getBoundingClientRect();
    const { headerHeight, gutterWidth } = grid.layout;
    const { clientX, clientY } = drag.last;
    const sideways = pull(clientX - box.left, gutterWidth, box.width);
    if (drag.kind === 'column') {
      if (sideways !== 0) grid.scrollBy(sideways, 0);
      grid.markDrop(dropAt(grid.layout, drag.from, clientX - box.left).markX);
    } else {
      const x = drag.span === 'rows' ? 0 : sideways;
      const y = drag.span === 'columns' ? 0 : pull(clientY - box.top, headerHeight, box.height);
      if (x !== 0 || y !== 0) grid.scrollBy(x, y);
      extend(drag.last);
    }
    requestAnimationFrame(step);
  };

  /** The context menu is about what is selected: what was pressed, unless it is selected with more. */
  const press = (event: PointerEvent): void => {
    const hit = hitTest(grid, view, event);
    if (!hit || grid.size.rows === 0) return;
    const whole = { row: hit.row, column: hit.column };
    const ranges = selectedRanges(grid.selection, grid.size);
    const isSelected =
      hit.part === 'header'
        ? grid.selection.span === 'columns' && ranges.some((range) => hasColumn(range, hit.column))
        : hit.part === 'corner' || ranges.some((range) => contains(range, whole.row, whole.column));
    if (!isSelected) {
      const span = SPANS[hit.part];
      grid.setSelection({ anchor: whole, focus: whole, span, others: [], adding: false }, false);
    }
  };

  const down = (event: PointerEvent): void => {
    if (event.button === 2) press(event);
    if (event.button !== 0) return;
    const position = borderOf(event);
    if (position !== undefined) {
      const { clientX: startX } = event;
      drag = { kind: 'resize', position, startX, startWidth: grid.widthAt(position) };
      // Captured by the handle itself, so that a double click still finds it as its target.
      if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId);
      return;
    }
    const sorted = sortOf(event);
    if (sorted !== undefined) {
      grid.sortAt(sorted, event.shiftKey);
      return;
    }
    const hit = hitTest(grid, view, event);
    if (!hit || grid.size.rows === 0) return;
    select(hit, event);
    if (hit.part === 'corner') return;
    view.setPointerCapture(event.pointerId);
    drag =
      hit.part === 'header'
        ? { kind: 'column', from: hit.column, startX: event.clientX, last: event, moved: false }
        : { kind: 'select', span: SPANS[hit.part], last: event, moved: false };
  };

  const move = (event: PointerEvent): void => {
    if (!drag) return;
    if (drag.kind === 'resize') {
      grid.setWidthAt(drag.position, drag.startWidth + event.clientX - drag.startX);
      return;
    }
    drag.last = event;
    if (drag.moved) return;
    if (drag.kind === 'column' && Math.abs(event.clientX - drag.startX) < DRAG_AFTER) return;
    drag.moved = true;
    requestAnimationFrame(step);
  };

  const up = (event: PointerEvent): void => {
    const ended = drag;
    drag = undefined;
    if (ended?.kind !== 'column' || !ended.moved) return;
    grid.markDrop(undefined);
    if (event.type !== 'pointerup') return;
    const x = event.clientX - view.getBoundingClientRect().left;
    grid.moveColumn(ended.from, dropAt(grid.layout, ended.from, x).position);
  };

  view.addEventListener('pointerdown', down, { signal });
  view.addEventListener('pointermove', move, { signal });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    view.addEventListener(end, up, { signal });
  }
  view.addEventListener(
    'dblclick',
    (event) => {
      const position = borderOf(event);
      if (position !== undefined) grid.autosizeAt(position);
      else if (hitTest(grid, view, event)?.part === 'cell') grid.inspect();
    },
    { signal },
  );

  return {
    disconnect: () => {
      stop.abort();
    },
  };
}
