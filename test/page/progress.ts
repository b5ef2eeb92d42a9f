import type { RunProgress, RunStatistics } from '../../src/shared/runStatistics.ts';

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

const EVENTS: Record<string, string> = {
  SelectedParts: '2',
  SelectedPartsTotal: '2',
  SelectedRanges: '2',
  SelectedMarks: '1368',
  SelectedMarksTotal: '1954',
  SelectedRows: '1400721',
  SelectedBytes: '24311634',
  MarkCacheHits: '6',
  MarkCacheMisses: '6',
  CachedReadBufferReadFromSourceBytes: '11449105',
  ReadCompressedBytes: '11449105',
  CompressedReadBufferBytes: '31713095',
  NetworkSendBytes: '16956519',
  OSCPUVirtualTimeMicroseconds: '138578',
  RealTimeMicroseconds: '1004595',
};

/** Of a run about which the query log has told. */
export const STATISTICS: RunStatistics = {
  startedAt: 1_700_000_000_000,
  receivedBytes: 16_955_504,
  serverVersion: '26.7.2.1',
  figures: {
    source: 'log',
    readRows: 1_400_721,
    readBytes: 24_311_634,
    writtenRows: 0,
    writtenBytes: 0,
    resultRows: 1_399_999,
    resultBytes: 42_517_855,
    peakMemoryBytes: 46_094_000,
    threads: 6,
    elapsedMs: 321,
  },
  log: {
    state: 'found',
    events: Object.entries(EVENTS).map(([name, value]) => ({ name, value })),
  },
  comparable: true,
};
