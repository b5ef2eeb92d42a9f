import { UsageError } from '../../core/client/errors.ts';
import { answersOf, textAnswer } from '../answers.ts';
import type { Connections } from '../connections/connections.ts';
import type { CommandHandlers } from '../commands/registry.ts';
import type { Runner } from '../editor/runner.ts';
import { UNLIMITED } from './limits.ts';
import type { Result } from './result.ts';
import type { ResultPanels } from './resultPanels.ts';
import type { Results } from './results.ts';
import { paramsAgain, statementAgain } from './runAgain.ts';

/** Commands for the result on screen, or the one given as `{result: id}`. */
export function resultCommands(
  results: Results,
  panels: ResultPanels,
  runner: Runner,
  connections: Connections,
): CommandHandlers<'results'> {
  const meant = (argument: unknown): Result => {
    const id = textAnswer(answersOf(argument), 'result');
    const result = id === undefined ? results.current : results.byId(id);
    if (!result) throw new UsageError('There is no result.', { hint: 'Run a statement first.' });
    return result;
  };
  return {
    'rowhouse.fetchAll': (argument) => fetchAll(meant(argument), runner, connections),
    'rowhouse.pinResult': (argument) => {
      results.pin(meant(argument).id, true);
    },
    'rowhouse.unpinResult': (argument) => {
      results.pin(meant(argument).id, false);
    },
    'rowhouse.closeResult': (argument) => {
      results.remove(meant(argument).id);
    },
    'rowhouse.openResultInEditor': (argument) => panels.open(meant(argument).id),
    'rowhouse.nextResult': () => {
      selectBeside(results, 1);
    },
    'rowhouse.previousResult': () => {
      selectBeside(results, -1);
    },
  };
}

/** Runs the result's statement again without limits; a query cannot be taken up where it was stopped. */
async function fetchAll(result: Result, runner: Runner, connections: Connections): Promise<void> {
  const choice = { replaces: result.id, limits: UNLIMITED };
  await runner.run(statementAgain(result, connections), paramsAgain(result), choice);
}

function selectBeside(results: Results, step: number): void {
  const { tabs, current } = results;
  const at = tabs.findIndex((tab) => tab === current);
  const next = tabs.at((at + step) % tabs.length);
  if (next) results.select(next.id);
}
