import type { ColumnCommand } from '../src/shared/gridCommand.ts';
import { countOf } from '../src/shared/humanNumbers.ts';
import { hideColumns, pinColumns, showOnly } from './grid/columnLayout.ts';
import type { GridView } from './grid/gridView.ts';
import { selectedRanges } from './grid/selectionModel.ts';

/** Columns of the result that the selection touches. */
function selectedColumns({ selection, size, shownColumns }: GridView): number[] {
  const ranges = selectedRanges(selection, size);
  return shownColumns.filter((_, position) =>
    ranges.some(({ firstColumn, lastColumn }) => position >= firstColumn && position <= lastColumn),
  );
}

/** Runs a command about columns. @param asked columns of the result; absent: the selected ones */
export function columnCommand(
  grid: GridView,
  command: ColumnCommand,
  asked: readonly number[] | undefined,
): void {
  const selected = selectedColumns(grid);
  // A command from the menu of one selected header means all that are selected with it.
  const columns = asked?.every((column) => selected.includes(column)) === false ? asked : selected;
  const layout = grid.columnLayout;
  const some = countOf(columns.length, 'column');
  switch (command) {
    case 'hide':
      grid.setColumnLayout(hideColumns(layout, columns), `${some} hidden`);
      break;
    case 'show':
      grid.setColumnLayout(
        showOnly(layout, asked ?? []),
        `${countOf(asked?.length ?? 0, 'column')} shown`,
      );
      break;
    case 'pin':
    case 'unpin': {
      const pin = command === 'pin';
      const what = `${some} ${pin ? 'pinned' : 'unpinned'}`;
      grid.setColumnLayout(pinColumns(layout, columns, pin), what);
      break;
    }
    case 'autosize':
      grid.autosize(columns);
      break;
    case 'moveLeft':
    case 'moveRight': {
      const position = grid.shownColumns.indexOf(asked?.[0] ?? columns[0] ?? -1);
      const last = grid.shownColumns.length - 1;
      const to = position + (command === 'moveRight' ? 1 : -1);
      if (position >= 0) grid.moveColumn(position, Math.max(0, Math.min(last, to)));
      break;
    }
  }
}
