import { countOf, formatCount } from '../../src/shared/humanNumbers.ts';
import type { CellSearch, ViewProblem } from '../../src/shared/resultView.ts';
import { button, iconButton, type ButtonElement } from '../controls.ts';
import { element } from '../dom.ts';
import { RequestError, type FoundAnswer } from '../requests.ts';

export interface FindBarActions {
  find: (
    search: CellSearch,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ) => Promise<FoundAnswer>;
  /** The row from which on the next match is looked for. */
  activeRow: () => number;
  /** @param column of the result @returns what else there is to say, for example that the column is hidden */
  goTo: (row: number, column: number) => string;
  onFilter: (search: CellSearch) => void;
  /** What is looked for now; undefined: nothing. */
  onSearch: (search: CellSearch | undefined) => void;
  onProblem: (problem: ViewProblem) => void;
  say: (text: string) => void;
  onClose: () => void;
}

/** ms that typing must rest. */
const REST_MS = 250;

/** Finds a text in all cells of the rows that are shown, and goes from match to match. */
export class FindBar {
  readonly element: HTMLElement;
  readonly #actions: FindBarActions;
  readonly #input = element('input', {
    type: 'text',
    class: 'text-input',
    spellcheck: 'false',
    placeholder: 'Find in all cells',
    'aria-label': 'Find in result',
  });
  readonly #count = element('span', { class: 'find-count' });
  readonly #case: ButtonElement;
  readonly #filter: ButtonElement;
  #matchCase = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = new AbortController();
  /** What `#rows` and `#columns` answer. */
  #searched = '';
  #matches = 0;
  #rows = new Float64Array();
  #columns = new Int32Array();
  #at = -1;

  constructor(actions: FindBarActions) {
    this.#actions = actions;
    this.#case = iconButton('case-sensitive', 'Match case', () => {
      this.#matchCase = !this.#matchCase;
      this.#case.setAttribute('aria-pressed', String(this.#matchCase));
      void this.#search();
    });
    this.#case.setAttribute('aria-pressed', 'false');
    this.#filter = button({
      title: 'Show only these rows',
      icon: 'filter',
      onClick: () => {
        if (this.#asked.text !== '') actions.onFilter(this.#asked);
      },
    });
    this.element = element(
      'div',
      { class: 'view-bar find-bar', role: 'search', 'aria-label': 'Find in result' },
      this.#input,
      this.#case,
      this.#count,
      iconButton('arrow-up', 'Previous match', () => {
        this.step(-1);
      }),
      iconButton('arrow-down', 'Next match', () => {
        this.step(1);
      }),
      this.#filter,
      iconButton('close', 'Close', actions.onClose),
    );
    this.element.addEventListener('keydown', (event) => {
      this.#key(event);
    });
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        void this.#search();
      }, REST_MS);
    });
  }

  /** @param text what to look for, at once */
  open(text?: string): void {
    this.#input.focus();
    this.#input.select();
    if (text === undefined) return;
    this.#input.value = text;
    void this.#search();
  }

  /** Other rows are shown. */
  again(): void {
    void this.#search();
  }

  /** To the next match, or the one before. */
  step(by: 1 | -1): void {
    if (this.#askedKey !== this.#searched) {
      void this.#search();
      return;
    }
    const many = this.#rows.length;
    if (many > 0) this.#show((this.#at + by + many) % many);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#running.abort();
  }

  get #asked(): CellSearch {
    return { text: this.#input.value, matchCase: this.#matchCase };
  }

  get #askedKey(): string {
    return JSON.stringify(this.#asked);
  }

  #key(event: KeyboardEvent): void {
    // The workbench listens too.
    event.stopPropagation();
    const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f';
    if (event.key === 'Escape') this.#actions.onClose();
    else if (isFind) this.open();
    else if (event.key === 'F3' || (event.key === 'Enter' && event.target === this.#input)) {
      this.step(event.shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
  }

  async #search(): Promise<void> {
    this.dispose();
    const search = this.#asked;
    this.#searched = this.#askedKey;
    this.#take(0, new Uint8Array(), new Uint8Array());
    this.#count.textContent = '';
    this.#actions.onSearch(search.text === '' ? undefined : search);
    if (search.text === '') return;
    this.#running = new AbortController();
    const { signal } = this.#running;
    this.#count.textContent = 'Searching…';
    try {
      const { matches, rows, columns } = await this.#actions.find(search, signal, (fraction) => {
        this.#count.textContent = `Searching… ${Math.floor(fraction * 100)} %`;
      });
      this.#take(matches, rows, columns);
      const row = this.#actions.activeRow();
      const next = this.#rows.findIndex((found) => found >= row);
      if (this.#rows.length === 0) this.#tell('No matches');
      else this.#show(Math.max(0, next));
    } catch (error) {
      if (signal.aborted) return;
      this.#searched = '';
      this.#count.textContent = '';
      const message = error instanceof Error ? error.message : String(error);
      this.#actions.onProblem(
        error instanceof RequestError ? error.problem : { message, actions: [] },
      );
    }
  }

  #take(matches: number, rows: Uint8Array, columns: Uint8Array): void {
    this.#matches = matches;
    // Copies: the bytes of a message need not lie where such numbers have to.
    this.#rows = new Float64Array(rows.slice().buffer);
    this.#columns = new Int32Array(columns.slice().buffer);
    this.#at = -1;
    this.#filter.disabled = matches === 0;
  }

  #show(at: number): void {
    this.#at = at;
    const more = this.#actions.goTo(this.#rows[at] ?? 0, this.#columns[at] ?? 0);
    const all = countOf(this.#matches, 'row');
    const first =
      this.#rows.length < this.#matches
        ? `, the first ${formatCount(this.#rows.length)} in reach`
        : '';
    this.#tell(`${formatCount(at + 1)} of ${all}${first}${more}`);
  }

  #tell(text: string): void {
    this.#count.textContent = text;
    this.#actions.say(text);
  }
}
