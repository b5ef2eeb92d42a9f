import { element } from '../dom.ts';

let lastId = 0;

/** A label and its field in one line. */
export function labelled(title: string, field: HTMLElement): HTMLElement {
  field.id ||= `field-${String(++lastId)}`;
  return element('div', { class: 'field' }, element('label', { for: field.id }, title), field);
}

/** A check box with its text behind it. */
export function checkBox(
  title: string,
  onChange: (checked: boolean) => void,
): { element: HTMLElement; input: HTMLInputElement } {
  const input = element('input', { type: 'checkbox' });
  input.addEventListener('change', () => {
    onChange(input.checked);
  });
  return {
    element: element('label', { class: 'check' }, input, element('span', {}, title)),
    input,
  };
}

/** A line of text; told when the user leaves it or presses Enter. */
export function textField(title: string, onChange: (text: string) => void): HTMLInputElement {
  const input = element('input', {
    type: 'text',
    class: 'text',
    'aria-label': title,
    spellcheck: 'false',
    autocomplete: 'off',
  });
  input.addEventListener('change', () => {
    onChange(input.value);
  });
  return input;
}

/** Changes what a field holds unless the user is writing in it. */
export function setValue(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  if (field.value !== value && document.activeElement !== field) field.value = value;
}

/** Options of a drop-down, made anew only when they differ: else an open list would close. */
export function setOptions(
  field: HTMLSelectElement,
  options: readonly (readonly [value: string, title: string])[],
  value: string,
): void {
  const key = JSON.stringify(options);
  if (field.dataset['options'] !== key) {
    field.dataset['options'] = key;
    field.replaceChildren(
      ...options.map(([each, title]) => element('option', { value: each }, title)),
    );
  }
  field.value = value;
}
