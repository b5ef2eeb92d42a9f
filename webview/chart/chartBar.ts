import {
  type AskedChart,
  type Chart,
  CHART_AGGREGATES,
  CHART_KINDS,
  type ChartAggregate,
  type ChartKind,
  type ColumnRole,
  NO_SERIES,
  X_ROLES,
} from '../../src/shared/chart.ts';
import type { ResultColumn } from '../../src/shared/columns.ts';
import { iconButton, select, type ButtonElement } from '../controls.ts';
import { element } from '../dom.ts';

export interface ChartBarActions {
  onAsk: (asked: AskedChart) => void;
  onTable: () => void;
  onCopy: () => void;
  onSave: () => void;
}

const KINDS: Record<ChartKind, string> = {
  line: 'Line',
  area: 'Area',
  bar: 'Bars',
  scatter: 'Points',
  histogram: 'Histogram',
};

const AGGREGATES: Record<ChartAggregate, string> = {
  each: 'Each value',
  sum: 'Sum',
  avg: 'Average',
  min: 'Lowest',
  max: 'Highest',
  median: 'Median',
  count: 'Number of rows',
};

/** What is drawn, and what can be done with it: the line above a chart. */
export class ChartBar {
  readonly element = element('div', { class: 'chart-bar', role: 'toolbar', 'aria-label': 'Chart' });
  readonly #columns: readonly ResultColumn[];
  readonly #actions: ChartBarActions;
  readonly #choices = element('div', { class: 'chart-choices' });
  readonly #table: ButtonElement;
  readonly #copy: ButtonElement;
  readonly #save: ButtonElement;

  constructor(columns: readonly ResultColumn[], actions: ChartBarActions) {
    this.#columns = columns;
    this.#actions = actions;
    this.#table = iconButton('list-flat', 'Show data', actions.onTable);
    this.#copy = iconButton('copy', 'Copy chart', actions.onCopy);
    this.#save = iconButton('save', 'Save chart as PNG…', actions.onSave);
    this.element.append(
      this.#choices,
      element('div', { class: 'chart-actions' }, this.#table, this.#copy, this.#save),
    );
    this.showDrawn(false, false);
  }

  /** @param isDrawn there is something to copy and save @param isTable the data are shown */
  showDrawn(isDrawn: boolean, isTable: boolean): void {
    this.#table.setAttribute('aria-pressed', String(isTable));
    this.#table.disabled = !isDrawn;
    this.#copy.disabled = !isDrawn;
    this.#save.disabled = !isDrawn;
  }

  /** Where nothing is drawn, another kind can still be chosen. */
  showKinds(kind: ChartKind | undefined): void {
    const made = this.#kindChoice(kind);
    if (kind === undefined) made.value = '';
    this.#keepingFocus(() => {
      this.#choices.replaceChildren(this.#labelled('Chart', made));
    });
  }

  show({ spec, roles }: Chart): void {
    const { kind, x, y, aggregate, series } = spec;
    const ask = (change: AskedChart): void => {
      this.#actions.onAsk({ ...spec, ...change });
    };
    const choices = [
      this.#labelled('Chart', this.#kindChoice(kind)),
      this.#labelled(
        'X',
        this.#columnChoice('X axis', this.#withRole(roles, X_ROLES[kind]), x, (column) => {
          // How values are put together depends on what they are put together by.
          this.#actions.onAsk({ kind, x: column, y, series });
        }),
      ),
    ];
    if (kind !== 'histogram') {
      const numbers = this.#withRole(roles, ['number']).filter((column) => column !== x);
      choices.push(this.#labelled('Y', this.#yChoice(numbers, spec.y, kind, series, ask)));
    }
    if (kind === 'line' || kind === 'area' || kind === 'bar') {
      const possible = CHART_AGGREGATES.filter((one) =>
        y.length === 0 ? one === 'count' : one !== 'each' || kind !== 'bar',
      );
      const made = select(
        'Values that fall together',
        possible.map((one) => [one, AGGREGATES[one]]),
        (value) => {
          const chosen = possible.find((one) => one === value);
          if (chosen) ask({ aggregate: chosen });
        },
      );
      made.value = aggregate;
      choices.push(made);
    }
    const categories = this.#withRole(roles, ['category']).filter((column) => column !== x);
    if (kind !== 'histogram' && categories.length > 0) {
      const offered = [NO_SERIES, ...categories];
      const made = this.#columnChoice('Split by', offered, series, (column) => {
        this.#actions.onAsk({ kind, x, y, series: column });
      });
      choices.push(this.#labelled('Split by', made));
    }
    this.#keepingFocus(() => {
      this.#choices.replaceChildren(...choices);
    });
  }

  #withRole(roles: readonly ColumnRole[], wanted: readonly ColumnRole[]): number[] {
    return [...roles.keys()].filter((i) => wanted.includes(roles[i] ?? 'none'));
  }

  #kindChoice(kind: ChartKind | undefined): HTMLElement & { value: string } {
    const made = select(
      'Kind of chart',
      CHART_KINDS.map((one) => [one, KINDS[one]]),
      (value) => {
        const chosen = CHART_KINDS.find((one) => one === value);
        // Another kind has other columns that suit it.
        if (chosen) this.#actions.onAsk({ kind: chosen });
      },
    );
    if (kind) made.value = kind;
    return made;
  }

  #columnChoice(
    title: string,
    columns: readonly number[],
    chosen: number,
    onChoose: (column: number) => void,
  ): HTMLElement {
    const made = select(
      title,
      columns.map((column) => [String(column), this.#nameOf(column)]),
      (value) => {
        onChoose(Number(value));
      },
    );
    made.value = String(chosen);
    return made;
  }

  /** Several columns where each is a line or a row of bars of its own, else one. */
  #yChoice(
    numbers: readonly number[],
    chosen: readonly number[],
    kind: ChartKind,
    series: number,
    ask: (change: AskedChart) => void,
  ): HTMLElement {
    if (series !== NO_SERIES || numbers.length < 2) {
      const offered = kind === 'scatter' ? numbers : [...numbers, -1];
      const made = select(
        'Y axis',
        offered.map((column) => [
          String(column),
          column < 0 ? 'Number of rows' : this.#nameOf(column),
        ]),
        (value) => {
          ask({ y: Number(value) < 0 ? [] : [Number(value)], ...reset(chosen) });
        },
      );
      made.value = String(chosen[0] ?? -1);
      return made;
    }
    return this.#severalChoice(numbers, chosen, (y) => {
      ask({ y, ...reset(chosen) });
    });
  }

  #severalChoice(
    numbers: readonly number[],
    chosen: readonly number[],
    onChoose: (columns: number[]) => void,
  ): HTMLElement {
    const title = chosen.map((column) => this.#nameOf(column)).join(', ');
    const boxes = numbers.map((column) => {
      const box = element('input', { type: 'checkbox', value: String(column) });
      box.checked = chosen.includes(column);
      return element('label', {}, box, this.#nameOf(column));
    });
    const list = element(
      'div',
      { class: 'chart-columns', role: 'group', 'aria-label': 'Y axis' },
      ...boxes,
    );
    const summary = element(
      'summary',
      { class: 'select', title: 'Y axis', 'aria-label': `Y axis: ${title || 'Number of rows'}` },
      title === '' ? 'Number of rows' : title,
    );
    const made = element('details', { class: 'chart-several' }, summary, list);
    list.addEventListener('change', () => {
      const checked = [...list.querySelectorAll('input')].filter((box) => box.checked);
      onChoose(checked.map((box) => Number(box.value)));
    });
    made.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !made.open) return;
      made.open = false;
      summary.focus();
    });
    made.addEventListener('focusout', (event) => {
      if (event.relatedTarget instanceof Node && !made.contains(event.relatedTarget)) {
        made.open = false;
      }
    });
    return made;
  }

  #labelled(text: string, control: HTMLElement): HTMLElement {
    // The control has a name of its own, which says more.
    return element(
      'span',
      { class: 'chart-choice' },
      element('span', { 'aria-hidden': 'true' }, text),
      control,
    );
  }

  #nameOf(column: number): string {
    return column === NO_SERIES ? 'Nothing' : (this.#columns[column]?.name ?? '');
  }

  /** The controls are made anew with each chart; who works with one of them must not lose it. */
  #keepingFocus(change: () => void): void {
    const focused = document.activeElement;
    const key =
      focused instanceof HTMLElement && this.#choices.contains(focused) ? keyOf(focused) : '';
    const wasOpen = this.#choices.querySelector('details')?.open === true;
    change();
    const details = this.#choices.querySelector('details');
    if (details && wasOpen) details.open = true;
    if (key === '') return;
    for (const control of this.#choices.querySelectorAll<HTMLElement>('select, summary, input')) {
      if (keyOf(control) === key) control.focus();
    }
  }
}

/** Without y columns there is only the count, which says nothing about the columns that come after it. */
const reset = (before: readonly number[]): AskedChart =>
  before.length === 0 ? { aggregate: 'avg' } : {};

const keyOf = (control: HTMLElement): string =>
  `${control.tagName} ${control.title} ${control instanceof HTMLInputElement ? control.value : ''}`;
