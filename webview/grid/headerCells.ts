import { element, icon } from '../dom.ts';
import type { ColumnMark } from '../view/viewModel.ts';
import { columnWidth } from './columnModel.ts';
import type { Frame } from './frame.ts';

interface DrawnHeader {
  element: HTMLElement;
  name: Text;
  type: Text;
  control: HTMLElement;
  mark: string;
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
  const control = element('div', {
    class: 'sort-control',
    title: 'Sort (with Shift: add to the sort)',
    'aria-hidden': 'true',
  });
  const made = element(
    'div',
    { role: 'columnheader', class: 'head-cell' },
    element('div', { class: 'column-name' }, name),
    element('div', { class: 'column-type' }, type),
    control,
    element('div', { class: 'resizer', 'aria-hidden': 'true' }),
  );
  const drawn = { position: -1, pinned: false, width: -1, className: '', mark: '?' };
  return { element: made, name, type, control, ...drawn };
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
  const mark = frame.marks.get(column ?? -1);
  const classes = [info.numeric && 'number', inRange && 'in-range', mark && 'marked'];
  const className = ['head-cell', ...classes.filter((name) => name)].join(' ');
  if (cell.className !== className) {
    cell.className = className;
    cell.element.className = className;
  }
  const { name, typeText: type } = info;
  const isPinned = frame.pinned.has(column ?? -1);
  const markKey = JSON.stringify(mark ?? {});
  const same = cell.position === position && cell.pinned === isPinned && cell.mark === markKey;
  if (same && cell.name.data === name && cell.type.data === type) return;
  cell.pinned = isPinned;
  cell.position = position;
  cell.element.dataset['position'] = String(position);
  cell.element.dataset['vscodeContext'] = JSON.stringify({
    webviewSection: 'header',
    rowhouseColumn: column,
    rowhousePinned: isPinned,
    rowhouseSorted: mark?.direction !== undefined,
  });
  cell.element.ariaColIndex = String(position + 1);
  cell.name.data = name;
  cell.type.data = type;
  cell.element.title = info.description;
  if (cell.mark !== markKey) {
    cell.mark = markKey;
    cell.element.ariaSort = mark?.direction ?? null;
    cell.control.replaceChildren(...markParts(mark));
  }
}

function markParts(mark: ColumnMark | undefined): (Node | string)[] {
  const { direction, place, filtered = false } = mark ?? {};
  return [
    ...(filtered ? [icon('filter-filled')] : []),
    ...(direction === undefined && filtered
      ? []
      : [icon(direction === 'descending' ? 'arrow-down' : 'arrow-up')]),
    ...(place === undefined ? [] : [String(place)]),
  ];
}
