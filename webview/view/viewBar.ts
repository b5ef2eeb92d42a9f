import type { ResultColumn } from '../../src/shared/columns.ts';
import { countOf, formatCount } from '../../src/shared/humanNumbers.ts';
import {
  isWhole,
  WHOLE,
  type ViewProblem,
  type ViewSnapshot,
  type ViewSpec,
} from '../../src/shared/resultView.ts';
import { button, iconButton, progressRing } from '../controls.ts';
import { element, icon } from '../dom.ts';
import { chipsOf, type Chip } from './viewModel.ts';

export interface ViewBarActions {
  onView: (view: ViewSpec) => void;
  /** Change the filter at this place. */
  onEdit: (filter: number) => void;
  onCancel: () => void;
  onAction: (id: string) => void;
  /** The problem has been read. */
  onDismiss: () => void;
  /** What had the focus is gone. */
  onLeave: () => void;
}

/** What the line tells of. */
export interface ShownBar {
  /** What is applied, or on its way. */
  view: ViewSpec;
  snapshot: ViewSnapshot | undefined;
  problem: ViewProblem | undefined;
  /** Rows of the result. */
  total: number;
  columns: readonly ResultColumn[];
}

/**
 * The line below the grid with what sorts and filters the rows: each of it can be removed. Below, because it comes and
 * goes: the second click of two on a header must not land on it.
 */
export class ViewBar {
  readonly element = element('div', {
    class: 'view-bar applied',
    role: 'group',
    'aria-label': 'Sort and filters',
  });
  readonly #actions: ViewBarActions;
  readonly #progress = element('span', { class: 'view-rows' });
  #key = '';

  constructor(actions: ViewBarActions) {
    this.#actions = actions;
    this.element.hidden = true;
  }

  show({ view, snapshot, problem, total, columns }: ShownBar): void {
    const working = snapshot?.working;
    this.element.hidden = isWhole(view) && problem === undefined;
    this.#progress.textContent = rowsText(snapshot, total);
    const key = JSON.stringify([snapshot?.id, view, working !== undefined, problem]);
    if (key === this.#key) return;
    this.#key = key;
    const hadFocus = this.element.contains(document.activeElement);
    const chips = chipsOf(view, columns);
    const parts: HTMLElement[] = [];
    if (problem) parts.push(...this.#problem(problem));
    if (chips.length > 0) {
      parts.push(element('ul', { class: 'chips' }, ...chips.map((chip) => this.#chip(chip))));
    }
    if (working) parts.push(progressRing());
    parts.push(this.#progress);
    if (working) {
      parts.push(button({ title: 'Cancel', icon: 'debug-stop', onClick: this.#actions.onCancel }));
    } else if (chips.length > 1) {
      const onClick = (): void => {
        this.#actions.onView(WHOLE);
      };
      parts.push(button({ title: 'Clear all', icon: 'clear-all', onClick }));
    }
    this.element.replaceChildren(...parts);
    if (!hadFocus) return;
    const next = this.element.querySelector<HTMLElement>('.chip button, vscode-button');
    if (this.element.hidden || !next) this.#actions.onLeave();
    else next.focus();
  }

  #chip({ text, icon: name, rest, filter }: Chip): HTMLElement {
    const { onView, onEdit } = this.#actions;
    const label =
      filter === undefined
        ? element('span', { class: 'chip-text', title: text }, text)
        : element(
            'button',
            {
              type: 'button',
              class: 'chip-text',
              title: `${text}\nChange the filter`,
              'aria-label': `Change the filter: ${text}`,
            },
            text,
          );
    if (filter !== undefined) {
      label.addEventListener('click', () => {
        onEdit(filter);
      });
    }
    const remove = element(
      'button',
      { type: 'button', class: 'chip-remove', title: 'Remove', 'aria-label': `Remove: ${text}` },
      icon('close'),
    );
    remove.addEventListener('click', () => {
      onView(rest);
    });
    return element('li', { class: 'chip' }, icon(name), label, remove);
  }

  #problem({ message, hint, actions }: ViewProblem): HTMLElement[] {
    const { onAction, onDismiss } = this.#actions;
    const text = hint === undefined ? message : `${message} ${hint}`;
    return [
      icon('warning'),
      element('span', { class: 'view-problem', title: text }, text),
      ...actions.map(({ id, title }) =>
        button({
          title,
          onClick: () => {
            onAction(id);
          },
        }),
      ),
      iconButton('close', 'Dismiss', onDismiss),
    ];
  }
}

function rowsText(snapshot: ViewSnapshot | undefined, total: number): string {
  if (!snapshot) return '';
  const { working, view, rows } = snapshot;
  if (working) {
    const percent = total === 0 ? 0 : Math.min(99, Math.floor((working.readRows / total) * 100));
    return percent === 0 ? 'Working…' : `Working… ${percent} % read`;
  }
  const filters = view.filters.length > 0 || view.search !== undefined;
  return filters ? `${formatCount(rows)} of ${countOf(total, 'row')}` : '';
}
