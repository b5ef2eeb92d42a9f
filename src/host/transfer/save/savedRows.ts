import type { PartialSave, SaveReceipt } from '../../../core/client/surface.ts';
import { rowsInFile } from '../../../core/transfer/rowsInFile.ts';
import { countWholeRows } from '../../../core/transfer/wholeRows.ts';

/** Counting reads the whole file: nobody waits longer than this for a number. */
const LONGEST_COUNT_MS = 2_000;

/** Whole rows in a partial file; undefined where that cannot be told. Never throws. */
export async function rowsOfPartial(partial: PartialSave): Promise<number | undefined> {
  try {
    return (await countWholeRows(partial.path, partial)).rows;
  } catch {
    // The file is there or not: the message about it matters more than the number.
    return undefined;
  }
}

/** What else is in the file beside the rows of the result. */
export interface RowsBeside {
  /** It was there before, and the result was added to it. */
  readonly append: boolean;
  /** Totals or extremes, which cannot be told from other rows. */
  readonly extraRows: boolean;
}

/**
 * The receipt with the rows of the result, where the server did not say and the file itself does: undefined
 * where the file has other rows too, and where counting takes too long or is cancelled. Never throws.
 */
export async function withRows(
  receipt: SaveReceipt,
  { append, extraRows }: RowsBeside,
  signal: AbortSignal,
): Promise<SaveReceipt> {
  if (receipt.rows !== undefined || append) return receipt;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_COUNT_MS)]);
  try {
    const rows =
      (await rowsInFile(receipt.path, receipt)) ??
      (extraRows ? undefined : (await countWholeRows(receipt.path, receipt, limit)).rows);
    return { ...receipt, rows };
  } catch {
    // The file is whole, which is what the receipt is about.
    return receipt;
  }
}
