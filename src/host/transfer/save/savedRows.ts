import type { Client, PartialSave, SaveReceipt } from '../../../core/client/surface.ts';
import { findInQueryLog } from '../../../core/statistics/queryLog.ts';
import { countWholeRows } from '../../../core/transfer/rows/wholeRows.ts';

/** Nobody waits longer than this for a number. Servers write their log every 7.5 s, the local one each second. */
const LONGEST_LOOK_MS = 3_000;

/** Whole rows in a partial file; undefined where that cannot be told. Never throws. */
export async function rowsOfPartial(partial: PartialSave): Promise<number | undefined> {
  try {
    return (await countWholeRows(partial.path, partial)).rows;
  } catch {
    // The file is there or not: the message about it matters more than the number.
    return undefined;
  }
}

/**
 * The receipt with the rows of the result, where only the server's log tells them: formats such as Pretty, in which no
 * row can be told from the next for certain, and results with totals. Never throws.
 */
export async function withRows(
  receipt: SaveReceipt,
  client: Client,
  signal: AbortSignal,
): Promise<SaveReceipt> {
  if (receipt.rows !== undefined) return receipt;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_LOOK_MS)]);
  const endedAt = Date.now();
  const query = { queryId: receipt.queryId, startedAt: endedAt - receipt.ms, endedAt };
  try {
    const answer = await findInQueryLog(client, query, limit);
    if (answer.state !== 'found') return receipt;
    return { ...receipt, rows: answer.entry.figures.resultRows };
  } catch {
    // The file is whole, which is what the receipt is about.
    return receipt;
  }
}
