import type { Client, QueryProgress, ServerSummary } from '../../core/client/surface.ts';
import type { RunProgress, RunStatistics, ServerFigures } from '../../shared/runStatistics.ts';
import { ReadSpeed } from './readSpeed.ts';

/** What is seen of one run on the server. */
export class RunMeter {
  readonly #startedAt = Date.now();
  #speed = new ReadSpeed();
  #last: QueryProgress | undefined;
  #progress: RunProgress | undefined;
  #reply: ServerSummary | undefined;
  #sent = false;
  /** Bytes of the reply, once it was read to its end. */
  receivedBytes: number | undefined;
  #serverVersion: string | undefined;

  /** The last poll, with the speed; undefined when the server did not say. */
  get progress(): RunProgress | undefined {
    return this.#progress;
  }

  /** From now on there is a query of this run on the server. */
  sent(client: Client): void {
    this.#sent = true;
    // Known already, as a rule; the run does not wait for it.
    client.serverInfo().then(
      ({ version }) => {
        this.#serverVersion = version;
      },
      () => undefined,
    );
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

  /**
   * Takes the figures of a reply that was made when the query had ended. Those of a streamed reply are sent before its
   * first row and must not come here.
   */
  replied(summary: ServerSummary | undefined): void {
    this.#reply = summary;
  }

  /** What is known at the end; undefined when nothing was sent. @param queryId of the query that counts */
  statistics(queryId: string): RunStatistics | undefined {
    if (!this.#sent) return undefined;
    const figures = this.#figures(queryId);
    return {
      startedAt: this.#startedAt,
      ...(this.receivedBytes !== undefined && { receivedBytes: this.receivedBytes }),
      ...(this.#serverVersion !== undefined && { serverVersion: this.#serverVersion }),
      ...(figures && { figures }),
    };
  }

  #figures(queryId: string): ServerFigures | undefined {
    if (this.#reply) {
      const { readRows, readBytes, writtenRows, writtenBytes, elapsedNs } = this.#reply;
      const elapsedMs = elapsedNs / 1e6;
      return { source: 'reply', readRows, readBytes, writtenRows, writtenBytes, elapsedMs };
    }
    if (this.#last?.queryId !== queryId) return undefined;
    const { readRows, readBytes, writtenRows, peakMemoryBytes, threads } = this.#last;
    return { source: 'seen', readRows, readBytes, writtenRows, peakMemoryBytes, threads };
  }
}
