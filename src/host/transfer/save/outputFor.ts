import { UsageError } from '../../../core/client/errors.ts';
import {
  type FormatOutput,
  formatOptions,
  formatOutput,
} from '../../../core/transfer/formatOptions.ts';
import { isSameFormat } from '../../../core/transfer/formats.ts';
import { requireFurtherRows } from '../../../core/transfer/furtherRows.ts';
import type { FormatOption } from '../../../core/transfer/options/formatOption.ts';
import { isSettled } from '../../../core/transfer/options/ownOutput.ts';
import type { FormatChosen } from './lastChoices.ts';
import type { SaveSource } from './saveSource.ts';
import type { SaveTarget } from './saveTarget.ts';

/** What of a source decides how its file is written. */
type Written = Pick<SaveSource, 'sql' | 'shown' | 'ownFormat' | 'ownSettings' | 'formatSettings'>;

/** @throws UsageError for a choice that would not be followed; nothing has run then. */
function requireFollowed(
  options: readonly FormatOption[],
  chosen: FormatChosen,
  source: Written,
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
function fixedFormat(own: string, chosen: FormatChosen, format: string): UsageError {
  const isByOptions = isSameFormat(own, chosen.format);
  const cause = isByOptions ? `the options stand for ${format}` : `the file is named for ${format}`;
  const remedy = isByOptions ? "reset the format's options" : `give the file a name for ${own}`;
  return new UsageError(`The statement itself says FORMAT ${own}, but ${cause}.`, {
    hint: `Remove FORMAT ${own} from the statement, or ${remedy}.`,
  });
}

/** @throws UsageError for options that the format does not take; nothing has run then. */
export async function outputFor(
  source: Written,
  chosen: FormatChosen,
  { compression }: Pick<SaveTarget, 'compression'>,
): Promise<FormatOutput> {
  const { format, values } = chosen;
  const server = await source.formatSettings();
  requireFollowed(formatOptions(format, server), chosen, source);
  const output = formatOutput(format, values, { compression, ...(server && { server }) });
  // Rows on screen have none besides them.
  if (!source.shown) requireFurtherRows(source.sql, values, server);
  // The FORMAT of the statement itself wins on the server; the user has agreed to it.
  const { ownFormat } = source;
  if (ownFormat === undefined) return output;
  if (!isSameFormat(ownFormat, output.format)) throw fixedFormat(ownFormat, chosen, output.format);
  return { ...output, format: ownFormat };
}
