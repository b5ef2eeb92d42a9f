import type { CopyFormat, TimeDisplay } from '../src/shared/gridCommand.ts';
import type { HostMessage } from '../src/shared/protocol.ts';
import { columnCommand } from './columnCommand.ts';
import type { GridView } from './grid/gridView.ts';
import { selectCell, type CellPosition } from './grid/selectionModel.ts';
import type { SidePanes } from './sidePanes.ts';
import type { ViewControls } from './view/viewControls.ts';

/** Commands of the host that are for the grid. */
export type GridMessage = Extract<
  HostMessage,
  {
    type:
      | 'copyCells'
      | 'columns'
      | 'resetColumns'
      | 'autosizeColumns'
      | 'chooseColumns'
      | 'showTimes'
      | 'inspect'
      | 'sort'
      | 'filter'
      | 'filterByValue'
      | 'clearView'
      | 'findInResult'
      | 'goToRow'
      | 'showColumnStatistics';
  }
>;

/** What the commands are about. */
export interface GridParts {
  readonly grid: GridView;
  readonly controls: ViewControls;
  readonly sides: SidePanes;
  /** The column of the result that the active cell is in; there is one even without rows. */
  readonly activeColumn: number;
  /** With its column of the result; undefined without rows. */
  readonly activeCell: CellPosition | undefined;
  copy(format: CopyFormat, header: boolean): void;
  resetColumns(): void;
  chooseColumns(): void;
  showTimes(display: TimeDisplay): void;
}

/** Does what the host asks of the grid. */
export function runGridMessage(parts: GridParts, message: GridMessage): void {
  const { grid, controls, sides, activeColumn, activeCell } = parts;
  switch (message.type) {
    case 'copyCells':
      parts.copy(message.format, message.header);
      break;
    case 'columns':
      columnCommand(grid, message.command, message.columns);
      break;
    case 'resetColumns':
      parts.resetColumns();
      break;
    case 'autosizeColumns':
      grid.autosize(grid.shownColumns);
      break;
    case 'chooseColumns':
      parts.chooseColumns();
      break;
    case 'showTimes':
      parts.showTimes(message.display);
      break;
    case 'inspect':
      sides.toggleValue();
      break;
    case 'sort': {
      const [column = activeColumn] = message.columns ?? [];
      controls.sort(column, message.direction, message.add);
      break;
    }
    case 'filter': {
      const { column = activeColumn, operator, values = [] } = message;
      if (operator === undefined) controls.writeFilter(column);
      else controls.filter({ column, operator, values });
      break;
    }
    case 'filterByValue':
      if (activeCell) {
        void controls.filterByValue(activeCell, message.exclude);
      }
      break;
    case 'clearView':
      controls.clear();
      break;
    case 'findInResult':
      controls.find(message.text);
      break;
    case 'goToRow': {
      const { column } = grid.selection.focus;
      const row = Math.min(message.row, grid.size.rows - 1);
      if (row >= 0) grid.setSelection(selectCell({ row, column }), true);
      break;
    }
    case 'showColumnStatistics': {
      const { column = activeColumn } = message;
      const info = grid.infos[column];
      if (info) sides.showStatistics(column, info);
      break;
    }
  }
}
