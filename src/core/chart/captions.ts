import type { ChartAggregate, ChartKind } from '../../shared/chart.ts';
import { countOf, formatCount } from '../../shared/humanNumbers.ts';
import type { Places } from './aggregateSql.ts';
import type { ChartColumns, Facts } from './facts.ts';
import { stepText } from './timeStep.ts';

const WORDS: Record<Exclude<ChartAggregate, 'each'>, string> = {
  sum: 'Sum',
  avg: 'Average',
  min: 'Lowest',
  max: 'Highest',
  median: 'Median',
  count: 'Number of rows',
};

/** For example `Average of price`. */
export function aggregateName(aggregate: ChartAggregate, column: string | undefined): string {
  if (aggregate === 'count' || column === undefined) return WORDS.count;
  return aggregate === 'each' ? column : `${WORDS[aggregate]} of ${column}`;
}

const ofRows = (rows: number): string => `of ${countOf(rows, 'row')}`;

/** What one point of an aggregated chart stands for. */
export function aggregateCaption(
  { aggregate, places, kind }: { aggregate: ChartAggregate; places: Places; kind: ChartKind },
  { x }: ChartColumns,
  rows: number,
): string {
  const what = aggregate === 'each' ? 'Values' : WORDS[aggregate];
  switch (places.by) {
    case 'category':
      return `${what} for each ${x.name}, ${ofRows(rows)}`;
    case 'time':
      return `${what} per ${stepText(places.step)}, ${ofRows(rows)}`;
    case 'number': {
      const { width, edges } = places.steps;
      const steps = kind === 'histogram' ? countOf(edges.length - 1, 'interval') : 'intervals';
      return `${what} in ${steps} of ${width}, ${ofRows(rows)}`;
    }
  }
}

export const eachCaption = (rows: number): string => `Every value ${ofRows(rows)}`;

export const extremesCaption = (rows: number, steps: number): string =>
  `Lowest and highest value in each of ${formatCount(steps)} steps, ${ofRows(rows)}`;

export const sampleCaption = (rows: number, shown: number): string =>
  rows > shown
    ? `A random sample of ${formatCount(shown)} ${ofRows(rows)}`
    : `Every row ${ofRows(rows)}`;

/** Rows and values that have no place on the axes. */
export function droppedByFacts({ x, y }: ChartColumns, facts: Facts, drawsEach: boolean): string[] {
  const lines: string[] = [];
  const { without, withoutY } = facts;
  if (without > 0) {
    lines.push(
      `${countOf(without, 'row')} without a finite value in ${x.name} ${are(without)} not drawn.`,
    );
  }
  if (!drawsEach) return lines;
  y.forEach((column, i) => {
    const count = withoutY[i] ?? 0;
    if (count > 0) {
      lines.push(
        `${countOf(count, 'row')} without a finite value in ${column.name} ${have(count)} no point.`,
      );
    }
  });
  return lines;
}

const are = (count: number): string => (count === 1 ? 'is' : 'are');
const have = (count: number): string => (count === 1 ? 'has' : 'have');

export function droppedSeries(all: number, shown: number, name: string): string[] {
  if (all <= shown) return [];
  return [
    `${formatCount(all - shown)} of ${countOf(all, 'value')} of ${name} ${are(all - shown)} not drawn: only the ${shown} with the most rows.`,
  ];
}
