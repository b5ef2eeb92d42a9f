import type { InsertPageMessage, ShownOther } from '../../src/shared/insert/insertProtocol.ts';
import { button } from '../controls.ts';
import { element } from '../dom.ts';

/** Says that the first lines look like something else than the name, and offers to read them so. */
export class OtherFormat {
  readonly element = element('p', { class: 'with-button', role: 'note' });
  readonly #post: (message: InsertPageMessage) => void;
  #shown = '';

  constructor(post: (message: InsertPageMessage) => void) {
    this.#post = post;
    this.element.hidden = true;
  }

  get hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  show(other: ShownOther | undefined): void {
    this.element.hidden = !other;
    const key = JSON.stringify(other);
    // Made anew only when it differs: else its button would lose the focus.
    if (!other || key === this.#shown) return;
    this.#shown = key;
    const read = button({
      title: `Read as ${other.format}`,
      onClick: () => {
        this.#post({ type: 'readAsOther' });
      },
    });
    this.element.replaceChildren(element('span', {}, other.remark), read);
  }
}
