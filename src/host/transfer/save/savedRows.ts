import type { PartialSave, SaveReceipt } from '../../../core/client/surface.ts';
import { rowsInFile } from '../../../core/transfer/rowsInFile.ts';
import { countWholeRows } from '../../../core/transfer/wholeRows.ts';

/** Counting reads the whole file: up to these sizes it takes a moment. Compressed ones hold much more. */
const LARGEST_COUNTED_BYTES = 256_000_000;
const LARGEST_DECODED_BYTES = 16_000_000;

function isSoonCounted({ bytes, compression }: SaveReceipt): boolean {
  return bytes <= (compression === 'none' ? LARGEST_COUNTED_BYTES : LARGEST_DECODED_BYTES);
}

/** Whole rows in a partial file; undefined where that cannot be told. Never throws. */
export async function rowsOfPartial(partial: PartialSave): Promise<number | undefined> {
  try {
    return (await countWholeRows(partial.path, partial)).rows;
  } catch {
    // The file is there or not: the message about it matters more than the number.
    return undefined;
  }
}

/** The receipt with the rows of the file, where the server did not say and the file itself does. Never throws. */
export async function withRows(receipt: SaveReceipt): Promise<SaveReceipt> {
  if (receipt.rows !== undefined) return receipt;
  try {
    const rows =
      (await rowsInFile(receipt.path, receipt)) ??
      (isSoonCounted(receipt) ? (await countWholeRows(receipt.path, receipt)).rows : undefined);
    return { ...receipt, rows };
  } catch {
    // The file is whole, which is what the receipt is about.
    return receipt;
  }
}
