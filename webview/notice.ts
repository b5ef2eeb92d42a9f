import { button, iconButton } from './controls.ts';
import { element, icon } from './dom.ts';

export interface NoticeAction {
  title: string;
  onClick: () => void;
}

/** ms that a notice without an action stays. */
const STAY_MS = 6_000;

/** One line about what just happened, for example "120 cells copied". */
export class Notice {
  readonly element = element('div', { class: 'notice' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.element.hidden = true;
  }

  show(text: string, action?: NoticeAction): void {
    clearTimeout(this.#timer);
    this.element.replaceChildren(icon('info'), element('span', { class: 'notice-text' }, text));
    if (action) this.element.append(button(action));
    else
      this.#timer = setTimeout(() => {
        this.hide();
      }, STAY_MS);
    this.element.append(
      iconButton('close', 'Dismiss', () => {
        this.hide();
      }),
    );
    this.element.hidden = false;
  }

  /** Another text in the same place: what the user is about to press stays where it is. */
  update(text: string): void {
    const line = this.element.querySelector('.notice-text');
    if (line) line.textContent = text;
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.element.hidden = true;
  }
}
