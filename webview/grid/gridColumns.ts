import type { ReadContext } from '../../src/core/types/format/valueReader.ts';
import type { ResultColumn } from '../../src/shared/columns.ts';
import { textUnits } from './cellText.ts';
import { columnInfo, type ColumnInfo } from './columnInfo.ts';
import { pinnedCount, shownColumns, type ColumnLayout } from './columnLayout.ts';
import {
  clampWidth,
  columnLeft,
  columnModel,
  fittingWidth,
  MAX_COLUMN_WIDTH,
  type ColumnModel,
} from './columnModel.ts';
import { layoutOf, stateOf, type ColumnState } from './columnState.ts';
import type { CellSource } from './frame.ts';

/** Rows looked at to give a column its first width. */
const SAMPLE_ROWS = 100;
/** Character units of a type that a header has room for. */
const MOST_TYPE = 34;
/** Character units beside a name, for what tells of its sort and filter. */
const MARK_UNITS = 3;
/** The type's font is smaller than that of the cells. */
const TYPE_FONT = 0.85;
/** Pinned columns leave at least this part of the grid to the others. */
const MOST_PINNED = 0.6;

/** The columns of one result: what they are, their order and their widths. Draws nothing. */
export class GridColumns {
  readonly #source: CellSource;
  #infos: readonly ColumnInfo[] = [];
  #layout: ColumnLayout = layoutOf(undefined, 0);
  #shown: readonly number[] = [];
  #model: ColumnModel = columnModel([]);
  /** px by column of the result. */
  #widths: number[] = [];
  /** Columns whose width the rows or the user have decided. */
  readonly #sized = new Set<number>();
  /** Widths that are the user's, never changed by the grid. */
  readonly #userWidths = new Map<number, number>();
  #charWidth = 7.5;

  constructor(source: CellSource) {
    this.#source = source;
  }

  /** By column of the result. */
  get infos(): readonly ColumnInfo[] {
    return this.#infos;
  }

  /** Widths by position. */
  get model(): ColumnModel {
    return this.#model;
  }

  /** The column of the result at each position. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  get layout(): ColumnLayout {
    return this.#layout;
  }

  get state(): ColumnState {
    return stateOf(this.#layout, this.#userWidths);
  }

  /** px of one character of the cells' font. */
  get charWidth(): number {
    return this.#charWidth;
  }

  /** @param context what the texts of the columns depend on */
  set(
    columns: readonly ResultColumn[],
    context: ReadContext,
    state: ColumnState | undefined,
  ): void {
    this.#infos = columns.map((column) => columnInfo(column, context));
    this.#sized.clear();
    this.#userWidths.clear();
    this.#widths = this.#infos.map((info) => this.#firstWidth(info));
    for (const [column, px] of state?.widths ?? []) this.setWidth(column, px);
    this.setLayout(layoutOf(state, columns.length));
  }

  /** The same columns print in other zones: their headers need another width. */
  setInfos(infos: readonly ColumnInfo[]): void {
    infos.forEach((info, column) => {
      const isSame = info.typeText === this.#infos[column]?.typeText;
      if (isSame || this.#userWidths.has(column)) return;
      this.#sized.delete(column);
      this.#widths[column] = this.#firstWidth(info);
    });
    this.#infos = infos;
    this.#rebuild();
  }

  setLayout(layout: ColumnLayout): void {
    this.#layout = layout;
    this.#shown = shownColumns(layout);
    this.#rebuild();
  }

  /** Positions [0, n) that stay on screen, as many of the pinned ones as leave room for others. */
  pinnedPositions(width: number): number {
    const most = pinnedCount(this.#layout);
    let count = 0;
    while (count < most && columnLeft(this.#model, count + 1) <= width * MOST_PINNED) count++;
    return count;
  }

  /** @param column of the result */
  widthOf(column: number): number {
    return this.#widths[column] ?? 0;
  }

  /** The user's choice. @param column of the result */
  setWidth(column: number, px: number): void {
    if (this.#infos[column] === undefined) return;
    const width = clampWidth(px);
    this.#sized.add(column);
    this.#userWidths.set(column, width);
    this.#widths[column] = width;
    this.#rebuild();
  }

  /** As wide as the header and these rows need. */
  autosize(columns: readonly number[], firstRow: number, endRow: number): void {
    for (const column of columns) {
      this.setWidth(column, this.#fitting(column, firstRow, endRow, MAX_COLUMN_WIDTH));
    }
  }

  /** Numbers further down may be longer than the first ones. True when the column became wider. */
  widen(column: number, units: number): boolean {
    if (this.#userWidths.has(column)) return false;
    const width = fittingWidth(units, [], this.#charWidth);
    if (width <= this.widthOf(column)) return false;
    this.#widths[column] = width;
    this.#rebuild();
    return true;
  }

  /** Gives columns that have their first rows on screen a fitting width, once; true when one changed. */
  sizeNew(firstRow: number, rows: number, positions: Iterable<number>): boolean {
    let changed = false;
    for (const position of positions) {
      const column = this.#shown[position];
      if (column === undefined || this.#sized.has(column)) continue;
      if (this.#source.cell(firstRow, column) === undefined) continue;
      this.#sized.add(column);
      const end = Math.min(rows, firstRow + SAMPLE_ROWS);
      this.#widths[column] = this.#fitting(column, firstRow, end);
      changed = true;
    }
    if (changed) this.#rebuild();
    return changed;
  }

  /** @param like an element with the cells' font */
  measureFont(like: HTMLElement): void {
    const canvas = document.createElement('canvas').getContext('2d');
    if (!canvas) return;
    // Not the `font` shorthand: with forced colours Chromium gives it as an empty text.
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(like);
    canvas.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    const width = canvas.measureText('0'.repeat(64)).width / 64;
    if (width > 0) this.#charWidth = width;
  }

  #rebuild(): void {
    this.#model = columnModel(this.#shown.map((column) => this.widthOf(column)));
  }

  #headerUnits(info: ColumnInfo): number {
    // The type may be a long tuple: it is cut, and whole in the tooltip.
    const type = Math.ceil(textUnits(info.typeText, MOST_TYPE) * TYPE_FONT);
    return Math.max(textUnits(info.name, 60) + MARK_UNITS, type);
  }

  #firstWidth(info: ColumnInfo): number {
    return fittingWidth(Math.max(info.units, this.#headerUnits(info)), [], this.#charWidth);
  }

  #fitting(column: number, firstRow: number, endRow: number, max?: number): number {
    const info = this.#infos[column];
    if (!info) return 0;
    const samples: number[] = [];
    for (let row = firstRow; row < endRow; row++) {
      const cell = this.#source.cell(row, column);
      if (cell) samples.push(cell.isNull ? 4 : textUnits(cell.text, 300));
    }
    return fittingWidth(this.#headerUnits(info), samples, this.#charWidth, max);
  }
}
