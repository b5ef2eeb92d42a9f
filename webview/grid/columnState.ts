import { initialLayout, type ColumnLayout } from './columnLayout.ts';

/** What a user did to the columns of a result: kept when the same statement runs again. Plain data. */
export interface ColumnState {
  order: number[];
  hidden: number[];
  pinned: number[];
  /** Widths that the user chose: column and px. */
  widths: [column: number, px: number][];
}

export function stateOf(layout: ColumnLayout, widths: ReadonlyMap<number, number>): ColumnState {
  return {
    order: [...layout.order],
    hidden: [...layout.hidden],
    pinned: [...layout.pinned],
    widths: [...widths],
  };
}

/** The layout that was kept, or the first one where it does not fit so many columns. */
export function layoutOf(state: ColumnState | undefined, columns: number): ColumnLayout {
  if (!state || !isOrder(state.order, columns)) return initialLayout(columns);
  const hidden = new Set(state.hidden);
  if (hidden.size >= columns) return initialLayout(columns);
  return { order: state.order, hidden, pinned: new Set(state.pinned) };
}

function isOrder(order: readonly number[], columns: number): boolean {
  const seen = new Set(order);
  return (
    order.length === columns &&
    seen.size === columns &&
    order.every((column) => Number.isInteger(column) && column >= 0 && column < columns)
  );
}

/** A state from outside (the page's own saved state, which an older version may have written). */
export function readColumnState(value: unknown): ColumnState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { order, hidden, pinned, widths } = value as Partial<Record<keyof ColumnState, unknown>>;
  if (!isNumbers(order) || !isNumbers(hidden) || !isNumbers(pinned)) return undefined;
  if (!Array.isArray(widths)) return undefined;
  const pairs: [number, number][] = [];
  for (const pair of widths as unknown[]) {
    if (!isNumbers(pair)) return undefined;
    const [column, px] = pair;
    if (column === undefined || px === undefined) return undefined;
    pairs.push([column, px]);
  }
  return { order, hidden, pinned, widths: pairs };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}
