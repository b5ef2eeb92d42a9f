import { UsageError } from '../../core/client/errors.ts';
import { hasHiddenParameters, hasHiddenSecrets } from '../../core/sql/hideSecrets.ts';
import type { EditorStatement } from '../editor/currentStatement.ts';
import type { Result } from './result.ts';

/**
 * The statement of a result, to run once more; its document may have got another name since.
 * @throws UsageError for a result of before the window was closed whose statement holds a secret: that is not kept
 */
export function statementAgain({ options, uri }: Result): EditorStatement {
  const { statement } = options;
  if (options.isRestored === true && hasHiddenSecrets(statement.sql)) {
    throw new UsageError(
      'This statement holds a secret, which is not kept when the window closes: it cannot run again from here.',
      { hint: 'Run it from its editor.' },
    );
  }
  return { ...statement, uri };
}

/** The values of its placeholders; undefined when they hold a secret that was not kept: they are to be asked for. */
export function paramsAgain({ options }: Result): Result['options']['params'] | undefined {
  const { isRestored, params } = options;
  return isRestored === true && hasHiddenParameters(params) ? undefined : params;
}

/** False for a result of before the window was closed of which a secret was not kept. */
export function canRunAsKept(result: Result): boolean {
  const { isRestored, statement } = result.options;
  const isHidden = isRestored === true && hasHiddenSecrets(statement.sql);
  return !isHidden && paramsAgain(result) !== undefined;
}
