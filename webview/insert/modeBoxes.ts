import type { InsertMode, InsertPageMessage } from '../../src/shared/insert/insertProtocol.ts';
import { element } from '../dom.ts';
import { checkBox } from './fields.ts';

/** How rows come into the table; at most one of the boxes is checked. */
export class ModeBoxes {
  readonly element = element('div', { class: 'reading' });
  readonly #staged;
  readonly #chunked;

  constructor(post: (message: InsertPageMessage) => void) {
    const box = (title: string, mode: InsertMode): ReturnType<typeof checkBox> =>
      checkBox(title, (checked) => {
        post({ type: 'mode', mode: checked ? mode : 'direct' });
      });
    this.#staged = box('All or nothing', 'staged');
    this.#chunked = box('Resumable: a repeat leaves out what the table still remembers', 'chunked');
    this.element.append(this.#staged.element, this.#chunked.element);
  }

  show(mode: InsertMode): void {
    this.#staged.input.checked = mode === 'staged';
    this.#chunked.input.checked = mode === 'chunked';
  }
}
