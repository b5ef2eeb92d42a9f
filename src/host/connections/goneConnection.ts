import { UsageError } from '../../core/client/errors.ts';
import type { Connection } from './connections.ts';

/** A document's connection is not in the settings any more. Nothing was sent. */
export class ConnectionGoneError extends UsageError {
  readonly connection: string;
  constructor(id: string, problems: readonly string[], isTrusted: boolean) {
    super(
      `The connection "${id}" is gone, so nothing was run. ${whyGone(id, problems, isTrusted)}`,
      {
        hint: 'Choose another connection, or put this one into the settings again.',
      },
    );
    this.connection = id;
  }
}

function whyGone(id: string, problems: readonly string[], isTrusted: boolean): string {
  const problem = problems.find((line) => line.includes(`"${id}"`));
  if (problem !== undefined) return `Its settings cannot be used: ${problem}`;
  return isTrusted
    ? 'It was removed or renamed in the settings.'
    : 'Connections of a workspace that is not trusted are ignored.';
}

/**
 * What stands for a connection that is gone: a document that chose it must not move to another server, where its
 * statements were not meant to run.
 */
export function goneConnection(id: string): Connection {
  return { id, name: `${id} (gone)`, kind: 'gone' };
}

/** As `goneConnection`, for one of a workspace that is not trusted now. Its id is nobody's: the user's own connection may have that name. */
export function withheldConnection(id: string): Connection {
  return { ...goneConnection(`${id} of the workspace`), ofWorkspace: id };
}
