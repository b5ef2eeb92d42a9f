import { UsageError } from '../../core/client/errors.ts';
import { hasHiddenSecrets } from '../../core/sql/hideSecrets.ts';
import { hasHiddenParameters } from '../../core/sql/secretNames.ts';
import type { EditorStatement } from '../editor/currentStatement.ts';
import type { Connections } from '../connections/connections.ts';
import type { Result } from './result.ts';

/**
 * The statement of a result, to run once more; its document may have got another name since.
 * @throws UsageError for a result of before the window was closed whose statement holds a secret: that is not kept.
 * And when the document has another connection now: the statement was not meant for that one.
 */
export function statementAgain(
  { options, uri }: Result,
  connections: Pick<Connections, 'forDocument'>,
): EditorStatement {
  const { statement, connection } = options;
  const now = connections.forDocument(uri);
  if (now.id !== connection.id) {
    throw new UsageError(
      `This result came from ${connection.name}, but its editor now uses ${now.name}, so nothing was run.`,
      { hint: `Select ${connection.name} for the editor again, or run the statement there.` },
    );
  }
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
