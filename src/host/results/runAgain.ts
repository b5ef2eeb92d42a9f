import { UsageError } from '../../core/client/errors.ts';
import { hasHiddenSecrets } from '../../core/sql/hideSecrets.ts';
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
