import type { ReachedLimit } from '../../core/arrow/spool/loadResult.ts';
import type { SpoolLimits } from '../../core/arrow/spool/spoolWriter.ts';
import { countOf, formatBytes } from '../../shared/humanNumbers.ts';

/** The limits of one result, and what all results together leave of the disk for it. */
export interface ResultLimits extends SpoolLimits {
  readonly own: SpoolLimits;
  /** True when the disk was nearer than the result's own limit the last time `bytes` was read. */
  readonly isByDisk: boolean;
}

/** ms for which an answer about the room on disk holds: rows can come a hundred times a second. */
const ROOM_HOLDS_MS = 200;

/** @param room bytes on disk that are left for the result; it changes while the rows come */
export function withinDisk(
  own: SpoolLimits,
  room: () => number,
  clock = (): number => performance.now(),
): ResultLimits {
  let known = { at: -Infinity, bytes: 0 };
  const left = (): number => {
    const now = clock();
    if (now - known.at > ROOM_HOLDS_MS) known = { at: now, bytes: room() };
    return known.bytes;
  };
  let isByDisk = false;
  return {
    own,
    rows: own.rows,
    get bytes() {
      const bytes = left();
      isByDisk = bytes < own.bytes;
      return Math.min(own.bytes, bytes);
    },
    get isByDisk() {
      return isByDisk;
    },
  };
}

/** What is said of a result that stopped at a limit. */
export function limitText(
  rows: number,
  { by }: Pick<ReachedLimit, 'by'>,
  limits: ResultLimits,
): string {
  const first = `First ${countOf(rows, 'row')}, more available: reading stopped at`;
  if (by === 'bytes' && limits.isByDisk) {
    return (
      `${first} the limit of disk use for all results (rowhouse.results.maxDiskBytes), and the query was ended. ` +
      'Close or unpin other results, or raise the setting, and run the statement again.'
    );
  }
  const reason = ownLimit(by, limits);
  return `${first} ${reason}, and the query was ended. Fetch all runs the statement again, from the start.`;
}

/** What is said where the rows of a file are shown, as far as a limit. */
export function fileLimitText(
  rows: number,
  { by }: Pick<ReachedLimit, 'by'>,
  limits: ResultLimits,
): string {
  const reason =
    by === 'bytes' && limits.isByDisk
      ? 'the limit of disk use for all results (rowhouse.results.maxDiskBytes)'
      : ownLimit(by, limits);
  return `First ${countOf(rows, 'row')} of the file: showing them stopped at ${reason}. The file itself is whole.`;
}

function ownLimit(by: ReachedLimit['by'], { own }: ResultLimits): string {
  return by === 'rows'
    ? 'the setting rowhouse.results.maxRows'
    : `the limit of ${formatBytes(own.bytes)} on disk (rowhouse.results.maxBytes)`;
}
