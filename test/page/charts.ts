import type { Chart, ChartSeries } from '../../src/shared/chart.ts';
import type { FakeKind } from './fakeData.ts';

/** The columns that the charts below are of. */
export const CHART_COLUMNS: readonly (readonly [string, FakeKind])[] = [
  ['at', 'time'],
  ['country', 'text'],
  ['price', 'float'],
  ['quantity', 'id'],
];

const ROLES: Chart['roles'] = ['time', 'category', 'number', 'number'];

function series(
  name: string,
  values: (number | null)[],
  more: Partial<ChartSeries> = {},
): ChartSeries {
  const at = [...values.keys()];
  const texts = values.map((value) => (value === null ? null : String(value)));
  return { name, isOther: false, at, values, texts, ...more };
}

const wave = (count: number, phase: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round(1_000 * (1.5 + Math.sin(i / 9 + phase))) / 8);

const HOUR = 3_600;
/** The night in which Berlin put its clocks forward. */
const START = Date.UTC(2024, 2, 30, 20) / 1000;
const hours = Array.from({ length: 120 }, (_, i) => START + i * HOUR);
const hourText = (at: number): string =>
  new Date((at + (at < Date.UTC(2024, 2, 31, 1) / 1000 ? 1 : 2) * HOUR) * 1000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');

const line: Chart = {
  spec: { kind: 'line', x: 0, y: [2, 3], aggregate: 'avg', series: -1 },
  roles: ROLES,
  xName: 'at',
  yName: 'price, quantity',
  xKind: 'time',
  zone: 'Europe/Berlin',
  xs: hours,
  ends: hours.map((at) => at + HOUR),
  xTexts: hours.map(hourText),
  series: [
    series('Average of price', wave(120, 0)),
    series('Average of quantity', wave(120, 2), {
      texts: wave(120, 2).map((value) => `${value}00000000000000001`),
    }),
  ],
  caption: 'Average per hour, of 10,000,000 rows',
  dropped: ['12 rows without a finite value in at are not drawn.'],
};

const countries = ['Germany', 'France', 'Italy', 'Spain', 'Netherlands', 'Other (17)'];

const bar: Chart = {
  spec: { kind: 'bar', x: 1, y: [2], aggregate: 'sum', series: -1 },
  roles: ROLES,
  xName: 'country',
  yName: 'Sum of price',
  xKind: 'category',
  xs: [...countries.keys()],
  xTexts: countries,
  series: [
    series('Sum of price', [9_500_000, 7_250_000, -1_800_000, 3_000_000, 12, 4_400_000], {
      texts: ['9500000', '7250000', '-1800000', '3000000', '12.000000000000000001', '4400000'],
    }),
  ],
  caption: 'Sum for each country, of 3,000,000 rows',
  dropped: [],
};

const scatterXs = wave(600, 1).sort((a, b) => a - b);

export const CHARTS = {
  line,
  area: { ...line, spec: { ...line.spec, kind: 'area' } },
  bar,
  scatter: {
    ...bar,
    spec: { kind: 'scatter', x: 2, y: [3], aggregate: 'each', series: 1 },
    xName: 'price',
    yName: 'quantity',
    xKind: 'number',
    xs: scatterXs,
    xTexts: scatterXs.map(String),
    series: ['Germany', 'France', 'Other (3)'].map((name, n) => ({
      ...series(
        name,
        wave(200, n).map((value, i) => value + ((i * 7919) % 97)),
      ),
      at: Array.from({ length: 200 }, (_, i) => i * 3 + n),
      isOther: n === 2,
    })),
    caption: 'A random sample of 4,000 of 10,000,000 rows',
  },
  histogram: {
    ...bar,
    spec: { kind: 'histogram', x: 2, y: [], aggregate: 'count', series: -1 },
    xName: 'price',
    yName: 'Number of rows',
    xKind: 'number',
    xs: Array.from({ length: 30 }, (_, i) => i * 5),
    ends: Array.from({ length: 30 }, (_, i) => i * 5 + 5),
    xTexts: Array.from({ length: 30 }, (_, i) => `${i * 5} to below ${i * 5 + 5}`),
    series: [
      series(
        'Number of rows',
        Array.from({ length: 30 }, (_, i) => i * (30 - i) * 1_000),
      ),
    ],
    caption: 'Number of rows in 30 intervals of 5, of 4,495,000 rows',
  },
} satisfies Record<string, Chart>;

/** Long names, many of them, and split. */
export const CROWDED: Chart = {
  ...bar,
  spec: { ...bar.spec, series: 1 },
  xs: Array.from({ length: 31 }, (_, i) => i),
  xTexts: Array.from({ length: 31 }, (_, i) => `/a/rather/long/path/of/a/page/number/${i}`),
  series: Array.from({ length: 9 }, (_, n) =>
    series(
      n === 8 ? 'Other (120)' : `a series with a long name, number ${n}`,
      Array.from({ length: 31 }, (_, i) => 31 - i + n),
      { isOther: n === 8 },
    ),
  ),
};
