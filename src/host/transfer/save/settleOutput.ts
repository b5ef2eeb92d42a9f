import { isSameFormat } from '../../../core/transfer/formats.ts';
import type { ChoicesFor, FormatChosen, LastChoices } from './lastChoices.ts';
import { askOwnFormat } from './ownFormat.ts';
import type { SaveSource } from './saveSource.ts';

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
