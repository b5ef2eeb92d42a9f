import { UsageError } from '../../../core/client/errors.ts';
import {
  type FormatOutput,
  formatOptions,
  formatOutput,
} from '../../../core/transfer/formatOptions.ts';
import { isSameFormat } from '../../../core/transfer/formats.ts';
import type { FormatOption } from '../../../core/transfer/options/formatOption.ts';
import { isSettled } from '../../../core/transfer/options/ownOutput.ts';
import type { ChoicesFor, FormatChosen, LastChoices } from './lastChoices.ts';
import { askOwnFormat } from './ownFormat.ts';
import type { SaveSource } from './saveSource.ts';
import type { SaveTarget } from './saveTarget.ts';

/** A statement's own FORMAT wins on the server. Undefined: the user did not want that. */
export async function settleOwnFormat(
  source: SaveSource,
  chosen: FormatChosen,
  choices: LastChoices,
): Promise<FormatChosen | undefined> {
  const { ownFormat } = source;
  if (ownFormat === undefined || isSameFormat(ownFormat, chosen.format)) return chosen;
  if (!(await askOwnFormat(ownFormat, chosen.format))) return undefined;
  return lastOf(ownFormat, source, choices);
}

/** The choices of the last save in this format, as far as they hold for this one. */
export async function lastOf(
  format: string,
  source: SaveSource,
  choices: LastChoices,
): Promise<FormatChosen> {
  return choices.of(format, await choicesFor(source));
}

export async function choicesFor(source: SaveSource): Promise<ChoicesFor> {
  const own = { hasFormat: source.ownFormat !== undefined, settings: source.ownSettings };
  return { server: await source.formatSettings(), own };
}

/** @throws UsageError for a choice that would not be followed; nothing has run then. */
function requireFollowed(
  options: readonly FormatOption[],
  chosen: FormatChosen,
  source: SaveSource,
): void {
  const own = { hasFormat: false, settings: source.ownSettings };
  const ignored = options.find((option) => option.id in chosen.values && isSettled(option, own));
  if (!ignored) return;
  throw new UsageError(
    `The statement itself says SETTINGS ${ignored.setting ?? ''}, so the option "${ignored.label}" would not be followed.`,
    { hint: 'Remove that setting from the statement, or leave the option out.' },
  );
}

/** Options such as that for the header line stand for another format, and the statement allows none. */
function fixedFormat(own: string, format: string): UsageError {
  return new UsageError(
    `The statement itself says FORMAT ${own}, but the options stand for ${format}.`,
    {
      hint: `Remove FORMAT ${own} from the statement, or reset the format's options.`,
    },
  );
}

/** @throws UsageError for options that the format does not take; nothing has run then. */
export async function outputFor(
  source: SaveSource,
  chosen: FormatChosen,
  { compression }: SaveTarget,
): Promise<FormatOutput> {
  const { format, values } = chosen;
  const server = await source.formatSettings();
  requireFollowed(formatOptions(format, server), chosen, source);
  const output = formatOutput(format, values, { compression, ...(server && { server }) });
  // The FORMAT of the statement itself wins on the server; the user has agreed to it.
  const { ownFormat } = source;
  if (ownFormat === undefined) return output;
  if (!isSameFormat(ownFormat, output.format)) throw fixedFormat(ownFormat, output.format);
  return { ...output, format: ownFormat };
}
