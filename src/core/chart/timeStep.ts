import { quoteLiteral } from '../sql/quote.ts';
import { type ChartColumn, placeOf } from './chartColumn.ts';

type TimeUnit =
  | 'nanosecond'
  | 'microsecond'
  | 'millisecond'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'quarter'
  | 'year';

/** Times are cut to steps of this length, which begin where the calendar of their zone has them begin. */
export interface TimeStep {
  readonly count: number;
  readonly unit: TimeUnit;
}

/** Shortest first. About how many seconds a step takes. */
const STEPS: readonly (TimeStep & { seconds: number })[] = [
  ...decimal('nanosecond', 1e-9),
  ...decimal('microsecond', 1e-6),
  ...decimal('millisecond', 1e-3),
  ...some('second', 1, [1, 2, 5, 10, 15, 30]),
  ...some('minute', 60, [1, 2, 5, 10, 15, 30]),
  ...some('hour', 3_600, [1, 2, 3, 6, 12]),
  ...some('day', 86_400, [1]),
  ...some('week', 604_800, [1]),
  ...some('month', 2_629_746, [1]),
  ...some('quarter', 7_889_238, [1]),
  ...some('year', 31_556_952, [1, 2, 5, 10, 20, 50, 100]),
];

const DATE_UNITS: readonly TimeUnit[] = ['day', 'week', 'month', 'quarter', 'year'];

function decimal(unit: TimeUnit, seconds: number): (TimeStep & { seconds: number })[] {
  return some(unit, seconds, [1, 2, 5, 10, 20, 50, 100, 200, 500]);
}

function some(
  unit: TimeUnit,
  seconds: number,
  counts: readonly number[],
): (TimeStep & { seconds: number })[] {
  return counts.map((count) => ({ count, unit, seconds: count * seconds }));
}

/** The digits of a second that values of the type have; undefined for dates. */
function digitsOf({ type }: ChartColumn): number | undefined {
  if (type.name === 'DateTime64') return type.precision;
  return type.name === 'DateTime' ? 0 : undefined;
}

/** The shortest step with at most `atMost` steps from the first to the last of the column's times (seconds). */
export function timeStep(column: ChartColumn, span: number, atMost: number): TimeStep {
  const digits = digitsOf(column);
  const possible = STEPS.filter(({ unit, seconds }) =>
    digits === undefined ? DATE_UNITS.includes(unit) : seconds > 0.99 * 10 ** -digits,
  );
  // The first and the last step are rarely whole.
  const found = possible.find(({ seconds }) => span / seconds <= atMost - 2) ?? possible.at(-1);
  const { count, unit } = found ?? { count: 1, unit: 'day' };
  return { count, unit };
}

const interval = ({ count, unit }: TimeStep): string => `INTERVAL ${count} ${unit.toUpperCase()}`;

/** SQL of the step that a time is in. */
export const stepOf = ({ value }: ChartColumn, step: TimeStep): string =>
  `toStartOfInterval(${value}, ${interval(step)})`;

/** SQL of where a step begins and ends, as Float64 seconds since 1970. */
export function stepPlaces(
  column: ChartColumn,
  step: TimeStep,
  start: string,
): { from: string; to: string } {
  const end = `${start} + ${interval(step)}`;
  const { zone } = column;
  if (zone === undefined || !DATE_UNITS.includes(step.unit) || step.unit === 'day') {
    return { from: placeOf(column, start), to: placeOf(column, `(${end})`) };
  }
  // A time cut to whole weeks or more is a Date: it stands for the first moment of that day in the zone.
  const moment = (date: string): string =>
    `toFloat64(toDateTime64(${date}, 0, ${quoteLiteral(zone)}))`;
  return { from: moment(start), to: moment(end) };
}

/** For example `hour` or `15 minutes`. */
export const stepText = ({ count, unit }: TimeStep): string =>
  count === 1 ? unit : `${count} ${unit}s`;
