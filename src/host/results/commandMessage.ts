import type { CommandResult } from '../../core/client/surface.ts';
import { countOf } from '../../shared/humanNumbers.ts';
import type { EditorStatement } from '../editor/currentStatement.ts';

/** What to say about a statement that returns no rows. */
export function commandMessage(statement: EditorStatement, result: CommandResult): string {
  const summary = result.meta.summary ?? result.summary.server;
  if (statement.kind === 'insert' && summary) {
    return `Ok. ${countOf(summary.writtenRows, 'row')} written to all targets.`;
  }
  const text = result.text.trim();
  return text === '' ? 'Ok.' : text;
}
