import { element } from '../dom.ts';
import { columnWidth } from './columnModel.ts';
import type { Frame } from './frame.ts';

interface DrawnHeader {
  element: HTMLElement;
  name: Text;
  type: Text;
  column: number;
  width: number;
  className: string;
}

/** The column headers that are on screen: a pool, because a result may have thousands of columns. */
export class HeaderCells {
  readonly #layer: HTMLElement;
  #cells: DrawnHeader[] = [];
  #firstColumn = -1;
  #stamp = -1;

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  draw(frame: Frame): void {
    if (frame.columnCount !== this.#cells.length) {
      this.#cells = Array.from({ length: frame.columnCount }, drawnHeader);
      this.#layer.replaceChildren(...this.#cells.map((cell) => cell.element));
      this.#stamp = -1;
    }
    if (this.#stamp === frame.stamp && this.#firstColumn === frame.firstColumn) return;
    this.#stamp = frame.stamp;
    this.#firstColumn = frame.firstColumn;
    this.#cells.forEach((cell, i) => {
      write(cell, frame.firstColumn + i, frame);
    });
  }
}

function drawnHeader(): DrawnHeader {
  const name = document.createTextNode('');
  const type = document.createTextNode('');
  const made = element(
    'div',
    { role: 'columnheader', class: 'head-cell' },
    element('div', { class: 'column-name' }, name),
    element('div', { class: 'column-type' }, type),
    element('div', { class: 'resizer', 'aria-hidden': 'true' }),
  );
  return { element: made, name, type, column: -1, width: -1, className: '' };
}

function write(cell: DrawnHeader, column: number, frame: Frame): void {
  const info = frame.infos[column];
  if (info === undefined) return;
  const width = columnWidth(frame.columns, column);
  if (cell.width !== width) {
    cell.width = width;
    cell.element.style.width = `${width}px`;
  }
  const { range } = frame;
  const inRange = range && column >= range.firstColumn && column <= range.lastColumn;
  const className = `head-cell${info.numeric ? ' number' : ''}${inRange ? ' in-range' : ''}`;
  if (cell.className !== className) {
    cell.className = className;
    cell.element.className = className;
  }
  const type = info.timeZone === undefined ? info.type : `${info.type} · ${info.timeZone}`;
  if (cell.column === column && cell.name.data === info.name && cell.type.data === type) return;
  cell.column = column;
  cell.element.dataset['column'] = String(column);
  cell.element.ariaColIndex = String(column + 1);
  cell.name.data = info.name;
  cell.type.data = type;
  const zone = info.timeZone === undefined ? '' : `\nPrinted in time zone ${info.timeZone}`;
  cell.element.title = `${info.name}\n${info.type}${zone}`;
}
