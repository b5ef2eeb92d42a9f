import type { ResultColumn } from '../../../shared/columns.ts';
import {
  type CellSearch,
  type ColumnFilter,
  isWhole,
  type SortKey,
  type ViewSpec,
} from '../../../shared/resultView.ts';

/** Sort and filters of rows on screen, with the names of the columns: a receipt outlives their result. */
export interface ShownView {
  readonly sort?: readonly Named<SortKey>[];
  /** All of them hold for each row. */
  readonly filters?: readonly Named<ColumnFilter>[];
  /** Each row shows this text in one of its cells. */
  readonly search?: CellSearch;
}

type Named<T> = Omit<T, 'column'> & { readonly column: string };

/** Undefined for the rows of a result as they came. */
export function shownView(view: ViewSpec, columns: readonly ResultColumn[]): ShownView | undefined {
  if (isWhole(view)) return undefined;
  const named = <T extends { column: number }>(part: T): Named<T> => ({
    ...part,
    column: columns[part.column]?.name ?? '',
  });
  const { sort, filters, search } = view;
  return {
    ...(sort.length > 0 && { sort: sort.map(named) }),
    ...(filters.length > 0 && { filters: filters.map(named) }),
    ...(search && { search }),
  };
}

/** A sort shows all rows, a filter does not. */
export const leavesRowsOut = ({ filters, search }: ViewSpec): boolean =>
  filters.length > 0 || search !== undefined;
