import { isClickHouseError, isRowhouseError } from '../../core/client/errors.ts';
import { errorHint, errorMessage } from './errorParts.ts';

/** Longer texts make a notification unreadable; the whole text can be copied. */
const SHOWN_CHARACTERS = 300;

export interface ErrorText {
  /** What happened and what to do next, short enough for a notification. */
  readonly short: string;
  /** All that is known, for the clipboard. */
  readonly full: string;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?:…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** `(code 60, UNKNOWN_TABLE)` for the server's errors, so that they can be looked up. */
function codeOf(error: unknown): string {
  if (!isClickHouseError(error) || error.code === 0) return '';
  return error.errorName === undefined
    ? `(code ${error.code})`
    : `(code ${error.code}, ${error.errorName})`;
}

function joined(parts: readonly string[]): string {
  return parts
    .map(sentence)
    .filter((part) => part !== '')
    .join(' ');
}

/** The server's parser puts its dump of the rows behind such a line. */
const DUMP = /\n[\s:]*\n|\n\s*Row \d+:/;

/** The first sentences of a message, without the dump of the data that follows. */
function firstSentences(message: string): string {
  const [text = ''] = message.trim().split(DUMP);
  if (text.length <= SHOWN_CHARACTERS) return text;
  const cut = text.slice(0, SHOWN_CHARACTERS);
  const end = cut.lastIndexOf('. ') + 1;
  // A first sentence that says next to nothing is not worth stopping at.
  return end > SHOWN_CHARACTERS / 3 ? cut.slice(0, end) : `${cut.trimEnd()} …`;
}

/** `during` says what failed, for example "weather.csv was not inserted". */
export function errorText(error: unknown, during = ''): ErrorText {
  const message = errorMessage(error);
  const code = codeOf(error);
  const said = (text: string): string =>
    code === '' ? text : `${text.replace(/\.$/, '')} ${code}`;
  const hint = errorHint(error) ?? '';
  const queryId = isRowhouseError(error) ? error.queryId : undefined;
  return {
    short: joined([during, said(firstSentences(message)), hint]),
    full: joined([
      during,
      said(message),
      hint,
      queryId === undefined ? '' : `Query id: ${queryId}`,
    ]),
  };
}
