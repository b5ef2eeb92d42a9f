import type * as vscode from 'vscode';

const WINDOW_KEY = 'rowhouse.connection';
const DOCUMENTS_KEY = 'rowhouse.documentConnections';
/** Old choices are dropped beyond this, so that the workspace's state stays small. */
const MAX_DOCUMENTS = 500;

/** Only its text counts. */
type DocumentUri = Pick<vscode.Uri, 'toString'>;

function isUnsaved(uri: string): boolean {
  return uri.startsWith('untitled:');
}

/** Which connection was chosen: for a document, and last of all. Kept with the workspace. */
export class Selection {
  readonly #memento: vscode.Memento;
  readonly #documents: Map<string, string>;

  /**
   * @param isOpen whether an unsaved document, by its URI, was there before the window was reloaded. A new one
   * of the same name must not inherit a choice.
   */
  constructor(memento: vscode.Memento, isOpen: (uri: string) => boolean) {
    this.#memento = memento;
    const stored = memento.get<[string, string][]>(DOCUMENTS_KEY, []);
    this.#documents = new Map(stored.filter(([uri]) => !isUnsaved(uri) || isOpen(uri)));
  }

  get last(): string | undefined {
    return this.#memento.get<string>(WINDOW_KEY);
  }

  of(uri: DocumentUri): string | undefined {
    return this.#documents.get(uri.toString());
  }

  async choose(id: string, uri?: DocumentUri): Promise<void> {
    await this.#memento.update(WINDOW_KEY, id);
    if (uri) await this.pin(id, uri);
  }

  /** The choice of one document only. */
  async pin(id: string, uri: DocumentUri): Promise<void> {
    this.#documents.delete(uri.toString());
    this.#documents.set(uri.toString(), id);
    await this.#save();
  }

  /** A document was renamed: its choice goes along. */
  async move(from: DocumentUri, to: DocumentUri): Promise<void> {
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
  async remove(id: string, open: readonly DocumentUri[]): Promise<void> {
    if (this.last !== id) return;
    for (const uri of open) {
      if (this.of(uri) === undefined) this.#documents.set(uri.toString(), id);
    }
    await this.#memento.update(WINDOW_KEY, undefined);
    await this.#save();
  }

  /** Another unsaved document may get the same name later: it must not inherit the choice. */
  async forget(uri: DocumentUri): Promise<void> {
    if (this.#documents.delete(uri.toString())) await this.#save();
  }

  async #save(): Promise<void> {
    await this.#memento.update(DOCUMENTS_KEY, [...this.#documents].slice(-MAX_DOCUMENTS));
  }
}
