import type * as vscode from 'vscode';
import { hideSecrets } from '../../core/sql/hideSecrets.ts';
import { hideSetting } from '../../core/sql/secretNames.ts';
import type { SessionInfo } from '../api.ts';
import type { Connections } from '../connections/connections.ts';
import type { DocumentSessions } from './documentSessions.ts';
import { sessionState } from './sessionState.ts';

/** For other extensions and tests. */
export function sessionInfo(
  uri: vscode.Uri,
  connections: Connections,
  sessions: DocumentSessions,
): SessionInfo | undefined {
  const { session, holds, connection, database, turns } = sessionState(uri, connections, sessions);
  if (!session || !holds) return undefined;
  return {
    id: session.id,
    connection: connection.id,
    state: session.state,
    database,
    temporaryTables: holds.temporaryTables,
    settings: Object.fromEntries(
      holds.settings.map(({ name, value }) => [name, hideSetting(name, value)]),
    ),
    turns: turns.map(({ sql, state }) => ({ sql: hideSecrets(sql), state })),
  };
}
