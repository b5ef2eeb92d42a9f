import * as vscode from 'vscode';
import { hasTab, textUri } from './openTabs.ts';

export interface DocumentMove {
  readonly from: vscode.Uri;
  readonly to: vscode.Uri;
}

/** A renamed file leaves its tab first; its new name is told within this time. */
const SETTLE_MS = 500;
/** A document that is saved under a new name closes within this time after the new file was written. */
const SAVED_MS = 2_000;

/**
 * Tells apart a document whose last tab was closed from one that got another name. VS Code reports "Save As"
 * and the first saving of an untitled document as one document closing and another opening
 * (microsoft/vscode#146864), so that what belongs to a document would be lost on the way. The tabs decide, not
 * the documents: VS Code keeps a document open for minutes after its tab, and closes it when its language changes.
 */
export class DocumentLife implements vscode.Disposable {
  readonly onDidMove: vscode.Event<DocumentMove>;
  readonly onDidEnd: vscode.Event<vscode.Uri>;
  readonly #moved = new vscode.EventEmitter<DocumentMove>();
  readonly #ended = new vscode.EventEmitter<vscode.Uri>();
  /** Documents that are or were open: a closed one still has its text. */
  readonly #documents = new Map<string, vscode.TextDocument>();
  /** By a document's key the file with the same text that was written while it was open. */
  readonly #copies = new Map<string, { to: vscode.Uri; savedAt: number }>();
  readonly #closing = new Map<string, { uri: vscode.Uri; timer: NodeJS.Timeout }>();
  readonly #subscriptions: vscode.Disposable;

  constructor() {
    this.onDidMove = this.#moved.event;
    this.onDidEnd = this.#ended.event;
    for (const document of vscode.workspace.textDocuments) this.#know(document);
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.#know(document);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        this.#saved(document);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#gone(uri);
      }),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const uri of closed.flatMap(textUri)) this.#gone(uri);
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) this.#renamed(oldUri, newUri);
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const { timer } of this.#closing.values()) clearTimeout(timer);
    this.#moved.dispose();
    this.#ended.dispose();
  }

  #know(document: vscode.TextDocument): void {
    this.#documents.set(document.uri.toString(), document);
  }

  /** An untitled document still has its text now; it is emptied before it closes. */
  #saved(document: vscode.TextDocument): void {
    const text = bare(document);
    // A document under a new name gets its tab after its file was written: one that has a tab lives by itself.
    if (text === '' || hasTab(document.uri)) return;
    for (const [key, other] of this.#documents) {
      if (key === document.uri.toString() || bare(other) !== text) continue;
      this.#copies.set(key, { to: document.uri, savedAt: Date.now() });
    }
  }

  #gone(uri: vscode.Uri): void {
    const key = uri.toString();
    if (hasTab(uri) || this.#closing.has(key)) return;
    const copy = this.#copies.get(key);
    if (copy && Date.now() - copy.savedAt < SAVED_MS) {
      this.#settle(uri, copy.to);
      return;
    }
    const timer = setTimeout(() => {
      this.#settle(uri, undefined);
    }, SETTLE_MS);
    this.#closing.set(key, { uri, timer });
  }

  #settle(from: vscode.Uri, to: vscode.Uri | undefined): void {
    const key = from.toString();
    clearTimeout(this.#closing.get(key)?.timer);
    this.#closing.delete(key);
    if (to) this.#moved.fire({ from, to });
    if (hasTab(from)) return;
    this.#documents.delete(key);
    this.#copies.delete(key);
    if (!to) this.#ended.fire(from);
  }

  /** Also for the documents below a folder that was renamed. */
  #renamed(oldUri: vscode.Uri, newUri: vscode.Uri): void {
    const folder = `${oldUri.path}/`;
    for (const { uri } of [...this.#documents.values()]) {
      const inside = uri.scheme === oldUri.scheme && uri.path.startsWith(folder);
      if (uri.toString() !== oldUri.toString() && !inside) continue;
      this.#settle(uri, newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) }));
    }
  }
}

/** Saving may trim white space, so that only the rest tells whether two texts are the same. */
function bare(document: vscode.TextDocument): string {
  return document.getText().replace(/\s+/g, ' ').trim();
}
