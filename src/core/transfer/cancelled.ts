import { onAbort } from '../client/abort.ts';
import { CancelledError } from '../client/errors.ts';

/** For what was cancelled on this side alone: no query of it is left on the server. */
export function cancelledHere(message: string): CancelledError {
  return new CancelledError(message, Promise.resolve({ outcome: 'notFound', elapsedMs: 0 }), {
    wasSent: false,
  });
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
