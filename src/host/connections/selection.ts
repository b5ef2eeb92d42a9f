import type * as vscode from 'vscode';
import type { Connection } from './connections.ts';

const WINDOW_KEY = 'rowhouse.connection';
const DOCUMENTS_KEY = 'rowhouse.documentConnections';
/** Old choices are dropped beyond this, so that the workspace's state stays small. */
const MAX_DOCUMENTS = 500;

/** A connection by its id, the profile's name, as it was when it was chosen. */
export interface Choice {
  readonly id: string;
  /** It was one of the workspace's settings: without those, another one of the same name must not take its place. */
  readonly ofWorkspace: boolean;
}

/** Also of one that is gone: it may come back. */
export function choiceOf({ id, ofWorkspace }: Connection): Choice {
  return { id: ofWorkspace ?? id, ofWorkspace: ofWorkspace !== undefined };
}

/** As it is stored. */
type Stored = string | { readonly id: string; readonly ofWorkspace: true };

const toStored = ({ id, ofWorkspace }: Choice): Stored => (ofWorkspace ? { id, ofWorkspace } : id);

const toChoice = (stored: Stored): Choice =>
  typeof stored === 'string' ? { id: stored, ofWorkspace: false } : stored;

/** Only its text counts. */
type DocumentUri = Pick<vscode.Uri, 'toString'>;

function isUnsaved(uri: string): boolean {
  return uri.startsWith('untitled:');
}

/** Which connection was chosen: for a document, and last of all. Kept with the workspace. */
export class Selection {
  readonly #memento: vscode.Memento;
  readonly #documents: Map<string, Choice>;

  /**
   * @param isOpen whether an unsaved document, by its URI, was there before the window was reloaded. A new one
   * of the same name must not inherit a choice.
   */
  constructor(memento: vscode.Memento, isOpen: (uri: string) => boolean) {
    this.#memento = memento;
    const stored = memento.get<[string, Stored][]>(DOCUMENTS_KEY, []);
    this.#documents = new Map(
      stored
        .filter(([uri]) => !isUnsaved(uri) || isOpen(uri))
        .map(([uri, choice]) => [uri, toChoice(choice)]),
    );
  }

  get last(): Choice | undefined {
    const stored = this.#memento.get<Stored>(WINDOW_KEY);
    return stored === undefined ? undefined : toChoice(stored);
  }

  of(uri: DocumentUri): Choice | undefined {
    return this.#documents.get(uri.toString());
  }

  /** Holds at once, before it is written down: the next statement must not run where the one before did. */
  async choose(choice: Choice, uri?: DocumentUri): Promise<void> {
    const written = this.#memento.update(WINDOW_KEY, toStored(choice));
    await Promise.all([written, uri && this.pin(choice, uri)]);
  }

  /** The choice of one document only. */
  async pin(choice: Choice, uri: DocumentUri): Promise<void> {
    this.#documents.delete(uri.toString());
    this.#documents.set(uri.toString(), choice);
    await this.#save();
  }

  /** A document was renamed: its choice goes along. */
  async move(from: DocumentUri, to: DocumentUri): Promise<void> {
    const choice = this.#documents.get(from.toString());
    if (choice === undefined) return;
    this.#documents.delete(from.toString());
    this.#documents.set(to.toString(), choice);
    await this.#save();
  }

  /** @param renamed as it is now. One of the same name that is defined elsewhere is another one. */
  async rename(renamed: Choice, from: string): Promise<void> {
    const isIt = ({ id, ofWorkspace }: Choice): boolean =>
      id === from && ofWorkspace === renamed.ofWorkspace;
    for (const [uri, choice] of this.#documents) {
      if (isIt(choice)) this.#documents.set(uri, renamed);
    }
    const { last } = this;
    if (last && isIt(last)) await this.#memento.update(WINDOW_KEY, toStored(renamed));
    await this.#save();
  }

  /** No document that has this choice gets another one; only those that come later do. @param open all documents */
  async remove(id: string, open: readonly DocumentUri[]): Promise<void> {
    const { last } = this;
    if (last?.id !== id) return;
    for (const uri of open) {
      if (this.of(uri) === undefined) this.#documents.set(uri.toString(), last);
    }
    await this.#memento.update(WINDOW_KEY, undefined);
    await this.#save();
  }

  /** Another unsaved document may get the same name later: it must not inherit the choice. */
  async forget(uri: DocumentUri): Promise<void> {
    if (this.#documents.delete(uri.toString())) await this.#save();
  }

  async #save(): Promise<void> {
    const stored = [...this.#documents].map(([uri, choice]) => [uri, toStored(choice)]);
    await this.#memento.update(DOCUMENTS_KEY, stored.slice(-MAX_DOCUMENTS));
  }
}
