/** A row that ClickHouse sends behind those of a result: for WITH TOTALS one, for the setting `extremes` two. */
export interface RowBeside {
  kind: 'totals' | 'minimum' | 'maximum';
  /** The text of each column, of very long ones the beginning; null for NULL. */
  texts: (string | null)[];
}
