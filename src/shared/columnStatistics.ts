/** What there is to say about the values of one column, over all rows that are shown. Texts are those of cells. */
export interface ColumnStatistics {
  /** Index of the result's column. */
  column: number;
  rows: number;
  nulls: number;
  /** Values that are no numbers; absent where a type has none. */
  nans?: number;
  /** Different values, without NULL. */
  distinct: number;
  /** False: `distinct` is an estimate, because counting exactly would take too much memory. */
  exact: boolean;
  /** Absent without an order, or without values. */
  min?: string;
  max?: string;
  /** Of numbers, as Float64. */
  mean?: string;
  /** The most frequent values, cut after {@link TOP_TEXT} characters; empty when no value comes twice. */
  top: { text: string; rows: number }[];
  /** Equal parts of the way from the lowest to the highest value; empty where there is no such way. */
  histogram: HistogramPart[];
}

export interface HistogramPart {
  rows: number;
  /** The lowest and the highest value in this part; empty without rows. */
  from: string;
  to: string;
}

export const TOP_TEXT = 1_000;
