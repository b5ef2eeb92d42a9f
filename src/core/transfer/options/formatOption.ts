/** What a person can choose about an output format. */
export type FormatOption = ChoiceOption | NumberOption | TextOption | OnOffOption;

/** A value of an option: plain JSON, so that it can be remembered. */
export type OptionValue = string | number | boolean;

/** Chosen values by option id. An option that is not in it is left to the server. */
export type FormatChoices = Readonly<Record<string, OptionValue>>;

interface OptionBase {
  /** Stable: remembered choices refer to it. */
  readonly id: string;
  /** Sentence case, for a list or a form. */
  readonly label: string;
  /** One line. */
  readonly description: string;
  /** True: about one statement's result, so not remembered for the next save. */
  readonly once?: true;
  /** The server's setting behind it; undefined for what ClickHouse does not do by a setting. */
  readonly setting?: string;
}

export interface ChoiceOption extends OptionBase {
  readonly kind: 'choice';
  readonly values: readonly { readonly value: string; readonly label: string }[];
  /** Set if other values than the listed ones may be typed. */
  readonly other?: TextRule;
  readonly default: string;
}

export interface NumberOption extends OptionBase {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

export interface TextOption extends OptionBase {
  readonly kind: 'text';
  readonly rule: TextRule;
  readonly default: string;
}

export interface OnOffOption extends OptionBase {
  readonly kind: 'onOff';
  readonly default: boolean;
  /** What the setting takes, if not 1 and 0. */
  readonly sent?: { readonly on: string; readonly off: string };
}

export interface TextRule {
  /**
   * True: the text is written with `\t`, `\n`, `\r` and `\\`, as people type it. False: it is meant as
   * it stands.
   */
  readonly escaped: boolean;
  /** What is wrong with the text (escapes resolved), as a sentence; undefined if nothing is. */
  readonly problem: (text: string) => string | undefined;
}

export const ANY_ESCAPED_TEXT: TextRule = { escaped: true, problem: () => undefined };

export function choice(
  id: string,
  setting: string | undefined,
  texts: { readonly label: string; readonly description: string },
  values: Readonly<Record<string, string>>,
  by: { readonly default: string; readonly other?: TextRule },
): ChoiceOption {
  return {
    kind: 'choice',
    id,
    ...texts,
    ...(setting === undefined ? {} : { setting }),
    values: Object.entries(values).map(([value, label]) => ({ value, label })),
    ...by,
  };
}

export function onOff(
  id: string,
  setting: string | undefined,
  texts: { readonly label: string; readonly description: string },
  isOn: boolean,
  sent?: OnOffOption['sent'],
): OnOffOption {
  return {
    kind: 'onOff',
    id,
    ...texts,
    ...(setting === undefined ? {} : { setting }),
    default: isOn,
    ...(sent === undefined ? {} : { sent }),
  };
}

export function count(
  id: string,
  setting: string,
  texts: { readonly label: string; readonly description: string },
  numbers: { readonly min: number; readonly max: number; readonly default: number },
): NumberOption {
  return { kind: 'number', id, setting, ...texts, ...numbers };
}

export function text(
  id: string,
  setting: string,
  texts: { readonly label: string; readonly description: string },
  by: { readonly default: string; readonly rule: TextRule },
): TextOption {
  return { kind: 'text', id, setting, ...texts, ...by };
}
