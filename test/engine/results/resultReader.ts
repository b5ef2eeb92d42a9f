import { zoneOffsets } from '../../../src/core/types/format/tableZones.ts';
import { openWindow } from '../../unit/arrow/windowCells.ts';
import type { LoadedResult } from '../../../src/core/arrow/spool/loadResult.ts';

export const NULL = Symbol('NULL');

/** The texts of all cells, as the grid shows them. */
export async function cellTexts(
  { spool, columns, timeZone, tables, textSettings }: LoadedResult,
  rows = 100_000,
): Promise<(string | typeof NULL)[][]> {
  if (spool.rows === 0) return [];
  const all = columns.map((_, i) => i);
  const ipc = await spool.readWindow({ firstRow: 0, rows, columns: all });
  const cells = openWindow(ipc, columns, { timeZone, zones: zoneOffsets(tables), textSettings });
  return Array.from({ length: cells.rows }, (_, row) =>
    all.map((column) => {
      const cell = cells.cell(row, column);
      return cell.isNull ? NULL : cell.text;
    }),
  );
}
