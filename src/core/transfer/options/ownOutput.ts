import { isIdle } from './csvQuotes.ts';
import type { FormatChoices, FormatOption } from './formatOption.ts';

/** What a statement itself says about its output, which wins over what is chosen. */
export interface OwnOutput {
  /** It has a FORMAT clause. */
  readonly hasFormat: boolean;
  /** The settings of its SETTINGS clause. */
  readonly settings: ReadonlySet<string>;
}

/** Options that stand for another format. */
const FORMAT_OPTIONS: ReadonlySet<string> = new Set(['header', 'quotes']);

/** True for an option that would not be followed, as the statement itself says what it is about. */
export function isSettled(option: FormatOption, { hasFormat, settings }: OwnOutput): boolean {
  if (option.setting !== undefined) return settings.has(option.setting);
  return hasFormat && FORMAT_OPTIONS.has(option.id);
}

/** The options that are followed, with these choices of the others. */
export function offeredOptions(
  options: readonly FormatOption[],
  own: OwnOutput,
  choices: FormatChoices,
): FormatOption[] {
  return options.filter((option) => !isSettled(option, own) && !isIdle(option, choices));
}

/** The choices without those that would not be followed. */
export function unsettledChoices(
  choices: FormatChoices,
  options: readonly FormatOption[],
  own: OwnOutput,
): FormatChoices {
  const without = new Set(
    options.flatMap((option) =>
      isSettled(option, own) || isIdle(option, choices) ? option.id : [],
    ),
  );
  return Object.fromEntries(Object.entries(choices).filter(([id]) => !without.has(id)));
}
