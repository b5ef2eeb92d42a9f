import {
  type AskedChart,
  type ChartKind,
  type ChartSpec,
  type ColumnRole,
  NO_SERIES,
  X_ROLES,
} from '../../shared/chart.ts';

/** What a choice needs to know of a column. */
export interface Choosable {
  readonly index: number;
  readonly name: string;
  readonly role: ColumnRole;
  /** Of categories: how many different ones there are, counted no further than `MANY`; undefined: not counted. */
  readonly distinct?: number | undefined;
}

/** More categories than this are as good as any number. */
export const MANY = 100;

/** Up to so many categories make bars that can be told apart. */
const FEW = 50;
/** Up to so many values make lines that can be told apart. */
const FEW_LINES = 10;
/** Columns that become lines by themselves. */
const MOST_Y = 3;

/** The chart without its aggregate, which depends on whether places on the x axis repeat. */
export type ChosenChart = Omit<ChartSpec, 'aggregate'>;

const isId = ({ name }: Choosable): boolean => /(^|[_ .])id$/i.test(name) || /[a-z]Id$/.test(name);

/** Numbers that measure something come before those that only name something. */
function measures(columns: readonly Choosable[]): Choosable[] {
  const numbers = columns.filter(({ role }) => role === 'number');
  return [...numbers.filter((column) => !isId(column)), ...numbers.filter(isId)];
}

const isFew = ({ distinct }: Choosable, most: number): boolean =>
  distinct !== undefined && distinct >= 2 && distinct <= most;

/** Time and numbers: a line; few categories: bars; two numbers: points; one: a histogram; only texts: their counts. */
function defaultKind(columns: readonly Choosable[]): ChartKind | undefined {
  const has = (role: ColumnRole): boolean => columns.some((column) => column.role === role);
  const numbers = measures(columns);
  if (has('time')) return numbers.length > 0 ? 'line' : 'bar';
  if (numbers.length === 0) return has('category') ? 'bar' : undefined;
  if (columns.some((column) => column.role === 'category' && isFew(column, FEW))) return 'bar';
  return numbers.length > 1 ? 'scatter' : 'histogram';
}

function defaultX(kind: ChartKind, columns: readonly Choosable[]): number | undefined {
  const few = columns.find((column) => column.role === 'category' && isFew(column, FEW));
  if (kind === 'bar') {
    // Nothing but times and categories: how many rows there are over time says most.
    const isCounts = measures(columns).length === 0;
    const time = columns.find(({ role }) => role === 'time');
    if (isCounts && time) return time.index;
    if (few) return few.index;
  }
  const numbers = measures(columns);
  for (const role of X_ROLES[kind]) {
    const found =
      role !== 'number'
        ? columns.find((column) => column.role === role)
        : // The only number is worth more on the y axis, where there is anything else for x.
          kind === 'scatter' && numbers.length < 2
          ? undefined
          : numbers[0];
    if (found) return found.index;
  }
  return undefined;
}

function defaultY(kind: ChartKind, x: number, columns: readonly Choosable[]): number[] {
  if (kind === 'histogram') return [];
  const most = kind === 'line' || kind === 'area' ? MOST_Y : 1;
  const others = measures(columns).filter(({ index }) => index !== x);
  const real = others.filter((column) => !isId(column));
  return (real.length > 0 ? real : others).slice(0, most).map(({ index }) => index);
}

function defaultSeries({ kind, x }: ChosenChart, columns: readonly Choosable[]): number {
  if (kind === 'histogram' || kind === 'bar') return NO_SERIES;
  const found = columns.find(
    (column) => column.role === 'category' && column.index !== x && isFew(column, FEW_LINES),
  );
  return found?.index ?? NO_SERIES;
}

const roleAt = (columns: readonly Choosable[], index: number | undefined): ColumnRole =>
  columns.find((column) => column.index === index)?.role ?? 'none';

/** What the user chose, as far as it can be drawn, and for the rest what suits the columns. Undefined: nothing does. */
export function chooseChart(
  asked: AskedChart,
  columns: readonly Choosable[],
): ChosenChart | undefined {
  const kind = asked.kind ?? defaultKind(columns);
  if (kind === undefined) return undefined;
  const fits = X_ROLES[kind].includes(roleAt(columns, asked.x));
  const x = fits ? asked.x : defaultX(kind, columns);
  if (x === undefined) return undefined;
  const numbers = (asked.y ?? []).filter((y) => roleAt(columns, y) === 'number' && y !== x);
  const isChosen = asked.y !== undefined && (numbers.length > 0 || asked.y.length === 0);
  const y = isChosen && kind !== 'histogram' ? numbers : defaultY(kind, x, columns);
  if (kind === 'scatter' && y.length === 0) return undefined;
  const chart = { kind, x, y, series: NO_SERIES };
  const splits =
    asked.series !== undefined &&
    asked.series !== x &&
    kind !== 'histogram' &&
    (asked.series === NO_SERIES || roleAt(columns, asked.series) === 'category');
  const series = splits ? (asked.series ?? NO_SERIES) : defaultSeries(chart, columns);
  // Several columns split by another one would be more lines than anyone can tell apart.
  return { ...chart, y: series === NO_SERIES ? y : y.slice(0, 1), series };
}
