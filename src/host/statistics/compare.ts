import { eventText, sortedEvents } from '../../shared/profileEvents.ts';
import { formatBytes, formatCount, formatDuration } from '../../shared/humanNumbers.ts';
import type { ServerFigures } from '../../shared/runStatistics.ts';
import type { RunRecord } from './runRecord.ts';

/** One measure of two runs. A value is undefined where it is not known for certain. */
export interface ComparedMetric {
  readonly name: string;
  readonly kind: 'figure' | 'event';
  readonly first: string | undefined;
  readonly second: string | undefined;
  /** With its sign; empty where a value is unknown. */
  readonly difference: string;
  /** Second to first, for example `0.5 ×`; empty where it has no meaning. */
  readonly ratio: string;
}

type Value = number | undefined;
type Show = (value: number) => string;

const FIGURES: readonly (readonly [string, (run: RunRecord) => Value, Show])[] = [
  ['Elapsed in all', ({ elapsedMs }) => elapsedMs, formatDuration],
  ['Elapsed on the server', final(({ elapsedMs }) => elapsedMs), formatDuration],
  ['Rows read', final(({ readRows }) => readRows), formatCount],
  ['Bytes read', final(({ readBytes }) => readBytes), formatBytes],
  ['Rows written', final(({ writtenRows }) => writtenRows), formatCount],
  ['Bytes written', final(({ writtenBytes }) => writtenBytes), formatBytes],
  ['Result rows', final(({ resultRows }) => resultRows), formatCount],
  ['Result bytes in memory', final(({ resultBytes }) => resultBytes), formatBytes],
  ['Bytes received', ({ statistics }) => statistics.receivedBytes, formatBytes],
  ['Peak memory', final(({ peakMemoryBytes }) => peakMemoryBytes), formatBytes],
  ['Threads', final(({ threads }) => threads), formatCount],
];

/** Figures of the last look while a query ran are not its final ones, and comparing them would tell nothing. */
function final(of: (figures: ServerFigures) => Value): (run: RunRecord) => Value {
  return ({ entry, statistics }) => {
    const figures = entry?.figures ?? statistics.figures;
    return figures === undefined || figures.source === 'seen' ? undefined : of(figures);
  };
}

/** The measures of two runs beside each other: figures, then ProfileEvents, the most telling first. */
export function compareRuns(first: RunRecord, second: RunRecord): ComparedMetric[] {
  const figures = FIGURES.map(([name, value, show]) =>
    metric({ name, kind: 'figure' }, value(first), value(second), show),
  );
  const names = new Set([first, second].flatMap(({ entry }) => Object.keys(entry?.events ?? {})));
  const events = sortedEvents(names).map((name) => {
    // A query that has a row in the log and not this event: it did not happen.
    const value = ({ entry }: RunRecord): Value => entry && Number(entry.events[name] ?? 0);
    const show: Show = (number) => eventText({ name, value: String(Math.round(number)) });
    return metric({ name, kind: 'event' }, value(first), value(second), show);
  });
  const isTold = ({ first: a, second: b }: ComparedMetric): boolean =>
    a !== undefined || b !== undefined;
  return [...figures, ...events].filter(isTold);
}

function metric(
  what: Pick<ComparedMetric, 'name' | 'kind'>,
  first: Value,
  second: Value,
  show: Show,
): ComparedMetric {
  const known = first !== undefined && second !== undefined;
  return {
    ...what,
    first: first === undefined ? undefined : show(first),
    second: second === undefined ? undefined : show(second),
    difference: known ? differenceText(second - first, show) : '',
    ratio: known && first > 0 ? `${(second / first).toPrecision(3)} ×` : '',
  };
}

function differenceText(difference: number, show: Show): string {
  if (difference === 0) return '=';
  return `${difference > 0 ? '+' : '−'}${show(Math.abs(difference))}`;
}
