import { element, icon } from '../dom.ts';
import type { TreeItem } from './valueTree.ts';

/** Children shown at once; more come on demand, so that an array of a million items costs nothing. */
const PAGE = 200;
/** Characters of one line: the whole text is in the text view. */
const MOST_TEXT = 1_000;

interface Node {
  item: TreeItem | undefined;
  element: HTMLElement;
  group: HTMLElement | undefined;
  parent: Node | undefined;
  children: Node[];
  open: () => void;
  close: () => void;
}

/** A tree that is opened by click or arrow keys (the keys of WAI-ARIA's tree pattern). */
export class Tree {
  readonly element = element('div', { class: 'value-tree', role: 'tree', 'aria-label': 'Value' });
  readonly #root: Node;
  #current: Node | undefined;

  constructor(root: TreeItem) {
    this.#root = this.#node(root, undefined, 1);
    this.element.append(this.#root.element);
    this.#root.open();
    this.#focus(this.#root, false);
    this.element.addEventListener('keydown', (event) => {
      if (!this.#key(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  #node(item: TreeItem, parent: Node | undefined, level: number): Node {
    const text = item.text.length > MOST_TEXT ? `${item.text.slice(0, MOST_TEXT)}…` : item.text;
    const twist = element('span', { class: 'twist', 'aria-hidden': 'true' });
    const line = element(
      'div',
      { class: 'tree-line' },
      twist,
      ...(item.name === '' ? [] : [element('span', { class: 'tree-name' }, `${item.name}: `)]),
      element('span', { class: `tree-text ${item.kind}` }, text),
    );
    line.style.paddingLeft = `${(level - 1) * 12}px`;
    const made = element(
      'div',
      { role: 'treeitem', tabindex: '-1', 'aria-level': String(level) },
      line,
    );
    const node: Node = {
      item,
      element: made,
      group: undefined,
      parent,
      children: [],
      open: () => {
        if (!item.children) return;
        node.group ??= this.#group(node, item.children(), level + 1);
        node.group.hidden = false;
        made.ariaExpanded = 'true';
        twist.replaceChildren(icon('chevron-down'));
      },
      close: () => {
        if (node.group) node.group.hidden = true;
        if (!item.children) return;
        made.ariaExpanded = 'false';
        twist.replaceChildren(icon('chevron-right'));
      },
    };
    node.close();
    line.addEventListener('click', () => {
      if (made.ariaExpanded === 'true') node.close();
      else node.open();
      this.#focus(node, true);
    });
    return node;
  }

  #group(parent: Node, items: readonly TreeItem[], level: number): HTMLElement {
    const group = element('div', { role: 'group' });
    parent.element.append(group);
    const show = (from: number): void => {
      for (const item of items.slice(from, from + PAGE)) {
        const node = this.#node(item, parent, level);
        parent.children.push(node);
        group.append(node.element);
      }
      const rest = items.length - from - PAGE;
      if (rest > 0)
        this.#more(parent, group, level, rest, () => {
          show(from + PAGE);
        });
    };
    show(0);
    return group;
  }

  #more(parent: Node, group: HTMLElement, level: number, rest: number, show: () => void): void {
    const text = `Show ${Math.min(rest, PAGE)} more of ${rest}`;
    const item: TreeItem = { name: '', text, kind: 'plain', children: undefined };
    const node = this.#node(item, parent, level);
    node.element.classList.add('more');
    node.open = () => {
      const at = parent.children.indexOf(node);
      parent.children.splice(at, 1);
      node.element.remove();
      show();
      this.#focus(parent.children[at] ?? parent, true);
    };
    parent.children.push(node);
    group.append(node.element);
  }

  #focus(node: Node, move: boolean): void {
    if (this.#current) this.#current.element.tabIndex = -1;
    this.#current = node;
    node.element.tabIndex = 0;
    if (move) node.element.focus();
  }

  /** The nodes that can be seen, in order. */
  #seen(node = this.#root): Node[] {
    const open = node.element.ariaExpanded === 'true';
    return [node, ...(open ? node.children.flatMap((child) => this.#seen(child)) : [])];
  }

  #key(event: KeyboardEvent): boolean {
    const node = this.#current;
    if (!node || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const expanded = node.element.ariaExpanded;
    const seen = this.#seen();
    const at = seen.indexOf(node);
    const go = (to: Node | undefined): true => {
      if (to) this.#focus(to, true);
      return true;
    };
    switch (event.key) {
      case 'ArrowDown':
        return go(seen[at + 1]);
      case 'ArrowUp':
        return go(seen[at - 1]);
      case 'Home':
        return go(seen[0]);
      case 'End':
        return go(seen.at(-1));
      case 'ArrowRight':
        if (expanded === 'true') return go(node.children[0]);
        node.open();
        return true;
      case 'ArrowLeft':
        if (expanded !== 'true') return go(node.parent);
        node.close();
        return true;
      case 'Enter':
      case ' ':
        if (expanded === 'true') node.close();
        else node.open();
        return true;
      default:
        return false;
    }
  }
}
