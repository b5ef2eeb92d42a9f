import type { GridAction } from './keyboard.ts';

/** The selected cells as a few numbers, never as a list of cells: it costs the same for 100 million rows. */

export interface CellPosition {
  row: number;
  column: number;
}

/** One selected rectangle. */
export interface SelectedPart {
  /** Where it began. */
  anchor: CellPosition;
  /** Its other corner. */
  focus: CellPosition;
  /** `rows` takes whole rows, `columns` whole columns, also those that arrive later; `all` is both. */
  span: 'cells' | 'rows' | 'columns' | 'all';
}

/** The part that keys and the pointer change; its focus is the active cell. */
export interface Selection extends SelectedPart {
  /** Parts that were selected before it and stay. */
  others: readonly SelectedPart[];
  /** Moving away keeps what is selected: the keyboard's way to select several parts. */
  adding: boolean;
}

export interface GridSize {
  rows: number;
  columns: number;
}

/** Both ends inclusive. */
export interface CellRange {
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
}

export function selectCell(at: CellPosition): Selection {
  return { anchor: at, focus: at, span: 'cells', others: [], adding: false };
}

/** Keeps what is selected and begins another part. */
export function addPart(selection: Selection, part: SelectedPart): Selection {
  const { others, anchor, focus, span, adding } = selection;
  return {
    anchor: part.anchor,
    focus: part.focus,
    span: part.span,
    others: [...others, { anchor, focus, span }],
    adding,
  };
}

function isOneCell({ anchor, focus, span }: SelectedPart): boolean {
  return span === 'cells' && anchor.row === focus.row && anchor.column === focus.column;
}

export function extendTo(selection: Selection, focus: CellPosition): Selection {
  return { ...selection, focus };
}

/** The rectangle of a part within the grid as it is now; undefined when there is nothing to select. */
export function partRange(part: SelectedPart, size: GridSize): CellRange | undefined {
  if (size.rows === 0 || size.columns === 0) return undefined;
  const { anchor, focus, span } = part;
  const wholeRows = span === 'rows' || span === 'all';
  const wholeColumns = span === 'columns' || span === 'all';
  return {
    firstRow: wholeColumns ? 0 : Math.min(anchor.row, focus.row),
    lastRow: wholeColumns ? size.rows - 1 : Math.max(anchor.row, focus.row),
    firstColumn: wholeRows ? 0 : Math.min(anchor.column, focus.column),
    lastColumn: wholeRows ? size.columns - 1 : Math.max(anchor.column, focus.column),
  };
}

/** The selected rectangles, in the order they were selected. They may overlap. */
export function selectedRanges(selection: Selection, size: GridSize): CellRange[] {
  return [...selection.others, selection].flatMap((part) => partRange(part, size) ?? []);
}

export function selectsWholeColumns(selection: Selection): boolean {
  return [...selection.others, selection].some(({ span }) => span === 'columns' || span === 'all');
}

export function contains(range: CellRange, row: number, column: number): boolean {
  return (
    row >= range.firstRow &&
    row <= range.lastRow &&
    column >= range.firstColumn &&
    column <= range.lastColumn
  );
}

function clampCell(size: GridSize, { row, column }: CellPosition): CellPosition {
  return {
    row: Math.max(0, Math.min(size.rows - 1, row)),
    column: Math.max(0, Math.min(size.columns - 1, column)),
  };
}

function moved(selection: Selection, to: CellPosition, extend: boolean, size: GridSize): Selection {
  const focus = clampCell(size, to);
  if (extend) {
    // Extending a selection of everything would change nothing: start again from its anchor.
    return { ...selection, span: selection.span === 'all' ? 'cells' : selection.span, focus };
  }
  if (!selection.adding) return selectCell(focus);
  const cell: SelectedPart = { anchor: focus, focus, span: 'cells' };
  return isOneCell(selection) ? { ...selection, ...cell } : addPart(selection, cell);
}

/** What a key does to the selection. @param page rows of one Page Down */
export function applyAction(
  selection: Selection,
  action: GridAction,
  size: GridSize,
  page: number,
): Selection {
  const { row, column } = selection.focus;
  switch (action.type) {
    case 'move':
      return moved(
        selection,
        { row: row + action.rows, column: column + action.columns },
        action.extend,
        size,
      );
    case 'page':
      return moved(selection, { row: row + action.direction * page, column }, action.extend, size);
    case 'edge':
      return moved(
        selection,
        {
          row: action.row === 'first' ? 0 : action.row === 'last' ? size.rows - 1 : row,
          column:
            action.column === 'first' ? 0 : action.column === 'last' ? size.columns - 1 : column,
        },
        action.extend,
        size,
      );
    case 'selectAll':
      return { ...selection, span: 'all', others: [] };
    case 'selectRows':
      return { ...selection, span: selection.span === 'columns' ? 'all' : 'rows' };
    case 'selectColumns':
      return { ...selection, span: selection.span === 'rows' ? 'all' : 'columns' };
    case 'addPart':
      if (selection.adding) return { ...selection, adding: false };
      return addPart({ ...selection, adding: true }, selectCell(selection.focus));
    case 'collapse':
      return selectCell(selection.focus);
    default:
      return selection;
  }
}
