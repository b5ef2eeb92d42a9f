import { isCancelledError, UsageError } from '../../core/client/errors.ts';
import type { Session, SessionStep } from '../../core/client/surface.ts';
import { secretHider } from '../../core/sql/hideSecrets.ts';
import { countOf } from '../../shared/humanNumbers.ts';
import { errorMessage } from '../errors/errorParts.ts';
import { shortSql } from './shortSql.ts';
import { withProgress } from '../progress.ts';

/**
 * Runs the statements of another session in this one.
 * @param onDone called after each
 * @throws UsageError that names the statement that failed; those before it stay. CancelledError.
 */
export async function runSteps(
  title: string,
  steps: readonly SessionStep[],
  session: Session,
  onDone: (step: SessionStep) => void = () => undefined,
): Promise<void> {
  await withProgress(title, async (signal, update) => {
    for (const [at, step] of steps.entries()) {
      update({ message: shortSql(step.sql), fraction: at / steps.length });
      try {
        await session.command(step.sql, { params: step.params, signal });
      } catch (cause) {
        if (isCancelledError(cause)) throw cause;
        const hide = secretHider(step.sql);
        throw new UsageError(`"${shortSql(step.sql)}" failed: ${hide(errorMessage(cause))}`, {
          hint:
            at === 0
              ? 'Nothing was restored.'
              : `${countOf(at, 'statement')} before it took effect.`,
          cause,
        });
      }
      onDone(step);
    }
  });
}
