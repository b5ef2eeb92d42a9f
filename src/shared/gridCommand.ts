/** What a command of VS Code asks of the results grid, and the words for it that host and page share. */

/** Formats that cells can be copied in. */
export const COPY_FORMATS = ['tsv', 'csv', 'json', 'markdown', 'insert', 'inList'] as const;
export type CopyFormat = (typeof COPY_FORMATS)[number];

/** In which zone times are shown on screen. Copies and files always have the column's own. */
export const TIME_DISPLAYS = ['column', 'server', 'utc', 'local'] as const;
export type TimeDisplay = (typeof TIME_DISPLAYS)[number];

/** Commands about columns: those in `columns`, else the ones that are selected. */
export const COLUMN_COMMANDS = [
  'hide',
  'pin',
  'unpin',
  'autosize',
  'moveLeft',
  'moveRight',
  /** Shows these columns and no others. */
  'show',
] as const;
export type ColumnCommand = (typeof COLUMN_COMMANDS)[number];

/** Rectangles of a result that are copied as one table: these rows of these columns. */
export interface CopyBlock {
  /** Both ends inclusive, ascending, without overlaps. */
  rows: { first: number; last: number }[];
  /** Columns of the result, in the order they are copied in. */
  columns: number[];
}
