import type { TimeDisplay } from '../../src/shared/gridCommand.ts';
import { formatCount } from '../../src/shared/humanNumbers.ts';
import { button, iconButton, progressRing, select, type ButtonElement } from '../controls.ts';
import { element } from '../dom.ts';
import type { ShownStats, StatsAction } from './statsLine.ts';

export interface FooterActions {
  onTimes: (display: TimeDisplay) => void;
  onColumns: () => void;
  onInspect: () => void;
  onFind: () => void;
  onFilter: () => void;
  /** What had the focus is gone. */
  onLeave: () => void;
}

export interface TimeChoice {
  display: TimeDisplay;
  title: string;
}

/** The line below the grid: what is selected adds up to, and how the grid is shown. */
export class Footer {
  readonly element = element('footer', { class: 'results-footer' });
  readonly #stats = element('span', { class: 'stats' });
  readonly #statsAction = element('span', { class: 'stats-action' });
  readonly #times: HTMLElement & { value: string };
  readonly #timesBox: HTMLElement;
  readonly #hidden = element('span', { class: 'hidden-columns' });
  readonly #inspect: ButtonElement;
  readonly #onLeave: () => void;
  #onStatsAction: (() => void) | undefined;

  constructor(times: readonly TimeChoice[], actions: FooterActions) {
    this.#onLeave = actions.onLeave;
    this.#times = select(
      'Time zone of the times on screen',
      times.map(({ display, title }) => [display, title]),
      (value) => {
        const chosen = times.find(({ display }) => display === value);
        if (chosen) actions.onTimes(chosen.display);
      },
    );
    this.#timesBox = element('span', { class: 'times' }, this.#times);
    this.#inspect = iconButton('layout-sidebar-right', 'Show the whole value', actions.onInspect);
    this.#inspect.setAttribute('aria-pressed', 'false');
    this.element.append(
      this.#stats,
      this.#statsAction,
      this.#hidden,
      this.#timesBox,
      iconButton('search', 'Find in result', actions.onFind),
      iconButton('filter', 'Filter rows', actions.onFilter),
      iconButton('list-filter', 'Choose columns', actions.onColumns),
      this.#inspect,
    );
  }

  showStats({ text, more = '', working = false, action }: ShownStats): void {
    if (this.#stats.textContent !== text) this.#stats.textContent = text;
    this.#stats.title = more;
    // A button that is made anew for each step of the progress could not be pressed.
    const key = `${working} ${action?.title ?? ''}`;
    this.#onStatsAction = action?.onClick;
    if (this.#statsAction.dataset['key'] === key) return;
    this.#statsAction.dataset['key'] = key;
    const hadFocus = this.#statsAction.contains(document.activeElement);
    const made = action && this.#statsButton(action, working);
    this.#statsAction.replaceChildren(
      ...(working ? [progressRing()] : []),
      ...(made ? [made] : []),
    );
    if (!hadFocus) return;
    if (made) made.focus();
    else this.#onLeave();
  }

  #statsButton({ icon, title }: StatsAction, working: boolean): ButtonElement {
    const onClick = (): void => this.#onStatsAction?.();
    if (working) return iconButton(icon, title, onClick);
    const made = button({ icon, title, onClick });
    // Its text is not there in a narrow panel.
    made.title = title;
    return made;
  }

  showHidden(columns: number): void {
    this.#hidden.textContent = columns === 0 ? '' : `${formatCount(columns)} hidden`;
  }

  /** @param any whether the result has times at all */
  showTimes(display: TimeDisplay, any: boolean): void {
    this.#timesBox.hidden = !any;
    this.#times.value = display;
  }

  showInspecting(open: boolean): void {
    this.#inspect.setAttribute('aria-pressed', String(open));
  }
}
