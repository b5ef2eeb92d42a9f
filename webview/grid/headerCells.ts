import { element } from '../dom.ts';
import { columnWidth } from './columnModel.ts';
import type { Frame } from './frame.ts';

interface DrawnHeader {
  element: HTMLElement;
  name: Text;
  type: Text;
  position: number;
  pinned: boolean;
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
    const shift = frame.firstColumn - this.#firstColumn;
    if (this.#stamp === frame.stamp && shift === 0) return;
    if (this.#stamp === frame.stamp) this.#rotate(shift);
    this.#stamp = frame.stamp;
    this.#firstColumn = frame.firstColumn;
    this.#cells.forEach((cell, i) => {
      write(cell, frame.firstColumn + i, frame);
    });
  }

  /** Moves the cells that left on one side to the other side: the others stay as they are. */
  #rotate(shift: number): void {
    if (Math.abs(shift) >= this.#cells.length) return;
    for (let i = 0; i < Math.abs(shift); i++) {
      const cell = shift > 0 ? this.#cells.shift() : this.#cells.pop();
      if (!cell) return;
      if (shift > 0) {
        this.#cells.push(cell);
        this.#layer.append(cell.element);
      } else {
        this.#cells.unshift(cell);
        this.#layer.prepend(cell.element);
      }
    }
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
  return { element: made, name, type, position: -1, pinned: false, width: -1, className: '' };
}

function write(cell: DrawnHeader, position: number, frame: Frame): void {
  const column = frame.shown[position];
  const info = column === undefined ? undefined : frame.infos[column];
  if (info === undefined) return;
  const width = columnWidth(frame.columns, position);
  if (cell.width !== width) {
    cell.width = width;
    cell.element.style.width = `${width}px`;
  }
  const inRange = frame.ranges.some(
    (range) => position >= range.firstColumn && position <= range.lastColumn,
  );
  const className = `head-cell${info.numeric ? ' number' : ''}${inRange ? ' in-range' : ''}`;
  if (cell.className !== className) {
    cell.className = className;
    cell.element.className = className;
  }
  const { name, typeText: type } = info;
  const isPinned = frame.pinned.has(column ?? -1);
  const same = cell.position === position && cell.pinned === isPinned;
  if (same && cell.name.data === name && cell.type.data === type) return;
  cell.pinned = isPinned;
  cell.position = position;
  cell.element.dataset['position'] = String(position);
  cell.element.dataset['vscodeContext'] = JSON.stringify({
    webviewSection: 'header',
    rowhouseColumn: column,
    rowhousePinned: isPinned,
  });
  cell.element.ariaColIndex = String(position + 1);
  cell.name.data = name;
  cell.type.data = type;
  cell.element.title = info.description;
}
