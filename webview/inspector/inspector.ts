import { parseType } from '../../src/core/types/parseType.ts';
import type { TypeNode } from '../../src/core/types/typeNode.ts';
import { parseValue } from '../../src/core/types/value/parseValue.ts';
import { countOf, formatBytes, formatCount } from '../../src/shared/humanNumbers.ts';
import { iconButton } from '../controls.ts';
import { element } from '../dom.ts';
import { showUnseen } from '../grid/cellText.ts';
import { hexDump } from './hexDump.ts';
import { longText } from './longText.ts';
import type { WholeCell } from './readCell.ts';
import { Splitter } from './splitter.ts';
import { Tree } from './tree.ts';
import { treeItem, type TreeItem } from './valueTree.ts';

export interface InspectorActions {
  onCopy: () => void;
  /** Closed by the user; the focus has to go back to the grid. */
  onClose: () => void;
  onWidth: (px: number) => void;
}

type View = 'tree' | 'times' | 'text' | 'hex';
const TITLES: Record<View, string> = {
  tree: 'Tree',
  times: 'Time zones',
  text: 'Text',
  hex: 'Hex',
};

/** Characters of text and bytes of a hex view that are laid out at once. */
const TEXT_PIECE = 100_000;
const HEX_PIECE = 16_384;
/** Parsing a text of this length takes about a second. */
const MOST_TREE = 16_000_000;

/** The pane beside the grid with the whole value of the active cell. */
export class Inspector {
  readonly element: HTMLElement;
  readonly #name = element('span', { class: 'inspected-name' });
  readonly #about = element('div', { class: 'inspected-about' });
  readonly #tabs = element('div', { class: 'value-views', role: 'tablist', 'aria-label': 'View' });
  readonly #body = element('div', {
    class: 'value-body',
    role: 'tabpanel',
    id: 'value-body',
    'aria-label': 'Value',
  });
  /** The user's choice, kept from cell to cell where the cell has that view. */
  #chosen: View | undefined;

  constructor(width: number, actions: InspectorActions) {
    const pane = element('div', { class: 'inspector-pane' });
    const splitter = new Splitter(width, pane, actions.onWidth);
    this.element = element(
      'aside',
      { class: 'inspector', 'aria-label': 'Whole value' },
      splitter.element,
      pane,
    );
    pane.append(
      element(
        'div',
        { class: 'inspector-head' },
        this.#name,
        iconButton('copy', 'Copy value', actions.onCopy),
        iconButton('close', 'Close', actions.onClose),
      ),
      this.#about,
      this.#tabs,
      this.#body,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      actions.onClose();
    });
  }

  showWaiting(name: string, row: number): void {
    this.#head(name, `Row ${formatCount(row + 1)}`, []);
    this.#body.replaceChildren(element('p', { class: 'empty' }, 'Reading the value…'));
  }

  showProblem(name: string, row: number, problem: string): void {
    this.#head(name, `Row ${formatCount(row + 1)}`, []);
    this.#body.replaceChildren(
      element('p', { class: 'empty' }, `The value could not be read: ${problem}`),
    );
  }

  show(cell: WholeCell, row: number): void {
    const tree = cell.isNull ? undefined : treeOf(cell);
    const views: View[] = [];
    if (tree) views.push('tree');
    if (cell.times.length > 0) views.push('times');
    views.push('text');
    if (cell.bytes) views.push('hex');
    const kept = views.find((view) => view === this.#chosen);
    const view = kept ?? (cell.isBroken ? 'hex' : (views[0] ?? 'text'));
    const about = [cell.column.type, `row ${formatCount(row + 1)}`, sizeText(cell)];
    this.#head(cell.column.name, about.filter((part) => part !== '').join(' · '), views);
    this.#select(view, views, cell, tree);
  }

  #head(name: string, about: string, views: readonly View[]): void {
    this.#name.textContent = name;
    this.#name.title = name;
    this.#about.textContent = about;
    this.#about.title = about;
    this.#tabs.hidden = views.length < 2;
    this.#tabs.replaceChildren();
  }

  #select(view: View, views: readonly View[], cell: WholeCell, tree: TreeItem | undefined): void {
    const choose = (next: View): void => {
      this.#chosen = next;
      this.#select(next, views, cell, tree);
      this.#tabs.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
    };
    this.#tabs.replaceChildren(
      ...views.map((name) => {
        const selected = name === view;
        const tab = element(
          'button',
          {
            role: 'tab',
            type: 'button',
            'aria-selected': String(selected),
            'aria-controls': 'value-body',
            tabindex: selected ? '0' : '-1',
          },
          TITLES[name],
        );
        tab.addEventListener('click', () => {
          choose(name);
        });
        return tab;
      }),
    );
    this.#tabs.onkeydown = (event) => {
      const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      const next = views[(views.indexOf(view) + by + views.length) % views.length];
      if (by !== 0 && next) choose(next);
    };
    this.#body.replaceChildren(this.#content(view, cell, tree));
  }

  #content(view: View, cell: WholeCell, tree: TreeItem | undefined): HTMLElement {
    if (view === 'tree' && tree) return new Tree(tree).element;
    if (view === 'times') return timesList(cell.times);
    const { bytes, text } = cell;
    if (view === 'hex' && bytes) {
      return longText({
        piece: HEX_PIECE,
        length: bytes.length,
        unit: 'bytes',
        slice: (from, to) =>
          (from > 0 ? '\n' : '') + hexDump(bytes, from, Math.min(to, bytes.length)),
      });
    }
    const shown = longText({
      piece: TEXT_PIECE,
      length: text.length,
      unit: 'characters',
      slice: (from, to) => showLines(text.slice(from, to)),
    });
    shown.classList.toggle('null', cell.isNull);
    return shown;
  }
}

/** Line breaks and tabs as they are; other characters that do not show, each as a symbol. */
function showLines(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .split('\t')
        .map((part) => showUnseen(part))
        .join('\t'),
    )
    .join('\n');
}

function sizeText({ bytes, text, isNull }: WholeCell): string {
  if (isNull) return 'NULL';
  const characters = countOf(text.length, 'character');
  return bytes ? `${characters}, ${formatBytes(bytes.length)}` : text.length > 40 ? characters : '';
}

function timesList(times: WholeCell['times']): HTMLElement {
  const list = element('dl', { class: 'value-times', tabindex: '0', 'aria-label': 'Time zones' });
  for (const { title, text } of times) {
    list.append(element('dt', {}, title), element('dd', {}, text));
  }
  return list;
}

function typeOf(text: string): TypeNode | undefined {
  try {
    return parseType(text);
  } catch {
    return undefined;
  }
}

/** Arrays, tuples and maps, and texts that hold JSON. */
function treeOf({ column, text, isBroken }: WholeCell): TreeItem | undefined {
  if (isBroken || text.length > MOST_TREE || !/^\s*[[({]/.test(text)) return undefined;
  try {
    const item = treeItem('', parseValue(text), typeOf(column.type));
    return item.children ? item : undefined;
  } catch {
    // A text that only begins like a value.
    return undefined;
  }
}
