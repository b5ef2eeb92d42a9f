/** What the host adds up for the page. */

/**
 * How the values of a column add up: `exact` for integers and decimals, `float` for floating point, `ordered` for
 * texts whose order is that of the values (dates and times), `counted` for all others.
 */
export const TALLY_KINDS = ['exact', 'float', 'ordered', 'counted'] as const;
export type TallyKind = (typeof TALLY_KINDS)[number];

/** Cells to add up: these rows of these columns. */
export interface SumBlock {
  /** Both ends inclusive, ascending, without overlaps. */
  rows: { first: number; last: number }[];
  columns: { column: number; kind: TallyKind }[];
}

/** What the cells of one column of a block come to. The texts are absent where there is nothing to add up or compare. */
export interface ColumnSums {
  kind: TallyKind;
  cells: number;
  nulls: number;
  /** Exact for `exact`; `nan`, `inf` and `-inf` as ClickHouse writes them. */
  sum?: string;
  min?: string;
  max?: string;
}
