/**
 * Vertical scrolling over any number of rows, as arithmetic only.
 *
 * A browser lays out no element higher than about 33.5 million px (1.4 million rows), so above a cap the
 * scroller's own height is only a proportional picture of the rows. The truth is `top`, the virtual scroll
 * position in px, in floating point: the wheel and the keyboard add to it, so that a notch moves the same
 * number of rows at every size; only dragging the scroll bar's thumb is mapped proportionally.
 */

/** Height of the element that makes the scroll bar, at most, in px. */
export const MAX_SIZER_PX = 8_000_000;

export interface ScrollGeometry {
  rows: number;
  /** px */
  rowHeight: number;
  /** Height of the area that shows rows, without the column header, in px. */
  viewport: number;
}

export function contentHeight(g: ScrollGeometry): number {
  return g.rows * g.rowHeight;
}

/** The virtual position at which the last row ends exactly at the bottom of the viewport. */
export function maxTop(g: ScrollGeometry): number {
  return Math.max(0, contentHeight(g) - g.viewport);
}

export function clampTop(g: ScrollGeometry, top: number): number {
  return Math.min(maxTop(g), Math.max(0, top));
}

/** Height to give the sizer element for the rows, in px. */
export function sizerHeight(g: ScrollGeometry): number {
  return Math.min(contentHeight(g), Math.max(MAX_SIZER_PX, g.viewport));
}

function maxScrollTop(g: ScrollGeometry): number {
  return Math.max(0, sizerHeight(g) - g.viewport);
}

/** The scroller's `scrollTop` that shows the thumb where `top` belongs. */
export function toScrollTop(g: ScrollGeometry, top: number): number {
  const max = maxTop(g);
  return max === 0 ? 0 : (clampTop(g, top) / max) * maxScrollTop(g);
}

/** The virtual position for a `scrollTop` that the user made by dragging the thumb. */
export function fromScrollTop(g: ScrollGeometry, scrollTop: number): number {
  const max = maxScrollTop(g);
  // Browsers round scrollTop to device pixels: without this the last rows were not reachable by the thumb.
  if (scrollTop >= max - 1) return maxTop(g);
  return clampTop(g, (scrollTop / max) * maxTop(g));
}

/** Rows that are at least partly visible: [first, end). */
export function visibleRows(g: ScrollGeometry, top: number): { first: number; end: number } {
  if (g.rows === 0 || g.viewport <= 0) return { first: 0, end: 0 };
  const first = Math.floor(clampTop(g, top) / g.rowHeight);
  const end = Math.ceil((clampTop(g, top) + g.viewport) / g.rowHeight);
  return { first, end: Math.min(g.rows, end) };
}

/** Rows that fit completely; at least 1, so that Page Down always moves. */
export function pageRows(g: ScrollGeometry): number {
  return Math.max(1, Math.floor(g.viewport / g.rowHeight));
}

/** The nearest position that shows `row` completely (its upper edge when the viewport is lower than a row). */
export function topToReveal(g: ScrollGeometry, top: number, row: number): number {
  const rowTop = row * g.rowHeight;
  const now = clampTop(g, top);
  if (rowTop < now || g.viewport < g.rowHeight) return clampTop(g, rowTop);
  const rowBottom = rowTop + g.rowHeight;
  return rowBottom > now + g.viewport ? clampTop(g, rowBottom - g.viewport) : now;
}
