import * as vscode from 'vscode';
import { isSqlDocument } from '../editor/codeLens.ts';
import type { DocumentLife } from '../editor/documentLife.ts';
import { ResultRun, type RunOptions } from './resultRun.ts';

/** The latest run of each document, and which document the Results view follows. Owns the runs. */
export class Results implements vscode.Disposable {
  /** Fires when a run changed; many times a second while rows come. */
  readonly onDidChange: vscode.Event<ResultRun>;
  /** Fires when the view has to show another document's run. */
  readonly onDidChangeCurrent: vscode.Event<void>;
  readonly #changed = new vscode.EventEmitter<ResultRun>();
  readonly #currentChanged = new vscode.EventEmitter<void>();
  readonly #runs = new Map<string, ResultRun>();
  readonly #subscriptions: vscode.Disposable;
  #followed: vscode.Uri | undefined;

  constructor(life: DocumentLife) {
    this.onDidChange = this.#changed.event;
    this.onDidChangeCurrent = this.#currentChanged.event;
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        this.#follow(editor);
      }),
      life.onDidEnd((uri) => {
        this.#forget(uri);
      }),
      life.onDidMove(({ from, to }) => {
        this.#move(from, to);
      }),
    );
    this.#follow(vscode.window.activeTextEditor);
  }

  /** The run that the view shows. */
  get current(): ResultRun | undefined {
    return this.#followed && this.of(this.#followed);
  }

  of(uri: vscode.Uri): ResultRun | undefined {
    return this.#runs.get(uri.toString());
  }

  byId(id: string): ResultRun | undefined {
    return [...this.#runs.values()].find((run) => run.id === id);
  }

  /** Starts a run; the document's earlier result goes. */
  start(options: RunOptions): ResultRun {
    const { uri } = options.statement;
    this.#forget(uri);
    const run = new ResultRun(options, (changed) => {
      this.#changed.fire(changed);
    });
    this.#runs.set(uri.toString(), run);
    this.#followed = uri;
    this.#currentChanged.fire();
    return run;
  }

  /** Ends all runs and deletes their rows. */
  async close(): Promise<void> {
    const runs = [...this.#runs.values()];
    this.#runs.clear();
    await Promise.all(runs.map((run) => run.dispose()));
  }

  dispose(): void {
    this.#subscriptions.dispose();
    void this.close();
    this.#changed.dispose();
    this.#currentChanged.dispose();
  }

  #follow(editor: vscode.TextEditor | undefined): void {
    // The results stay when the focus goes to the panel, a diff or another kind of file.
    if (!editor || !isSqlDocument(editor.document)) return;
    this.#followed = editor.document.uri;
    this.#currentChanged.fire();
  }

  #move(from: vscode.Uri, to: vscode.Uri): void {
    const run = this.#runs.get(from.toString());
    if (!run || this.of(to)) return;
    this.#runs.delete(from.toString());
    this.#runs.set(to.toString(), run);
    run.moveTo(to);
    if (this.#followed?.toString() === from.toString()) this.#followed = to;
    this.#currentChanged.fire();
  }

  #forget(uri: vscode.Uri): void {
    const key = uri.toString();
    const run = this.#runs.get(key);
    if (!run) return;
    this.#runs.delete(key);
    void run.dispose();
    this.#currentChanged.fire();
  }
}
