import type { GridAction } from './keyboard.ts';

/** The selected cells as a few numbers, never as a list of cells: it costs the same for 100 million rows. */

export interface CellPosition {
  row: number;
  column: number;
}

export interface Selection {
  /** Where the selection began. */
  anchor: CellPosition;
  /** The active cell: it has the keyboard focus and moves when the selection is extended. */
  focus: CellPosition;
  /** `rows` takes whole rows, `columns` whole columns, also those that arrive later; `all` is both. */
  span: 'cells' | 'rows' | 'columns' | 'all';
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
  return { anchor: at, focus: at, span: 'cells' };
}

export function extendTo(selection: Selection, focus: CellPosition): Selection {
  return { ...selection, focus };
}

/** The selected rectangle within the grid as it is now; undefined when there is nothing to select. */
export function selectedRange(selection: Selection, size: GridSize): CellRange | undefined {
  if (size.rows === 0 || size.columns === 0) return undefined;
  const { anchor, focus, span } = selection;
  const wholeRows = span === 'rows' || span === 'all';
  const wholeColumns = span === 'columns' || span === 'all';
  return {
    firstRow: wholeColumns ? 0 : Math.min(anchor.row, focus.row),
    lastRow: wholeColumns ? size.rows - 1 : Math.max(anchor.row, focus.row),
    firstColumn: wholeRows ? 0 : Math.min(anchor.column, focus.column),
    lastColumn: wholeRows ? size.columns - 1 : Math.max(anchor.column, focus.column),
  };
}

export function contains(range: CellRange, row: number, column: number): boolean {
  return (
    row >= range.firstRow &&
    row <= range.lastRow &&
    column >= range.firstColumn &&
    column <= range.lastColumn
  );
}

export function cellCount(range: CellRange): number {
  return (range.lastRow - range.firstRow + 1) * (range.lastColumn - range.firstColumn + 1);
}

function clampCell(size: GridSize, { row, column }: CellPosition): CellPosition {
  return {
    row: Math.max(0, Math.min(size.rows - 1, row)),
    column: Math.max(0, Math.min(size.columns - 1, column)),
  };
}

function moved(selection: Selection, to: CellPosition, extend: boolean, size: GridSize): Selection {
  const focus = clampCell(size, to);
  if (!extend) return selectCell(focus);
  // Extending a selection of everything would change nothing: start again from its anchor.
  return { ...selection, span: selection.span === 'all' ? 'cells' : selection.span, focus };
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
      return { ...selection, span: 'all' };
    case 'selectRows':
      return { ...selection, span: selection.span === 'columns' ? 'all' : 'rows' };
    case 'selectColumns':
      return { ...selection, span: selection.span === 'rows' ? 'all' : 'columns' };
    case 'copy':
    case 'resize':
      return selection;
  }
}
