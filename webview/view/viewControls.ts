import { CUT_TEXT } from '../../src/shared/limits.ts';
import type { ResultSnapshot, WebviewMessage } from '../../src/shared/protocol.ts';
import {
  WHOLE,
  type CellSearch,
  type ColumnFilter,
  type SortDirection,
  type ViewProblem,
  type ViewSpec,
} from '../../src/shared/resultView.ts';
import { countOf } from '../../src/shared/humanNumbers.ts';
import { element } from '../dom.ts';
import type { ColumnInfo } from '../grid/columnInfo.ts';
import type { CellPosition } from '../grid/selectionModel.ts';
import type { WholeCell } from '../inspector/readCell.ts';
import type { LiveRegion } from '../liveRegion.ts';
import type { Requests } from '../requests.ts';
import { FilterBar } from './filterBar.ts';
import { FindBar } from './findBar.ts';
import { ViewBar } from './viewBar.ts';
import { chipsOf, nextDirection, sortBy, withFilter, withSearch } from './viewModel.ts';

export interface ControlsPorts {
  post: (message: WebviewMessage) => void;
  requests: Requests;
  live: LiveRegion;
  /** By column of the result. */
  infos: () => readonly ColumnInfo[];
  /** The active cell: its row, and its column of the result. */
  active: () => CellPosition | undefined;
  /** @returns false when the column is hidden */
  goTo: (cell: CellPosition) => boolean;
  /** Shows which cells have what is looked for; undefined: nothing is. */
  highlight: (search: CellSearch | undefined) => void;
  focusGrid: () => void;
  /** The user wants other rows, or these in another order. */
  onAsk: (view: ViewSpec) => void;
  /** The whole value of a cell, in the zone of its column. */
  read: (cell: CellPosition) => Promise<WholeCell>;
}

/** Sort, filters and search of one result: the lines around the grid, and what the user does with them. */
export class ViewControls {
  /** Above the grid: where a filter or a search is written. */
  readonly above = element('div', { class: 'view-controls' });
  /** Below it: what is applied. */
  readonly below: HTMLElement;
  readonly #ports: ControlsPorts;
  readonly #bar: ViewBar;
  #result: ResultSnapshot;
  #filterBar: FilterBar | undefined;
  #findBar: FindBar | undefined;
  #search: CellSearch | undefined;
  /** What the user asked for, until the host knows: two quick clicks are two steps. */
  #asked: ViewSpec | undefined;
  /** Why a search or the like came to nothing. */
  #problem: ViewProblem | undefined;

  constructor(result: ResultSnapshot, ports: ControlsPorts) {
    this.#result = result;
    this.#ports = ports;
    this.#bar = new ViewBar({
      onView: (view) => {
        this.#ask(view);
      },
      onEdit: (at) => {
        const filter = this.#wanted.filters[at];
        if (filter) this.#openFilter(filter, at);
      },
      onCancel: () => {
        this.#asked = undefined;
        ports.post({ type: 'cancelView', resultId: this.#result.id });
      },
      onAction: (action) => {
        ports.post({ type: 'action', resultId: this.#result.id, action });
      },
      onDismiss: () => {
        this.#dismiss();
      },
      onLeave: ports.focusGrid,
    });
    this.below = this.#bar.element;
  }

  /** The result, or the rows that are shown, are other ones. */
  update(result: ResultSnapshot): void {
    const before = this.#result.view;
    this.#result = result;
    const { view } = result;
    const known = JSON.stringify(view?.working?.view ?? view?.view ?? WHOLE);
    if (view?.problem || known === JSON.stringify(this.#asked)) this.#asked = undefined;
    this.#show();
    this.#highlight();
    if (view?.id !== before?.id) {
      this.#ports.live.say(rowsTold(result), `view ${view?.id ?? ''}`);
      this.#findBar?.again();
    }
    const problem = view?.problem;
    if (problem && JSON.stringify(problem) !== JSON.stringify(before?.problem)) this.#say(problem);
  }

  /** @param direction absent: the next one, as for a click on the header */
  sort(column: number, direction: SortDirection | 'none' | undefined, add: boolean): void {
    const next = direction ?? nextDirection(this.#wanted, column);
    this.#ask(sortBy(this.#wanted, column, next, add));
  }

  /** As {@link sort}; a direction that the column is already sorted in ends it. */
  toggleSort(column: number, direction: SortDirection, add: boolean): void {
    const is = this.#wanted.sort.some(
      (key) => key.column === column && key.direction === direction,
    );
    this.sort(column, is ? 'none' : direction, add);
  }

  filter(filter: ColumnFilter): void {
    this.#ask(withFilter(this.#wanted, filter));
  }

  /** Opens the line in which a filter of the column is written. */
  writeFilter(column: number): void {
    const at = this.#wanted.filters.findIndex((filter) => filter.column === column);
    const filter = this.#wanted.filters[at];
    if (filter) this.#openFilter(filter, at);
    else this.#openFilter({ column, operator: 'equal', values: [] }, undefined);
  }

  /** Keeps the rows that have this cell's value in its column, or only the others. */
  async filterByValue(cell: CellPosition, exclude: boolean): Promise<void> {
    const { column } = cell;
    try {
      const { isNull, isBroken, text } = await this.#ports.read(cell);
      if (isNull) {
        this.filter({ column, operator: exclude ? 'isNotNull' : 'isNull', values: [] });
      } else if (isBroken || text.length > CUT_TEXT * 100) {
        this.tell({
          message: 'The value of this cell cannot be written as a filter.',
          actions: [],
        });
      } else {
        this.filter({ column, operator: exclude ? 'notEqual' : 'equal', values: [text] });
      }
    } catch (error) {
      this.tell({ message: error instanceof Error ? error.message : String(error), actions: [] });
    }
  }

  clear(): void {
    this.#ask(WHOLE);
  }

  find(text?: string): void {
    this.#findBar ??= this.#newFindBar();
    if (!this.#findBar.element.isConnected) this.above.prepend(this.#findBar.element);
    this.#findBar.open(text);
  }

  /** To the next match of what was looked for last, or the one before. */
  findNext(by: 1 | -1): void {
    if (this.#findBar) this.#findBar.step(by);
    else this.find();
  }

  /** What went wrong. */
  tell(problem: ViewProblem): void {
    this.#problem = problem;
    this.#show();
    this.#say(problem);
  }

  dispose(): void {
    this.#findBar?.dispose();
  }

  /** What is shown, or on its way. */
  get #wanted(): ViewSpec {
    const { view } = this.#result;
    return this.#asked ?? view?.working?.view ?? view?.view ?? WHOLE;
  }

  #ask(view: ViewSpec): void {
    this.#problem = undefined;
    this.#asked = view;
    this.#ports.onAsk(view);
    this.#ports.post({ type: 'view', resultId: this.#result.id, view });
    this.#show();
  }

  #highlight(): void {
    this.#ports.highlight(this.#search ?? this.#result.view?.view.search);
  }

  #show(): void {
    const { view: snapshot, rows: total, columns } = this.#result;
    const problem = snapshot?.problem ?? this.#problem;
    this.#bar.show({ view: this.#wanted, snapshot, problem, total, columns });
  }

  #dismiss(): void {
    this.#problem = undefined;
    const { view, id } = this.#result;
    if (view?.problem) this.#ports.post({ type: 'view', resultId: id, view: view.view });
    this.#show();
  }

  #say({ message, hint = '' }: ViewProblem): void {
    this.#ports.live.say(`${message} ${hint}`, `problem ${performance.now()}`);
  }

  #openFilter(filter: ColumnFilter, at: number | undefined): void {
    this.#closeFilter();
    this.#filterBar = new FilterBar(filter, this.#ports.infos(), {
      onApply: (written) => {
        this.#closeFilter();
        this.#ask(withFilter(this.#wanted, written, at));
        this.#ports.focusGrid();
      },
      onClose: () => {
        this.#closeFilter();
        this.#ports.focusGrid();
      },
    });
    this.above.prepend(this.#filterBar.element);
    this.#filterBar.focus();
  }

  #closeFilter(): void {
    this.#filterBar?.element.remove();
    this.#filterBar = undefined;
  }

  #newFindBar(): FindBar {
    const { requests, live, active, goTo, focusGrid, infos } = this.#ports;
    return new FindBar({
      find: (search, signal, onProgress) => {
        const { id: resultId, view } = this.#result;
        this.#problem = undefined;
        this.#show();
        const query = { resultId, search, ...(view && { view: view.id }) };
        return requests.find(query, signal, onProgress);
      },
      activeRow: () => active()?.row ?? 0,
      goTo: (row, column) =>
        goTo({ row, column }) ? '' : ` · in the hidden column ${infos()[column]?.name ?? ''}`,
      onFilter: (search) => {
        this.#ask(withSearch(this.#wanted, search));
      },
      onSearch: (search) => {
        this.#search = search;
        this.#highlight();
      },
      onProblem: (problem) => {
        this.tell(problem);
      },
      say: (text) => {
        live.say(text, `find ${performance.now()}`);
      },
      onClose: () => {
        this.#findBar?.dispose();
        this.#findBar?.element.remove();
        this.#findBar = undefined;
        this.#search = undefined;
        this.#highlight();
        focusGrid();
      },
    });
  }
}

function rowsTold({ view, rows, columns }: ResultSnapshot): string {
  const chips = chipsOf(view?.view ?? WHOLE, columns).map(({ text }) => text);
  const shown = countOf(view?.rows ?? rows, 'row');
  return chips.length === 0 ? `${shown}, not sorted or filtered` : `${shown}: ${chips.join(', ')}`;
}
