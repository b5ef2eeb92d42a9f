import type { Result } from './result.ts';
import type { Results } from './results.ts';
import type { ResultViews } from './view/resultViews.ts';

/** Less room than this is not worth a result: the first rows are always shown. */
const LEAST_BYTES = 1_000_000;

/** Bytes of a result's own rows. Without rows the bytes that it tells are those of a file of the user (INTO OUTFILE). */
export const bytesOfRows = (result: Result): number =>
  result.file === undefined ? 0 : result.snapshot().bytes;

/** Bytes that a result has on disk, with those of its sorted and filtered rows. */
export const bytesOnDisk = (result: Result, views: ResultViews): number =>
  bytesOfRows(result) + views.bytesOf(result.id);

/** Whether a result keeps its rows when disk is short: it is pinned, runs or is on screen. */
export function staysOnDisk(result: Result, results: Results): boolean {
  const { id, isRunning } = result;
  const isShown = results.isDetached(id) || id === results.current?.id;
  return isRunning || isShown || results.isPinned(id);
}

/** Bytes of `limit` that a running result may have on disk beside the results that stay. */
export function roomOnDisk(
  limit: number,
  run: Result,
  results: Results,
  views: ResultViews,
): number {
  const others = results.all.filter((other) => other !== run && staysOnDisk(other, results));
  const used = others.reduce((sum, other) => sum + bytesOnDisk(other, views), 0);
  return Math.max(LEAST_BYTES, limit - used);
}
