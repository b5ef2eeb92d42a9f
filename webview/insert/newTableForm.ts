import type { InsertPageMessage, ShownNewTable } from '../../src/shared/insert/insertProtocol.ts';
import { button } from '../controls.ts';
import { element } from '../dom.ts';
import { labelled, setValue, textField } from './fields.ts';

/** The table that is to be created: its parts, and the statement that they make. */
export class NewTableForm {
  readonly element = element('section', { class: 'new-table' });
  readonly #name: HTMLInputElement;
  readonly #engine: HTMLInputElement;
  readonly #orderBy: HTMLInputElement;
  readonly #ddl = element('textarea', {
    class: 'text ddl',
    rows: '8',
    spellcheck: 'false',
    'aria-label': 'Statement that creates the table',
  });
  readonly #edited: HTMLElement;

  constructor(post: (message: InsertPageMessage) => void) {
    this.#name = textField('Name of the table', (name) => {
      post({ type: 'newTable', change: { name } });
    });
    this.#engine = textField('Engine', (engine) => {
      post({ type: 'newTable', change: { engine } });
    });
    this.#orderBy = textField('Sorting key', (orderBy) => {
      post({ type: 'newTable', change: { orderBy } });
    });
    this.#ddl.addEventListener('change', () => {
      post({ type: 'newTable', change: { ddl: this.#ddl.value } });
    });
    this.#edited = element(
      'p',
      { class: 'with-button' },
      element('span', {}, 'You changed the statement: it is what will run.'),
      button({
        title: 'Make it from the fields',
        onClick: () => {
          post({ type: 'resetStatement' });
        },
      }),
    );
    this.element.append(
      element('h2', {}, 'New table'),
      element(
        'div',
        { class: 'reading' },
        labelled('Name', this.#name),
        labelled('Engine', this.#engine),
        labelled('ORDER BY', this.#orderBy),
      ),
      this.#ddl,
      this.#edited,
    );
  }

  show(table: ShownNewTable | undefined): void {
    this.element.hidden = table === undefined;
    if (!table) return;
    setValue(this.#name, table.name);
    setValue(this.#engine, table.engine);
    setValue(this.#orderBy, table.orderBy);
    setValue(this.#ddl, table.ddl);
    this.#edited.hidden = !table.edited;
    for (const field of [this.#name, this.#engine, this.#orderBy]) field.disabled = table.edited;
  }
}
