import type * as vscode from 'vscode';

const WINDOW_KEY = 'rowhouse.connection';
const DOCUMENTS_KEY = 'rowhouse.documentConnections';
/** Old choices are dropped beyond this, so that the workspace's state stays small. */
const MAX_DOCUMENTS = 500;

/** Which connection was chosen: for a document, and last of all. Kept with the workspace. */
export class Selection {
  readonly #memento: vscode.Memento;
  readonly #documents: Map<string, string>;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    this.#documents = new Map(memento.get<[string, string][]>(DOCUMENTS_KEY, []));
  }

  get last(): string | undefined {
    return this.#memento.get<string>(WINDOW_KEY);
  }

  of(uri: vscode.Uri): string | undefined {
    return this.#documents.get(uri.toString());
  }

  async choose(id: string, uri?: vscode.Uri): Promise<void> {
    await this.#memento.update(WINDOW_KEY, id);
    if (uri) await this.pin(id, uri);
  }

  /** The choice of one document only. */
  async pin(id: string, uri: vscode.Uri): Promise<void> {
    this.#documents.delete(uri.toString());
    this.#documents.set(uri.toString(), id);
    await this.#save();
  }

  /** A document was renamed: its choice goes along. */
  async move(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    const id = this.#documents.get(from.toString());
    if (id === undefined) return;
    this.#documents.delete(from.toString());
    this.#documents.set(to.toString(), id);
    await this.#save();
  }

  async rename(from: string, to: string): Promise<void> {
    for (const [uri, id] of this.#documents) {
      if (id === from) this.#documents.set(uri, to);
    }
    if (this.last === from) await this.#memento.update(WINDOW_KEY, to);
    await this.#save();
  }

  /** No document that has this choice gets another one; only those that come later do. @param open all documents */
  async remove(id: string, open: readonly vscode.Uri[]): Promise<void> {
    if (this.last !== id) return;
    for (const uri of open) {
      if (this.of(uri) === undefined) this.#documents.set(uri.toString(), id);
    }
    await this.#memento.update(WINDOW_KEY, undefined);
    await this.#save();
  }

  /** Another unsaved document may get the same name later: it must not inherit the choice. */
  forget(uri: vscode.Uri): void {
    this.#documents.delete(uri.toString());
  }

  async #save(): Promise<void> {
    const kept = [...this.#documents].filter(([uri]) => !uri.startsWith('untitled:'));
    await this.#memento.update(DOCUMENTS_KEY, kept.slice(-MAX_DOCUMENTS));
  }
}
