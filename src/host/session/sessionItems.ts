import * as vscode from 'vscode';
import type { SessionStep, SessionTurn } from '../../core/client/surface.ts';
import { hideSecrets } from '../../core/sql/hideSecrets.ts';
import { lostText } from './lostText.ts';
import { settingsAndParameters, type SessionState } from './sessionState.ts';
import { expiryText, timeOfDay } from './sessionTexts.ts';
import { shortSql } from './shortSql.ts';

/** What choosing a line does. */
export type SessionAction =
  | { readonly do: 'command'; readonly command: string }
  | { readonly do: 'copy'; readonly text: string }
  | { readonly do: 'cancel'; readonly queryId: string };

export interface SessionItem extends vscode.QuickPickItem {
  readonly action?: SessionAction;
}

const copy = (text: string): SessionAction => ({ do: 'copy', text });
const command = (id: string): SessionAction => ({ do: 'command', command: id });

function heading(label: string): SessionItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** The lines of Show Session. @param database the one that unqualified names mean, where known */
export function sessionItems(state: SessionState, database: string | undefined): SessionItem[] {
  return [
    ...lossItems(state),
    ...connectionItems(state),
    ...databaseItems(state, database),
    ...idItems(state),
    ...turnItems(state.turns),
    ...settingItems(state),
    ...tableItems(state),
    ...perhapsItems(state),
    heading('Actions'),
    ...actionItems(state),
  ];
}

function lossItems({ loss }: SessionState): SessionItem[] {
  if (!loss) return [];
  return [
    {
      label: '$(history) Replay what was lost…',
      detail: `The server no longer has the session that this editor had: ${lostText(loss.holdings)}`,
      action: command('rowhouse.replaySession'),
    },
  ];
}

function connectionItems({ connection }: SessionState): SessionItem[] {
  const choose = command('rowhouse.selectConnection');
  if (connection.kind !== 'gone') {
    return [{ label: '$(plug) Connection', description: connection.name, action: choose }];
  }
  return [
    {
      label: `$(warning) The connection "${connection.id}" is gone`,
      detail: 'Nothing runs from this editor until it is back, or another one is chosen.',
    },
    { label: '$(plug) Choose another connection…', action: choose },
    {
      label: '$(settings-gear) Open the settings of connections',
      action: command('rowhouse.openConnectionSettings'),
    },
  ];
}

function databaseItems({ holds }: SessionState, database: string | undefined): SessionItem[] {
  if (database === undefined) return [];
  const description = holds?.database === undefined ? database : `${database} (by USE)`;
  return [{ label: '$(database) Database', description, action: copy(database) }];
}

function idItems({ session }: SessionState): SessionItem[] {
  if (!session) {
    const description = 'none yet: the first statement begins one';
    return [{ label: '$(key) Session', description }];
  }
  const { expiry, state } = session;
  const life = expiry ? expiryText(expiry) : state === 'new' ? 'not begun' : state;
  return [
    {
      label: '$(key) Session',
      description: session.id,
      detail: life,
      action: copy(session.id),
    },
  ];
}

const TURNS: Record<SessionTurn['state'], { icon: string; words: string }> = {
  running: { icon: 'loading~spin', words: 'Running since' },
  cancelling: { icon: 'debug-stop', words: 'Cancelled, still stopping since' },
  waiting: { icon: 'watch', words: 'Waiting since' },
};

function turnItems(turns: readonly SessionTurn[]): SessionItem[] {
  if (turns.length === 0) return [];
  return [
    heading('Choose one to cancel it'),
    // Times of day: the list is not drawn anew for a second that passes.
    ...turns.map(({ sql, queryId, state, since }): SessionItem => ({
      label: `$(${TURNS[state].icon}) ${TURNS[state].words} ${timeOfDay(since)}`,
      description: shortSql(sql),
      action: { do: 'cancel', queryId },
    })),
  ];
}

function settingItems({ holds }: SessionState): SessionItem[] {
  if (!holds) return [];
  const { settings, parameters } = settingsAndParameters(holds);
  return [
    ...(settings.length > 0 ? [heading('Settings')] : []),
    ...settings.map(({ name, value }): SessionItem => ({
      label: `$(settings-gear) ${name}`,
      description: shortSql(value),
      action: copy(`SET ${name} = ${value}`),
    })),
    ...(parameters.length > 0 ? [heading('Parameters')] : []),
    ...parameters.map(({ name, value }): SessionItem => ({
      label: `$(symbol-variable) ${name}`,
      description: shortSql(value),
      action: copy(`SET param_${name} = ${value}`),
    })),
  ];
}

function tableItems({ holds }: SessionState): SessionItem[] {
  if (!holds || holds.temporaryTables.length === 0) return [];
  const createdBy = (table: string): SessionStep | undefined =>
    holds.steps.findLast((step) => step.kind === 'create' && step.table === table);
  return [
    heading('Temporary tables'),
    ...holds.temporaryTables.map((table): SessionItem => ({
      label: `$(table) ${table}`,
      description: shortSql(createdBy(table)?.sql ?? ''),
      action: copy(table),
    })),
  ];
}

function perhapsItems({ holds }: SessionState): SessionItem[] {
  if (!holds || holds.perhaps.length === 0) return [];
  return [
    heading('Interrupted: perhaps in effect'),
    ...holds.perhaps.map((sql): SessionItem => ({
      label: '$(question) Perhaps',
      description: shortSql(sql),
      detail: 'It was sent, and nobody saw its end. Run it again, or look what is there.',
      action: copy(hideSecrets(sql)),
    })),
  ];
}

function actionItems({ session }: SessionState): SessionItem[] {
  return [
    {
      label: '$(repo-forked) Fork into new editor…',
      description: 'same settings and database, a session of its own',
      action: command('rowhouse.forkSession'),
    },
    ...(session
      ? [
          {
            label: '$(debug-restart) Reset session',
            description: 'ends it on the server; the next statement begins anew',
            action: command('rowhouse.resetSession'),
          },
          { label: '$(copy) Copy session id', action: copy(session.id) },
        ]
      : []),
  ];
}
