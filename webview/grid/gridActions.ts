import type { GridOptions } from './gridView.ts';
import type { GridAction } from './keyboard.ts';
import type { PointerTarget } from './pointer.ts';
import { applyAction, selectedRanges } from './selectionModel.ts';

/** What keys need of the grid beyond what the pointer does. */
export interface ActionTarget extends PointerTarget {
  /** The column of the result at each position. */
  readonly shownColumns: readonly number[];
  /** Whole rows that are on screen at once. */
  readonly pageRows: number;
}

type Handlers = Pick<
  GridOptions,
  'onCopy' | 'onSort' | 'onFind' | 'onFindNext' | 'onGoToRow' | 'onEscape'
>;

/** Does what a key of the grid is for. */
export function runGridAction(grid: ActionTarget, action: GridAction, handlers: Handlers): void {
  const { size, selection } = grid;
  if (size.columns === 0) return;
  const { column } = selection.focus;
  switch (action.type) {
    case 'copy':
      handlers.onCopy(action.header);
      break;
    case 'inspect':
      grid.inspect();
      break;
    case 'sort': {
      const active = grid.shownColumns[column];
      if (active !== undefined) handlers.onSort(active, action.direction, action.add);
      break;
    }
    case 'find':
      handlers.onFind();
      break;
    case 'findNext':
      handlers.onFindNext(action.by);
      break;
    case 'goToRow':
      handlers.onGoToRow();
      break;
    case 'resize':
      grid.setWidthAt(column, grid.widthAt(column) + action.by);
      break;
    case 'moveColumn':
      grid.moveColumn(column, Math.max(0, Math.min(size.columns - 1, column + action.by)));
      break;
    default: {
      if (size.rows === 0) break;
      const isOne = selectedRanges(selection, size).length === 1;
      const { anchor, focus, span } = selection;
      const isCell = isOne && span === 'cells' && anchor === focus;
      if (action.type === 'collapse' && isCell) handlers.onEscape();
      const next = applyAction(selection, action, size, grid.pageRows);
      grid.setSelection(next, !action.type.startsWith('select'));
    }
  }
}
