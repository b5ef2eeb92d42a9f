import * as vscode from 'vscode';
import { isSqlDocument } from '../editor/codeLens.ts';
import type { DocumentLife } from '../editor/documentLife.ts';
import { disposeUnseen } from './leftRunning.ts';
import { mayGoOn, writes } from './mayGoOn.ts';
import type { Result } from './result.ts';

export interface StartOptions {
  /** The document's other results stay: one tab more, for the statements of a script. */
  adds?: boolean;
  /** The result whose place it takes. */
  replaces?: string;
}

interface Entry {
  readonly result: Result;
  /** Stays when its document runs something else, and is offered in every document. */
  pinned: boolean;
  /** Shown in an editor tab of its own and not in the view. */
  detached: boolean;
}

/** The results of the window in the order of their tabs, and which of them the Results view shows. Owns them. */
export class Results implements vscode.Disposable {
  /** Fires when a result changed; many times a second while rows come. */
  readonly onDidChange: vscode.Event<Result>;
  /** Fires when the view has to show another result, or other tabs. */
  readonly onDidChangeCurrent: vscode.Event<void>;
  readonly #changed = new vscode.EventEmitter<Result>();
  readonly #currentChanged = new vscode.EventEmitter<void>();
  #entries: Entry[] = [];
  /** By document the result that was chosen last. */
  readonly #chosen = new Map<string, string>();
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
        this.#documentEnded(uri);
      }),
      life.onDidMove(({ from, to }) => {
        this.#move(from, to);
      }),
    );
    this.#follow(vscode.window.activeTextEditor);
  }

  /** The result that the view shows. */
  get current(): Result | undefined {
    const tabs = this.tabs;
    const chosen = this.#followed && this.#chosen.get(this.#followed.toString());
    return tabs.find(({ id }) => id === chosen) ?? this.#latest(this.#followed) ?? tabs.at(-1);
  }

  /** The results that the view offers: those of the document it follows, and the pinned ones of all. */
  get tabs(): Result[] {
    return this.#entries
      .filter((entry) => !entry.detached && (entry.pinned || isOf(entry, this.#followed)))
      .map(({ result }) => result);
  }

  /** All results, the oldest tabs first. */
  get all(): Result[] {
    return this.#entries.map(({ result }) => result);
  }

  /** The result of the document that was chosen last, else its latest. */
  of(uri: vscode.Uri): Result | undefined {
    const chosen = this.byId(this.#chosen.get(uri.toString()) ?? '');
    return chosen?.uri.toString() === uri.toString() ? chosen : this.#latest(uri);
  }

  /** The run of the document that has not ended; the latest of several that wait for each other. */
  runningOf(uri: vscode.Uri): Result | undefined {
    return this.all.findLast(
      (result) => result.isRunning && result.uri.toString() === uri.toString(),
    );
  }

  /** The runs that another one of the document would cancel: those that have not ended and are not pinned. */
  replacedIn(uri: vscode.Uri): Result[] {
    return this.#entries
      .filter((entry) => isOf(entry, uri) && !entry.pinned && !entry.detached)
      .map(({ result }) => result)
      .filter(({ isRunning }) => isRunning);
  }

  byId(id: string): Result | undefined {
    return this.#entry(id)?.result;
  }

  isPinned(id: string): boolean {
    return this.#entry(id)?.pinned ?? false;
  }

  isDetached(id: string): boolean {
    return this.#entry(id)?.detached ?? false;
  }

  /**
   * Takes a run that begins; the document's earlier results go unless they are pinned, or told otherwise.
   * @param begin makes the run, which tells of its changes
   */
  start<R extends Result>(
    begin: (onChange: (changed: Result) => void) => R,
    { adds = false, replaces }: StartOptions = {},
  ): R {
    const run = begin((changed) => {
      this.#changed.fire(changed);
    });
    const { uri } = run;
    const entry: Entry = { result: run, pinned: false, detached: false };
    const at = this.#entries.findIndex(({ result }) => result.id === replaces);
    const old = this.#entries[at];
    if (old) {
      entry.pinned = old.pinned;
      this.#entries.splice(at, 1, entry);
      void disposeUnseen(old.result);
    } else {
      if (!adds) this.#forget((other) => isOf(other, uri) && !other.pinned && !other.detached);
      this.#entries.push(entry);
    }
    this.#followed = uri;
    this.#choose(uri, run.id);
    return run;
  }

  /** Takes a result that was kept from before the window was loaded again. */
  add(result: Result, pinned: boolean): void {
    this.#entries.push({ result, pinned, detached: false });
    this.#currentChanged.fire();
  }

  /** Shows this result in the view. */
  select(id: string): void {
    if (this.#followed && this.byId(id)) this.#choose(this.#followed, id);
  }

  pin(id: string, pinned: boolean): void {
    const entry = this.#entry(id);
    if (!entry) return;
    entry.pinned = pinned;
    this.#changed.fire(entry.result);
    this.#currentChanged.fire();
  }

  /** Takes the result out of the view; whoever shows it now closes it. */
  detach(id: string): void {
    const entry = this.#entry(id);
    if (!entry) return;
    entry.detached = true;
    this.#currentChanged.fire();
  }

  /** Ends the result and deletes its rows; the view shows its neighbour. */
  remove(id: string): void {
    const tabs = this.tabs;
    const at = tabs.findIndex((tab) => tab.id === id);
    const neighbour = tabs[at + 1] ?? tabs[at - 1];
    const isShown = this.current?.id === id;
    if (isShown && this.#followed && neighbour) {
      this.#chosen.set(this.#followed.toString(), neighbour.id);
    }
    this.#forget(({ result }) => result.id === id);
  }

  /** Ends all runs. @param keeps leaves the rows on disk to the next start, else they are deleted */
  async close(keeps: boolean): Promise<void> {
    const results = this.all;
    this.#entries = [];
    await Promise.all(results.map((result) => (keeps ? result.close() : result.dispose())));
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
    this.#currentChanged.dispose();
  }

  #entry(id: string): Entry | undefined {
    return this.#entries.find(({ result }) => result.id === id);
  }

  #latest(uri: vscode.Uri | undefined): Result | undefined {
    return this.#entries.findLast((entry) => !entry.detached && isOf(entry, uri))?.result;
  }

  #choose(uri: vscode.Uri, id: string): void {
    this.#chosen.set(uri.toString(), id);
    this.#currentChanged.fire();
  }

  #follow(editor: vscode.TextEditor | undefined): void {
    // The results stay when the focus goes to the panel, a diff or another kind of file.
    if (!editor || !isSqlDocument(editor.document)) return;
    this.#followed = editor.document.uri;
    this.#currentChanged.fire();
  }

  #move(from: vscode.Uri, to: vscode.Uri): void {
    // A copy of a file that has results of its own keeps them.
    if (this.#latest(to)) return;
    for (const entry of this.#entries) {
      if (!isOf(entry, from)) continue;
      entry.result.moveTo(to);
      this.#changed.fire(entry.result);
    }
    const chosen = this.#chosen.get(from.toString());
    this.#chosen.delete(from.toString());
    if (chosen !== undefined) this.#chosen.set(to.toString(), chosen);
    if (this.#followed?.toString() === from.toString()) this.#followed = to;
    this.#currentChanged.fire();
  }

  /** What only reads is cancelled; a statement that writes goes on, in sight, until somebody decides. */
  #documentEnded(uri: vscode.Uri): void {
    const ofDocument = this.#entries.filter(
      (entry) => isOf(entry, uri) && !entry.pinned && !entry.detached,
    );
    const writing = ofDocument.filter(({ result }) => writes(result));
    this.#forget((entry) => ofDocument.includes(entry) && !writing.includes(entry));
    for (const entry of writing) {
      entry.pinned = true;
      this.#changed.fire(entry.result);
      void mayGoOn(entry.result).then((goesOn) => {
        if (!goesOn) this.remove(entry.result.id);
      });
    }
    if (writing.length > 0) this.#currentChanged.fire();
  }

  #forget(which: (entry: Entry) => boolean): void {
    const gone = this.#entries.filter(which);
    if (gone.length === 0) return;
    this.#entries = this.#entries.filter((entry) => !gone.includes(entry));
    for (const { result } of gone) {
      void disposeUnseen(result);
      this.#changed.fire(result);
    }
    this.#currentChanged.fire();
  }
}

const isOf = ({ result }: Entry, uri: vscode.Uri | undefined): boolean =>
  result.uri.toString() === uri?.toString();
