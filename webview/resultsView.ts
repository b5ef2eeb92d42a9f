import type { HostMessage, ResultSnapshot, WebviewMessage } from '../src/shared/protocol.ts';
import { asides } from './asides.ts';
import { ChartPane } from './chart/chartPane.ts';
import { ViewSwitch } from './chart/viewSwitch.ts';
import { element } from './dom.ts';
import { FileDrop } from './drop/fileDrop.ts';
import { errorPanel } from './errorPanel.ts';
import { gridKey } from './gridKeys.ts';
import { Header } from './header.ts';
import { LiveRegion } from './liveRegion.ts';
import { Notice } from './notice.ts';
import { textKey, type PageMemory } from './pageState.ts';
import { Requests } from './requests.ts';
import { ResultGrid } from './resultGrid.ts';
import { RowsBeside } from './rowsBeside.ts';
import { Saving } from './saving.ts';
import { announcement, isActive } from './stateText.ts';
import { StatisticsCard } from './statistics/statisticsCard.ts';
import { TabStrip } from './tabs/tabStrip.ts';

export interface ViewPorts {
  post: (message: WebviewMessage) => void;
  mac: boolean;
  memory: PageMemory;
}

const CONTENT = 'result';

/** The whole page. Everything it shows follows from one `show` message, so it can be rebuilt at any time. */
export class ResultsView {
  readonly #ports: ViewPorts;
  readonly #requests: Requests;
  readonly #live = new LiveRegion();
  readonly #notice = new Notice();
  readonly #header: Header;
  readonly #saving: Saving;
  readonly #statistics: StatisticsCard;
  readonly #above = element('div', { class: 'above' });
  readonly #content = element('div', { class: 'content', id: CONTENT });
  readonly #beside = new RowsBeside();
  readonly #tabs: TabStrip;
  readonly #drop: FileDrop;
  #result: ResultSnapshot | undefined;
  readonly #switch = new ViewSwitch((chart) => {
    this.#showAs(chart);
  });
  #shown: ResultGrid | undefined;
  #chart: ChartPane | undefined;
  #chartKey = '';
  #aboveKey = '';
  #wantsFocus = false;
  #announced = '';

  constructor(root: HTMLElement, ports: ViewPorts) {
    this.#ports = ports;
    this.#requests = new Requests(ports.post);
    this.#tabs = new TabStrip(CONTENT, ports.post);
    this.#drop = new FileDrop(ports.post);
    this.#header = new Header({
      onCancel: () => {
        this.#send((resultId) => ({ type: 'cancel', resultId }));
      },
      onSave: () => {
        this.#saveAs();
      },
      onStatistics: () => {
        this.#statistics.toggle();
      },
      views: this.#switch.element,
    });
    this.#statistics = new StatisticsCard({
      memory: ports.memory,
      post: ports.post,
      onToggle: (open) => {
        this.#header.showStatistics(open);
      },
    });
    this.#saving = new Saving(() => {
      this.#send((resultId) => ({ type: 'cancelSave', resultId }));
    });
    root.append(
      element('h1', { class: 'visually-hidden' }, 'Results'),
      this.#tabs.element,
      this.#header.element,
      this.#statistics.element,
      this.#saving.element,
      this.#above,
      this.#content,
      this.#beside.element,
      element(
        'p',
        { class: 'visually-hidden', id: 'grid-keys' },
        'Arrow keys move, Shift extends the selection, Shift+F8 adds to it. Space shows the whole value. Alt+Up and Down sort by the column, Shift adds it to the sort. Ctrl or Cmd+F finds a text, Ctrl+G goes to a row. Alt+Left and Right move the column, Alt+Shift+Left and Right change its width. The context menu has more.',
      ),
      this.#live.element,
      this.#notice.element,
      this.#drop.hint,
    );
    this.#showEmpty();
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case 'show':
        this.#tabs.show(message.tabs, message.result?.id);
        this.#show(message.result);
        break;
      case 'firstRows':
        this.#requests.offer(message);
        break;
      case 'window':
      case 'failed':
      case 'copied':
      case 'copying':
      case 'found':
      case 'columnStatistics':
      case 'cellSums':
      case 'working':
      case 'chart':
      case 'noChart':
      case 'charting':
        this.#requests.answer(message);
        break;
      case 'toggleStatistics':
        if (this.#statistics.toggle()) this.#statistics.element.focus();
        break;
      case 'showAs':
        this.#showAs(message.chart);
        break;
      case 'copyChart':
        if (this.#chart) void this.#chart.copy();
        else this.#notice.show('There is no chart to copy: show the result as a chart first.');
        break;
      case 'takeChart':
        void this.#sendChart(message.ticket);
        break;
      case 'chartSaved':
        this.#notice.show(`Chart saved as ${message.name}`);
        break;
      case 'takePiece':
        void this.#drop.answer(message);
        break;
      case 'endDrop':
        this.#drop.end(message.dropId);
        break;
      case 'engineRuns':
        this.#shown?.engineRuns();
        break;
      case 'showTimes':
        this.#ports.memory.times = message.display;
        this.#chart?.showTimes();
        this.#shown?.run(message);
        break;
      default:
        // What is for the rows shows them first.
        if (this.#chart) this.#showAs(false);
        this.#shown?.run(message);
    }
  }

  /** The page has the keyboard: what is in it takes the keys, or will as soon as it is there. */
  focus(): void {
    if (document.activeElement !== document.body) return;
    this.#wantsFocus = this.#shown === undefined && this.#chart === undefined;
    this.#shown?.focus();
    this.#chart?.focus();
  }

  copy(): void {
    if (this.#chart) void this.#chart.copy();
    else this.#shown?.copy('tsv', false);
  }

  #send(make: (resultId: string) => WebviewMessage): void {
    if (this.#result) this.#ports.post(make(this.#result.id));
  }

  #saveAs(): void {
    this.#send((resultId) => ({ type: 'saveAs', resultId }));
  }

  #show(result: ResultSnapshot | null): void {
    if (result === null) {
      this.#showEmpty();
      return;
    }
    if (result.id !== this.#result?.id) this.#notice.hide();
    this.#result = result;
    this.#ports.memory.keepResult(result.id);
    this.#header.element.hidden = false;
    this.#header.show(result);
    this.#saving.show(result);
    this.#statistics.show(result);
    this.#showAbove(result);
    this.#beside.show(result);
    if (result.columns.length > 0) this.#showRows(result);
    else this.#showLine(result);
    // Once when it changes, and from time to time while rows come: it must not cut off what else was said.
    const key = `${result.id} ${result.state} ${result.message ?? ''}`;
    if (key !== this.#announced || isActive(result)) this.#live.say(announcement(result), key);
    this.#announced = key;
  }

  #showEmpty(): void {
    this.#result = undefined;
    this.#dropGrid();
    this.#header.element.hidden = true;
    this.#saving.show({});
    this.#statistics.show(undefined);
    this.#beside.show(undefined);
    this.#above.replaceChildren();
    this.#aboveKey = '';
    const keys = this.#ports.mac ? ['⌘', 'Enter'] : ['Ctrl', 'Enter'];
    const [first = '', second = ''] = keys;
    this.#content.replaceChildren(
      element(
        'p',
        { class: 'empty' },
        'Run a statement with ',
        element('kbd', {}, first),
        '+',
        element('kbd', {}, second),
      ),
      element(
        'p',
        { class: 'empty' },
        'Or drop a data file here, holding Shift, to insert it into a table',
      ),
    );
  }

  #showLine(result: ResultSnapshot): void {
    this.#dropGrid();
    const text = result.message ?? '';
    this.#content.replaceChildren(
      ...(text === '' ? [] : [element('p', { class: 'message' }, text)]),
    );
  }

  #showAbove(result: ResultSnapshot): void {
    // A panel that is made anew for each snapshot would lose the focus and the selected text.
    const { id, error, actions, notice, message, limit, columns } = result;
    const shown = [error, actions, notice, message, limit, error && result.rows];
    const key = JSON.stringify([id, columns.length === 0, ...shown]);
    if (key === this.#aboveKey) return;
    this.#aboveKey = key;
    const onAction = (action: string): void => {
      this.#send((resultId) => ({ type: 'action', resultId, action }));
    };
    const panel = errorPanel(result, onAction);
    this.#above.replaceChildren(...(panel ? [panel] : []), ...asides(result, onAction));
    this.#above.classList.toggle('alone', result.columns.length === 0);
  }

  #showRows(result: ResultSnapshot): void {
    const { shown } = this.#ports.memory.chartOf(chartKey(result));
    this.#switch.show(shown);
    if (shown) this.#showChart(result);
    else this.#showGrid(result);
  }

  #showAs(chart: boolean): void {
    const result = this.#result;
    if (!result || result.columns.length === 0) return;
    const { memory } = this.#ports;
    const key = chartKey(result);
    const hadFocus = this.#shown?.hasFocus === true || this.#chart?.hasFocus === true;
    memory.keepChart(key, { ...memory.chartOf(key), shown: chart });
    this.#showRows(result);
    if (!hadFocus) return;
    this.#shown?.focus();
    this.#chart?.focus();
  }

  #showChart(result: ResultSnapshot): void {
    const key = JSON.stringify([result.id, result.columns]);
    if (this.#chart === undefined || this.#chartKey !== key) {
      this.#dropGrid();
      this.#chartKey = key;
      this.#chart = new ChartPane(result, chartKey(result), {
        ...this.#ports,
        requests: this.#requests,
        live: this.#live,
        notice: this.#notice,
      });
      this.#content.replaceChildren(this.#chart.element);
    }
    this.#chart.update(result);
  }

  async #sendChart(ticket: number): Promise<void> {
    const png = await this.#chart?.png().catch(() => undefined);
    this.#ports.post({ type: 'chartImage', ticket, ...(png && { png }) });
  }

  #showGrid(result: ResultSnapshot): void {
    if (this.#shown?.key !== gridKey(result)) this.#newGrid(result);
    this.#shown?.update(result);
  }

  #newGrid(result: ResultSnapshot): void {
    const hadFocus = this.#wantsFocus || this.#shown?.hasFocus === true;
    this.#dropGrid();
    this.#shown = new ResultGrid(result, {
      ...this.#ports,
      requests: this.#requests,
      live: this.#live,
      notice: this.#notice,
      onSave: () => {
        this.#saveAs();
      },
    });
    this.#shown.attach(this.#content);
    this.#wantsFocus = false;
    if (hadFocus) this.#shown.focus();
  }

  #dropGrid(): void {
    this.#shown?.dispose();
    this.#shown = undefined;
    this.#chart?.dispose();
    this.#chart = undefined;
  }
}

/** Results of the same statement are shown in the same way. */
const chartKey = ({ title, columns }: ResultSnapshot): string =>
  textKey(JSON.stringify(['chart', title, columns.map(({ name, type }) => [name, type])]));
