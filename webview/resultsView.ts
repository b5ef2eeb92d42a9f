import type { HostMessage, ResultSnapshot, WebviewMessage } from '../src/shared/protocol.ts';
import { asides } from './asides.ts';
import { element } from './dom.ts';
import { errorPanel } from './errorPanel.ts';
import { Header } from './header.ts';
import { LiveRegion } from './liveRegion.ts';
import { Notice } from './notice.ts';
import type { PageMemory } from './pageState.ts';
import { Requests } from './requests.ts';
import { gridKey, ResultGrid } from './resultGrid.ts';
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
  readonly #tabs: TabStrip;
  #result: ResultSnapshot | undefined;
  #shown: ResultGrid | undefined;
  #aboveKey = '';
  #wantsFocus = false;
  #announced = '';

  constructor(root: HTMLElement, ports: ViewPorts) {
    this.#ports = ports;
    this.#requests = new Requests(ports.post);
    this.#tabs = new TabStrip(CONTENT, ports.post);
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
      element(
        'p',
        { class: 'visually-hidden', id: 'grid-keys' },
        'Arrow keys move, Shift extends the selection, Shift+F8 adds to it. Space shows the whole value. Alt+Up and Down sort by the column, Shift adds it to the sort. Ctrl or Cmd+F finds a text. Alt+Left and Right move the column, Alt+Shift+Left and Right change its width. The context menu has more.',
      ),
      this.#live.element,
      this.#notice.element,
    );
    this.#showEmpty();
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case 'show':
        this.#tabs.show(message.tabs, message.result?.id);
        this.#show(message.result);
        break;
      case 'window':
      case 'failed':
      case 'copied':
      case 'copying':
      case 'found':
      case 'columnStatistics':
      case 'working':
        this.#requests.answer(message);
        break;
      case 'toggleStatistics':
        if (this.#statistics.toggle()) this.#statistics.element.focus();
        break;
      case 'focus':
        this.#wantsFocus = this.#shown === undefined;
        this.#shown?.focus();
        break;
      default:
        this.#shown?.run(message);
    }
  }

  copy(): void {
    this.#shown?.copy('tsv', false);
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
    if (result.columns.length > 0) this.#showGrid(result);
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
    const { id, error, actions, notice, message, limit } = result;
    const key = JSON.stringify([id, error, actions, notice, message, limit, error && result.rows]);
    if (key === this.#aboveKey) return;
    this.#aboveKey = key;
    const onAction = (action: string): void => {
      this.#send((resultId) => ({ type: 'action', resultId, action }));
    };
    const panel = errorPanel(result, onAction);
    this.#above.replaceChildren(...(panel ? [panel] : []), ...asides(result, onAction));
    this.#above.classList.toggle('alone', result.columns.length === 0);
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
  }
}
