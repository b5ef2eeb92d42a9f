import type {
  InsertHostMessage,
  InsertPageMessage,
  InsertSnapshot,
} from '../../src/shared/insert/insertProtocol.ts';
import { button, progressRing, type ButtonElement } from '../controls.ts';
import { element } from '../dom.ts';
import { LiveRegion } from '../liveRegion.ts';
import { Notice } from '../notice.ts';
import { Requests } from '../requests.ts';
import { ColumnsTable } from './columnsTable.ts';
import { FailingRows } from './failingRows.ts';
import { ModeBoxes } from './modeBoxes.ts';
import { FileList } from './fileList.ts';
import { NewTableForm } from './newTableForm.ts';
import { PreviewGrid } from './previewGrid.ts';
import { ReadingForm } from './readingForm.ts';

export interface InsertPorts {
  post: (message: InsertPageMessage) => void;
  mac: boolean;
}

/** The whole page. Everything it shows follows from one `show` message, so it can be rebuilt at any time. */
export class InsertView {
  readonly #requests: Requests;
  readonly #live = new LiveRegion();
  readonly #notice = new Notice();
  readonly #title = element('h1', {});
  readonly #place = element('p', { class: 'place' });
  readonly #facts = element('p', { class: 'facts' });
  readonly #remarks = element('ul', { class: 'notes' });
  readonly #notes = element('ul', { class: 'notes' });
  readonly #refusal = element('p', { class: 'refusal', role: 'status' });
  readonly #ring = progressRing();
  readonly #insert: ButtonElement;
  readonly #insertLabel: Text;
  readonly #newTable: ButtonElement;
  readonly #files: FileList;
  readonly #reading: ReadingForm;
  readonly #columns: ColumnsTable;
  readonly #table: NewTableForm;
  readonly #mode: ModeBoxes;
  readonly #failing = new FailingRows();
  readonly #preview: PreviewGrid;

  constructor(root: HTMLElement, ports: InsertPorts) {
    const { post } = ports;
    this.#requests = new Requests((message) => {
      const { type } = message;
      if (type === 'window' || type === 'abandon' || type === 'copyAs') post(message);
    });
    this.#files = new FileList(post);
    this.#reading = new ReadingForm(post);
    this.#columns = new ColumnsTable(post);
    this.#table = new NewTableForm(post);
    this.#mode = new ModeBoxes(post);
    this.#preview = new PreviewGrid({
      ...ports,
      requests: this.#requests,
      live: this.#live,
      notice: this.#notice,
    });
    this.#insertLabel = document.createTextNode('Insert');
    this.#insert = button({
      title: '',
      primary: true,
      onClick: () => {
        post({ type: 'insert' });
      },
    });
    this.#insert.lastElementChild?.append(this.#insertLabel);
    const cancel = button({
      title: 'Cancel',
      onClick: () => {
        post({ type: 'cancel' });
      },
    });
    this.#newTable = button({
      title: 'New table…',
      icon: 'add',
      onClick: () => {
        post({ type: 'createTable' });
      },
    });
    root.append(
      element(
        'header',
        { class: 'insert-header' },
        element('div', { class: 'names' }, this.#title, this.#place),
        this.#ring,
        element('div', { class: 'buttons' }, this.#newTable, cancel, this.#insert),
      ),
      this.#refusal,
      element(
        'div',
        { class: 'insert-body' },
        element(
          'div',
          { class: 'choices', tabindex: '0', role: 'region', 'aria-label': 'File and columns' },
          this.#files.element,
          element(
            'section',
            {},
            element('h2', {}, 'File'),
            this.#facts,
            this.#remarks,
            this.#reading.element,
          ),
          this.#table.element,
          element('section', {}, element('h2', {}, 'Columns'), this.#notes, this.#columns.element),
          element('section', {}, element('h2', {}, 'Insert'), this.#mode.element),
        ),
        element('div', { class: 'seen' }, this.#failing.element, this.#preview.element),
      ),
      this.#live.element,
      this.#notice.element,
    );
    root.addEventListener('keydown', (event) => {
      const isInsert = event.key === 'Enter' && (ports.mac ? event.metaKey : event.ctrlKey);
      if (isInsert && !this.#insert.disabled) post({ type: 'insert' });
    });
  }

  /** The selected cells, to the clipboard. */
  copy(): void {
    this.#preview.copy(false);
  }

  receive(message: InsertHostMessage): void {
    if (message.type === 'show') this.#show(message.insert);
    else this.#requests.answer(message);
  }

  #show(insert: InsertSnapshot): void {
    const { newTable, looking, refusal } = insert;
    document.title = insert.title;
    this.#title.textContent = insert.title;
    this.#place.textContent = insert.connection;
    this.#facts.textContent = insert.facts;
    this.#facts.hidden = insert.facts === '';
    this.#ring.classList.toggle('idle', !looking);
    this.#insertLabel.data = newTable ? 'Create and insert' : 'Insert';
    this.#insert.disabled = looking || refusal !== undefined;
    this.#newTable.hidden = newTable !== undefined || insert.columns.length === 0;
    this.#refusal.textContent = refusal ?? '';
    this.#refusal.hidden = refusal === undefined;
    showList(this.#remarks, insert.remarks);
    showList(this.#notes, insert.notes);
    this.#files.show(insert);
    this.#reading.show(insert);
    this.#table.show(newTable);
    this.#columns.show(insert);
    this.#mode.show(insert.mode);
    this.#failing.show(insert);
    this.#preview.show(insert);
    if (!looking) this.#live.say(announcement(insert), JSON.stringify([insert.rows?.id, refusal]));
  }
}

function showList(list: HTMLElement, sentences: readonly string[]): void {
  list.replaceChildren(...sentences.map((sentence) => element('li', {}, sentence)));
  list.hidden = sentences.length === 0;
}

/** What assistive technology hears after a look. */
function announcement({ rows, problem, failing, moreFail, refusal }: InsertSnapshot): string {
  const parts = [
    problem ?? (rows ? `${rows.rows} rows read` : ''),
    failing.length > 0 ? `${failing.length}${moreFail ? ' or more' : ''} rows will fail` : '',
    refusal ?? '',
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => part.replace(/\.$/, ''))
    .join('. ');
}
