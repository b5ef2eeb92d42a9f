import { isClickHouseError, isRowhouseError } from '../../core/client/errors.ts';
import { isEngineError } from '../../core/engine/errors.ts';

/** Longer texts make a notification unreadable; the whole text can be copied. */
const SHOWN_CHARACTERS = 600;

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

function hintOf(error: unknown): string {
  return isRowhouseError(error) || isEngineError(error) ? (error.hint ?? '') : '';
}

/** `Code: 60. UNKNOWN_TABLE. ` for the server's errors, so that they can be looked up. */
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

/** `during` says what failed, for example "weather.csv was not inserted". */
export function errorText(error: unknown, during = ''): ErrorText {
  const message = error instanceof Error ? error.message : String(error);
  const cut =
    message.length > SHOWN_CHARACTERS
      ? `${message.slice(0, SHOWN_CHARACTERS).trimEnd()} …`
      : message;
  const code = codeOf(error);
  const said = (text: string): string =>
    code === '' ? text : `${text.replace(/\.$/, '')} ${code}`;
  const hint = hintOf(error);
  const queryId = isRowhouseError(error) ? error.queryId : undefined;
  return {
    short: joined([during, said(cut), hint]),
    full: joined([
      during,
      said(message),
      hint,
      queryId === undefined ? '' : `Query id: ${queryId}`,
    ]),
  };
}
