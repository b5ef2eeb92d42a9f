import type { RunProgress } from '../../src/shared/runStatistics.ts';

/** A query that has read 40 % of its rows. */
export const PROGRESS: RunProgress = {
  readRows: 20_000_000,
  readBytes: 1_234_000_000,
  totalRows: 50_000_000,
  writtenRows: 0,
  memoryBytes: 412_000_000,
  threads: 8,
  rowsPerSecond: 6_250_000,
  bytesPerSecond: 385_000_000,
  leftMs: 4_800,
};
