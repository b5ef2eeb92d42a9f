import type { ColumnMark } from '../view/viewModel.ts';
import type { ColumnInfo } from './columnInfo.ts';
import type { ColumnModel } from './columnModel.ts';
import type { CellPosition, CellRange } from './selectionModel.ts';

/** px; every row is one line. */
export const ROW_HEIGHT = 24;

/** One cell as the source has it. */
export interface Cell {
  /** Exactly what ClickHouse prints. */
  text: string;
  isNull: boolean;
  /** The text in the column's own zone, which is searched and copied, where another one is shown. */
  ownText?: () => string;
  /** Why there is no text: this version cannot read the column. */
  problem?: string;
}

/** Synchronous: never fetches. What is not here yet is undefined, and drawn as a placeholder. */
export interface CellSource {
  /** @param column of the result */
  cell(row: number, column: number): Cell | undefined;
}

/** All that one drawn frame depends on. */
export interface Frame {
  /** Rows to draw: [firstRow, endRow). */
  firstRow: number;
  endRow: number;
  /** Columns to draw, by position: [firstColumn, firstColumn + columnCount). */
  firstColumn: number;
  columnCount: number;
  /** Widths by position. */
  columns: ColumnModel;
  /** The column of the result at each position. */
  shown: readonly number[];
  /** Columns of the result that the user pinned. */
  pinned: ReadonlySet<number>;
  /** By column of the result. */
  infos: readonly ColumnInfo[];
  /** How columns of the result take part in sort and filters. */
  marks: ReadonlyMap<number, ColumnMark>;
  source: CellSource;
  /** Whether a cell with this text is one that is looked for; undefined while nothing is. */
  isMatch: ((text: string) => boolean) | undefined;
  /** px of one character of the cells' font. */
  charWidth: number;
  ranges: readonly CellRange[];
  focus: CellPosition | undefined;
  /** A number was cut: its column (of the result) needs so many character units. */
  onCut: (column: number, units: number) => void;
  /** Changes when every drawn cell has to be written again: widths, selection, another result. */
  stamp: number;
  /** Changes when cells that were missing may have arrived. */
  arrivals: number;
}
