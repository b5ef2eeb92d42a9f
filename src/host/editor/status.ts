import * as vscode from 'vscode';
import type { Connections } from '../connections/connections.ts';
import type { Results } from '../results/results.ts';
import { isSqlDocument } from './codeLens.ts';
import type { DocumentSessions } from './documentSessions.ts';

/** The status bar entry of SQL editors and the context key that swaps Run and Cancel. */
export class EditorStatus implements vscode.Disposable {
  readonly #connections: Connections;
  readonly #results: Results;
  readonly #item = vscode.window.createStatusBarItem(
    'rowhouse.session',
    vscode.StatusBarAlignment.Left,
    10,
  );
  readonly #subscriptions: vscode.Disposable;
  #running = false;

  constructor(connections: Connections, results: Results, sessions: DocumentSessions) {
    this.#connections = connections;
    this.#results = results;
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
    const run = shown ? this.#results.of(document.uri) : this.#results.current;
    this.#setRunning(run?.isRunning ?? false);
    if (!shown) {
      this.#item.hide();
      return;
    }
    const { name } = this.#connections.forDocument(document.uri);
    const icon = this.#running ? 'loading~spin' : 'database';
    this.#item.text = `$(${icon}) ${name}`;
    this.#item.tooltip = `ClickHouse: ${name}. Show the session of this editor.`;
    this.#item.show();
  }

  #setRunning(running: boolean): void {
    if (running === this.#running) return;
    this.#running = running;
    void vscode.commands.executeCommand('setContext', 'rowhouse.running', running);
  }
}
