import { setTimeout as delay } from 'node:timers/promises';
import {
  isConnectError,
  isSessionLostError,
  isTruncatedResponseError,
} from '../../core/client/errors.ts';
import type { ShownError } from '../../shared/protocol.ts';
import type { Connection, Connections } from '../connections/connections.ts';
import { toShownError } from '../results/shownError.ts';
import { holdsNothing } from '../session/documentSessions.ts';
import { lostText } from '../session/lostText.ts';

/** A process that ended is reported a moment after its connections broke. */
const END_IS_TOLD_MS = 500;
const POLL_MS = 20;

async function engineEnded(connections: Connections): Promise<boolean> {
  for (let waited = 0; waited < END_IS_TOLD_MS; waited += POLL_MS) {
    if (connections.engineState !== 'running') return true;
    await delay(POLL_MS);
  }
  return false;
}

/** A failure as the results view shows it, told by what the window knows beside the error itself. */
export async function explainFailure(
  error: unknown,
  connection: Connection,
  connections: Connections,
): Promise<ShownError> {
  const shown = toShownError(error);
  if (isSessionLostError(error)) {
    if (holdsNothing(error.lost)) return shown;
    return {
      ...shown,
      message: `${shown.message} With it ${lostText(error.lost)}`,
      hint: 'Replay runs the statements that made them again, then this one.',
    };
  }
  const brokeOff = isTruncatedResponseError(error) || isConnectError(error);
  if (!brokeOff || connection.kind !== 'local' || !(await engineEnded(connections))) return shown;
  return {
    name: 'Local ClickHouse stopped',
    message:
      'The local ClickHouse stopped while this statement ran. What it wrote may be there in part.',
    hint: 'Run it again: the local ClickHouse starts by itself. Tables are kept, temporary tables are not.',
  };
}
