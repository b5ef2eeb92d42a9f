import type { ResultColumn } from '../../src/shared/columns.ts';
import type {
  CellSearch,
  ColumnFilter,
  FilterOperator,
  SortDirection,
  ViewSpec,
} from '../../src/shared/resultView.ts';
import { countOf } from '../../src/shared/humanNumbers.ts';

/** What the user does to sort and filters. Pure: the host makes the rows. */

/** Sorts by a column: alone, or beside the others where it is, else as the last one. */
export function sortBy(
  view: ViewSpec,
  column: number,
  direction: SortDirection | 'none',
  add: boolean,
): ViewSpec {
  const at = view.sort.findIndex((key) => key.column === column);
  if (direction === 'none') {
    return { ...view, sort: view.sort.filter((_, i) => i !== at) };
  }
  const key = { column, direction };
  if (!add) return { ...view, sort: [key] };
  return { ...view, sort: at < 0 ? [...view.sort, key] : view.sort.with(at, key) };
}

/** The next of: not sorted, ascending, descending. */
export function nextDirection(view: ViewSpec, column: number): SortDirection | 'none' {
  switch (view.sort.find((key) => key.column === column)?.direction) {
    case undefined:
      return 'ascending';
    case 'ascending':
      return 'descending';
    case 'descending':
      return 'none';
  }
}

/** @param at place of the filter that it replaces */
export function withFilter(view: ViewSpec, filter: ColumnFilter, at?: number): ViewSpec {
  const { filters } = view;
  const isOld = at !== undefined && at < filters.length;
  return { ...view, filters: isOld ? filters.with(at, filter) : [...filters, filter] };
}

export function withSearch(view: ViewSpec, search: CellSearch | undefined): ViewSpec {
  const { sort, filters } = view;
  return { sort, filters, ...(search && { search }) };
}

/** Whether a cell shows what is looked for, as far as its text is here. */
export function matchOf({ text, matchCase }: CellSearch): (shown: string) => boolean {
  if (matchCase) return (shown) => shown.includes(text);
  const wanted = text.toLowerCase();
  return (shown) => shown.toLowerCase().includes(wanted);
}

/** One thing that is applied. */
export interface Chip {
  text: string;
  icon: string;
  /** Without it. */
  rest: ViewSpec;
  /** Place of the filter, where it is one of a column. */
  filter?: number;
}

export const OPERATOR_TITLES: Record<FilterOperator, string> = {
  equal: '=',
  notEqual: '≠',
  less: '<',
  lessOrEqual: '≤',
  greater: '>',
  greaterOrEqual: '≥',
  contains: 'contains',
  startsWith: 'starts with',
  in: 'in list',
  isNull: 'is NULL',
  isNotNull: 'is not NULL',
};

/** Characters of a value in a chip. */
const CHIP_VALUE = 60;

function shownValue(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return `"${line.length > CHIP_VALUE ? `${line.slice(0, CHIP_VALUE)}…` : line}"`;
}

function filterText(name: string, { operator, values }: ColumnFilter): string {
  const sign = OPERATOR_TITLES[operator];
  if (values.length === 0) return `${name} ${sign}`;
  if (operator !== 'in') return `${name} ${sign} ${shownValue(values[0] ?? '')}`;
  const few = values.slice(0, 3).map(shownValue).join(', ');
  return values.length > 3
    ? `${name} in ${few} and ${countOf(values.length - 3, 'other')}`
    : `${name} in ${few}`;
}

/** Filters first: they decide which rows there are. */
export function chipsOf(view: ViewSpec, columns: readonly ResultColumn[]): Chip[] {
  const name = (column: number): string => columns[column]?.name ?? '';
  const { sort, filters, search } = view;
  const chips = filters.map((filter, at): Chip => ({
    icon: 'filter',
    text: filterText(name(filter.column), filter),
    rest: { ...view, filters: filters.filter((_, i) => i !== at) },
    filter: at,
  }));
  if (search) {
    chips.push({
      icon: 'search',
      text: `any cell contains ${shownValue(search.text)}${search.matchCase ? ', matching case' : ''}`,
      rest: withSearch(view, undefined),
    });
  }
  sort.forEach(({ column, direction }, at) => {
    chips.push({
      icon: direction === 'ascending' ? 'arrow-up' : 'arrow-down',
      text: `${at === 0 ? 'sorted by' : 'then by'} ${name(column)}${direction === 'descending' ? ', descending' : ''}`,
      rest: { ...view, sort: sort.filter((_, i) => i !== at) },
    });
  });
  return chips;
}

/** What the header of a column shows of the view. */
export interface ColumnMark {
  direction?: SortDirection;
  /** From 1, where there are several. */
  place?: number;
  filtered: boolean;
}

export function marksOf({ sort, filters }: ViewSpec): Map<number, ColumnMark> {
  const marks = new Map<number, ColumnMark>();
  for (const { column } of filters) marks.set(column, { filtered: true });
  sort.forEach(({ column, direction }, at) => {
    const place = sort.length > 1 ? { place: at + 1 } : {};
    marks.set(column, { filtered: false, ...marks.get(column), direction, ...place });
  });
  return marks;
}
