import { UsageError } from '../client/errors.ts';
import { hasTotals } from '../sql/totals.ts';
import type { ServerSettings } from './formatOptions.ts';
import type { FormatChoices } from './options/formatOption.ts';

/**
 * Totals and extremes stand behind the rows in CSV, but not in the format that CSV without quotes is written by.
 * @param server the settings that the statement meets, if known
 * @param name what messages call the statement
 * @throws UsageError for a file that would lack them; nothing has run then.
 */
export function requireFurtherRows(
  sql: string,
  choices: FormatChoices,
  server: ServerSettings | undefined,
  name = 'The statement',
): void {
  if (choices['quotes'] !== 'none') return;
  if (hasTotals(sql)) {
    throw new UsageError(`${name} says WITH TOTALS, but CSV without quotes has no totals.`, {
      hint: 'Choose quotes, or remove WITH TOTALS from the statement.',
    });
  }
  if (server?.get('extremes') === '1') {
    throw new UsageError(`${name} has extremes switched on, but CSV without quotes has none.`, {
      hint: 'Choose quotes, or SET extremes = 0.',
    });
  }
}
