/** Column widths as arithmetic only: prefix sums, so that thousands of columns cost a binary search. */

/** px */
export const MIN_COLUMN_WIDTH = 40;
/** px; dragging may go further than a first width, see MAX_INITIAL_WIDTH. */
export const MAX_COLUMN_WIDTH = 2_000;
/** px; one long value in the first rows must not push all other columns out of sight. */
export const MAX_INITIAL_WIDTH = 380;

export interface ColumnModel {
  /** Width per column, px. */
  widths: readonly number[];
  /** Left edge per column, px, and the total width as the last entry: one entry more than `widths`. */
  offsets: Float64Array;
}

export function columnModel(widths: readonly number[]): ColumnModel {
  const offsets = new Float64Array(widths.length + 1);
  let left = 0;
  widths.forEach((width, i) => {
    left += width;
    offsets[i + 1] = left;
  });
  return { widths, offsets };
}

export function totalWidth(model: ColumnModel): number {
  return model.offsets[model.widths.length] ?? 0;
}

export function columnLeft(model: ColumnModel, column: number): number {
  return model.offsets[column] ?? 0;
}

export function columnWidth(model: ColumnModel, column: number): number {
  return model.widths[column] ?? 0;
}

/** The column at `x` px; the last one right of all columns, -1 without columns. */
export function columnAt(model: ColumnModel, x: number): number {
  let low = 0;
  let high = model.widths.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (columnLeft(model, middle) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Columns that are at least partly visible: [first, end). */
export function visibleColumns(
  model: ColumnModel,
  left: number,
  viewport: number,
): { first: number; end: number } {
  if (model.widths.length === 0 || viewport <= 0) return { first: 0, end: 0 };
  const first = columnAt(model, left);
  // The right edge is exclusive: a column that starts exactly there is not visible.
  const last = Math.max(first, columnAt(model, left + viewport - 0.5));
  return { first, end: last + 1 };
}

/** The nearest horizontal position that shows the column completely (its left edge when it is too wide). */
export function leftToReveal(
  model: ColumnModel,
  left: number,
  viewport: number,
  column: number,
): number {
  const start = columnLeft(model, column);
  const end = start + columnWidth(model, column);
  if (start < left || end - start > viewport) return start;
  return end > left + viewport ? end - viewport : left;
}

export function clampWidth(width: number): number {
  return Math.round(Math.min(MAX_COLUMN_WIDTH, Math.max(MIN_COLUMN_WIDTH, width)));
}

/** px of a cell that are not text: padding left and right and the grid line. */
export const CELL_CHROME = 17;

/**
 * First width of a column from the widths of its texts in character units (see `textUnits`).
 * @param charWidth px of one unit in the cells' font
 */
export function fittingWidth(
  header: number,
  samples: readonly number[],
  charWidth: number,
  max = MAX_INITIAL_WIDTH,
): number {
  const units = samples.reduce((a, b) => Math.max(a, b), header);
  return Math.min(max, clampWidth(Math.ceil(units * charWidth) + CELL_CHROME));
}
