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
