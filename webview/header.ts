import type { ResultSnapshot, RunState } from '../src/shared/protocol.ts';
import { button, iconButton, progressRing } from './controls.ts';
import { element, icon } from './dom.ts';
import { isActive, stateText } from './stateText.ts';
import { ProgressLine } from './statistics/progressLine.ts';
import { STATISTICS, hasStatistics } from './statistics/statisticsCard.ts';
import { percentRead, readText } from './statistics/progressParts.ts';

export interface HeaderActions {
  onCancel: () => void;
  onSave: () => void;
  onStatistics: () => void;
  /** How the rows are shown: a switch. */
  views: HTMLElement;
}

const ICONS: Record<RunState, string> = {
  waiting: '',
  running: '',
  cancelling: '',
  done: 'pass',
  failed: 'error',
  cancelled: 'circle-slash',
};

/** ms between updates of the elapsed time while the host is silent. */
const TICK_MS = 200;

/** The line above the grid: what ran, where, how it goes, and what can be done about it. */
export class Header {
  readonly element = element('header', { class: 'results-header' });
  readonly #status = element('span', { class: 'status-icon' });
  readonly #ring = progressRing();
  readonly #state = element('span', { class: 'state', id: 'run-state' });
  readonly #progress = new ProgressLine();
  readonly #title = element('span', { class: 'statement' });
  readonly #source = element('span', { class: 'source' });
  readonly #connection = element('span', { class: 'connection' });
  readonly #bar = element('div', {
    class: 'progress',
    role: 'progressbar',
    'aria-label': 'Rows read by the server',
    'aria-valuemin': '0',
    'aria-valuemax': '100',
  });
  readonly #filled = element('div', { class: 'progress-filled' });
  readonly #cancel;
  readonly #save;
  readonly #statistics;
  readonly #views: HTMLElement;
  #result: ResultSnapshot | undefined;
  #shownAt = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(actions: HeaderActions) {
    this.#cancel = button({
      title: 'Cancel',
      icon: 'debug-stop',
      primary: true,
      onClick: actions.onCancel,
    });
    this.#save = button({ title: 'Save results as…', icon: 'save', onClick: actions.onSave });
    this.#statistics = iconButton('pulse', 'Statistics of this run', actions.onStatistics);
    this.#statistics.setAttribute('aria-controls', STATISTICS);
    this.#views = actions.views;
    this.#bar.append(this.#filled);
    this.element.append(
      this.#status,
      this.#state,
      this.#progress.element,
      this.#title,
      element('span', { class: 'place' }, this.#source, this.#connection),
      element(
        'span',
        { class: 'buttons' },
        this.#views,
        this.#statistics,
        this.#cancel,
        this.#save,
      ),
      this.#bar,
    );
  }

  show(result: ResultSnapshot): void {
    this.#result = result;
    this.#shownAt = performance.now();
    this.#title.textContent = result.title;
    this.#title.title = `${result.title}\nQuery id: ${result.queryId}`;
    this.#source.textContent = result.source;
    this.#source.title = result.source;
    this.#connection.textContent = result.connection;
    this.#connection.title = result.connection;
    this.element.dataset['state'] = result.complete ? 'complete' : result.state;

    const active = isActive(result);
    const ended = ICONS[result.state];
    const name = result.state === 'done' && !result.complete ? 'warning' : ended;
    this.#status.replaceChildren(active ? this.#ring : icon(name));
    this.#cancel.hidden = !active;
    this.#cancel.disabled = result.state === 'cancelling';
    this.#save.hidden = result.columns.length === 0;
    this.#statistics.hidden = !hasStatistics(result);
    this.#views.hidden = result.columns.length === 0;

    const progress = isActive(result) ? result.progress : undefined;
    const percent = percentRead(progress);
    this.#progress.show(progress);
    this.#bar.hidden = percent === undefined;
    if (progress && percent !== undefined) {
      this.#filled.style.width = `${percent}%`;
      this.#bar.ariaValueNow = String(percent);
      this.#bar.ariaValueText = `${readText(progress)} (${percent} %)`;
    }
    this.#tick();
    if (active)
      this.#ticking ??= setInterval(() => {
        this.#tick();
      }, TICK_MS);
    else this.#stop();
  }

  /** Whether the statistics of the run are open. */
  showStatistics(open: boolean): void {
    this.#statistics.ariaExpanded = String(open);
  }

  dispose(): void {
    this.#stop();
    this.element.remove();
  }

  #stop(): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  #tick(): void {
    if (!this.#result) return;
    const since = isActive(this.#result) ? performance.now() - this.#shownAt : 0;
    const text = stateText(this.#result, this.#result.elapsedMs + since);
    if (this.#state.textContent === text) return;
    this.#state.textContent = text;
    // A narrow view cuts it.
    this.#state.title = text;
  }
}
