import { formatBytes, formatCount, formatDuration } from './humanNumbers.ts';
import type { EventCount } from './runStatistics.ts';

/** ProfileEvents that tell most about a query, in the order in which people look at them. */
const TELLING: readonly string[] = [
  'SelectedParts',
  'SelectedPartsTotal',
  'SelectedRanges',
  'SelectedMarks',
  'SelectedMarksTotal',
  'SelectedRows',
  'SelectedBytes',
  'InsertedRows',
  'InsertedBytes',
  'MergeTreeDataWriterBlocks',
  'MarkCacheHits',
  'MarkCacheMisses',
  'UncompressedCacheHits',
  'UncompressedCacheMisses',
  'QueryConditionCacheHits',
  'QueryConditionCacheMisses',
  'QueryCacheHits',
  'QueryCacheMisses',
  'CachedReadBufferReadFromCacheBytes',
  'CachedReadBufferReadFromSourceBytes',
  'ReadCompressedBytes',
  'CompressedReadBufferBytes',
  'OSReadBytes',
  'OSWriteBytes',
  'S3GetObject',
  'ReadBufferFromS3Bytes',
  'NetworkReceiveBytes',
  'NetworkSendBytes',
  'OSCPUVirtualTimeMicroseconds',
  'OSCPUWaitMicroseconds',
  'OSIOWaitMicroseconds',
  'RealTimeMicroseconds',
  'DiskReadElapsedMicroseconds',
  'NetworkSendElapsedMicroseconds',
  'QueryAnalysisMicroseconds',
  'ExternalSortWritePart',
  'ExternalAggregationWritePart',
  'ExternalJoinWritePart',
];

/** The telling ones among the events of a query, in their order. */
export function tellingEvents(events: Readonly<Record<string, string>>): EventCount[] {
  return TELLING.flatMap((name) => {
    const value = events[name];
    return value === undefined ? [] : [{ name, value }];
  });
}

/** Events by name, the telling ones first. */
export function sortedEvents(names: Iterable<string>): string[] {
  const rank = (name: string): number => {
    const at = TELLING.indexOf(name);
    return at < 0 ? TELLING.length : at;
  };
  return [...names].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Parts of an event's name that say in what it counts: its value in milliseconds. */
const TIMES: readonly (readonly [RegExp, number])[] = [
  [/Microseconds$/, 1e-3],
  [/Nanoseconds$/, 1e-6],
  [/Milliseconds$/, 1],
];

/** A value as people read it: `1,954`, `24 MB`, `7.7 ms`. */
export function eventText({ name, value }: EventCount): string {
  const number = Number(value);
  if (name.endsWith('Bytes')) return formatBytes(number);
  const factor = TIMES.find(([pattern]) => pattern.test(name))?.[1];
  return factor === undefined ? formatCount(BigInt(value)) : formatDuration(number * factor);
}
