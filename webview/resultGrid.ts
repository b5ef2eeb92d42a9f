import { zoneOffsets } from '../src/core/types/format/tableZones.ts';
import type { ReadContext } from '../src/core/types/format/valueReader.ts';
import type { CopyFormat, TimeDisplay } from '../src/shared/gridCommand.ts';
import { isWhole, WHOLE, type CellSearch } from '../src/shared/resultView.ts';
import type { HostMessage, ResultSnapshot, WebviewMessage } from '../src/shared/protocol.ts';
import { columnCommand } from './columnCommand.ts';
import { CellCopy } from './cellCopy.ts';
import { element } from './dom.ts';
import { CellPane } from './inspector/cellPane.ts';
import { Footer } from './footer/footer.ts';
import { StatsLine } from './footer/statsLine.ts';
import { blocksOf } from './grid/blocks.ts';
import { initialLayout } from './grid/columnLayout.ts';
import type { ColumnState } from './grid/columnState.ts';
import { GridView } from './grid/gridView.ts';
import { selectedParts, selectionOf, type GridPlace } from './grid/gridPlace.ts';
import { RowSource } from './grid/rowSource.ts';
import { selectCell, selectedRanges, type CellPosition } from './grid/selectionModel.ts';
import { displayZone, localZone } from './grid/timeDisplay.ts';
import type { LiveRegion } from './liveRegion.ts';
import type { Notice } from './notice.ts';
import { textKey, type PageMemory } from './pageState.ts';
import type { Requests } from './requests.ts';
import { StatisticsPane } from './columnStatistics/statisticsPane.ts';
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

/** Commands of the host that are for the grid. */
export type GridMessage = Extract<
  HostMessage,
  {
    type:
      | 'copyCells'
      | 'columns'
      | 'resetColumns'
      | 'autosizeColumns'
      | 'chooseColumns'
      | 'showTimes'
      | 'inspect'
      | 'sort'
      | 'filter'
      | 'filterByValue'
      | 'clearView'
      | 'findInResult'
      | 'goToRow'
      | 'showColumnStatistics';
  }
>;

/** What tells one grid from another: the same key means the same rows in the same columns. */
export function gridKey({ id, timeZone, columns }: ResultSnapshot): string {
  return JSON.stringify([id, timeZone, columns]);
}

/** Rows that are sorted and filtered in the same way are the same ones, also after the window was loaded again. */
const placeKey = (resultId: string, view = WHOLE): string =>
  isWhole(view) ? resultId : `${resultId} ${textKey(JSON.stringify(view))}`;

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
  readonly #pane: CellPane;
  readonly #copy: CellCopy;
  readonly #controls: ViewControls;
  readonly #statistics: StatisticsPane;
  readonly #area = element('div', { class: 'grid-area' });
  #rows = 0;
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
    this.#columnsKey = textKey(
      JSON.stringify([result.title, columns.map(({ name, type }) => [name, type])]),
    );
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
        this.#toggleValue();
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
      ask: (blocks, signal, onProgress) => {
        const zone = displayZone(ports.memory.times, timeZone);
        const query = { resultId, blocks, ...(zone !== undefined && { zone }), ...rowsId() };
        return ports.requests.sums(query, signal, onProgress);
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
    this.#pane = new CellPane({
      ...ports,
      resultId,
      rowsId,
      columns,
      context: this.#context,
      onOpen: (open) => {
        this.#footer.showInspecting(open);
      },
      onCopy: (block) => {
        void this.#copy.copy([block], 'tsv', false);
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
      read: (cell) => this.#pane.valueOf(cell),
    });
    this.#statistics = new StatisticsPane({
      ...ports,
      ask: (column, signal, onProgress) =>
        ports.requests.statistics({ resultId, column, ...rowsId() }, signal, onProgress),
      onFilter: (column, text) => {
        this.#controls.filter({ column, operator: 'equal', values: [text] });
      },
      onAction: (action) => {
        ports.post({ type: 'action', resultId, action });
      },
      onLeave: () => {
        this.focus();
      },
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
      element(
        'div',
        { class: 'result-row' },
        this.#area,
        this.#pane.element,
        this.#statistics.element,
      ),
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
    if (!isActive(result)) this.#stats.allCame();
    this.#showView(result);
    this.#grid.setRows(rows);
    if (place && rows > 0) this.#returnTo(place);
    this.#grid.element.classList.toggle('no-rows', rows === 0 && !isActive(result));
    this.#controls.update(result);
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
    switch (message.type) {
      case 'copyCells':
        this.copy(message.format, message.header);
        break;
      case 'columns':
        columnCommand(this.#grid, message.command, message.columns);
        break;
      case 'resetColumns':
        this.#resetColumns();
        break;
      case 'autosizeColumns':
        this.#grid.autosize(this.#grid.shownColumns);
        break;
      case 'chooseColumns':
        this.#chooseColumns();
        break;
      case 'showTimes':
        this.#showTimes(message.display);
        break;
      case 'inspect':
        this.#toggleValue();
        break;
      case 'sort': {
        const [column = this.#activeColumn] = message.columns ?? [];
        this.#controls.sort(column, message.direction, message.add);
        break;
      }
      case 'filter': {
        const { column = this.#activeColumn, operator, values = [] } = message;
        if (operator === undefined) this.#controls.writeFilter(column);
        else this.#controls.filter({ column, operator, values });
        break;
      }
      case 'filterByValue':
        if (this.#activeCell) {
          void this.#controls.filterByValue(this.#activeCell, message.exclude);
        }
        break;
      case 'clearView':
        this.#controls.clear();
        break;
      case 'findInResult':
        this.#controls.find(message.text);
        break;
      case 'goToRow': {
        const { column } = this.#grid.selection.focus;
        const row = Math.min(message.row, this.#rows - 1);
        if (row >= 0) this.#grid.setSelection(selectCell({ row, column }), true);
        break;
      }
      case 'showColumnStatistics': {
        const { column = this.#activeColumn } = message;
        const info = this.#grid.infos[column];
        if (!info) break;
        this.#pane.close();
        this.#statistics.open(column, info);
        break;
      }
    }
  }

  dispose(): void {
    this.#copy.dispose();
    this.#controls.dispose();
    this.#statistics.dispose();
    this.#stats.dispose();
    this.#pane.dispose();
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
        const { size, shownColumns, infos } = grid;
        if (selection.adding !== adding) {
          adding = selection.adding;
          live.say(
            adding ? 'Adding to the selection' : 'No longer adding to the selection',
            `adding ${performance.now()}`,
          );
        }
        this.#keepPlace({ selected: selectedParts(selection) });
        this.#stats.show(blocksOf(selectedRanges(selection, size), shownColumns), infos);
        const column = shownColumns[selection.focus.column];
        const isCell = column !== undefined && size.rows > 0;
        this.#showMenuContext(column);
        this.#pane.follow(isCell ? { row: selection.focus.row, column } : undefined);
      },
      onCopy: (header) => {
        this.copy('tsv', header);
      },
      onInspect: () => {
        this.#toggleValue();
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
        this.#pane.close();
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

  #toggleValue(): void {
    this.#statistics.close();
    this.#pane.toggle();
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
    this.#pane.again();
    this.#statistics.again();
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

/** What VS Code's context menu depends on (`webview/context` in package.json). */
function menuContext(
  rowhouseResult: string,
  rowhousePinned: boolean,
  rowhouseDerived: boolean,
): string {
  return JSON.stringify({
    webviewSection: 'cells',
    preventDefaultContextMenuItems: true,
    rowhouseResult,
    rowhousePinned,
    rowhouseDerived,
  });
}

function timeChoices(serverZone: string): { display: TimeDisplay; title: string }[] {
  return [
    { display: 'column', title: "Times: column's zone" },
    { display: 'server', title: `Times: server (${serverZone})` },
    { display: 'utc', title: 'Times: UTC' },
    { display: 'local', title: `Times: local (${localZone()})` },
  ];
}
