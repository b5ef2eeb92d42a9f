import type { SumBlock, TallyKind } from '../../src/shared/cellSums.ts';
import type { CopyBlock } from '../../src/shared/gridCommand.ts';
import { countOf, formatCount } from '../../src/shared/humanNumbers.ts';
import type { ColumnInfo } from '../grid/columnInfo.ts';
import type { DecodedWindow } from '../grid/decodeWindow.ts';
import type { CellSource } from '../grid/frame.ts';
import { Tally, type TallyResult } from './tally.ts';

/** Cells that the page adds up itself: about a tenth of a second of work. The host adds up more. */
export const MOST_CELLS = 200_000;
const CELLS_PER_REQUEST = 8_192;
const CELLS_BETWEEN_RESTS = 4_096;

/** Cells from the page where they are there, else from the host. */
export interface StatsSource extends CellSource {
  read(
    firstRow: number,
    rows: number,
    columns: number[],
    signal: AbortSignal,
  ): Promise<DecodedWindow>;
}

function tallyKind(info: ColumnInfo | undefined): TallyKind {
  if (!info) return 'counted';
  const { value, numeric, ordered } = info;
  if (/^B?Float/.test(value.name)) return 'float';
  if (numeric) return 'exact';
  return ordered ? 'ordered' : 'counted';
}

/** The blocks as the host adds them up. */
export function sumBlocks(blocks: readonly CopyBlock[], infos: readonly ColumnInfo[]): SumBlock[] {
  return blocks.map(({ rows, columns }) => ({
    rows,
    columns: columns.map((column) => ({ column, kind: tallyKind(infos[column]) })),
  }));
}

/**
 * Adds up the cells of the blocks, asking the host for those that are not in the page.
 * @throws what the source throws, and the signal's reason
 */
export async function addUp(
  blocks: readonly CopyBlock[],
  infos: readonly ColumnInfo[],
  source: StatsSource,
  signal: AbortSignal,
): Promise<TallyResult> {
  const tally = new Tally();
  let sinceRest = 0;
  for (const { rows, columns } of blocks) {
    const kinds = columns.map((column) => tallyKind(infos[column]));
    const perRequest = Math.max(1, Math.floor(CELLS_PER_REQUEST / columns.length));
    for (const { first, last } of rows) {
      for (let row = first; row <= last;) {
        sinceRest += columns.length;
        if (sinceRest >= CELLS_BETWEEN_RESTS) {
          sinceRest = 0;
          // Keys and scrolling come first.
          await new Promise((resolve) => setTimeout(resolve));
          signal.throwIfAborted();
        }
        if (addRow(tally, row, columns, kinds, source)) {
          row++;
          continue;
        }
        const wanted = Math.min(perRequest, last - row + 1);
        const { rows: got, readers } = await source.read(row, wanted, columns, signal);
        for (let i = 0; i < got; i++) {
          readers.forEach((reader, column) => {
            const { text, isNull } = reader(i);
            tally.add(kinds[column] ?? 'counted', text, isNull);
          });
        }
        row += got;
      }
    }
  }
  return tally.result;
}

/** False when a cell of the row is not in the page; nothing was added then. */
function addRow(
  tally: Tally,
  row: number,
  columns: readonly number[],
  kinds: readonly TallyKind[],
  source: CellSource,
): boolean {
  const cells = columns.map((column) => source.cell(row, column));
  if (cells.includes(undefined)) return false;
  cells.forEach((cell, i) => {
    if (cell) tally.add(kinds[i] ?? 'counted', cell.text, cell.isNull);
  });
  return true;
}

/** The beginning of the line in the footer; a single cell needs none. */
export function selectedText(cells: number): string {
  return cells <= 1 ? '' : `${countOf(cells, 'cell')} selected`;
}

/** The line in the footer. */
export function statsText(result: TallyResult): string {
  const parts = [selectedText(result.cells), `count ${formatCount(result.cells - result.nulls)}`];
  if (result.nulls > 0) parts.push(`${formatCount(result.nulls)} NULL`);
  if (result.sum !== undefined) parts.push(`sum ${result.sum}`);
  if (result.average !== undefined) parts.push(`average ${result.average}`);
  if (result.min !== undefined) parts.push(`min ${result.min}`);
  if (result.max !== undefined) parts.push(`max ${result.max}`);
  return parts.join(' · ');
}
