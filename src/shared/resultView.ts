import type { ShownAction } from './protocol.ts';

/** What of a result is shown and in which order. Columns are indices of the result's columns. */

export type SortDirection = 'ascending' | 'descending';

export interface SortKey {
  column: number;
  direction: SortDirection;
}

export const FILTER_OPERATORS = [
  'equal',
  'notEqual',
  'less',
  'lessOrEqual',
  'greater',
  'greaterOrEqual',
  'contains',
  'startsWith',
  'in',
  'isNull',
  'isNotNull',
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** Rows to keep by the value of one column. */
export interface ColumnFilter {
  column: number;
  operator: FilterOperator;
  /** Texts as the cells show them: one, several for `in`, none for `isNull` and `isNotNull`. */
  values: string[];
}

/** Rows to keep, or to go to, that show a text in any of their cells. */
export interface CellSearch {
  text: string;
  matchCase: boolean;
}

export interface ViewSpec {
  /** The first one counts most. Rows that are equal in all keep the order of the result. */
  sort: SortKey[];
  /** All must hold. */
  filters: ColumnFilter[];
  search?: CellSearch;
}

/** The rows of the result themselves, in their order. */
export const WHOLE: ViewSpec = { sort: [], filters: [] };

export function isWhole({ sort, filters, search }: ViewSpec): boolean {
  return sort.length === 0 && filters.length === 0 && search === undefined;
}

/** Another view is on its way; the rows before it stay in the grid until then. */
export interface ViewWork {
  view: ViewSpec;
  /** Rows read of the result so far. */
  readRows: number;
  elapsedMs: number;
}

/** Why there is no view, statistics or search result. */
export interface ViewProblem {
  message: string;
  /** What the user can do next, in plain English. */
  hint?: string;
  actions: ShownAction[];
}

/** The rows in the grid where they are not those of the result, and what is being made of them. */
export interface ViewSnapshot {
  /** Identifies the rows in the grid: requests for cells name it. The result's own id without sort and filters. */
  id: string;
  /** What is in the grid. */
  view: ViewSpec;
  rows: number;
  /** Bytes on disk beside those of the result. */
  bytes: number;
  working?: ViewWork;
  /** Why the last view that was asked for is not there. */
  problem?: ViewProblem;
}
