/** Rows `[start, end)` of a batch that are cut out of it as one. */
export interface Piece {
  start: number;
  end: number;
  /** Its cells are longer than a window takes; it is one row. */
  isLong: boolean;
}

export interface PieceLimits {
  /** A cell of more bytes is long; Infinity for cells as they are. */
  cellBytes: number;
}

/** What is left of a window while its pieces are planned. */
export interface Budget {
  bytes: number;
  isEmpty: boolean;
  isSpent: boolean;
}

/** Rows of usual cells may have this many bytes each in one column. */
const ROW_BYTES = 1_024;

/**
 * Cuts a range of rows into pieces, so that long cells stand alone and all of them together stay within the budget:
 * the first rows are taken as far as they fit, but at least one.
 * @param sizes bytes of each column in a range of rows
 */
export async function planPieces(
  start: number,
  end: number,
  sizes: (start: number, end: number) => Promise<readonly number[]>,
  { cellBytes }: PieceLimits,
  budget: Budget,
): Promise<Piece[]> {
  const pieces: Piece[] = [];
  const visit = async (from: number, to: number): Promise<void> => {
    if (budget.isSpent) return;
    const rows = to - from;
    const columns = await sizes(from, to);
    const allowed = rows === 1 ? cellBytes : cellBytes + rows * ROW_BYTES;
    const isLong = columns.some((bytes) => bytes > allowed);
    const bytes = columns.reduce((sum, size) => sum + Math.min(size, allowed), 0);
    if (rows > 1 && (isLong || bytes > budget.bytes)) {
      const middle = (from + to) >> 1;
      await visit(from, middle);
      await visit(middle, to);
      return;
    }
    if (!budget.isEmpty && bytes > budget.bytes) {
      budget.isSpent = true;
      return;
    }
    budget.isEmpty = false;
    budget.bytes -= bytes;
    pieces.push({ start: from, end: to, isLong });
  };
  if (end > start) await visit(start, end);
  return joined(pieces);
}

/** Pieces of usual rows that follow each other are one: each is a batch of its own for the reader. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last && !last.isLong && !piece.isLong && last.end === piece.start) last.end = piece.end;
    else result.push({ ...piece });
  }
  return result;
}
