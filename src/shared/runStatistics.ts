/** Where a running query stands on the server, by the last look at `system.processes`. */
export interface RunProgress {
  readRows: number;
  readBytes: number;
  /** The server's estimate of the rows it will read; 0 when it has none. */
  totalRows: number;
  writtenRows: number;
  /** In use at that moment. */
  memoryBytes: number;
  threads: number;
  /** Speed of reading over the last seconds; 0 before it is known. */
  rowsPerSecond: number;
  bytesPerSecond: number;
  /** ms that reading the rest takes at this speed; absent when that cannot be told. */
  leftMs?: number;
}

/** What a query did on the server. */
export interface ServerFigures {
  /**
   * `seen`: the last look while it ran, so the end may be more. `reply`: told with the end of the reply. `log`: its
   * row in `system.query_log`.
   */
  source: 'seen' | 'reply' | 'log';
  readRows: number;
  readBytes: number;
  writtenRows: number;
  writtenBytes?: number;
  resultRows?: number;
  /** In the server's memory, not on the wire. */
  resultBytes?: number;
  peakMemoryBytes?: number;
  threads?: number;
  elapsedMs?: number;
}

/** A ProfileEvent. */
export interface EventCount {
  name: string;
  /** A whole number, which may be above 2^53. */
  value: string;
}

/** How a look into `system.query_log` went. */
export interface LogLook {
  state: 'waiting' | 'found' | 'failed';
  /** Why there is nothing, and what helps. */
  message?: string;
  /** The most telling ProfileEvents of the run. */
  events?: EventCount[];
}

/** What is known of a run that has ended. */
export interface RunStatistics {
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Bytes of the reply; absent when it was not read to its end. */
  receivedBytes?: number;
  serverVersion?: string;
  /** Absent when nothing is known, as of a short query whose result was streamed. */
  figures?: ServerFigures;
  /** Absent when nobody looked. */
  log?: LogLook;
  /** True: an earlier run of the same statement is there to compare with. */
  comparable?: boolean;
}
