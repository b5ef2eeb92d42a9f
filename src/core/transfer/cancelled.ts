import { onAbort } from '../client/abort.ts';
import { CancelledError, isCancelledError } from '../client/errors.ts';

/**
 * For what was cancelled on this side alone: no query of it is left on the server.
 * @param wasSent true: one ran to its end before
 */
export function cancelledHere(message: string, wasSent = false): CancelledError {
  const outcome = Promise.resolve({ outcome: 'notFound', elapsedMs: 0 } as const);
  return new CancelledError(message, outcome, { wasSent });
}

/** Waits until the server says what became of a cancelled statement, or cannot be asked. */
export async function untilTold(error: unknown): Promise<void> {
  if (isCancelledError(error)) await error.outcome.catch(() => undefined);
}

/** Waits for something that goes on without the caller. @throws CancelledError as soon as the signal aborts. */
export async function unlessAborted<T>(
  result: PromiseLike<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return result;
  let stopListening = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stopListening = onAbort(signal, () => {
      reject(cancelledHere('Cancelled before anything was sent.'));
    });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    stopListening();
  }
}
