import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatShort,
  formatSpeed,
} from '../../src/shared/humanNumbers.ts';
import type { RunProgress } from '../../src/shared/runStatistics.ts';

/** A query that has read all still works on what it read: 100 % would say that it is done. */
const MOST_PERCENT = 99;

/** How much of the reading is done; undefined when the server has not said. */
export function percentRead(progress: RunProgress | undefined): number | undefined {
  if (!progress || progress.totalRows === 0) return undefined;
  // The server's total is an estimate: it may be passed.
  return Math.min(MOST_PERCENT, Math.floor((progress.readRows / progress.totalRows) * 100));
}

/** Rows read, exactly. */
export function readText({ readRows, totalRows }: RunProgress): string {
  return totalRows > 0
    ? `${formatCount(readRows)} of ${formatCount(totalRows)} rows read`
    : `${countOf(readRows, 'row')} read`;
}

/** One fact about a running query: short for the header, and in full. */
export interface ProgressPart {
  readonly short: string;
  readonly full: string;
}

function part(short: string, full = short): ProgressPart {
  return { short, full };
}

/** Tenths of a second would only flicker. */
function wholeSeconds(ms: number): string {
  return formatDuration(Math.max(1, Math.round(ms / 1000)) * 1000).replace('.0 s', ' s');
}

/** What is known of a running query, the most important first; a panel shows as many as it has room for. */
export function progressParts(progress: RunProgress): ProgressPart[] {
  const { readRows, readBytes, totalRows, writtenRows, memoryBytes, threads } = progress;
  const { rowsPerSecond, bytesPerSecond, leftMs } = progress;
  const percent = percentRead(progress);
  const parts: ProgressPart[] = [];
  if (percent !== undefined) parts.push(part(`${percent} %`, `${percent} % read`));
  if (leftMs !== undefined) parts.push(part(`${wholeSeconds(leftMs)} left`));
  const whole = totalRows > 0 ? ` of ${formatShort(totalRows)}` : '';
  if (readRows > 0)
    parts.push(part(`${formatShort(readRows)}${whole} rows read`, readText(progress)));
  if (writtenRows > 0) {
    parts.push(
      part(`${formatShort(writtenRows)} rows written`, `${countOf(writtenRows, 'row')} written`),
    );
  }
  if (rowsPerSecond >= 1) {
    parts.push(
      part(`${formatShort(rowsPerSecond)} rows/s`, `${countOf(rowsPerSecond, 'row')} per second`),
    );
  }
  if (bytesPerSecond >= 1) parts.push(part(formatSpeed(bytesPerSecond, 1000)));
  if (readBytes > 0) parts.push(part(`${formatBytes(readBytes)} read`));
  if (memoryBytes > 0) parts.push(part(`${formatBytes(memoryBytes)} memory`));
  if (threads > 0) parts.push(part(countOf(threads, 'thread')));
  return parts;
}
