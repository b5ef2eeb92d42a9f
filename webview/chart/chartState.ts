import { type AskedChart, CHART_AGGREGATES, CHART_KINDS } from '../../src/shared/chart.ts';

/** How a result is shown, as the page remembers it for its statement. */
export interface ChartState {
  /** As a chart, else as a grid. */
  shown: boolean;
  /** What the user has chosen of it. */
  asked: AskedChart;
  /** The data table in place of the drawing. */
  table: boolean;
}

export const NO_CHART: ChartState = { shown: false, asked: {}, table: false };

/** A saved state; undefined when it is damaged or of another version. */
export function readChartState(value: unknown): ChartState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { shown, asked, table } = value as Partial<Record<keyof ChartState, unknown>>;
  if (typeof shown !== 'boolean' || typeof table !== 'boolean') return undefined;
  if (typeof asked !== 'object' || asked === null) return undefined;
  return { shown, table, asked: readAsked(asked) };
}

function readAsked(from: Partial<Record<keyof AskedChart, unknown>>): AskedChart {
  const kind = CHART_KINDS.find((one) => one === from.kind);
  const aggregate = CHART_AGGREGATES.find((one) => one === from.aggregate);
  const { x, y, series } = from;
  return {
    ...(kind && { kind }),
    ...(aggregate && { aggregate }),
    ...(isColumn(x) && { x }),
    ...(Array.isArray(y) && y.every(isColumn) && { y }),
    ...(typeof series === 'number' && Number.isSafeInteger(series) && { series }),
  };
}

const isColumn = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
