import { element, icon } from '../dom.ts';

/** Grid or chart: how the rows of a result are shown. */
export class ViewSwitch {
  readonly element = element('div', { class: 'view-switch', role: 'group', 'aria-label': 'View' });
  readonly #grid: HTMLElement;
  readonly #chart: HTMLElement;

  constructor(onChoose: (chart: boolean) => void) {
    this.#grid = choice('table', 'Grid', () => {
      onChoose(false);
    });
    this.#chart = choice('graph-line', 'Chart', () => {
      onChoose(true);
    });
    this.element.append(this.#grid, this.#chart);
    this.show(false);
  }

  show(chart: boolean): void {
    this.#grid.ariaPressed = String(!chart);
    this.#chart.ariaPressed = String(chart);
  }
}

function choice(name: string, title: string, onClick: () => void): HTMLElement {
  const made = element(
    'button',
    { type: 'button', title },
    icon(name),
    element('span', { class: 'switch-label' }, title),
  );
  made.addEventListener('click', onClick);
  return made;
}
