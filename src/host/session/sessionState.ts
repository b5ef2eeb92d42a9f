import type { Session, SessionHoldings, SessionTurn } from '../../core/client/surface.ts';
import { hideSetting } from '../../core/sql/secretNames.ts';
import type { Connection, Connections } from '../connections/connections.ts';
import type * as vscode from 'vscode';
import type { DocumentSessions } from './documentSessions.ts';
import type { SessionLoss } from './sessionLoss.ts';

/** All that is known of a document's session without asking the server. */
export interface SessionState {
  readonly connection: Connection;
  /** Undefined before the first statement. */
  readonly session: Session | undefined;
  readonly holds: SessionHoldings | undefined;
  /** Of the last USE, else of the connection's profile; undefined: the user's own default. */
  readonly database: string | undefined;
  readonly turns: readonly SessionTurn[];
  readonly loss: SessionLoss | undefined;
}

export function sessionState(
  uri: vscode.Uri,
  connections: Connections,
  sessions: DocumentSessions,
): SessionState {
  const loss = sessions.lossOf(uri);
  const connection = connections.forDocument(uri);
  const open = sessions.peekOpen(uri);
  // The session of a connection that is not chosen any more ends with the next statement.
  const session = open?.connection === connection.id ? open.session : undefined;
  const holds = session?.holds;
  return {
    connection,
    session,
    holds,
    database: holds?.database ?? connection.profile?.database,
    turns: session?.turns ?? [],
    loss,
  };
}

/** Settings of the session proper, and the query parameters that it holds, as they may be shown. */
export function settingsAndParameters({ settings }: SessionHoldings): {
  settings: SessionHoldings['settings'];
  parameters: SessionHoldings['settings'];
} {
  const shown = settings.map(({ name, value }) => ({ name, value: hideSetting(name, value) }));
  const isParameter = ({ name }: { name: string }): boolean => name.startsWith(PARAMETER);
  return {
    settings: shown.filter((setting) => !isParameter(setting)),
    parameters: shown
      .filter(isParameter)
      .map(({ name, value }) => ({ name: name.slice(PARAMETER.length), value })),
  };
}

const PARAMETER = 'param_';
