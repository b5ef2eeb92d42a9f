import * as vscode from 'vscode';
import { mark } from '../connections/marks.ts';
import type { Connections } from '../connections/connections.ts';
import type { Results } from '../results/results.ts';
import type { DocumentSessions } from '../session/documentSessions.ts';
import { sessionState } from '../session/sessionState.ts';
import { sessionTooltip } from '../session/sessionTooltip.ts';
import { isSqlDocument } from './codeLens.ts';

/** The status bar entry of SQL editors and the context key that swaps Run and Cancel. */
export class EditorStatus implements vscode.Disposable {
  readonly #connections: Connections;
  readonly #results: Results;
  readonly #sessions: DocumentSessions;
  readonly #item = vscode.window.createStatusBarItem(
    'rowhouse.session',
    vscode.StatusBarAlignment.Left,
    10,
  );
  readonly #subscriptions: vscode.Disposable;
  #running = false;
  #shown = false;
  #tooltip = '';

  constructor(connections: Connections, results: Results, sessions: DocumentSessions) {
    this.#connections = connections;
    this.#results = results;
    this.#sessions = sessions;
    this.#item.name = 'ClickHouse connection and session';
    this.#item.command = 'rowhouse.showSession';
    const refresh = (): void => {
      this.#refresh();
    };
    this.#subscriptions = vscode.Disposable.from(
      this.#item,
      vscode.window.onDidChangeActiveTextEditor(refresh),
      connections.onDidChange(refresh),
      sessions.onDidChange(refresh),
      results.onDidChange(refresh),
    );
    this.#refresh();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #refresh(): void {
    const document = vscode.window.activeTextEditor?.document;
    const shown = document !== undefined && isSqlDocument(document);
    const run = shown ? this.#results.runningOf(document.uri) : this.#results.current;
    this.#setRunning(run?.isRunning ?? false);
    if (shown !== this.#shown) {
      this.#shown = shown;
      if (shown) this.#item.show();
      else this.#item.hide();
    }
    if (!shown) return;
    const state = sessionState(document.uri, this.#connections, this.#sessions);
    const { connection, database, loss } = state;
    mark(this.#item, connection);
    const idle = connection.kind === 'gone' ? 'warning' : loss ? 'history' : 'database';
    const icon = this.#running ? 'loading~spin' : idle;
    const place = database === undefined ? connection.name : `${connection.name}: ${database}`;
    const text = `$(${icon}) ${place}`;
    const host = this.#connections.hostsOf(connection.id)?.find(({ inUse }) => inUse)?.url;
    const tooltip = sessionTooltip(state, host);
    // A run tells of every growth; each assignment is a message to the window.
    if (text !== this.#item.text) {
      this.#item.text = text;
      this.#item.accessibilityInformation = { label: `ClickHouse: ${place}`, role: 'button' };
    }
    if (tooltip === this.#tooltip) return;
    this.#tooltip = tooltip;
    this.#item.tooltip = tooltip;
  }

  #setRunning(running: boolean): void {
    if (running === this.#running) return;
    this.#running = running;
    void vscode.commands.executeCommand('setContext', 'rowhouse.running', running);
  }
}
