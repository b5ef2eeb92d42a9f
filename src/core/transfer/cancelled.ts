import { CancelledError } from '../client/errors.ts';

/** For what was cancelled on this side alone: no query of it is left on the server. */
export function cancelledHere(message: string): CancelledError {
  return new CancelledError(message, Promise.resolve({ outcome: 'notFound', elapsedMs: 0 }), {
    wasSent: false,
  });
}
