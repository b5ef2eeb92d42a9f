import type { ColumnStatistics } from '../../src/shared/columnStatistics.ts';
import { TOP_TEXT } from '../../src/shared/columnStatistics.ts';
import { formatCount } from '../../src/shared/humanNumbers.ts';
import type { ViewProblem } from '../../src/shared/resultView.ts';
import { button, iconButton } from '../controls.ts';
import { element } from '../dom.ts';
import { showUnseen } from '../grid/cellText.ts';
import type { ColumnInfo } from '../grid/columnInfo.ts';
import { Splitter } from '../inspector/splitter.ts';
import type { LiveRegion } from '../liveRegion.ts';
import type { PageMemory } from '../pageState.ts';
import { RequestError } from '../requests.ts';
import { histogram } from './histogram.ts';

export interface StatisticsPorts {
  memory: PageMemory;
  live: LiveRegion;
  ask: (
    column: number,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ) => Promise<ColumnStatistics>;
  /** Show only the rows with this text in the column. */
  onFilter: (column: number, text: string) => void;
  onAction: (id: string) => void;
  /** Closed while the focus was in it. */
  onLeave: () => void;
}

/** The pane beside the grid with the statistics of one column over the rows that are shown. */
export class StatisticsPane {
  readonly element = element('div', { class: 'inspector-place' });
  readonly #ports: StatisticsPorts;
  readonly #name = element('span', { class: 'inspected-name' });
  readonly #about = element('div', { class: 'inspected-about' });
  readonly #body = element('div', { class: 'value-body column-statistics', tabindex: '0' });
  readonly #pane: HTMLElement;
  #column: number | undefined;
  #info: ColumnInfo | undefined;
  #running = new AbortController();

  constructor(ports: StatisticsPorts) {
    this.#ports = ports;
    const pane = element('div', { class: 'inspector-pane' });
    const splitter = new Splitter(ports.memory.inspectorWidth, pane, (px) => {
      ports.memory.inspectorWidth = px;
    });
    const close = iconButton('close', 'Close', () => {
      this.close();
    });
    pane.append(
      element('div', { class: 'inspector-head' }, this.#name, close),
      this.#about,
      this.#body,
    );
    this.#pane = element(
      'aside',
      { class: 'inspector', 'aria-label': 'Column statistics' },
      splitter.element,
      pane,
    );
    this.#pane.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
  }

  /** @param column of the result */
  open(column: number, info: ColumnInfo): void {
    this.#column = column;
    this.#info = info;
    this.#name.textContent = info.name;
    this.#name.title = info.description;
    this.#about.textContent = info.type;
    this.#about.title = info.type;
    this.element.replaceChildren(this.#pane);
    this.again();
  }

  /** Other rows are shown. */
  again(): void {
    if (this.#column !== undefined) void this.#load(this.#column);
  }

  close(): void {
    if (this.#column === undefined) return;
    const hadFocus = this.element.contains(document.activeElement);
    this.#running.abort();
    this.#column = undefined;
    this.element.replaceChildren();
    if (hadFocus) this.#ports.onLeave();
  }

  dispose(): void {
    this.#running.abort();
  }

  async #load(column: number): Promise<void> {
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const { ask, live } = this.#ports;
    const waiting = element('p', { class: 'empty' }, 'Counting…');
    const onCancel = (): void => {
      this.close();
    };
    this.#body.ariaLabel = 'Statistics';
    this.#body.setAttribute('role', 'region');
    this.#body.replaceChildren(waiting, button({ title: 'Cancel', onClick: onCancel }));
    try {
      const found = await ask(column, signal, (fraction) => {
        waiting.textContent = `Counting… ${Math.floor(fraction * 100)} %`;
      });
      this.#body.replaceChildren(...this.#content(found));
      const { rows, nulls, distinct } = found;
      live.say(
        `${this.#info?.name ?? ''}: ${formatCount(rows)} rows, ${formatCount(nulls)} NULL, ${formatCount(distinct)} different values`,
        `statistics ${performance.now()}`,
      );
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      const problem = error instanceof RequestError ? error.problem : { message, actions: [] };
      this.#body.replaceChildren(...this.#problem(problem));
      live.say(message, `statistics ${performance.now()}`);
    }
  }

  #problem({ message, hint, actions }: ViewProblem): HTMLElement[] {
    const text = hint === undefined ? message : `${message} ${hint}`;
    const buttons = actions.map(({ id, title }) =>
      button({
        title,
        onClick: () => {
          this.#ports.onAction(id);
        },
      }),
    );
    return [element('p', { class: 'message' }, text), ...buttons];
  }

  #content(found: ColumnStatistics): HTMLElement[] {
    const parts = [facts(found)];
    if (found.histogram.length > 0) {
      parts.push(element('h2', {}, 'Distribution'), histogram(found.histogram));
    }
    const values = found.rows - found.nulls;
    if (values > 0) {
      parts.push(element('h2', {}, 'Most frequent values'));
      parts.push(
        found.top.length === 0
          ? element('p', { class: 'empty' }, 'Every value is different.')
          : this.#top(found),
      );
    }
    return parts;
  }

  #top({ column, rows, top }: ColumnStatistics): HTMLElement {
    const lines = top.map(({ text, rows: count }) => {
      const shown = text === '' ? 'empty text' : showUnseen(text);
      // A text that came cut is no value of the column.
      const isWhole = text.length < TOP_TEXT;
      const label = isWhole
        ? element(
            'button',
            { type: 'button', class: 'top-value', title: `Show only rows with ${shown}` },
            shown,
          )
        : element('span', { class: 'top-value', title: shown }, shown);
      if (isWhole) {
        label.addEventListener('click', () => {
          this.#ports.onFilter(column, text);
        });
      }
      return element(
        'tr',
        {},
        element('td', {}, label),
        element('td', { class: 'count' }, formatCount(count)),
        element('td', { class: 'count' }, share(count, rows)),
      );
    });
    const head = element(
      'tr',
      {},
      element('th', {}, 'Value'),
      element('th', { class: 'count' }, 'Rows'),
      element('th', { class: 'count' }, 'Share'),
    );
    return element('table', {}, element('thead', {}, head), element('tbody', {}, ...lines));
  }
}

/** Of all rows, NULL or not. */
function share(count: number, rows: number): string {
  const percent = (count / rows) * 100;
  return percent > 0 && percent < 0.1 ? '< 0.1 %' : `${percent.toFixed(1)} %`;
}

function facts(found: ColumnStatistics): HTMLElement {
  const { rows, nulls, nans, distinct, exact, min, max, mean } = found;
  const ofRows = (count: number): string =>
    rows === 0 || count === 0
      ? formatCount(count)
      : `${formatCount(count)} (${share(count, rows)})`;
  const lines: [string, string | undefined][] = [
    ['Rows', formatCount(rows)],
    ['NULL', ofRows(nulls)],
    ['NaN', nans === undefined ? undefined : ofRows(nans)],
    ['Different values', exact ? formatCount(distinct) : `about ${formatCount(distinct)}`],
    ['Lowest', min],
    ['Highest', max],
    ['Mean', mean],
  ];
  const list = element('dl', { class: 'facts' });
  for (const [name, text] of lines) {
    if (text === undefined) continue;
    const shown = showUnseen(text);
    list.append(element('dt', {}, name), element('dd', { title: shown }, shown));
  }
  return list;
}
