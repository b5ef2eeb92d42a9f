import type { InsertPageMessage, InsertSnapshot } from '../../src/shared/insert/insertProtocol.ts';
import { element } from '../dom.ts';
import { OtherFormat } from './otherFormat.ts';
import { checkBox, labelled, setOptions, setValue, textField } from './fields.ts';

type Read = Extract<InsertPageMessage, { type: 'read' }>['change'];

const DELIMITERS = [
  [',', 'comma ,'],
  [';', 'semicolon ;'],
  ['\t', 'tab'],
  ['|', 'bar |'],
  [':', 'colon :'],
  [' ', 'space'],
] as const;

/** How the file is read. */
export class ReadingForm {
  readonly element = element('div', { class: 'reading' });
  readonly #other: OtherFormat;
  readonly #format = element('select', { class: 'select' });
  readonly #delimiter = element('select', { class: 'select' });
  readonly #errors: HTMLInputElement;
  readonly #nullText: HTMLInputElement;
  readonly #delimiterField: HTMLElement;
  readonly #header;
  readonly #skipUnknown;
  readonly #allow;
  readonly #bestEffort;
  readonly #errorsField: HTMLElement;
  readonly #nullField: HTMLElement;

  constructor(post: (message: InsertPageMessage) => void) {
    const read = (change: Read): void => {
      post({ type: 'read', change });
    };
    this.#other = new OtherFormat(post);
    this.#format.addEventListener('change', () => {
      read({ format: this.#format.value });
    });
    this.#delimiter.addEventListener('change', () => {
      read({ delimiter: this.#delimiter.value });
    });
    this.#header = checkBox('The first line names the columns', (header) => {
      read({ header });
    });
    this.#skipUnknown = checkBox('Skip columns that the table lacks', (skipUnknown) => {
      read({ skipUnknown });
    });
    this.#allow = checkBox('Leave out rows that cannot be read, at most', (checked) => {
      read({ allowErrors: checked ? numberOf(this.#errors) : 0 });
    });
    this.#errors = element('input', {
      type: 'number',
      class: 'text number',
      min: '1',
      value: '10',
      'aria-label': 'Rows that may be left out',
    });
    this.#errors.addEventListener('change', () => {
      this.#allow.input.checked = true;
      read({ allowErrors: numberOf(this.#errors) });
    });
    this.#bestEffort = checkBox('Read dates and times in many spellings', (bestEffortTimes) => {
      read({ bestEffortTimes });
    });
    this.#nullText = textField('Text that means NULL', (nullText) => {
      read({ nullText });
    });
    this.#delimiterField = labelled('Delimiter', this.#delimiter);
    this.#errorsField = element('div', { class: 'with-field' }, this.#allow.element, this.#errors);
    this.#nullField = labelled('Text that means NULL', this.#nullText);
    this.element.append(
      this.#other.element,
      labelled('Format', this.#format),
      this.#delimiterField,
      this.#nullField,
      this.#header.element,
      this.#skipUnknown.element,
      this.#bestEffort.element,
      this.#errorsField,
    );
  }

  show({ reading, formats, other }: InsertSnapshot): void {
    const { format, delimiter, header, skipUnknown, allowErrors, bestEffortTimes, nullText } =
      reading;
    this.element.hidden = format === '';
    if (!other && this.#other.hasFocus) this.#format.focus();
    this.#other.show(other);
    const all = formats.includes(format) ? formats : [format, ...formats];
    setOptions(
      this.#format,
      all.map((name) => [name, name]),
      format,
    );
    this.#delimiterField.hidden = delimiter === undefined;
    if (delimiter !== undefined) {
      const isKnown = DELIMITERS.some(([one]) => one === delimiter);
      const options = isKnown ? DELIMITERS : [...DELIMITERS, [delimiter, delimiter] as const];
      setOptions(this.#delimiter, options, delimiter);
    }
    show(this.#header, header);
    show(this.#skipUnknown, skipUnknown);
    show(this.#bestEffort, bestEffortTimes);
    this.#errorsField.hidden = allowErrors === undefined;
    this.#allow.input.checked = (allowErrors ?? 0) > 0;
    if (allowErrors !== undefined && allowErrors > 0) setValue(this.#errors, String(allowErrors));
    this.#nullField.hidden = nullText === undefined;
    setValue(this.#nullText, nullText ?? '');
  }
}

function show(
  box: { element: HTMLElement; input: HTMLInputElement },
  checked: boolean | undefined,
): void {
  box.element.hidden = checked === undefined;
  box.input.checked = checked === true;
}

function numberOf({ value }: HTMLInputElement): number {
  return Math.max(1, Math.floor(Number(value)) || 1);
}
