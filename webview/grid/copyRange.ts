import type { DecodedWindow } from './decodeWindow.ts';
import type { Cell } from './frame.ts';
import { cellCount, type CellRange } from './selectionModel.ts';
import { tsvCell } from './tsv.ts';

/** Cells that are copied through the clipboard; more is a file's business. */
export const MAX_COPY_CELLS = 100_000;
/** Characters, for the same reason: a few cells may be large. */
const MAX_COPY_LENGTH = 32 * 1024 * 1024;
const CELLS_PER_REQUEST = 16_384;

export type ReadRows = (
  firstRow: number,
  rows: number,
  columns: number[],
  signal: AbortSignal,
) => Promise<DecodedWindow>;

export type Copied =
  | { kind: 'text'; text: string; cells: number }
  /** Nothing was copied. */
  | { kind: 'tooLarge' };

function exactText({ text, problem }: Cell): string {
  if (problem !== undefined) throw new TypeError(problem);
  return text;
}

/** The range as text (see tsv.ts), read window by window. @throws what `read` throws */
export async function copyRange(
  range: CellRange,
  read: ReadRows,
  signal: AbortSignal,
): Promise<Copied> {
  const cells = cellCount(range);
  if (cells > MAX_COPY_CELLS) return { kind: 'tooLarge' };
  const width = range.lastColumn - range.firstColumn + 1;
  const columns = Array.from({ length: width }, (_, i) => range.firstColumn + i);
  const rowsPerRequest = Math.max(1, Math.floor(CELLS_PER_REQUEST / width));
  const lines: string[] = [];
  let length = 0;
  for (let row = range.firstRow; row <= range.lastRow;) {
    const wanted = Math.min(rowsPerRequest, range.lastRow - row + 1);
    const { rows, readers } = await read(row, wanted, columns, signal);
    if (rows === 0) throw new RangeError(`Row ${row + 1} could not be read.`);
    for (let i = 0; i < Math.min(rows, wanted); i++) {
      const texts = readers.map((reader) => exactText(reader(i)));
      const line = cells === 1 ? (texts[0] ?? '') : texts.map(tsvCell).join('\t');
      length += line.length + 1;
      if (length > MAX_COPY_LENGTH) return { kind: 'tooLarge' };
      lines.push(line);
    }
    row += rows;
  }
  return { kind: 'text', text: lines.join('\n'), cells };
}
