import type { Settings } from '../../client/surface.ts';
import { choice, type FormatChoices, type FormatOption } from './formatOption.ts';

/** Not a setting: ClickHouse writes CSV without quotes only by another name. */
export const CSV_QUOTES = choice(
  'quotes',
  undefined,
  {
    label: 'Quotes',
    description:
      'Numbers never have any. Without them, a delimiter or line end in a value splits it',
  },
  { texts: 'Around texts, dates and times', none: 'None' },
  { default: 'texts' },
);

/** True for an option that does nothing without quotes: only CSV itself writes tuples as columns. */
export function isIdle({ id }: FormatOption, choices: FormatChoices): boolean {
  return choices['quotes'] === 'none' && id === 'tuplesAsColumns';
}

/**
 * The settings with which CustomSeparated writes rows as CSV would, but values as they are and each tuple as one;
 * every setting of CustomSeparated that could differ.
 */
export function unquotedCsv(csv: {
  readonly delimiter: string;
  readonly nullText: string;
  readonly crlf: boolean;
}): Settings {
  return {
    format_custom_escaping_rule: 'Raw',
    format_custom_field_delimiter: csv.delimiter,
    format_custom_row_before_delimiter: '',
    format_custom_row_after_delimiter: csv.crlf ? '\r\n' : '\n',
    format_custom_row_between_delimiter: '',
    format_custom_result_before_delimiter: '',
    format_custom_result_after_delimiter: '',
    // Raw values go by the setting of TSV.
    format_tsv_null_representation: csv.nullText,
  };
}
