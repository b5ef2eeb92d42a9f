import { isEngineError } from '../../../core/engine/errors.ts';
import type { ViewProblem } from '../../../shared/resultView.ts';
import { errorHint, errorMessage } from '../../errors/errorParts.ts';
import { helpfulCommands } from '../../errors/help.ts';

/** A failure of what the local engine does with a result on screen, for the page. */
export function viewProblem(error: unknown): ViewProblem {
  const isEngine = isEngineError(error);
  const message = errorMessage(error);
  const hint = errorHint(error);
  return {
    message: isEngine ? `This needs a local ClickHouse. ${message}` : message,
    ...(hint !== undefined && { hint }),
    actions: helpfulCommands(error, false)
      // A connection to a server does not help: it cannot read the rows on this disk.
      .filter(({ command }) => command === 'rowhouse.installLocalEngine')
      .map(({ command, title }) => ({ id: command, title })),
  };
}
