import type { QueryProgress } from '../../core/client/surface.ts';

/** Polls come every half second, later every two: a few of them, so that one slow block is no standstill. */
const WINDOW_MS = 6_000;
/** Before this much time an estimate of the time left jumps about. */
const ESTIMATE_FROM_MS = 2_000;

export interface Speed {
  readonly rowsPerSecond: number;
  readonly bytesPerSecond: number;
  /** ms that reading the rest takes at this speed; undefined when that cannot be told. */
  readonly leftMs: number | undefined;
}

type Point = Pick<QueryProgress, 'elapsedMs' | 'readRows' | 'readBytes'>;

/** How fast a query reads, from its polls, over the last seconds. */
export class ReadSpeed {
  #points: Point[] = [{ elapsedMs: 0, readRows: 0, readBytes: 0 }];

  /** Takes the next poll and tells the speed up to it. */
  next(progress: QueryProgress): Speed {
    const { elapsedMs, readRows, readBytes, totalRows } = progress;
    // One point at or before the window stays: the speed is that of the whole window.
    const from = this.#points.findLastIndex((point) => point.elapsedMs <= elapsedMs - WINDOW_MS);
    this.#points = [...this.#points.slice(Math.max(0, from)), progress];
    const [first = progress] = this.#points;
    const seconds = (elapsedMs - first.elapsedMs) / 1_000;
    const rate = (amount: number): number => (seconds > 0 ? Math.max(0, amount / seconds) : 0);
    const rowsPerSecond = rate(readRows - first.readRows);
    const isKnown = totalRows > readRows && rowsPerSecond > 0 && elapsedMs >= ESTIMATE_FROM_MS;
    return {
      rowsPerSecond,
      bytesPerSecond: rate(readBytes - first.readBytes),
      leftMs: isKnown ? ((totalRows - readRows) / rowsPerSecond) * 1_000 : undefined,
    };
  }
}
