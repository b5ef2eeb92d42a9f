import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatPeakMemory,
} from '../../src/shared/humanNumbers.ts';
import type { ResultSnapshot } from '../../src/shared/protocol.ts';
import type { EventCount, RunStatistics, ServerFigures } from '../../src/shared/runStatistics.ts';
import { progressParts } from './progressParts.ts';

export interface CardRow {
  readonly name: string;
  readonly value: string;
}

/** While a query runs: all that is known of it. */
export function runningRows({ progress, queryId }: ResultSnapshot): CardRow[] {
  if (!progress) return [];
  const parts = progressParts(progress).map(({ full }) => full);
  return [
    { name: 'So far', value: parts.join(', ') },
    { name: 'Query id', value: queryId },
  ];
}

/** Once it has ended: figures that are final, or say that they are not. */
export function endedRows(result: ResultSnapshot, statistics: RunStatistics): CardRow[] {
  const { figures, receivedBytes, serverVersion, log } = statistics;
  const server = serverVersion === undefined ? '' : `, ClickHouse ${serverVersion}`;
  return [
    ...(figures ? serverRows(figures) : []),
    ...resultRows(result),
    ...(receivedBytes ? [{ name: 'Received', value: formatBytes(receivedBytes) }] : []),
    { name: 'Elapsed', value: elapsedText(result, figures) },
    ...shareRows(log?.events ?? []),
    { name: 'Server', value: `${result.connection}${server}` },
    { name: 'Query id', value: result.queryId },
  ];
}

function serverRows(figures: ServerFigures): CardRow[] {
  const { readRows, readBytes, writtenRows, writtenBytes, peakMemoryBytes, threads } = figures;
  // What was seen while it ran may have grown until the end.
  const least = figures.source === 'seen' ? 'at least ' : '';
  const size = (bytes: number | undefined): string =>
    bytes === undefined ? '' : `, ${formatBytes(bytes)}`;
  return [
    { name: 'Read', value: `${least}${countOf(readRows, 'row')}${size(readBytes)}` },
    ...(writtenRows > 0
      ? [{ name: 'Written', value: `${least}${countOf(writtenRows, 'row')}${size(writtenBytes)}` }]
      : []),
    ...(peakMemoryBytes === undefined
      ? []
      : [{ name: 'Peak memory', value: peakMemoryText(peakMemoryBytes, least) }]),
    ...(threads ? [{ name: 'Threads', value: `${least}${formatCount(threads)}` }] : []),
  ];
}

function peakMemoryText(bytes: number, least: string): string {
  return bytes === 0 ? formatPeakMemory(0) : `${least}${formatPeakMemory(bytes)}`;
}

function resultRows({ columns, rows, complete }: ResultSnapshot): CardRow[] {
  if (columns.length === 0) return [];
  const incomplete = complete ? '' : ' (incomplete)';
  return [{ name: 'Result', value: `${countOf(rows, 'row')}${incomplete}` }];
}

function elapsedText({ elapsedMs }: ResultSnapshot, figures: ServerFigures | undefined): string {
  const whole = formatDuration(elapsedMs);
  if (figures?.elapsedMs === undefined) return whole;
  return `${whole}, on the server ${formatDuration(figures.elapsedMs)}`;
}

const SHARES: readonly (readonly [label: string, name: string])[] = [
  ['Parts read', 'SelectedParts'],
  ['Marks read', 'SelectedMarks'],
];

/** How much of the table the primary key and the other indexes left to read. */
function shareRows(events: readonly EventCount[]): CardRow[] {
  const countOfEvent = (name: string): string | undefined => {
    const value = events.find((event) => event.name === name)?.value;
    return value === undefined ? undefined : formatCount(BigInt(value));
  };
  return SHARES.flatMap(([label, name]) => {
    const some = countOfEvent(name);
    const all = countOfEvent(`${name}Total`);
    if (some === undefined) return [];
    return [{ name: label, value: all === undefined ? some : `${some} of ${all}` }];
  });
}

/** Where the figures are from, as a sentence; empty when they are final. */
export function noteOf({ figures, log }: RunStatistics): string {
  switch (log?.state) {
    case 'found':
      return '';
    case 'waiting':
      return 'Waiting for the server to write its query log (every 7.5 s as a rule)…';
    case 'failed':
      return log.message ?? '';
    case undefined:
      return figures?.source === 'reply'
        ? ''
        : 'The final figures are in the query log of the server.';
  }
}
