import type { ResultSnapshot } from '../src/shared/protocol.ts';
import { button } from './controls.ts';
import { element, icon } from './dom.ts';

/** The line about a file that the shown result is being saved to. */
export class Saving {
  readonly element = element('div', { class: 'saving' });
  readonly #text = element('span', { class: 'saving-text' });

  constructor(onCancel: () => void) {
    this.element.hidden = true;
    this.element.append(
      icon('save'),
      this.#text,
      button({ title: 'Cancel saving', onClick: onCancel }),
    );
  }

  show({ saving }: Pick<ResultSnapshot, 'saving'>): void {
    this.element.hidden = saving === undefined;
    this.#text.textContent = saving ?? '';
    this.#text.title = saving ?? '';
  }
}
