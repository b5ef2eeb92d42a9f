import type { CancelledError } from '../../core/client/errors.ts';
import type { CancelOutcome } from '../../core/client/cancelSurface.ts';
import { errorMessage } from '../errors/errorParts.ts';

/** Who cancelled hears something true within two seconds, also from a slow server, and on a machine that is busy. */
const ANSWER_WITHIN_MS = 1_700;

/** What became of a cancelled query. */
export function stopText(told: CancelOutcome): string {
  const seconds = (told.elapsedMs / 1000).toFixed(1);
  switch (told.outcome) {
    case 'stopped':
      return told.nodes === undefined
        ? `Stopped on the server after ${seconds} s.`
        : `Stopped on all ${told.nodes} nodes of the cluster after ${seconds} s.`;
    case 'notFound':
      return 'Cancelled. The server knows no such query: it had ended, or never begun.';
    case 'stillRunning':
      return told.runsOn === undefined
        ? `Still stopping: the server was told, but the query was still there after ${seconds} s.`
        : `Still stopping: parts of the query still ran on ${told.runsOn.join(', ')} after ${seconds} s.`;
    case 'unverified':
      return `Stopped on the server after ${seconds} s, but ${unasked(told)}.`;
  }
}

/** Who could not be asked whether a part of a query still runs there. */
export function unasked({ notAsked, reason }: CancelOutcome & { outcome: 'unverified' }): string {
  if (notAsked.length > 0) {
    return `parts of it may still run on ${notAsked.join(', ')}, which did not answer`;
  }
  const why = reason === undefined ? '' : ` (${reason})`;
  return `the nodes of the cluster could not be asked${why}`;
}

/** Tells how the cancelled query ends on the server, until it is known for good. */
export async function tellStop(error: CancelledError, tell: (text: string) => void): Promise<void> {
  tell('Cancelled. Waiting for the server to say that it stopped.');
  const late = setTimeout(() => {
    tell('Still stopping: the server has not answered yet.');
  }, ANSWER_WITHIN_MS);
  const more = error.hint === undefined ? '' : ` ${error.hint}`;
  try {
    const told = await error.outcome;
    clearTimeout(late);
    tell(stopText(told) + more);
    if (told.outcome === 'stillRunning') tell(stopText(await error.gone) + more);
  } catch (cause) {
    tell(
      `Cancelled here, but the server could not be asked whether it stopped: ${errorMessage(cause)}${more}`,
    );
  } finally {
    clearTimeout(late);
  }
}
