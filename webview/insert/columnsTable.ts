import type { InsertPageMessage, InsertSnapshot } from '../../src/shared/insert/insertProtocol.ts';
import { element } from '../dom.ts';
import { setOptions, setValue, textField } from './fields.ts';

const FILLED = { default: 'filled with its default', computed: 'computed by the server' } as const;
const NOWHERE = '';

/** Which column of the file goes where, and what the table's other columns are filled with. */
export class ColumnsTable {
  readonly element = element('div', { class: 'columns' });
  readonly #post: (message: InsertPageMessage) => void;
  #shape = '';
  #fields: (HTMLSelectElement | HTMLInputElement | undefined)[] = [];

  constructor(post: (message: InsertPageMessage) => void) {
    this.#post = post;
  }

  show(insert: InsertSnapshot): void {
    const { columns, targets, mappable, newTable } = insert;
    this.element.hidden = columns.length === 0 && targets.length === 0;
    const isNew = newTable !== undefined;
    // Where columns go changes without new rows: a table made anew would lose the focus.
    const shape = JSON.stringify([columns.map(({ name }) => name), targets, mappable, isNew]);
    if (shape !== this.#shape) {
      this.#shape = shape;
      const focused = this.#fields.findIndex((field) => field === document.activeElement);
      this.#build(insert);
      this.#fields[focused]?.focus();
    }
    const options = targets
      .filter(({ filled }) => filled !== 'computed')
      .map(({ name, type }) => [name, `${name} ${type}`] as const);
    for (const [index, { type, target }] of columns.entries()) {
      const field = this.#fields[index];
      if (field instanceof HTMLSelectElement) {
        setOptions(field, [[NOWHERE, 'left out'], ...options], target ?? NOWHERE);
      } else if (field) {
        setValue(field, type);
        field.disabled = newTable?.edited === true;
      }
    }
  }

  #build(insert: InsertSnapshot): void {
    const { columns, targets, newTable } = insert;
    const rows = columns.map((column, index) => this.#row(insert, column, index));
    const others = targets.filter(({ filled }) => filled !== 'file');
    const rest = others.map(({ name, type, filled }) =>
      element(
        'tr',
        { class: 'other' },
        element('td', {}, filled === 'file' ? '' : FILLED[filled]),
        element('td', {}, element('span', { class: 'name' }, name), ' ', typeOf(type)),
      ),
    );
    // Columns of the table, where those of the file are not known.
    const bare = columns.length > 0 ? [] : targets.filter(({ filled }) => filled === 'file');
    const plain = bare.map(({ name, type }) =>
      element(
        'tr',
        {},
        element('td', {}, 'from the file'),
        element('td', {}, name, ' ', typeOf(type)),
      ),
    );
    const head = element(
      'tr',
      {},
      element('th', { scope: 'col' }, 'In the file'),
      element('th', { scope: 'col' }, newTable ? 'Type in the table' : 'In the table'),
    );
    this.element.replaceChildren(
      element(
        'table',
        {},
        element('thead', {}, head),
        element('tbody', {}, ...rows, ...plain, ...rest),
      ),
    );
  }

  #row(
    { mappable, newTable, targets }: InsertSnapshot,
    { name, type, target }: InsertSnapshot['columns'][number],
    index: number,
  ): HTMLElement {
    const own = newTable ? [] : [' ', typeOf(type)];
    const field = newTable
      ? textField(`Type of ${name}`, (as) => {
          this.#post({ type: 'columnType', column: index, as });
        })
      : mappable
        ? this.#select(name, index)
        : undefined;
    this.#fields[index] = field;
    const known = targets.find((one) => one.name === target);
    const fixed = known ? [known.name, ' ', typeOf(known.type)] : ['left out'];
    return element(
      'tr',
      {},
      element('td', {}, element('span', { class: 'name' }, name), ...own),
      element('td', {}, ...(field ? [field] : fixed)),
    );
  }

  #select(name: string, column: number): HTMLSelectElement {
    const field = element('select', { class: 'select', 'aria-label': `${name} goes to` });
    field.addEventListener('change', () => {
      const { value } = field;
      this.#post({ type: 'map', column, ...(value !== NOWHERE && { target: value }) });
    });
    return field;
  }
}

const typeOf = (type: string): HTMLElement => element('span', { class: 'type', title: type }, type);
