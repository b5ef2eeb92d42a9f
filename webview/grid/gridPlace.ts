import type { CellPosition, SelectedPart, Selection } from './selectionModel.ts';
import type { ScrollPosition } from './viewport.ts';

/** Where a user is in the rows of a result: kept while other rows, or none, are on the page. Plain data. */
export interface GridPlace extends ScrollPosition {
  /** The part with the active cell last; none before the first row came. */
  selected: SelectedPart[];
}

/** Parts of a selection that are remembered. */
const MOST_PARTS = 50;

export function selectedParts({ anchor, focus, span, others }: Selection): SelectedPart[] {
  return [...others, { anchor, focus, span }].slice(-MOST_PARTS);
}

/** The selection again; undefined when nothing was selected, or these columns are not there any more. */
export function selectionOf({ selected }: GridPlace, columns: number): Selection | undefined {
  const last = selected.at(-1);
  const fits = selected.every((part) => Math.max(part.anchor.column, part.focus.column) < columns);
  return last && fits ? { ...last, others: selected.slice(0, -1), adding: false } : undefined;
}

/** A place from outside (the page's own saved state, which an older version may have written). */
export function readGridPlace(value: unknown): GridPlace | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { top, left, selected } = value as Partial<Record<keyof GridPlace, unknown>>;
  if (typeof top !== 'number' || typeof left !== 'number') return undefined;
  const parts = Array.isArray(selected) ? selected.map(readPart) : [];
  return { top, left, selected: parts.filter((part) => part !== undefined) };
}

const SPANS: readonly SelectedPart['span'][] = ['cells', 'rows', 'columns', 'all'];

function readPart(value: unknown): SelectedPart | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const from = value as Partial<Record<keyof SelectedPart, unknown>>;
  const span = SPANS.find((known) => known === from.span);
  const [anchor, focus] = [readCell(from.anchor), readCell(from.focus)];
  return span && anchor && focus && { anchor, focus, span };
}

function readCell(value: unknown): CellPosition | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { row, column } = value as Partial<Record<keyof CellPosition, unknown>>;
  const isCell = typeof row === 'number' && typeof column === 'number' && row >= 0 && column >= 0;
  return isCell ? { row, column } : undefined;
}
