import { element } from '../dom.ts';
import { fitText } from './cellText.ts';
import { CELL_CHROME, columnWidth } from './columnModel.ts';
import { ROW_HEIGHT, type Cell, type Frame } from './frame.ts';
import { contains } from './selectionModel.ts';

interface DrawnCell {
  element: HTMLElement;
  text: Text;
  column: number;
  width: number;
  className: string;
  selected: boolean;
}

interface DrawnRow {
  element: HTMLElement;
  /** In the order of the page: the first one shows the frame's first column. */
  cells: DrawnCell[];
  row: number;
  firstColumn: number;
  stamp: number;
  arrivals: number;
  /** Some of its cells are placeholders. */
  pending: boolean;
}

const ACTIVE_CELL_ID = 'active-cell';

/**
 * The drawn rows. Row r always lives in element r % pool size, so that scrolling by three rows writes three
 * rows; cells are static flex children, because a transform per cell costs twice as much to draw.
 */
export class RowPool {
  readonly #layer: HTMLElement;
  #rows: DrawnRow[] = [];
  #cellsPerRow = 0;
  /** Row that lies at y = 0 of the layer: keeps coordinates small at any row number. */
  #base = 0;
  #active: HTMLElement | undefined;

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  /** y of the layer's origin, px from the top of all rows. */
  get originTop(): number {
    return this.#base * ROW_HEIGHT;
  }

  /** The element that `aria-activedescendant` may name, if the active cell is drawn. */
  get active(): HTMLElement | undefined {
    return this.#active;
  }

  /** Whether a placeholder is on screen. */
  get pending(): boolean {
    return this.#rows.some((row) => row.pending && row.row >= 0);
  }

  draw(frame: Frame, poolSize: number): void {
    if (poolSize !== this.#rows.length || frame.columnCount !== this.#cellsPerRow) {
      this.#build(poolSize, frame.columnCount);
    }
    if (Math.abs(frame.firstRow - this.#base) > 4_000) {
      this.#base = frame.firstRow;
      for (const row of this.#rows) this.#hide(row);
    }
    this.#markActive(undefined);
    for (const row of this.#rows) {
      // A row that left the screen keeps its place in the pool until another one needs it.
      if (row.row >= 0 && (row.row < frame.firstRow || row.row >= frame.endRow)) this.#hide(row);
    }
    for (let row = frame.firstRow; row < frame.endRow; row++) {
      const drawn = this.#rows[row % poolSize];
      if (drawn) this.#drawRow(drawn, row, frame);
    }
  }

  #build(rows: number, cells: number): void {
    this.#cellsPerRow = cells;
    this.#rows = Array.from({ length: rows }, () => drawnRow(cells));
    this.#layer.replaceChildren(...this.#rows.map((row) => row.element));
  }

  #hide(drawn: DrawnRow): void {
    drawn.row = -1;
    drawn.element.hidden = true;
  }

  #drawRow(drawn: DrawnRow, row: number, frame: Frame): void {
    const moved = drawn.row !== row;
    if (moved) {
      drawn.row = row;
      drawn.element.hidden = false;
      drawn.element.style.transform = `translateY(${(row - this.#base) * ROW_HEIGHT}px)`;
      drawn.element.ariaRowIndex = String(row + 2);
    }
    const all = moved || drawn.stamp !== frame.stamp;
    const shift = frame.firstColumn - drawn.firstColumn;
    if (all || Math.abs(shift) >= drawn.cells.length) {
      drawn.pending = false;
      drawn.cells.forEach((cell, i) => {
        writeCell(drawn, cell, frame.firstColumn + i, frame);
      });
    } else if (shift !== 0) {
      rotate(drawn, shift, frame);
    } else if (drawn.pending && drawn.arrivals !== frame.arrivals) {
      drawn.pending = false;
      drawn.cells.forEach((cell, i) => {
        writeCell(drawn, cell, frame.firstColumn + i, frame);
      });
    }
    drawn.firstColumn = frame.firstColumn;
    drawn.stamp = frame.stamp;
    drawn.arrivals = frame.arrivals;
    if (frame.focus?.row === row) {
      this.#markActive(drawn.cells[frame.focus.column - frame.firstColumn]?.element);
    }
  }

  #markActive(next: HTMLElement | undefined): void {
    if (this.#active === next) return;
    this.#active?.removeAttribute('id');
    this.#active?.classList.remove('active');
    this.#active = next;
    if (next) {
      next.id = ACTIVE_CELL_ID;
      next.classList.add('active');
    }
  }
}

function drawnRow(cells: number): DrawnRow {
  const drawn: DrawnRow = {
    element: element('div', { role: 'row', class: 'row' }),
    cells: Array.from({ length: cells }, drawnCell),
    row: -1,
    firstColumn: -1,
    stamp: -1,
    arrivals: -1,
    pending: false,
  };
  drawn.element.hidden = true;
  drawn.element.append(...drawn.cells.map((cell) => cell.element));
  return drawn;
}

function drawnCell(): DrawnCell {
  const text = document.createTextNode('');
  const made = element('div', { role: 'gridcell', class: 'cell', 'aria-selected': 'false' }, text);
  return { element: made, text, column: -1, width: -1, className: 'cell', selected: false };
}

/** Moves the cells that left on one side to the other side: the others keep their text and width. */
function rotate(drawn: DrawnRow, shift: number, frame: Frame): void {
  const { cells } = drawn;
  for (let i = 0; i < Math.abs(shift); i++) {
    const cell = shift > 0 ? cells.shift() : cells.pop();
    if (!cell) return;
    if (shift > 0) {
      cells.push(cell);
      drawn.element.append(cell.element);
      writeCell(drawn, cell, drawn.firstColumn + cells.length + i, frame);
    } else {
      cells.unshift(cell);
      drawn.element.prepend(cell.element);
      writeCell(drawn, cell, drawn.firstColumn - 1 - i, frame);
    }
  }
}

function writeCell(drawn: DrawnRow, cell: DrawnCell, column: number, frame: Frame): void {
  const width = columnWidth(frame.columns, column);
  if (cell.column !== column) {
    cell.column = column;
    cell.element.ariaColIndex = String(column + 1);
  }
  if (cell.width !== width) {
    cell.width = width;
    cell.element.style.width = `${width}px`;
  }
  const source = frame.shown[column] ?? -1;
  const value = frame.source.cell(drawn.row, source);
  if (value === undefined) drawn.pending = true;
  const selected = frame.ranges.some((range) => contains(range, drawn.row, column));
  if (cell.selected !== selected) {
    cell.selected = selected;
    cell.element.ariaSelected = String(selected);
  }
  const className =
    (frame.infos[source]?.numeric === true ? 'cell number' : 'cell') +
    (value === undefined ? ' pending' : classOf(value, frame)) +
    (selected ? ' selected' : '');
  if (cell.className !== className) {
    cell.className = className;
    cell.element.className = className;
  }
  const units = Math.floor((width - CELL_CHROME) / frame.charWidth);
  const text = value === undefined ? '' : shownText(value, units);
  if (cell.text.data !== text) cell.text.data = text;
  // A number without its last digits is a wrong number.
  if (value && text.endsWith('…') && frame.infos[source]?.numeric === true) {
    frame.onCut(source, value.text.length);
  }
}

function classOf({ text, ownText, isNull, problem }: Cell, { isMatch }: Frame): string {
  if (isNull || problem !== undefined) return ' null';
  return isMatch?.(ownText?.() ?? text) === true ? ' match' : '';
}

function shownText(cell: Cell, units: number): string {
  if (cell.problem !== undefined) return fitText('⚠ not readable', units);
  return cell.isNull ? 'NULL' : fitText(cell.text, units);
}
