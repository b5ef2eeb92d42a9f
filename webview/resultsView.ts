import { zoneOffsets } from '../src/core/types/format/tableZones.ts';
import { countOf, formatCount } from '../src/shared/humanNumbers.ts';
import type { HostMessage, ResultSnapshot, WebviewMessage } from '../src/shared/protocol.ts';
import { element } from './dom.ts';
import { asides } from './asides.ts';
import { errorPanel } from './errorPanel.ts';
import { copyRange, MAX_COPY_CELLS } from './grid/copyRange.ts';
import { GridView, type ScrollPosition } from './grid/gridView.ts';
import { RowSource } from './grid/rowSource.ts';
import type { CellRange } from './grid/selectionModel.ts';
import { cellCount } from './grid/selectionModel.ts';
import { Header } from './header.ts';
import { LiveRegion } from './liveRegion.ts';
import { Notice } from './notice.ts';
import { Requests } from './requests.ts';
import { Saving } from './saving.ts';
import { announcement, isActive } from './stateText.ts';
import type { PageState } from './vscodeApi.ts';

export interface ViewPorts {
  post: (message: WebviewMessage) => void;
  mac: boolean;
  saved: PageState | undefined;
  save: (state: PageState) => void;
}

/** The grid of one result and the cells behind it; replaced as a whole when another result is shown. */
interface ShownGrid {
  key: string;
  grid: GridView;
  source: RowSource;
  abort: AbortController;
}

/** The whole page. Everything it shows follows from one `show` message, so it can be rebuilt at any time. */
export class ResultsView {
  readonly #ports: ViewPorts;
  readonly #requests: Requests;
  readonly #live = new LiveRegion();
  readonly #notice = new Notice();
  readonly #header: Header;
  readonly #saving: Saving;
  readonly #above = element('div', { class: 'above' });
  readonly #content = element('div', { class: 'content' });
  #result: ResultSnapshot | undefined;
  #shown: ShownGrid | undefined;
  #restore: PageState | undefined;
  #aboveKey = '';
  #wantsFocus = false;

  constructor(root: HTMLElement, ports: ViewPorts) {
    this.#ports = ports;
    this.#restore = ports.saved;
    this.#requests = new Requests(ports.post);
    this.#header = new Header({
      onCancel: () => {
        this.#send((resultId) => ({ type: 'cancel', resultId }));
      },
      onSave: () => {
        this.#saveAs();
      },
    });
    this.#saving = new Saving(() => {
      this.#send((resultId) => ({ type: 'cancelSave', resultId }));
    });
    root.append(
      element('h1', { class: 'visually-hidden' }, 'Results'),
      this.#header.element,
      this.#saving.element,
      this.#above,
      this.#content,
      element(
        'p',
        { class: 'visually-hidden', id: 'grid-keys' },
        'Arrow keys move, Shift extends the selection, Alt+Shift+Left and Right change the column width.',
      ),
      this.#live.element,
      this.#notice.element,
    );
    this.#showEmpty();
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case 'show':
        this.#show(message.result);
        break;
      case 'window':
      case 'failed':
        this.#requests.answer(message);
        break;
      case 'focus':
        this.#wantsFocus = this.#shown === undefined;
        this.#shown?.grid.element.focus();
        break;
    }
  }

  copy(): void {
    this.#shown?.grid.copy();
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
    this.#header.element.hidden = false;
    this.#header.show(result);
    this.#saving.show(result);
    this.#showAbove(result);
    if (result.columns.length > 0) this.#showGrid(result);
    else this.#showLine(result);
    this.#live.say(announcement(result), `${result.id} ${result.state} ${result.message ?? ''}`);
  }

  #showEmpty(): void {
    this.#result = undefined;
    this.#dropGrid();
    this.#header.element.hidden = true;
    this.#saving.show({});
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
    const { id, error, actions, notice, message } = result;
    const key = JSON.stringify([id, error, actions, notice, message, error && result.rows]);
    if (key === this.#aboveKey) return;
    this.#aboveKey = key;
    const panel = errorPanel(result, (action) => {
      this.#send((resultId) => ({ type: 'action', resultId, action }));
    });
    this.#above.replaceChildren(...(panel ? [panel] : []), ...asides(result));
    this.#above.classList.toggle('alone', result.columns.length === 0);
  }

  #showGrid(result: ResultSnapshot): void {
    const key = JSON.stringify([result.id, result.timeZone, result.columns]);
    if (this.#shown?.key !== key) this.#newGrid(result, key);
    const shown = this.#shown;
    if (!shown) return;
    shown.grid.setRows(result.rows);
    this.#restorePosition(result);
    shown.grid.element.classList.toggle('no-rows', result.rows === 0 && !isActive(result));
  }

  #newGrid(result: ResultSnapshot, key: string): void {
    const hadFocus = this.#wantsFocus || this.#shown?.grid.element === document.activeElement;
    this.#dropGrid();
    const source = new RowSource({
      resultId: result.id,
      columns: result.columns,
      context: { timeZone: result.timeZone, zones: zoneOffsets(result.zones) },
      requests: this.#requests,
      onArrived: () => {
        grid.dataArrived();
      },
      onFailed: (problem) => {
        this.#notice.show(`Rows could not be read: ${problem}`, {
          title: 'Try again',
          onClick: () => {
            this.#notice.hide();
            source.retry();
          },
        });
      },
    });
    const grid: GridView = new GridView({
      source,
      mac: this.#ports.mac,
      onView: (view) => {
        source.show(view, this.#result?.rows ?? 0);
      },
      onCopy: (range) => {
        void this.#copy(range);
      },
      onScrolled: (position) => {
        this.#savePosition(position);
      },
    });
    this.#shown = { key, grid, source, abort: new AbortController() };
    this.#content.replaceChildren(
      grid.element,
      element('p', { class: 'none', 'aria-hidden': 'true' }, 'No rows'),
    );
    grid.setColumns(result.columns, result.timeZone);
    this.#wantsFocus = false;
    if (hadFocus) grid.element.focus();
  }

  #dropGrid(): void {
    this.#shown?.abort.abort();
    this.#shown?.source.dispose();
    this.#shown?.grid.dispose();
    this.#shown = undefined;
  }

  #restorePosition(result: ResultSnapshot): void {
    if (!this.#restore) return;
    const { resultId, top, left } = this.#restore;
    this.#restore = undefined;
    if (resultId === result.id) this.#shown?.grid.scrollTo({ top, left });
  }

  #savePosition({ top, left }: ScrollPosition): void {
    if (this.#result) this.#ports.save({ resultId: this.#result.id, top, left });
  }

  async #copy(range: CellRange): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    shown.abort.abort();
    shown.abort = new AbortController();
    const { signal } = shown.abort;
    try {
      const copied = await copyRange(range, (...query) => shown.source.read(...query), signal);
      if (copied.kind === 'tooLarge') {
        this.#notice.show(
          `${formatCount(cellCount(range))} cells are too many to copy; at most ${formatCount(MAX_COPY_CELLS)} go through the clipboard. Save the result to a file instead.`,
          {
            title: 'Save results as…',
            onClick: () => {
              this.#saveAs();
            },
          },
        );
        return;
      }
      this.#ports.post({ type: 'copy', text: copied.text });
      const text = `${countOf(copied.cells, 'cell')} copied`;
      this.#notice.show(text);
      this.#live.say(text, `copy ${performance.now()}`);
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Error ? error.message : String(error);
      this.#notice.show(`Nothing was copied: ${problem}`);
    }
  }
}
