import { CancelledError, type RowhouseError } from './errors.ts';

/** Nothing of the statement has reached a server. */
export function cancelledBeforeSend(
  message = 'The query was cancelled before it was sent.',
): RowhouseError {
  return nothingRuns(message, false);
}

/** Between two attempts of a statement that may be repeated. */
export function cancelledBetween(wasSent: boolean): RowhouseError {
  return wasSent
    ? nothingRuns('The query was cancelled before it was sent again.', true)
    : cancelledBeforeSend();
}

function nothingRuns(message: string, wasSent: boolean): CancelledError {
  const outcome = Promise.resolve({ outcome: 'notFound', elapsedMs: 0 } as const);
  return new CancelledError(message, outcome, { wasSent });
}
