import type { QueryProgress } from '../../core/client/surface.ts';
import type { RunProgress } from '../../shared/runStatistics.ts';
import { ReadSpeed } from './readSpeed.ts';

/** What is seen of one run on the server. */
export class RunMeter {
  #speed = new ReadSpeed();
  #last: QueryProgress | undefined;
  #progress: RunProgress | undefined;

  /** The last poll, with the speed; undefined when the server did not say. */
  get progress(): RunProgress | undefined {
    return this.#progress;
  }

  /** Takes the next poll of `system.processes`. */
  see(polled: QueryProgress): void {
    // A result that has to be asked for again as text is another query.
    if (polled.queryId !== this.#last?.queryId) this.#speed = new ReadSpeed();
    this.#last = polled;
    const { readRows, readBytes, totalRows, writtenRows, memoryBytes, threads } = polled;
    const { rowsPerSecond, bytesPerSecond, leftMs } = this.#speed.next(polled);
    this.#progress = {
      readRows,
      readBytes,
      totalRows,
      writtenRows,
      memoryBytes,
      threads,
      rowsPerSecond,
      bytesPerSecond,
      ...(leftMs !== undefined && { leftMs }),
    };
  }
}
