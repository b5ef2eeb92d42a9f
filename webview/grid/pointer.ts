import { columnAt, totalWidth } from './columnModel.ts';
import { ROW_HEIGHT } from './frame.ts';
import type { GridView } from './gridView.ts';
import { extendTo, type Selection } from './selectionModel.ts';

type Part = 'cell' | 'row-number' | 'header' | 'corner';

interface Hit {
  part: Part;
  row: number;
  column: number;
}

const SPANS: Record<Part, Selection['span']> = {
  cell: 'cells',
  'row-number': 'rows',
  header: 'columns',
  corner: 'all',
};

/** What lies under the pointer, by arithmetic: rows and cells are recycled, their elements mean nothing. */
function hitTest(grid: GridView, view: HTMLElement, event: MouseEvent): Hit | undefined {
  const { columns, headerHeight, gutterWidth, top, left } = grid.layout;
  const box = view.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const size = grid.size;
  const contentX = x - gutterWidth + left;
  const row = Math.floor((y - headerHeight + top) / ROW_HEIGHT);
  const column = columnAt(columns, contentX);
  if (column < 0) return undefined;
  const inHeader = y < headerHeight;
  const inGutter = x < gutterWidth;
  if (inHeader && inGutter) return { part: 'corner', row: 0, column: 0 };
  if (!inGutter && contentX >= totalWidth(columns)) return undefined;
  if (inHeader) return { part: 'header', row: 0, column };
  if (row >= size.rows) return undefined;
  return inGutter ? { part: 'row-number', row, column: 0 } : { part: 'cell', row, column };
}

/** The nearest cell to a pointer that may have left the grid while dragging. */
function nearest(
  grid: GridView,
  view: HTMLElement,
  event: MouseEvent,
): { row: number; column: number } {
  const { columns, headerHeight, gutterWidth, top, left } = grid.layout;
  const box = view.getBoundingClientRect();
  const y = Math.max(headerHeight, Math.min(box.height - 1, event.clientY - box.top));
  const x = Math.max(gutterWidth, Math.min(box.width - 1, event.clientX - box.left));
  const row = Math.floor((y - headerHeight + top) / ROW_HEIGHT);
  return {
    row: Math.max(0, Math.min(grid.size.rows - 1, row)),
    column: columnAt(columns, x - gutterWidth + left),
  };
}

/** px per frame to scroll while the pointer is dragged beyond an edge. */
function pull(position: number, low: number, high: number): number {
  if (position < low) return Math.max(-120, position - low);
  return position > high ? Math.min(120, position - high) : 0;
}

/** Selecting and resizing columns with the pointer. */
export function attachPointer(grid: GridView, view: HTMLElement): { disconnect(): void } {
  const stop = new AbortController();
  const { signal } = stop;
  let resizing: { column: number; startX: number; startWidth: number } | undefined;
  let selecting: { span: Selection['span']; last: PointerEvent } | undefined;

  const resizedColumn = (event: Event): number | undefined => {
    const target = event.target instanceof HTMLElement ? event.target : undefined;
    if (!target?.classList.contains('resizer')) return undefined;
    return Number(target.parentElement?.dataset['column']);
  };

  const extend = (event: PointerEvent): void => {
    const at = nearest(grid, view, event);
    const { selection } = grid;
    if (at.row === selection.focus.row && at.column === selection.focus.column) return;
    grid.setSelection(extendTo(selection, at), false);
  };

  const drag = (): void => {
    if (!selecting || signal.aborted) return;
    const box = view.getBoundingClientRect();
    const { headerHeight, gutterWidth } = grid.layout;
    const { clientX, clientY } = selecting.last;
    const x = selecting.span === 'rows' ? 0 : pull(clientX - box.left, gutterWidth, box.width);
    const y = selecting.span === 'columns' ? 0 : pull(clientY - box.top, headerHeight, box.height);
    if (x !== 0 || y !== 0) grid.scrollBy(x, y);
    extend(selecting.last);
    requestAnimationFrame(drag);
  };

  view.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      const column = resizedColumn(event);
      if (column !== undefined) {
        resizing = { column, startX: event.clientX, startWidth: grid.columnWidth(column) };
        // Captured by the handle itself, so that a double click still finds it as its target.
        if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId);
        return;
      }
      const hit = hitTest(grid, view, event);
      if (!hit || grid.size.rows === 0) return;
      const at = { row: hit.row, column: hit.column };
      const span = SPANS[hit.part];
      const anchor = event.shiftKey ? grid.selection.anchor : at;
      grid.setSelection({ anchor, focus: at, span }, false);
      if (hit.part === 'corner') return;
      view.setPointerCapture(event.pointerId);
      selecting = { span, last: event };
    },
    { signal },
  );

  view.addEventListener(
    'pointermove',
    (event) => {
      if (resizing) {
        grid.setColumnWidth(resizing.column, resizing.startWidth + event.clientX - resizing.startX);
      } else if (selecting) {
        const first = selecting.last.type === 'pointerdown';
        selecting.last = event;
        if (first) requestAnimationFrame(drag);
      }
    },
    { signal },
  );

  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    view.addEventListener(
      end,
      () => {
        resizing = undefined;
        selecting = undefined;
      },
      { signal },
    );
  }

  view.addEventListener(
    'dblclick',
    (event) => {
      const column = resizedColumn(event);
      if (column !== undefined) grid.autosize(column);
    },
    { signal },
  );

  return {
    disconnect: () => {
      stop.abort();
    },
  };
}
