import { countOf, formatBytes } from '../../src/shared/humanNumbers.ts';
import type { InsertPageMessage, InsertSnapshot } from '../../src/shared/insert/insertProtocol.ts';
import { select } from '../controls.ts';
import { element, icon } from '../dom.ts';
import { setOptions } from './fields.ts';

const ON_ERROR = [
  ['stop', 'stop there'],
  ['continue', 'go on with the next'],
] as const;

/** The files of a drop of several: those that are read alike are shown by their first. */
export class FileList {
  readonly element = element('section', { class: 'files' });
  readonly #heading = element('h2', {});
  readonly #list = element('ul', { tabindex: '0', 'aria-label': 'Files' });
  readonly #leftOut = element('p', {});
  readonly #kinds: HTMLSelectElement;
  readonly #kindField: HTMLElement;
  readonly #onError: HTMLElement & { value: string };

  constructor(post: (message: InsertPageMessage) => void) {
    this.#kinds = element('select', { class: 'select', 'aria-label': 'Shown file' });
    this.#kinds.addEventListener('change', () => {
      post({ type: 'showKind', kind: Number(this.#kinds.value) });
    });
    this.#onError = select('When a file fails', ON_ERROR, (value) => {
      post({ type: 'onError', onError: value === 'continue' ? 'continue' : 'stop' });
    });
    this.#kindField = element('label', { class: 'field' }, 'Shown file', this.#kinds);
    this.element.append(
      this.#heading,
      this.#list,
      this.#leftOut,
      this.#kindField,
      element('label', { class: 'field' }, 'When a file fails', this.#onError),
    );
  }

  show({ files, leftOut, kind, onError }: InsertSnapshot): void {
    this.element.hidden = files.length < 2 && leftOut === 0;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    this.#heading.textContent = `${countOf(files.length, 'file')}, ${formatBytes(bytes)}`;
    this.#list.replaceChildren(
      ...files.map((file) =>
        element(
          'li',
          {},
          element('span', { class: 'name' }, file.name),
          element('span', { class: 'size' }, formatBytes(file.bytes)),
          ...(file.problem === undefined
            ? []
            : [element('span', { class: 'problem' }, icon('warning'), file.problem)]),
        ),
      ),
    );
    this.#leftOut.hidden = leftOut === 0;
    this.#leftOut.textContent = `${countOf(leftOut, 'file')} left out: neither names nor content tell a format.`;
    const firsts = new Map<number, { name: string; more: number }>();
    for (const file of files) {
      if (file.kind === undefined) continue;
      const first = firsts.get(file.kind);
      if (first) first.more += 1;
      else firsts.set(file.kind, { name: file.name, more: 0 });
    }
    this.#kindField.hidden = firsts.size < 2;
    const options = [...firsts].map(([index, { name, more }]) => {
      const like = more === 0 ? '' : ` and ${countOf(more, 'file')} like it`;
      return [String(index), `${name}${like}`] as const;
    });
    setOptions(this.#kinds, options, String(kind));
    this.#onError.value = onError;
  }
}
