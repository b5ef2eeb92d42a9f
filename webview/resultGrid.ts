import { zoneOffsets } from '../src/core/types/format/tableZones.ts';
import type { ReadContext } from '../src/core/types/format/valueReader.ts';
import type { CopyFormat, TimeDisplay } from '../src/shared/gridCommand.ts';
import { isWhole, WHOLE, type CellSearch } from '../src/shared/resultView.ts';
import type { ResultSnapshot, WebviewMessage } from '../src/shared/protocol.ts';
import { CellCopy } from './cellCopy.ts';
import { element } from './dom.ts';
import { Footer } from './footer/footer.ts';
import { StatsLine } from './footer/statsLine.ts';
import { timeChoices } from './footer/timeChoices.ts';
import { blocksOf } from './grid/blocks.ts';
import { initialLayout } from './grid/columnLayout.ts';
import type { ColumnState } from './grid/columnState.ts';
import { GridView } from './grid/gridView.ts';
import { selectedParts, selectionOf, type GridPlace } from './grid/gridPlace.ts';
import { menuContext } from './grid/menuContext.ts';
import { RowSource } from './grid/rowSource.ts';
import { selectCell, selectedRanges, type CellPosition } from './grid/selectionModel.ts';
import { displayZone } from './grid/timeDisplay.ts';
import { columnsKey, gridKey, placeKey } from './gridKeys.ts';
import { runGridMessage, type GridMessage } from './gridMessages.ts';
import type { LiveRegion } from './liveRegion.ts';
import type { Notice } from './notice.ts';
import type { PageMemory } from './pageState.ts';
import type { Requests } from './requests.ts';
import { SidePanes } from './sidePanes.ts';
import { isActive } from './stateText.ts';
import { ViewControls } from './view/viewControls.ts';
import { marksOf, matchOf } from './view/viewModel.ts';

export interface GridPorts {
  post: (message: WebviewMessage) => void;
  requests: Requests;
  memory: PageMemory;
  live: LiveRegion;
  notice: Notice;
  mac: boolean;
  onSave: () => void;
}

/** The rows of one result: the grid, the value pane beside it, and the footer. */
export class ResultGrid {
  readonly key: string;
  readonly element: HTMLElement;
  readonly #ports: GridPorts;
  readonly #result: ResultSnapshot;
  readonly #context: ReadContext;
  readonly #columnsKey: string;
  readonly #grid: GridView;
  readonly #source: RowSource;
  readonly #footer: Footer;
  readonly #stats: StatsLine;
  readonly #sides: SidePanes;
  readonly #copy: CellCopy;
  readonly #controls: ViewControls;
  readonly #area = element('div', { class: 'grid-area' });
  #rows = 0;
  #rowsCome = false;
  /** The rows in the grid, where the host told of a view. */
  #rowsId: string | undefined;
  #isDerived = false;
  /** Which rows the user's place is remembered for. */
  #placeKey: string;
  #shownView = JSON.stringify(WHOLE);
  #shownSearch: string | undefined;

  constructor(result: ResultSnapshot, ports: GridPorts) {
    this.key = gridKey(result);
    this.#ports = ports;
    this.#result = result;
    const { columns, timeZone, textSettings, id: resultId } = result;
    this.#placeKey = placeKey(resultId, undefined);
    this.#columnsKey = columnsKey(result);
    this.#context = {
      timeZone,
      zones: zoneOffsets(result.zones),
      ...(textSettings && { textSettings }),
    };
    this.#source = new RowSource({
      resultId,
      columns,
      context: this.#context,
      requests: ports.requests,
      onArrived: () => {
        this.#grid.dataArrived();
      },
      onFailed: (problem) => {
        this.#showUnreadable(problem);
      },
    });
    this.#footer = new Footer(timeChoices(timeZone), {
      onTimes: (display) => {
        this.#showTimes(display);
      },
      onColumns: () => {
        this.#chooseColumns();
      },
      onInspect: () => {
        this.#sides.toggleValue();
      },
      onFind: () => {
        this.#controls.find();
      },
      onFilter: () => {
        this.#controls.writeFilter(this.#activeColumn);
      },
      onLeave: () => {
        this.focus();
      },
    });
    this.#stats = new StatsLine({
      source: this.#source,
      ask: async (asked, signal, onProgress) => {
        const zone = displayZone(ports.memory.times, timeZone);
        const query = { resultId, ...asked, ...(zone !== undefined && { zone }), ...rowsId() };
        return (await ports.requests.sums(query, signal, onProgress)).sums;
      },
      show: (stats) => {
        this.#footer.showStats(stats);
      },
      onAction: (action) => {
        ports.post({ type: 'action', resultId, action });
      },
    });
    const rowsId = (): { view?: string } => this.#source.view;
    this.#copy = new CellCopy({ ...ports, resultId, rowsId });
    this.#sides = new SidePanes(result, {
      ...ports,
      context: this.#context,
      rowsId,
      onInspecting: (open) => {
        this.#footer.showInspecting(open);
      },
      onCopy: (block) => {
        void this.#copy.copy([block], 'tsv', false);
      },
      onFilter: (column, text) => {
        this.#controls.filter({ column, operator: 'equal', values: [text] });
      },
      onLeave: () => {
        this.focus();
      },
    });
    this.#controls = new ViewControls(result, {
      ...ports,
      infos: () => this.#grid.infos,
      active: () => this.#activeCell,
      goTo: (cell) => this.#goTo(cell),
      highlight: (search) => {
        this.#highlight(search);
      },
      focusGrid: () => {
        this.focus();
      },
      onAsk: (view) => {
        // What was just asked for is looked at from its beginning.
        ports.memory.forgetPlace(placeKey(resultId, view));
      },
      read: (cell) => this.#sides.valueOf(cell),
    });
    this.#grid = this.#newGrid();
    this.#area.append(
      this.#grid.element,
      element('p', { class: 'none', 'aria-hidden': 'true' }, 'No rows'),
    );
    this.element = element(
      'div',
      { class: 'result' },
      this.#controls.above,
      element('div', { class: 'result-row' }, this.#area, ...this.#sides.elements),
      this.#controls.below,
      this.#footer.element,
    );
  }

  /** Becomes the content of `parent`. Only in the page is it known how wide the cells' font is. */
  attach(parent: HTMLElement): void {
    parent.replaceChildren(this.element);
    const { memory } = this.#ports;
    const { columns, timeZone } = this.#result;
    const zone = displayZone(memory.times, timeZone);
    this.#source.setZone(zone);
    this.#grid.setColumns(columns, this.#context, zone, memory.columnsOf(this.#columnsKey));
    this.#showFooter();
  }

  /** Rows came, or the run ended. */
  update(result: ResultSnapshot): void {
    const isFirst = this.#rows === 0;
    const { view } = result;
    const rows = view?.rows ?? result.rows;
    const isOther = this.#placeKey !== placeKey(result.id, view?.view);
    this.#placeKey = placeKey(result.id, view?.view);
    // The grid keeps a place of its own as soon as it has other rows.
    const place = isFirst || isOther ? this.#ports.memory.placeOf(this.#placeKey) : undefined;
    this.#rows = rows;
    const rowsCome = isActive(result);
    if (this.#rowsCome && !rowsCome) this.#stats.allCame();
    this.#rowsCome = rowsCome;
    this.#showView(result);
    this.#grid.setRows(rows);
    if (place && rows > 0) this.#returnTo(place);
    this.#grid.element.classList.toggle('no-rows', rows === 0 && !rowsCome);
    this.#controls.update(result);
  }

  engineRuns(): void {
    this.#stats.engineRuns();
  }

  get hasFocus(): boolean {
    return this.#grid.element === document.activeElement;
  }

  focus(): void {
    this.#grid.element.focus();
  }

  /** The selected cells, to the clipboard. */
  copy(format: CopyFormat, header: boolean): void {
    const { selection, size, shownColumns } = this.#grid;
    void this.#copy.copy(blocksOf(selectedRanges(selection, size), shownColumns), format, header);
  }

  run(message: GridMessage): void {
    runGridMessage(
      {
        grid: this.#grid,
        controls: this.#controls,
        sides: this.#sides,
        activeColumn: this.#activeColumn,
        activeCell: this.#activeCell,
        copy: (format, header) => {
          this.copy(format, header);
        },
        resetColumns: () => {
          this.#resetColumns();
        },
        chooseColumns: () => {
          this.#chooseColumns();
        },
        showTimes: (display) => {
          this.#showTimes(display);
        },
      },
      message,
    );
  }

  dispose(): void {
    this.#copy.dispose();
    this.#controls.dispose();
    this.#sides.dispose();
    this.#stats.dispose();
    this.#source.dispose();
    this.#grid.dispose();
  }

  #newGrid(): GridView {
    const { memory, live, mac } = this.#ports;
    let adding = false;
    const grid: GridView = new GridView({
      source: this.#source,
      mac,
      onView: (view) => {
        this.#source.show(view, this.#rows);
      },
      onSelect: (selection) => {
        const { size, shownColumns } = grid;
        if (selection.adding !== adding) {
          adding = selection.adding;
          live.say(
            adding ? 'Adding to the selection' : 'No longer adding to the selection',
            `adding ${performance.now()}`,
          );
        }
        this.#keepPlace({ selected: selectedParts(selection) });
        this.#showStats();
        const column = shownColumns[selection.focus.column];
        const isCell = column !== undefined && size.rows > 0;
        this.#showMenuContext(column);
        this.#sides.follow(isCell ? { row: selection.focus.row, column } : undefined);
      },
      onCopy: (header) => {
        this.copy('tsv', header);
      },
      onInspect: () => {
        this.#sides.toggleValue();
      },
      onSort: (column, direction, add) => {
        if (direction === undefined) this.#controls.sort(column, direction, add);
        else this.#controls.toggleSort(column, direction, add);
      },
      onFind: () => {
        this.#controls.find();
      },
      onFindNext: (by) => {
        this.#controls.findNext(by);
      },
      onGoToRow: () => {
        const { id: resultId } = this.#result;
        this.#ports.post({ type: 'action', resultId, action: 'rowhouse.goToRow' });
      },
      onEscape: () => {
        this.#sides.closeValue();
      },
      onScrolled: ({ top, left }) => {
        this.#keepPlace({ top, left });
      },
      onColumns: (state: ColumnState, what) => {
        memory.keepColumns(this.#columnsKey, state);
        live.say(what, `columns ${performance.now()}`);
        this.#showFooter();
      },
    });
    return grid;
  }

  #showStats(): void {
    const { selection, size, shownColumns, infos } = this.#grid;
    this.#stats.show(blocksOf(selectedRanges(selection, size), shownColumns), infos);
  }

  #returnTo(place: GridPlace): void {
    const selection = selectionOf(place, this.#grid.size.columns);
    if (selection) this.#grid.setSelection(selection, false);
    this.#grid.scrollTo(place);
  }

  #keepPlace(part: Partial<GridPlace>): void {
    const { memory } = this.#ports;
    if (this.#rows > 0) memory.keepPlace(this.#placeKey, part);
  }

  /** The column of the result that the active cell is in; there is one even without rows. */
  get #activeColumn(): number {
    return this.#grid.shownColumns[this.#grid.selection.focus.column] ?? 0;
  }

  /** The active cell, with its column of the result. */
  get #activeCell(): CellPosition | undefined {
    const { row } = this.#grid.selection.focus;
    return this.#rows === 0 ? undefined : { row, column: this.#activeColumn };
  }

  #goTo({ row, column }: CellPosition): boolean {
    const position = this.#grid.shownColumns.indexOf(column);
    const at = position < 0 ? this.#grid.selection.focus.column : position;
    this.#grid.setSelection(selectCell({ row, column: at }), true);
    return position >= 0;
  }

  #highlight(search: CellSearch | undefined): void {
    const key = JSON.stringify(search);
    if (key === this.#shownSearch) return;
    this.#shownSearch = key;
    this.#grid.setMatch(search && matchOf(search));
  }

  /** Other rows may be in the grid, and other columns be sorted. */
  #showView({ view }: ResultSnapshot): void {
    const isDerived = view !== undefined && !isWhole(view.view);
    if (isDerived !== this.#isDerived) {
      this.#isDerived = isDerived;
      this.#showMenuContext(this.#activeColumn);
    }
    const shown = view?.view ?? WHOLE;
    const key = JSON.stringify(shown);
    if (key !== this.#shownView) this.#grid.setMarks(marksOf(shown));
    this.#shownView = key;
    // Without a view the rows are those of the result itself, as with one that has nothing left.
    const before = this.#rowsId ?? this.#result.id;
    this.#rowsId = view?.id;
    if ((view?.id ?? this.#result.id) === before) return;
    this.#source.setRows(view?.id);
    this.#grid.replaceRows(this.#rows);
    this.#sides.again();
  }

  #showMenuContext(column = -1): void {
    const isPinned = this.#grid.columnLayout.pinned.has(column);
    this.#area.dataset['vscodeContext'] = menuContext(this.#result.id, isPinned, this.#isDerived);
  }

  #showFooter(): void {
    const { memory } = this.#ports;
    this.#footer.showHidden(this.#grid.columnLayout.hidden.size);
    this.#footer.showTimes(
      memory.times,
      this.#grid.infos.some(({ hasTimes }) => hasTimes),
    );
  }

  #showTimes(display: TimeDisplay): void {
    const { memory, live } = this.#ports;
    const { columns, timeZone } = this.#result;
    memory.times = display;
    const zone = displayZone(display, timeZone);
    this.#source.setZone(zone);
    this.#grid.setShownZone(columns, this.#context, zone);
    this.#showStats();
    this.#showFooter();
    const where = zone === undefined ? "in each column's own zone" : `in ${zone}`;
    live.say(`Times are shown ${where}`, `times ${display}`);
  }

  #resetColumns(): void {
    const { memory } = this.#ports;
    const { columns, timeZone } = this.#result;
    const { selection } = this.#grid;
    this.#grid.setColumnLayout(initialLayout(columns.length), 'All columns are shown again');
    memory.keepColumns(this.#columnsKey, undefined);
    const { top, left } = this.#grid.layout;
    const zone = displayZone(memory.times, timeZone);
    this.#grid.setColumns(columns, this.#context, zone, undefined);
    this.#grid.setRows(this.#rows);
    this.#grid.scrollTo({ top, left });
    this.#grid.setSelection({ ...selection, others: [] }, false);
    this.#showFooter();
  }

  #chooseColumns(): void {
    const shown = [...this.#grid.shownColumns];
    this.#ports.post({ type: 'pickColumns', resultId: this.#result.id, shown });
  }

  #showUnreadable(problem: string): void {
    const { notice } = this.#ports;
    notice.show(`Rows could not be read: ${problem}`, {
      title: 'Try again',
      onClick: () => {
        notice.hide();
        this.#source.retry();
      },
    });
  }
}
