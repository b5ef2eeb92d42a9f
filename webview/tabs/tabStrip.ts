import type { ResultTab, RunState, WebviewMessage } from '../../src/shared/protocol.ts';
import { element, icon } from '../dom.ts';
import { tabAfterKey } from './tabKeys.ts';

const ENDED: Record<RunState, string> = {
  waiting: 'clock',
  running: 'loading',
  cancelling: 'loading',
  done: 'table',
  failed: 'error',
  cancelled: 'circle-slash',
};

const STATES: Record<RunState, string> = {
  waiting: 'waiting',
  running: 'running',
  cancelling: 'cancelling',
  done: '',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** The results to choose from: one for each statement of a script, and the pinned ones. */
export class TabStrip {
  readonly element = element('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Results' });
  readonly #post: (message: WebviewMessage) => void;
  readonly #panelId: string;
  #tabs: readonly ResultTab[] = [];
  #active = '';
  #key = '';

  /** @param panelId id of the element that shows the chosen result */
  constructor(panelId: string, post: (message: WebviewMessage) => void) {
    this.#panelId = panelId;
    this.#post = post;
    this.element.hidden = true;
    this.element.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
  }

  /** A single result needs no strip, unless it is pinned: that is told by it. */
  show(tabs: readonly ResultTab[] | undefined, active: string | undefined): void {
    const shown = tabs ?? [];
    // A strip that is made anew for each snapshot would lose the focus.
    const key = JSON.stringify([shown, active]);
    if (key === this.#key) return;
    this.#key = key;
    const hadFocus = this.element.contains(document.activeElement);
    const isNew = active !== this.#active;
    this.#tabs = shown;
    this.#active = active ?? '';
    this.element.hidden = shown.length < 2 && shown[0]?.pinned !== true;
    this.element.replaceChildren(...shown.map((tab) => this.#tab(tab)));
    const selected = this.element.querySelector<HTMLElement>('[aria-selected=true]');
    if (hadFocus) selected?.focus();
    if (isNew) selected?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #tab(tab: ResultTab): HTMLElement {
    const { id, title, source, state, complete, kind, pinned } = tab;
    const isActive = id === this.#active;
    const incomplete = state === 'done' && !complete && kind === 'rows';
    const name = state === 'done' && kind === 'message' ? 'check' : ENDED[state];
    const words = [
      title,
      source,
      STATES[state],
      incomplete ? 'not all rows' : '',
      pinned ? 'pinned' : '',
    ];
    const made = element(
      'div',
      {
        class: 'tab',
        role: 'tab',
        id: `tab-${id}`,
        title: `${title}\n${source}`,
        tabindex: isActive ? '0' : '-1',
        'aria-selected': String(isActive),
        'aria-controls': this.#panelId,
        'aria-label': words.filter((word) => word !== '').join(', '),
        'aria-keyshortcuts': 'Delete',
        'data-state': incomplete ? 'incomplete' : state,
      },
      icon(name),
      element('span', { class: 'tab-title' }, title),
      this.#mouseButton(pinned ? 'pinned' : 'close', pinned ? 'Unpin' : 'Close (Delete)', () => {
        this.#post(
          pinned
            ? { type: 'pin', resultId: id, pinned: false }
            : { type: 'closeTab', resultId: id },
        );
      }),
    );
    made.addEventListener('click', () => {
      if (!isActive) this.#post({ type: 'selectTab', resultId: id });
    });
    made.addEventListener('auxclick', (event) => {
      if (event.button === 1) this.#post({ type: 'closeTab', resultId: id });
    });
    return made;
  }

  /** For the mouse only: a tab may hold no control of its own; the keyboard has Delete, and the view's own buttons. */
  #mouseButton(name: string, title: string, onClick: () => void): HTMLElement {
    const made = element('span', { class: 'tab-button', title, 'aria-hidden': 'true' }, icon(name));
    made.addEventListener('click', (event) => {
      event.stopPropagation();
      onClick();
    });
    return made;
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.#tabs.findIndex(({ id }) => id === this.#active);
    if (event.key === 'Delete') {
      this.#post({ type: 'closeTab', resultId: this.#active });
    } else {
      const next = this.#tabs[tabAfterKey(event.key, at, this.#tabs.length) ?? -1];
      if (!next) return;
      this.#post({ type: 'selectTab', resultId: next.id });
    }
    event.preventDefault();
  }
}
