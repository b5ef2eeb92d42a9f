import { isSessionLostError } from '../../core/client/errors.ts';
import type { ShownAction } from '../../shared/protocol.ts';
import { helpfulCommands } from '../errors/help.ts';
import { holdsNothing } from '../session/documentSessions.ts';

/** The buttons under an error. @param isServer the failure is about a server of the user's */
export function resultActions(error: unknown, isServer: boolean): ShownAction[] {
  if (isSessionLostError(error)) {
    if (holdsNothing(error.lost)) return [{ id: 'rowhouse.runAgain', title: 'Run again' }];
    return [
      { id: 'rowhouse.replaySession', title: 'Replay and run' },
      { id: 'rowhouse.runAgain', title: 'Run without it' },
    ];
  }
  return helpfulCommands(error, isServer).map(({ command, title }) => ({ id: command, title }));
}
