import type { RunProgress } from '../../src/shared/runStatistics.ts';
import { element } from '../dom.ts';
import { progressParts } from './progressParts.ts';

/** How a running query goes, in the header: parts that do not fit are left out, the tooltip has all. */
export class ProgressLine {
  readonly element = element('span', { class: 'progress-parts' });
  #key = '';

  show(progress: RunProgress | undefined): void {
    const parts = progress ? progressParts(progress) : [];
    const key = parts.map(({ full }) => full).join('\n');
    if (key === this.#key) return;
    this.#key = key;
    this.element.title = key;
    this.element.replaceChildren(
      ...parts.map(({ short }) => element('span', { class: 'progress-part' }, short)),
    );
  }
}
